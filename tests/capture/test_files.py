"""How files arrive: whole and private, or not at all."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from heaptui.capture.checking import check_whole
from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.files import arriving, default_name, numbered
from heaptui.demo import FILES
from heaptui.snapshot.progress import Progress


def fine(path: str) -> None:
    """Finds every file whole."""
    assert os.path.exists(path)


def interrupted(path: Path, error: BaseException) -> None:
    """A file of which one half comes."""
    with arriving(str(path), fine, Progress()) as write:
        write("half")
        raise error


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.heapsnapshot"
    with arriving(str(path), fine, Progress()) as write:
        write("é1\n")
        assert not path.exists()
        (temporary,) = tmp_path.iterdir()
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        write("\ud8002")
    assert path.read_bytes() == "é1\n\\ud8002".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_whatever_else_happens_nothing_is_left(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        interrupted(tmp_path / "a", error())
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="a: no space left"), arriving(str(tmp_path / "a"), fine, Progress()):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CaptureError, match="no such file"), arriving(str(tmp_path / "b" / "a"), fine, Progress()):
        pytest.fail("there is no such folder")


def test_of_who_ends_what_came_is_kept(tmp_path: Path) -> None:
    with pytest.raises(TargetGone, match="nothing had come"), arriving(str(tmp_path / "a"), fine, Progress()):
        raise TargetGone("the process ended")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TargetGone, match=r"a\.partial, which heaptui --salvage opens"):
        interrupted(tmp_path / "a", TargetGone("the process ended"))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.partial", "half")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text, ""),
        (lambda text: text[:-100], "the file ends inside `strings`"),
        (lambda text: text.replace('"node_count":', '"node_count":1', 1), "numbers in `nodes`"),
        (lambda text: text.replace('"edge_count":', '"edge_count":1', 1), "numbers in `edges`"),
        (lambda text: "{}", "not a V8 heap snapshot"),
    ],
)
def test_what_is_not_whole_is_found(tmp_path: Path, change: object, said: str) -> None:
    raw = Path(FILES[0]).read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    assert callable(change)
    path = tmp_path / "x.heapsnapshot"
    path.write_text(change(text))
    if not said:
        check_whole(str(path), Progress())
        return
    with pytest.raises(TargetGone, match=said):
        check_whole(str(path), Progress())


def test_names() -> None:
    assert default_name("12", ".heapsnapshot", 0.0).startswith("heap-12-19")
    assert numbered("a/leak.heapsnapshot", 1, 1) == "a/leak.heapsnapshot"
    assert numbered("a/leak.heapsnapshot", 2, 3) == "a/leak-2.heapsnapshot"
    assert numbered("leak", 2, 10) == "leak-02"


def test_of_what_the_inspector_did_not_send_no_disk_is_to_blame(tmp_path: Path) -> None:
    path = tmp_path / "a.heapsnapshot"
    with (
        pytest.raises(CaptureError, match=r"the snapshot is there, but sent nothing of it\Z"),
        arriving(str(path), lambda file: check_whole(file, Progress()), Progress()),
    ):
        pass
    with (
        pytest.raises(TargetGone, match="not whole: the file ends inside `snapshot`; what came is in") as told,
        arriving(str(path), lambda file: check_whole(file, Progress()), Progress()) as write,
    ):
        write('{"snapshot":{"meta":')
    assert "disk" not in str(told.value)
    assert "killed" not in str(told.value)

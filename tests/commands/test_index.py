"""`heaptui index` tells what is kept, and removes that and nothing else."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.opening.index import keeping
from heaptui.opening.manner import PLAIN
from heaptui.opening.opening import open_heap
from heaptui.snapshot.progress import Progress


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder that indexes are kept in."""
    place = tmp_path / "index"
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(place))
    return place


def heaptui(*arguments: str | Path) -> str:
    """Run the program, which writes the index when all is printed."""
    command = [sys.executable, "-m", "heaptui", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["index", "list", "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_what_is_kept_is_told_and_removed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some | <b>.heapsnapshot.gz"
    shutil.copy(FILES[0], file)
    read = heaptui("summary", file, "--format", "json")
    assert heaptui("summary", file, "--format", "json") == read
    (index,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, index.stat().st_mode & 0o777) == (0o700, 0o600)
    found = listed(capsys)
    assert (found["schema"], found["command"]) == ("heaptui/1", "index")
    (entry,) = found["indexes"]
    assert (entry["path"], entry["raw"], entry["state"]) == (str(file), False, "valid")
    assert entry["size"] == found["total"]["size"] == index.stat().st_size
    assert main(["index", "list", "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["path"] == str(file)
    assert main(["index", "list"]) == 0
    assert f"{file}  " in capsys.readouterr().out
    assert main(["index", "list", "--format", "markdown"]) == 0
    assert "some \\| &lt;b&gt;" in capsys.readouterr().out
    assert main(["index", "clear"]) == 0
    assert capsys.readouterr().out == f"Removed {entry['size'] / 1e6:.2f} MB.\n"
    assert not list(folder.iterdir())
    for what in ("list", "clear"):
        assert main(["index", what]) == 0
        assert capsys.readouterr().out == "Nothing is kept.\n"


def test_what_will_not_be_used(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("valid", "changed", "gone", "damaged", "other")
    files = {name: tmp_path / f"{name}.gz" for name in names}
    index: dict[str, Path] = {}
    for name, file in files.items():
        shutil.copy(FILES[0], file)
        before = {*folder.iterdir()} if folder.exists() else set()
        assert keeping.keep(open_heap(file), PLAIN.index_limit, Progress())
        (index[name],) = {*folder.iterdir()} - before
    files["changed"].touch()
    files["gone"].unlink()
    with index["damaged"].open("r+b") as out:
        out.truncate(100_000)
    with index["other"].open("r+b") as out:
        out.seek(16)
        out.write(b"\xff")
    found = listed(capsys)["indexes"]
    assert {Path(entry["path"]).stem: entry["state"] for entry in found if entry["path"]} == {
        "valid": "valid",
        "changed": "the file has changed",
        "gone": "the file is gone",
    }
    unknown = {entry["state"] for entry in found if not entry["path"]}
    assert unknown == {"damaged", "made by another version of heaptui"}


def test_only_what_is_heaptuis_own_is_touched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heaptui("summary", FILES[0], "--limit", "9")
    (own,) = folder.iterdir()
    stranger = folder / "notes.txt"
    stranger.write_text("mine")
    target = folder.parent / "target"
    target.write_text("mine too")
    link = folder / "1-2.heaptui-index"
    link.symlink_to(target)
    (folder / "1-3.heaptui-index").mkdir()
    os.mkfifo(folder / "1-4.heaptui-index")
    assert len(listed(capsys)["indexes"]) == 1
    assert main(["index", "clear"]) == 0
    assert not own.exists()
    assert {file.name for file in folder.iterdir()} == {
        "notes.txt", "1-2.heaptui-index", "1-3.heaptui-index", "1-4.heaptui-index",
    }  # fmt: skip
    assert target.read_text() == "mine too"


def test_what_the_options_say(folder: Path) -> None:
    heaptui("summary", FILES[0], "--limit", "9", "--no-index")
    heaptui("summary", FILES[0], "--limit", "9", "--index-limit", "1MB")
    assert not folder.exists() or not list(folder.iterdir())
    heaptui("summary", FILES[0], "--limit", "9", "--index-limit", "0.1G")
    assert len(list(folder.iterdir())) == 1


def test_who_reads_the_output_need_not_wait(folder: Path) -> None:
    code = (
        "import sys, time\nfrom heaptui.opening.index import container\n"
        "container.write = lambda *_: time.sleep(60)\n"
        f"sys.argv = ['heaptui', 'summary', {FILES[0]!r}]\n"
        "from heaptui.cli import entry\nentry()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        assert "(compiled code)" in process.stdout.read()
        while not folder.exists() or not list(folder.iterdir()):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not list(folder.iterdir())


def test_a_wrong_size_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["summary", FILES[0], "--index-limit", "much"])
    assert "'much' is no size; sizes look like 500M or 5G" in capsys.readouterr().err


def test_an_indexed_summary_needs_no_numba(folder: Path) -> None:
    heaptui("summary", FILES[0], "--limit", "9")
    code = (
        "import sys\nfrom heaptui.cli import main\n"
        f"main(['summary', {FILES[0]!r}])\n"
        "sys.exit(' '.join({'numba', 'llvmlite', 'networkx', 'textual'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

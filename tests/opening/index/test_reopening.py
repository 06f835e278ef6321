"""A heap from the index is the heap that was read from the file, to the last byte of what is printed."""

from __future__ import annotations

import dataclasses
import gzip
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from heaptui.cli import main
from heaptui.commands import COMMANDS
from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.opening import opening
from heaptui.opening.index import keeping
from heaptui.opening.manner import PLAIN, Manner
from heaptui.opening.opening import open_heap
from heaptui.snapshot.progress import Progress
from tests.building import Draft
from tests.conftest import DATA
from tests.opening.index.comparing import differences

SNAPSHOTS = [*map(Path, FILES), *sorted(DATA.iterdir())]
NOT_ABOUT_A_HEAP = {"capture", "completion", "config", "demo", "doctor", "help", "index", "info", "redact"}


def kept(path: Path | str, manner: Manner = PLAIN) -> Heap:
    """Open a file and keep its heap."""
    heap = open_heap(path, manner=manner)
    assert keeping.keep(heap, manner.index_limit, Progress())
    return heap


def phases(path: Path | str, manner: Manner = PLAIN) -> tuple[Heap, list[str]]:
    """Open a file; the heap and what was done for it."""

    class Told(Progress):
        def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
            told.append(phase)
            super().begin(phase, total, unit)

    told: list[str] = []
    return open_heap(path, Told(), manner), told


@pytest.fixture(params=SNAPSHOTS, ids=lambda path: path.name)
def pair(request: pytest.FixtureRequest, folder: Path) -> tuple[Heap, Heap]:
    """A heap from its file, and from the index."""
    fresh = kept(request.param)
    again, done = phases(request.param)
    assert done == ["opening the index"]
    return fresh, again


def commands(heap: Heap) -> Mapping[str, Sequence[str]]:
    """Every command that prints something of a heap, with what it needs."""
    sizes = np.argsort(heap.retained_size)
    some = f"@{heap.id(int(sizes[-min(9, len(sizes))]))}"
    name = heap.classes.names[int(heap.classes.of[sizes[-1]])]
    file = "FILE"
    return {
        "summary": [file],
        "instances": [file, name],
        "search": [file, "e", "--limit", "500"],
        "compare": [file, file],
        "strings": [file],
        "statistics": [file],
        "timeline": [file],
        "allocations": [file],
        "object": [file, some],
        "containment": [file, "--depth", "2"],
        "retainers": [file, some, "--weak"],
        "path": [file, some],
        "dominators": [file, "--depth", "3", "--limit", "50"],
        "suspects": [file],
    }


def test_every_array_and_value_and_all_that_is_printed(
    pair: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh, again = pair
    assert differences(fresh, again) == []
    assert fresh.scripts.names == again.scripts.names
    written = []
    for heap in pair:
        monkeypatch.setattr(opening, "open_heap", lambda *_, heap=heap: heap)
        monkeypatch.setattr(opening, "open_light", lambda *_, heap=heap: opening._without_dominators(heap))
        for command, arguments in commands(fresh).items():
            status = main([command, *arguments, "--format", "json"])
            assert status == 0 or command in ("instances", "timeline", "allocations")
        written.append(capsys.readouterr())
    assert written[0].out.count("\n") > 20
    assert written[0] == written[1]


def test_no_command_is_forgotten(demo: tuple[Heap, Heap]) -> None:
    assert {*commands(demo[0]), "export", "report"} == {*COMMANDS} - NOT_ABOUT_A_HEAP


@pytest.mark.parametrize(("words", "ending"), [(("export", "nodes"), ".jsonl"), (("report",), ".html")], ids=str)
def test_what_is_written_to_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], ending: str
) -> None:
    for out in ("fresh", "again"):
        heap = kept(FILES[1]) if out == "fresh" else open_heap(FILES[1])
        monkeypatch.setattr(opening, "open_heap", lambda *_, heap=heap: heap)
        assert main([*words, FILES[1], "-o", str(tmp_path / f"{out}{ending}")]) == 0
    fresh, again = ((tmp_path / f"{out}{ending}").read_bytes() for out in ("fresh", "again"))
    assert fresh == again


def test_every_array_is_mapped_and_cannot_be_written(folder: Path) -> None:
    kept(FILES[0])

    def arrays(value: object) -> Iterator[np.ndarray]:
        if isinstance(value, np.ndarray):
            yield value
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                if field.name != "source":
                    yield from arrays(getattr(value, field.name))

    found = list(arrays(open_heap(FILES[0])))
    assert len(found) > 20
    assert not any(array.flags.writeable or array.flags.owndata for array in found)


@pytest.mark.parametrize("name", ["plain.heapsnapshot", "packed.heapsnapshot.gz"])
def test_a_file_may_be_called_otherwise_later(folder: Path, tmp_path: Path, name: str) -> None:
    file, renamed = tmp_path / name, tmp_path / f"other-{name}"
    content = gzip.decompress(Path(FILES[0]).read_bytes())
    file.write_bytes(gzip.compress(content, 1) if name.endswith("gz") else content)
    fresh = kept(file)
    file.rename(renamed)
    heap, done = phases(renamed)
    assert done == ["opening the index"]
    assert (heap.snapshot.path, heap.snapshot.name) == (str(renamed), renamed.name)
    assert heap.snapshot.strings.decode(range(99)) == fresh.snapshot.strings.decode(range(99))


@pytest.mark.parametrize("change", ["grown", "written", "touched", "another"])
def test_a_file_that_has_changed_is_read_again(folder: Path, tmp_path: Path, change: str) -> None:
    file = tmp_path / "x.heapsnapshot.gz"
    shutil.copy(FILES[0], file)
    kept(file)
    match change:
        case "grown":
            with file.open("ab") as out:
                out.write(b"\0")
        case "written":
            file.write_bytes(Path(FILES[1]).read_bytes())
        case "touched":
            file.touch()
        case "another":
            file.unlink()
            shutil.copy(FILES[1], file)
    heap, done = phases(file)
    assert "opening the index" not in done
    assert heap.node_count == load_heap(file).node_count


def test_content_that_was_changed_with_its_time_put_back(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.heapsnapshot"
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("object", "Before", 8), 1, "element")
    file.write_bytes(draft.encode())
    kept(file)
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"Before", b"Behind"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert open_heap(file).names.raw(1) == "Behind"


def test_sizes_of_the_file_have_an_index_of_their_own(folder: Path) -> None:
    raw = Manner(raw=True)
    kept(FILES[0])
    kept(FILES[0], raw)
    assert len(list(folder.iterdir())) == 2
    for manner in (PLAIN, raw):
        heap, done = phases(FILES[0], manner)
        assert done == ["opening the index"]
        assert np.array_equal(heap.shallow_size, load_heap(FILES[0], raw=manner.raw).shallow_size)


def test_what_is_salvaged_is_not_kept(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.heapsnapshot"
    file.write_bytes(gzip.decompress(Path(FILES[0]).read_bytes())[:-1000])
    heap = open_heap(file, manner=Manner(salvage=True))
    assert heap.snapshot.salvaged
    assert not keeping.keep(heap, PLAIN.index_limit, Progress())
    assert not folder.exists() or not list(folder.iterdir())


def test_a_whole_file_opens_from_the_index_with_salvage_too(folder: Path) -> None:
    kept(FILES[0])
    assert phases(FILES[0], Manner(salvage=True))[1] == ["opening the index"]


def test_nothing_is_kept_or_looked_up_without_an_index(folder: Path) -> None:
    for without in (Manner(index_limit=0), Manner(hide_values=True)):
        assert not keeping.keep(open_heap(FILES[0], manner=without), PLAIN.index_limit, Progress())
        assert not folder.exists() or not list(folder.iterdir())
    kept(FILES[0])
    for without in (Manner(index_limit=0), Manner(hide_values=True)):
        assert "opening the index" not in phases(FILES[0], without)[1]


def test_what_is_printed_with_light_does_not_tell_where_it_came_from(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("summary", "statistics", "strings", "containment"):
        arguments = [command, FILES[1], "--light", "--format", "json"]
        assert main(arguments) == 0
        read = capsys.readouterr().out
        kept(FILES[1])
        assert main(arguments) == 0
        assert capsys.readouterr().out == read
        assert main(["index", "clear"]) == 0
        capsys.readouterr()

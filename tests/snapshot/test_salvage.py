"""What is read of a file that ends too early, compared with the JSON of the whole file."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.snapshot import salvage as salvaging
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.peek import peek
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import load_snapshot
from tests.building import SECTIONS, Draft, chain
from tests.conftest import DATA
from tests.snapshot.reading import tried, write

SMALL = sorted(path.name for path in DATA.iterdir() if path.stat().st_size < 30_000)
# As plain Python, kernels take a hundred times as long.
PLAIN = os.environ.get("NUMBA_DISABLE_JIT") == "1"
LARGER = [] if PLAIN else ["node12.heapsnapshot.gz"]
PLACES = {"hostile-base.heapsnapshot.gz": 5 if PLAIN else 200, "node12.heapsnapshot.gz": 5}
MOST_PLACES = 3 if PLAIN else 10


def text_of(name: str) -> bytes:
    """A snapshot's bytes."""
    return gzip.decompress((DATA / name).read_bytes())


def cuts(text: bytes, places: int) -> Iterator[int]:
    """Random places, and those around the beginning, the middle and the end of each section."""
    yield from random.Random(places).sample(range(len(text)), places)
    starts = [at for name in SECTIONS if (at := text.find(f'"{name}":'.encode())) >= 0]
    for at in {*starts, *(text.index(b":", at) for at in starts), *(at - 2 for at in starts), len(text)}:
        yield from (at + by for by in (-1, 0, 1, 2) if 0 <= at + by <= len(text))


def check(heap: Heap, document: dict[str, Any]) -> None:
    """Everything there is stands in the whole file too, and no index leads out of an array."""
    snapshot, nodes, strings = heap.snapshot, heap.snapshot.nodes, heap.snapshot.strings
    fields, edge_fields = (document["snapshot"]["meta"][key] for key in ("node_fields", "edge_fields"))
    rows = np.array(document["nodes"], np.int64).reshape(-1, len(fields))
    count = snapshot.node_count
    for name, column in (("id", nodes.id), ("self_size", nodes.self_size), ("type", nodes.type), ("name", nodes.name)):
        assert np.array_equal(column, rows[:count, fields.index(name)])
    claimed = np.concatenate(([0], np.cumsum(rows[:, fields.index("edge_count")])))[: count + 1]
    assert np.array_equal(nodes.first_edge, np.minimum(claimed, snapshot.edge_count))
    assert snapshot.edge_count in claimed
    edges = np.array(document["edges"], np.int64).reshape(-1, len(edge_fields))[: snapshot.edge_count]
    assert np.array_equal(snapshot.edges.to_node, edges[:, edge_fields.index("to_node")] // len(fields))
    assert np.array_equal(snapshot.edges.name_or_index, edges[:, edge_fields.index("name_or_index")])
    known = sum(strings.raw(i) != f"(missing string {i})".encode() for i in range(len(strings)))
    for i in {0, known - 1, known, len(strings) - 1} & {*range(len(strings))}:
        assert strings[i] == (document["strings"][i] if i < known else f"(missing string {i})")
    assert int(heap.sums.count.sum()) == int(heap.counted.sum())
    assert len(heap.duplicates.nodes) <= count
    assert count == len(rows) or (known == 0 and snapshot.edge_count == 0)


@pytest.mark.parametrize("name", [*SMALL, *LARGER])
def test_a_file_cut_anywhere_opens_as_far_as_it_goes_or_is_refused(tmp_path: Path, name: str) -> None:
    text = text_of(name)
    document = json.loads(text)
    found = 0
    for at in cuts(text, PLACES.get(name, MOST_PLACES)):
        heap = tried(write(tmp_path, text[:at]), salvage=True)
        first_row_is_there = at > text.index(b'"nodes":[') + 40
        assert heap is not None or not first_row_is_there
        if heap is not None:
            found += 1
            check(heap, document)
            assert (heap.snapshot.salvaged is None) == (at >= len(text))
    assert found > 10


@pytest.fixture
def draft() -> Draft:
    """Three chained objects with a name and a location each."""
    draft = Draft(locations=[(1, 5, 6, 7)], functions=[("f", "s", 1, 2, 3)], tree=[1, 0, 0, 0, []], samples=[(1, 2)])
    for i, name in enumerate(("", "First", "Second", "Third")):
        draft.add("object" if i else "synthetic", name, 8)
    for i in range(3):
        draft.link(i, i + 1, f"to{i}")
        draft.link(i, 3, i, "element")
    return draft


@pytest.mark.parametrize(
    ("up_to", "edges", "first_name", "said"),
    [
        ('"strings":["","to0","First', 6, "(missing string 2)", "missing: 7 of 9 names"),
        ('"strings":[', 6, "(missing string 2)", "missing: all names"),
        ('"locations":[1', 6, "(missing string 2)", "missing: all names, source locations"),
        ('"samples":[1', 6, "(missing string 2)", "missing: all names, the timeline, source locations"),
        ('"trace_tree":[1', 6, "(missing string 2)", "allocation stacks, the timeline"),
        ('"edges":[2,1,7,1,0,21,2,3,14', 2, "(missing string 2)", "4 of 6 references, all names"),
        ('"edges":[', 0, "(missing string 2)", "all references, all names"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(
    tmp_path: Path, draft: Draft, up_to: str, edges: int, first_name: str, said: str
) -> None:
    text = draft.encode()
    section = up_to[: up_to.index("[") + 1].encode()
    snapshot = load_snapshot(write(tmp_path, text[: text.index(section)] + up_to.encode()), salvage=True)
    assert (snapshot.node_count, snapshot.edge_count) == (4, edges)
    assert snapshot.strings[int(snapshot.nodes.name[1])] == first_name
    assert snapshot.salvaged is not None
    assert said in snapshot.salvaged
    assert ("retained sizes are of what is there" in snapshot.salvaged) == (edges < 6)


def test_numbers_of_which_digits_may_be_missing_are_left_out(tmp_path: Path) -> None:
    text = chain(20).encode()
    start = text.index(b'"nodes":[')
    ends = [text.index(b",", start + 40) + by for by in (-1, 0, 1)]
    counts = [load_snapshot(write(tmp_path, text[:at]), salvage=True).node_count for at in ends]
    assert sorted(counts) == counts
    assert counts[-1] - counts[0] <= 1


def test_a_whole_file_opens_the_same(tmp_path: Path) -> None:
    path = DATA / "hostile-base.heapsnapshot.gz"
    plain, other = load_heap(path), load_heap(path, salvage=True)
    assert other.snapshot.salvaged is None
    assert np.array_equal(plain.retained_size, other.retained_size)
    assert plain.classes.names == other.classes.names


@pytest.mark.parametrize("order", [SECTIONS[::-1], ("snapshot", "edges", "strings", "locations", "nodes")])
def test_sections_in_any_order(tmp_path: Path, draft: Draft, order: tuple[str, ...]) -> None:
    draft.order = order
    text = draft.encode()
    document = json.loads(text)
    for at in range(1, len(text), 3):
        heap = tried(write(tmp_path, text[:at]), salvage=True)
        if heap is not None:
            assert heap.node_count <= 4
            assert heap.snapshot.nodes.id.tolist() == [1, 3, 5, 7][: heap.node_count]
            assert all(0 <= at < heap.node_count for at in heap.snapshot.edges.to_node.tolist())
            assert document["strings"][:2] == ["", "to0"]


def test_many_missing_names_are_numbered(tmp_path: Path, draft: Draft) -> None:
    text = draft.encode()
    last = 70_000
    cut = text[: text.index(b'"strings"')].replace(b'"nodes":[9,0', b'"nodes":[9,%d' % last)
    strings = load_snapshot(write(tmp_path, cut), salvage=True).strings
    assert len(strings) == last + 1
    for i in (0, 1, 9, 10, 99, 100, 9_999, 10_000, 65_535, 65_536, last):
        assert strings[i] == f"(missing string {i})"


def test_a_name_beyond_any_real_number_is_refused(tmp_path: Path, draft: Draft) -> None:
    text = draft.encode()
    cut = text[: text.index(b'"strings"')].replace(b'"nodes":[9,0', b'"nodes":[9,4294967295')
    with pytest.raises(SnapshotError, match="no string with the index"):
        load_snapshot(write(tmp_path, cut), salvage=True)


def test_the_room_for_missing_names_is_checked(tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.snapshot.spool._SPARE_DISK", 1 << 62)
    text = draft.encode()
    with pytest.raises(SnapshotError, match="set TMPDIR"):
        load_snapshot(write(tmp_path, text[: text.index(b'"strings"')]), salvage=True)


def test_errors_other_than_a_cut_stay_errors(tmp_path: Path) -> None:
    text = chain(9).encode()
    for broken in (text[:-1] + b"x", text.replace(b'"Link"', b"Link"), text.replace(b'"nodes":[9', b'"nodes":[-9')):
        with pytest.raises(SnapshotError):
            load_snapshot(write(tmp_path, broken), salvage=True)


@pytest.mark.parametrize(("there", "told", "said"), [(3, 3, []), (0, 3, ["all x"]), (2, 1003, ["1,001 of 1,003 x"])])
def test_shares(there: int, told: int, said: list[str]) -> None:
    assert salvaging._share(there, told, "x") == said


def test_a_file_that_grows_while_it_is_read_is_told(tmp_path: Path) -> None:
    text = chain(9).encode()
    path = write(tmp_path, text[:-20])

    class Writer(Progress):
        def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
            super().begin(phase, total, unit)
            with path.open("ab") as file:
                file.write(b"x")

    with pytest.raises(SnapshotError, match=r"being written still \([0-9]+ bytes more by now\)"):
        load_snapshot(path, Writer())


def test_the_header_of_a_cut_file_is_there_wherever_it_stands(tmp_path: Path) -> None:
    draft = chain(9)
    draft.order = ("nodes", "snapshot", "edges", "strings")
    path = write(tmp_path, draft.encode()[:-20])
    assert peek(path, salvage=True).header.node_count == 10
    with pytest.raises(SnapshotError, match="ends inside"):
        peek(path)

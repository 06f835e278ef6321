"""The Python API says what the commands print, with DevTools' numbers, and copies no column."""

from __future__ import annotations

import gc
import gzip
import json
import resource
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import heaptui
from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.opening.free import Free

DATA = Path(__file__).parent.parent / "data"
BEFORE, AFTER = FILES
RECORDING = str(DATA / "chrome-timeline.heaptimeline.gz")
PLACE = ("script_id", "line", "column")


@pytest.fixture(scope="module")
def before() -> Iterator[heaptui.OpenHeap]:
    with heaptui.open(BEFORE) as heap:
        yield heap


@pytest.fixture(scope="module")
def after() -> Iterator[heaptui.OpenHeap]:
    with heaptui.open(AFTER) as heap:
        yield heap


@pytest.fixture(scope="module")
def recording() -> Iterator[heaptui.OpenHeap]:
    with heaptui.open(RECORDING) as heap:
        yield heap


@pytest.fixture(scope="module")
def leaked(after: heaptui.OpenHeap) -> int:
    """The id of one of the demo's Buffers."""
    return int(after.instances("Buffer")["id"][0])


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def row(record: dict[str, Any]) -> dict[str, Any]:
    """A record of a command's JSON as the API has it: nothing nested, -1 for numbers that are not known."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        if key == "location":
            found |= {name: (value or {}).get(name, -1) for name in PLACE}
        elif key == "edge":
            found |= {"edge_type": value["type"], "edge_name": value["name"]}
        elif key == "object":
            found |= row(value)
        elif key == "distance":
            found[key] = -1 if value is None else value
        else:
            found[key] = value
    return found


def rows(table: heaptui.Table) -> list[dict[str, Any]]:
    return [table.row(i) for i in range(table.height)]


def test_lists_are_what_the_commands_print(
    after: heaptui.OpenHeap, leaked: int, capsys: pytest.CaptureFixture[str]
) -> None:
    at = f"@{leaked}"
    for table, arguments, key in (
        (after.summary(), ("summary", AFTER), "classes"),
        (after.summary("detached-dom"), ("summary", AFTER, "--filter", "detached-dom"), "classes"),
        (after.instances("Buffer"), ("instances", AFTER, "Buffer"), "objects"),
        (after.instances("Function", limit=30), ("instances", AFTER, "Function", "--limit", "30"), "objects"),
        (after.search("emit"), ("search", AFTER, "emit"), "objects"),
        (after.containment(), ("containment", AFTER), "references"),
        (after.containment(at), ("containment", AFTER, at), "references"),
        (after.retainers(leaked), ("retainers", AFTER, at), "retainers"),
        (after.dominators(), ("dominators", AFTER), "dominated"),
        (after.strings(), ("strings", AFTER), "strings"),
        (after.merged_paths("Buffer"), ("path", AFTER, "--class", "Buffer"), "paths"),
    ):
        expected = [row(record) for record in printed(capsys, *arguments)[key]]
        assert expected
        assert rows(table) == expected, arguments


def test_recordings_are_what_the_commands_print(
    recording: heaptui.OpenHeap, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rows(recording.timeline()) == printed(capsys, "timeline", RECORDING)["samples"]
    assert rows(recording.allocations()) == printed(capsys, "allocations", RECORDING)["functions"]
    deep = recording.allocations(depth=2)
    assert deep.take(deep["level"] == 0)["size"].sum() == recording.allocations()["size"].sum()
    assert (deep["level"] == 1).any()


def test_trees_have_their_levels(after: heaptui.OpenHeap, leaked: int, capsys: pytest.CaptureFixture[str]) -> None:
    document = printed(capsys, "retainers", AFTER, f"@{leaked}", "--depth", "3", "--limit", "2")

    def walk(records: list[dict[str, Any]], level: int) -> Iterator[tuple[int, str, int]]:
        for record in records:
            yield level, record["edge"]["name"], record["object"]["id"]
            yield from walk(record.get("retainers", []), level + 1)

    table = after.retainers(leaked, depth=3, limit=2)
    assert list(zip(table["level"], table["edge_name"], table["id"], strict=True)) == list(
        walk(document["retainers"], 0)
    )


def test_an_object_and_its_paths_are_what_the_commands_print(
    after: heaptui.OpenHeap, leaked: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        after.object(leaked) == after.object(f"@{leaked}") == printed(capsys, "object", AFTER, f"@{leaked}")["object"]
    )
    paths = printed(capsys, "path", AFTER, f"@{leaked}")["paths"]
    assert [rows(path) for path in after.paths(leaked)] == [[row(step) for step in path] for path in paths]


def test_statistics_are_what_the_command_prints(
    before: heaptui.OpenHeap, after: heaptui.OpenHeap, capsys: pytest.CaptureFixture[str]
) -> None:
    document = printed(capsys, "statistics", BEFORE, AFTER)
    sizes = [kind["size"] for kind in document["slices"]]
    bases = [kind["size"] for kind in document["base"]["slices"]]
    table = after.statistics(before)
    assert table["size"].tolist() == [*sizes, document["total"]]
    assert table["change"].tolist()[:-1] == [size - base for size, base in zip(sizes, bases, strict=True)]
    assert after.statistics()["size"].tolist() == table["size"].tolist()


def test_comparisons_have_rows_and_masks(
    before: heaptui.OpenHeap, after: heaptui.OpenHeap, capsys: pytest.CaptureFixture[str]
) -> None:
    document = printed(capsys, "compare", BEFORE, AFTER)
    for found in (heaptui.compare(before, after), heaptui.compare(BEFORE, Path(AFTER))):
        assert rows(found) == [row(record) for record in document["classes"]]
        assert found.new.sum() == document["total"]["new"]
        assert before.nodes["shallow_size"][found.deleted].sum() == document["total"]["freed_size"]
    assert after.mask("new class=Buffer", before).sum() == 100
    new = after.objects(found.new)
    assert (new["class"] == "Buffer").sum() == 100


def test_suspects_are_what_the_command_prints(
    before: heaptui.OpenHeap, after: heaptui.OpenHeap, capsys: pytest.CaptureFixture[str]
) -> None:
    document = printed(capsys, "suspects", BEFORE, AFTER)
    found = after.suspects(before)
    assert (found.verdict, list(found)) == (document["verdict"], document["suspects"])
    assert found.growth == document["growth"]
    assert repr(found).startswith("A leak: 1 suspect explains 35 %")
    assert after.suspects().verdict == "single snapshot"


def test_columns_are_the_files_own() -> None:
    """Against the JSON of the file, read without heaptui."""
    path = DATA / "node22.heapsnapshot.gz"
    document = json.loads(gzip.decompress(path.read_bytes()))
    meta = document["snapshot"]["meta"]
    heap = heaptui.open(path)
    for table, section, fields in (
        (heap.nodes, "nodes", ("id", "type", "self_size")),
        (heap.edges, "edges", ("type",)),
    ):
        width = len(meta[f"{section[:-1]}_fields"])
        written = np.array(document[section]).reshape(-1, width)
        for field in fields:
            column = written[:, meta[f"{section[:-1]}_fields"].index(field)]
            assert np.array_equal(table[field], column)
        if section == "edges":
            assert np.array_equal(table["to_node"], written[:, 2] // len(meta["node_fields"]))
    assert heap.node_types.tolist() == meta["node_types"][0]
    assert heap.first_edge[-1] == heap.edge_count == document["snapshot"]["edge_count"]


def test_columns_are_views_that_cannot_be_written(after: heaptui.OpenHeap) -> None:
    nodes = after.nodes
    assert isinstance(after.heap, Heap)
    assert np.shares_memory(nodes["retained_size"], after.heap.retained_size)
    assert np.shares_memory(after.edges["to_node"], after.heap.snapshot.edges.to_node)
    for values in (*nodes.values(), *after.edges.values(), after.first_edge, after.summary()["count"]):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    assert {len(values) for values in nodes.values()} == {after.node_count}


def test_objects_are_chosen_by_masks_and_ordinals(after: heaptui.OpenHeap, leaked: int) -> None:
    large = after.nodes["retained_size"] > 1_000_000
    assert set(after.objects(large)["id"]) == set(after.nodes["id"][large])
    ordinal = after.ordinal(leaked)
    assert after.objects(ordinal).row(0).items() <= row(after.object(leaked)).items()
    assert after.names([ordinal, 0]).tolist() == ["Buffer", ""]
    assert after.class_names[after.nodes["class"][ordinal]] == "Buffer"
    assert after.mask("ids:0-10").sum() == (after.nodes["id"] <= 10).sum()
    assert not after.objects([]).height


def test_errors_say_what_is_wrong(after: heaptui.OpenHeap, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="there is no object @2"):
        after.object(2)
    with pytest.raises(LookupError, match="no object @x"):
        after.retainers("@x")
    with pytest.raises(LookupError, match="no object of a class named 'Nobody'"):
        after.instances("Nobody")
    with pytest.raises(LookupError, match="no object of a class named 'Nobody'"):
        after.merged_paths("Nobody")
    with pytest.raises(ValueError, match="no word 'nonsense'"):
        after.summary("nonsense")
    with pytest.raises(ValueError, match="a mask has one entry an object"):
        after.objects([True])
    for wrong in (-1, after.node_count):
        with pytest.raises(LookupError, match="ordinals are from 0"):
            after.objects(wrong)
    with pytest.raises(heaptui.SnapshotError, match="no such file"):
        heaptui.open(tmp_path / "missing")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        heaptui.nothing  # noqa: B018


def test_a_light_heap_has_what_needs_no_dominators(after: heaptui.OpenHeap, leaked: int) -> None:
    light = heaptui.open(AFTER, light=True)
    assert set(after.nodes) - set(light.nodes) == {"retained_size", "distance", "dominator"}
    whole, classes = after.summary(), light.summary()
    assert set(whole) - set(classes) == {"retained_size", "distance"}
    assert dict(zip(classes["name"], classes["count"], strict=True)) == dict(
        zip(whole["name"], whole["count"], strict=True)
    )
    assert set(light.instances("Buffer")["id"]) == set(after.instances("Buffer")["id"])
    assert light.containment(leaked).height == after.containment(leaked).height
    assert rows(heaptui.compare(BEFORE, light)) == rows(heaptui.compare(BEFORE, after))
    for ask in (light.retainers, light.paths, light.dominators, light.graph):
        with pytest.raises(LookupError, match="which a light heap leaves out"):
            ask(leaked)
    with pytest.raises(LookupError, match="which a light heap leaves out"):
        light.suspects()


def test_what_was_computed_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(tmp_path))
    heap = heaptui.open(AFTER)
    assert not list(tmp_path.iterdir())
    assert heap.keep()
    assert list(tmp_path.iterdir())
    again, anew = heaptui.open(AFTER), heaptui.open(AFTER, index=False)
    assert isinstance(again.nodes["retained_size"].base, np.ndarray)
    assert rows(again.summary()) == rows(anew.summary()) == rows(heap.summary())


def test_a_file_that_will_not_fit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.opening.preflight.free_memory", lambda: [Free(1 << 20, "this machine")])
    with pytest.raises(heaptui.SnapshotError, match=r"not enough memory: it needs about .* this machine leaves 1 MB"):
        heaptui.open(AFTER, index=False)
    limits = resource.getrlimit(resource.RLIMIT_DATA)
    assert heaptui.open(AFTER, force=True, index=False).node_count
    assert resource.getrlimit(resource.RLIMIT_DATA) == limits


def test_a_closed_heap_says_so_and_frees_its_memory() -> None:
    with heaptui.open(DATA / "node20.heapsnapshot.gz") as heap:
        classes = heap.summary()
        inside = weakref.ref(heap.heap)
    assert repr(heap) == "<closed heap node20.heapsnapshot.gz>"
    with pytest.raises(ValueError, match="this heap is closed"):
        heap.summary()
    gc.collect()
    assert inside() is None
    assert classes.height


def test_a_graph_is_about_its_object(after: heaptui.OpenHeap, leaked: int) -> None:
    graph = after.graph(leaked, depth=2)
    assert graph.graph["object"] == leaked
    assert nx.has_path(graph, int(after.retainers(leaked)["id"][0]), leaked)


def test_a_heap_says_what_it_is(after: heaptui.OpenHeap) -> None:
    assert repr(after) == "<heap after.heapsnapshot.gz: 41,235 objects, 186,426 references, 3.10 MB>"


def test_importing_it_imports_nothing_heavy() -> None:
    code = (
        "import sys, heaptui\nheaptui.__version__, dir(heaptui)\n"
        "sys.exit(' '.join({'numpy', 'numba', 'networkx', 'textual', 'heaptui.api'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_every_name_is_there() -> None:
    assert sorted(heaptui.__all__) == heaptui.__all__
    assert all(getattr(heaptui, name) is not None for name in heaptui.__all__)


def test_values_are_hidden_where_it_is_asked_for() -> None:
    secret = heaptui.open(DATA / "node20-secrets.heapsnapshot.gz", light=True)
    hidden = heaptui.open(DATA / "node20-secrets.heapsnapshot.gz", light=True, hide_values=True)
    assert hidden.node_count == secret.node_count
    texts = [set(heap.names(heap.mask("type=string")).tolist()) for heap in (secret, hidden)]
    assert len(texts[0] & texts[1]) < len(texts[0]) / 2
    assert heaptui.open(AFTER, hide_values=True).keep() is False


def test_files_with_hidden_values_are_compared_as_others(after: heaptui.OpenHeap) -> None:
    hidden, plain = heaptui.compare(BEFORE, AFTER, hide_values=True), heaptui.compare(BEFORE, AFTER)
    assert hidden["new"].tolist() == plain["new"].tolist()
    with pytest.raises(ValueError, match="hide_values takes files"):
        heaptui.compare(BEFORE, after, hide_values=True)

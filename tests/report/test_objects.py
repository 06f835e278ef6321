"""The commands about single objects, strings, recordings and exports."""

from __future__ import annotations

import csv
import json
import re
import stat
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.heap.comparison import compare
from heaptui.report.export import COLUMNS
from tests.conftest import DATA

BEFORE, AFTER = FILES
TIMELINE = str(DATA / "chrome-timeline.heaptimeline.gz")
WEAK = str(DATA / "node20-weakmap.heapsnapshot.gz")
OBJECT = {
    "id", "type", "name", "class", "shallow_size", "retained_size", "distance", "detachedness", "location", "script",
}  # fmt: skip


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["command"]) == ("heaptui/1", arguments[0])
    return found


@pytest.fixture(scope="module")
def leaked(demo: tuple[Heap, Heap]) -> tuple[Heap, int]:
    """The demo's last heap and one of its leaked Buffers."""
    found = compare(*demo)
    which = next(i for i, change in enumerate(found.changes) if change.name == "Buffer")
    return demo[1], int(found.new_objects(which)[0])


def test_object(capsys: pytest.CaptureFixture[str], leaked: tuple[Heap, int]) -> None:
    heap, ordinal = leaked
    found = document(capsys, "object", AFTER, f"@{heap.id(ordinal)}")
    assert set(found["object"]) >= OBJECT | {"dominator", "value"}
    assert found["object"]["script"] == "node:buffer"
    assert found["object"]["dominator"]["name"] == "system / Context"
    assert "ArrayBuffer" in {r["object"]["name"] for r in found["references"]}
    assert [r["edge"]["name"] for r in found["retainers"]] == ["innerData"]
    assert main(["object", AFTER, str(heap.id(ordinal))]) == 0
    assert "node:buffer:268:16" in capsys.readouterr().out


def test_who_allocated_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    things = document(capsys, "instances", TIMELINE, "TimelineThing")["objects"]
    assert main(["object", TIMELINE, f"@{things[0]['id']}"]) == 0
    out = capsys.readouterr().out
    stack = [line.strip() for line in out[out.index("Allocated by") :].removeprefix("Allocated by").splitlines()]
    # A line a function, each with where it was written.
    found = [line for line in stack if line.startswith("allocInner")]
    assert re.fullmatch(r"allocInner  http://\S+/dom\.html:\d+:\d+", found[0])
    assert "(root)" in stack


def test_a_strings_value_is_whole(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    strings = np.flatnonzero(heap.snapshot.nodes.type == heap.snapshot.header.node_type("string"))
    longest = max(strings.tolist(), key=lambda node: len(heap.names.node(node)))
    found = document(capsys, "object", AFTER, f"@{heap.id(longest)}")
    assert found["object"]["value"] == heap.names.node(longest)
    assert len(found["object"]["value"]) > 1000


def test_the_shortest_path_is_the_one_of_the_leak(capsys: pytest.CaptureFixture[str], leaked: tuple[Heap, int]) -> None:
    heap, ordinal = leaked
    paths = document(capsys, "path", AFTER, f"@{heap.id(ordinal)}")["paths"]
    assert [step["edge"]["name"] for step in paths[0]][1:5] == ["test", "_events", "error", "0"]
    assert paths[0][-1]["object"]["id"] == heap.id(ordinal)
    assert len(paths[0]) == heap.distance[ordinal]
    assert [len(path) for path in paths] == sorted(len(path) for path in paths)


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_paths_and_the_first_is_shortest(demo: tuple[Heap, Heap], seed: int) -> None:
    from heaptui.heap.paths import shortest_paths

    heap = demo[1]
    edges = heap.snapshot.edges
    user = np.flatnonzero((heap.distance > 2) & (heap.distance < 100))
    ordinal = int(np.random.default_rng(seed).choice(user))
    weak = heap.snapshot.header.edge_type("weak")
    source = np.repeat(np.arange(heap.node_count), np.diff(heap.snapshot.nodes.first_edge))
    near = (edges.type != weak) & (heap.distance[source] < 10**8) & (heap.distance[edges.to_node] < 10**8)
    near |= (source == heap.snapshot.root) & (heap.distance[edges.to_node] == 1)
    graph = nx.DiGraph(zip(source[near].tolist(), edges.to_node[near].tolist(), strict=True))
    paths = shortest_paths(heap, ordinal)
    assert len(paths[0]) == nx.shortest_path_length(graph, heap.snapshot.root, ordinal)
    for path in paths:
        at = heap.snapshot.root
        for edge, node in path:
            assert edges.to_node[edge] == node
            assert source[edge] == at
            at = node
        assert at == ordinal


def test_dominators(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = document(capsys, "dominators", AFTER, "--depth", "2", "--limit", "4")
    sizes = [d["retained_size"] for d in found["dominated"]]
    assert sizes == sorted(sizes, reverse=True)
    heap = demo[1]
    for above in found["dominated"]:
        for below in above["dominated"]:
            ordinal = heap.object_with_id(below["id"])
            assert heap.id(int(heap.dominators.dominator[ordinal])) == above["id"]


def test_strings(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "strings", AFTER)
    assert found["total"]["wasted_size"] == sum(s["wasted_size"] for s in found["strings"])
    assert found["total"]["count"] == sum(s["count"] for s in found["strings"])
    assert all(s["count"] == len(s["ids"]) >= 2 for s in found["strings"])
    wasted = [s["wasted_size"] for s in found["strings"]]
    assert wasted == sorted(wasted, reverse=True)


def test_filters_and_their_devtools_names(capsys: pytest.CaptureFixture[str]) -> None:
    chrome = str(DATA / "chrome-detached.heapsnapshot.gz")
    short = document(capsys, "summary", chrome, "--filter", "detached-dom")
    assert short == document(capsys, "summary", chrome, "--filter", "objectsRetainedByDetachedDomNodes")
    assert 0 < short["total"]["count"] < document(capsys, "summary", chrome)["total"]["count"]


def test_new_since_is_what_the_earlier_file_lacks(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = document(capsys, "instances", AFTER, "Buffer", "--filter", f"new-since:{BEFORE}")
    assert len(found["objects"]) == 100
    before = set(demo[0].snapshot.nodes.id.tolist())
    assert not before & {o["id"] for o in found["objects"]}


def test_raw_sizes(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    raw = document(capsys, "summary", AFTER, "--raw")
    assert raw["total"]["shallow_size"] == int(demo[1].snapshot.nodes.self_size.sum())
    assert raw["total"]["count"] > document(capsys, "summary", AFTER)["total"]["count"]


def test_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    samples = document(capsys, "timeline", TIMELINE)["samples"]
    assert len(samples) > 10
    assert [s["time_ms"] for s in samples] == sorted(s["time_ms"] for s in samples)
    functions = document(capsys, "allocations", TIMELINE, "--depth", "2")["functions"]
    assert functions[0]["function"] == "allocateGarbage"
    assert functions[0]["functions"]
    assert document(capsys, "timeline", AFTER)["samples"] == []
    assert main(["timeline", AFTER]) == 0
    assert "no recorded samples" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["csv", "jsonl", "npz"])
def test_exported_nodes_have_every_object(demo: tuple[Heap, Heap], tmp_path: Path, ending: str) -> None:
    heap, out = demo[1], tmp_path / f"nodes.{ending}"
    assert main(["export", "nodes", AFTER, "-o", str(out)]) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    if ending == "npz":
        with np.load(out) as arrays:
            assert set(COLUMNS) <= set(arrays.files)
            np.testing.assert_array_equal(arrays["retained_size"], heap.retained_size)
            ends = arrays["name_end"]
            code = int(arrays["name"][100])
            text = arrays["name_text"].tobytes()[ends[code - 1] if code else 0 : ends[code]]
            assert text.decode() == heap.names.node(100)
        return
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines)) if ending == "csv" else [json.loads(line) for line in lines]
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["id"]) for row in rows] == heap.snapshot.nodes.id.tolist()
    assert sum(int(row["shallow_size"]) for row in rows) == int(heap.shallow_size.sum())
    missing = [row["distance"] in ("", None) for row in rows]
    assert missing == [heap.shown_distance(i) is None for i in range(heap.node_count)]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["summary", AFTER, "--filter", "colour"], 2, "--filter: no word 'colour'; there are class, name, "),
        (["summary", "/no/such", "--filter", "colour"], 2, "  colour\n  ^"),
        (["export", "nodes", "/no/such", "--filter", "", "-o", "x.csv"], 2, "--filter: there is no query"),
        (["path", "/no/such", "@3", "--match", "x"], 2, "--class NAME"),
        (["retainers", AFTER, "@3", "--ignore", "@2"], 1, "there is no object @2"),
        (["summary", AFTER, "--filter", "native-context:@3"], 1, "@3 is no native context"),
        (["summary", AFTER, "--filter", "native-context:x"], 2, "no object id"),
        (["summary", AFTER, "--filter", "new-since:/no/such"], 1, "no such file"),
        (["export", "nodes", AFTER, "-o", "nodes.xls"], 2, "none of the endings"),
        (["path", AFTER, "@2"], 1, "there is no object @2"),
    ],
)
def test_errors(capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, message: str) -> None:
    assert main(arguments) == status
    printed = capsys.readouterr()
    assert message in printed.err
    # A query that is wrong stands below, and a mark below that.
    assert printed.err.count("\n") == (3 if "^" in printed.err else 1)


def test_an_object_without_a_path_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, "path", AFTER, "@1")["paths"] == []
    assert main(["path", AFTER, "@1"]) == 0
    assert "Nothing leads to it" in capsys.readouterr().out

"""`export graph`: each format is opened again, by networkx where it reads it, with the same graph."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.report.graph import ENDINGS
from heaptui.views.graph import retaining_graph
from heaptui.views.text import escape
from tests.building import Draft

BUFFER = 81385
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)


def read_dot(path: Path) -> nx.MultiDiGraph:
    """The graph of a DOT file: every statement a line, every word quoted."""
    head, *body, end, last = path.read_text().split("\n")
    assert (head, end, last) == ("digraph heap {", "}", "")
    graph = nx.MultiDiGraph()
    for line in body:
        words = [re.sub(r"\\(.)", r"\1", word) for word in _STRING.findall(line)]
        shape = _STRING.sub("S", line.strip())
        if shape.startswith("graph ["):
            graph.graph.update(zip(words[::2], map(int, words[1::2]), strict=True))
        elif re.fullmatch(r"S -> S \[S=S(, S=S)*\];", shape):
            graph.add_edge(int(words[0]), int(words[1]), **dict(zip(words[2::2], words[3::2], strict=True)))
        elif re.fullmatch(r"S \[S=S(, S=S)*\];", shape):
            graph.add_node(int(words[0]), **dict(zip(words[1::2], words[2::2], strict=True)))
        else:
            assert shape == "node [shape=box];"
    return graph


def read(path: Path) -> nx.MultiDiGraph:
    match path.suffix:
        case ".graphml":
            return nx.read_graphml(path, node_type=int, force_multigraph=True)
        case ".gexf":
            return nx.MultiDiGraph(nx.read_gexf(path, node_type=int))
        case ".json":
            return nx.node_link_graph(json.loads(path.read_text()), edges="edges")
    return read_dot(path)


def told(graph: nx.MultiDiGraph, written: Callable[[str], str] = str) -> tuple[dict[int, Any], list[Any]]:
    """Nodes and edges with what they carry, numbers as text too, as DOT has them."""
    keys = ("name", "class", "type", "shallow", "retained", "distance")
    nodes = {
        node: [written(str(data[key])) if data.get(key) is not None else "" for key in keys]
        for node, data in graph.nodes(data=True)
    }
    edges = [
        (source, target, data.get("kind", data.get("type")), written(data.get("name") or ""))
        for source, target, data in graph.edges(data=True)
    ]
    return nodes, sorted(edges)


def export(tmp_path: Path, source: str, id: int, ending: str, *options: str) -> Path:
    out = tmp_path / f"out{ending}"
    assert main(["export", "graph", source, f"@{id}", "-o", str(out), *options]) == 0
    return out


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_graph_is_read_again_as_it_was(
    ending: str, tmp_path: Path, demo: tuple[Heap, Heap], capsys: pytest.CaptureFixture[str]
) -> None:
    heap = demo[1]
    ordinal = heap.object_with_id(BUFFER)
    assert ordinal is not None
    expected = retaining_graph(heap, ordinal, most_nodes=100)
    out = export(tmp_path, FILES[1], BUFFER, ending, "--most-nodes", "100")
    found = read(out)
    assert told(found) == told(expected, escape)
    assert len(found) == 100
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    if ending != ".gexf":
        assert int(found.graph["object"]) == BUFFER
        assert found.graph["left_out"] == expected.graph["left_out"] > 0
    said = f"{len(expected)} objects and {expected.number_of_edges()} references; {expected.graph['left_out']:,} more"
    assert said in capsys.readouterr().err


def test_what_nodes_and_edges_carry(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    ordinal = heap.object_with_id(BUFFER)
    assert ordinal is not None
    graph = retaining_graph(heap, ordinal)
    assert graph.nodes[BUFFER] == {
        "id": BUFFER, "name": "Buffer", "class": "Buffer", "type": "object", "shallow": 96,
        "retained": int(heap.retained_size[ordinal]), "distance": 7,
    }  # fmt: skip
    ((source, data),) = [(source, data) for source, _, data in graph.in_edges(BUFFER, data=True)]
    assert data == {"type": "context", "name": "innerData"}
    # The way that DevTools shows: global, test, _events, error, a listener, its context.
    way = nx.shortest_path(graph, 6049, BUFFER)
    assert [graph.nodes[node]["class"] for node in way] == [
        "global", "EventEmitter", "Object", "Array", "Function", "system / Context", "Buffer",
    ]  # fmt: skip
    assert way[-2] == source
    assert heap.id(heap.snapshot.root) in graph


EVIL = 'a"b\\ <i>&amp;]]>\x00\x1b[31m\n\u202e\ud800\uffff\N{SNOWMAN}\\'


@pytest.mark.parametrize("ending", ENDINGS)
def test_names_that_no_format_likes(
    ending: str, tmp_path: Path, load_draft: Callable[[Draft], Heap], capsys: pytest.CaptureFixture[str]
) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    held = draft.add("object", EVIL, 8)
    draft.link(0, held, EVIL)
    draft.link(held, held, "")
    source = tmp_path / "evil.heapsnapshot"
    source.write_bytes(draft.encode())
    out = export(tmp_path, str(source), 2 * held + 1, ending)
    expected = retaining_graph(load_draft(draft), held)
    assert told(read(out), escape) == told(expected, escape)
    assert out.read_text().replace("\n", "").isprintable()


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_the_same_graph(
    tmp_path: Path, load_draft: Callable[[Draft], Heap], capsys: pytest.CaptureFixture[str]
) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    held = draft.add("object", EVIL, 8)
    draft.link(0, held, EVIL)
    source = tmp_path / "evil.heapsnapshot"
    source.write_bytes(draft.encode())
    out = export(tmp_path, str(source), 2 * held + 1, ".dot")
    seen = json.loads(subprocess.run(["dot", "-Tjson0", out], check=True, capture_output=True).stdout)
    graph = retaining_graph(load_draft(draft), held)
    # It keeps the escapes that labels are written with.
    assert {node["id"]: node["class"] for node in seen["objects"]} == {
        str(node): escape(data["class"]).replace("\\", "\\\\") for node, data in graph.nodes(data=True)
    }
    assert [edge["type"] for edge in seen["edges"]] == ["property"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_graph_gives_the_same_bytes(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    once = export(tmp_path, FILES[1], BUFFER, ending, "--depth", "3").read_bytes()
    monkeypatch.setattr("time.strftime", lambda *_: "1999-01-01")
    assert export(tmp_path, FILES[1], BUFFER, ending, "--depth", "3").read_bytes() == once
    assert b"1999" not in once


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("graph", FILES[1], "-o", "x.dot"), 2, "`export graph` needs an object, @ID"),
        (("graph", FILES[1], "@5", "-o", "x.csv"), 2, "'x.csv' has none of the endings .graphml"),
        (("graph", FILES[1], "@5", "-o", "x.dot", "--most-nodes", "0"), 2, "from 1 to 10,000"),
        (("graph", FILES[1], "@5", "-o", "x.dot", "--filter", "contexts"), 2, "--filter is for `export nodes`"),
        (("graph", FILES[1], "@2", "-o", "x.dot"), 1, "there is no object @2"),
        (("nodes", FILES[1], "@5", "-o", "x.csv"), 2, "are for `export graph`"),
        (("nodes", FILES[1], "--depth", "2", "-o", "x.csv"), 2, "are for `export graph`"),
    ],
)
def test_wrong_usage_is_told_in_a_line(arguments: tuple[str, ...], status: int, said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "heaptui", "export", *arguments], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == status
    assert said in done.stderr
    assert not list(tmp_path.iterdir())

"""The graph around an object, in the formats of graph programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from heaptui.views.text import escape

ENDINGS = (".graphml", ".gexf", ".json", ".dot")


def ending_of(path: str) -> str:
    """The ending that tells the format; raises ValueError, with a sentence for the user, for another one."""
    ending = Path(path).suffix
    if ending not in ENDINGS:
        raise ValueError(f"{path!r} has none of the endings {', '.join(ENDINGS)}")
    return ending


def write_graph(out: IO[bytes], ending: str, graph: nx.MultiDiGraph) -> None:
    """Write a graph of `views.graph`; the same graph gives the same bytes.

    Texts are escaped, except in JSON, which can hold them as they are. In GEXF the `type` of an edge
    is the format's own, so ours is called `kind` there.
    """
    match ending:
        case ".json":
            out.write(json.dumps(nx.node_link_data(graph, edges="edges")).encode() + b"\n")
        case ".graphml":
            nx.write_graphml_xml(_escaped(graph), out)
        case ".gexf":
            writer = GEXFWriter(version="1.2draft")
            harmless = _escaped(graph, {"type": "kind"})
            for _, data in harmless.nodes(data=True):
                data["label"] = data["name"]
            writer.add_graph(harmless)
            # It has the day and the version of the library.
            for meta in writer.xml.findall("meta"):
                writer.xml.remove(meta)
            writer.write(out)
        case _:
            for line in _dot(_escaped(graph)):
                out.write(line.encode() + b"\n")


def _escaped(graph: nx.MultiDiGraph, renamed: Mapping[str, str] | None = None) -> nx.MultiDiGraph:
    """The graph with nothing in its texts that a terminal could act on or XML does not allow."""
    renamed = renamed or {}
    harmless = nx.MultiDiGraph(**graph.graph)
    for node, data in graph.nodes(data=True):
        harmless.add_node(node, **{name: _harmless(value) for name, value in data.items()})
    for source, target, data in graph.edges(data=True):
        attributes = {renamed.get(name, name): _harmless(value) for name, value in data.items()}
        harmless.add_edge(source, target, **attributes)
    return harmless


def _harmless(value: Any) -> Any:
    return escape(value) if isinstance(value, str) else value


def _dot(graph: nx.MultiDiGraph) -> Iterator[str]:
    """Graphviz's language: a box an object, with its name, id and what it keeps."""
    yield "digraph heap {"
    yield f"  graph [{_attributes(graph.graph)}];"
    yield "  node [shape=box];"
    for node, data in graph.nodes(data=True):
        label = {"label": f"{data['name'] or data['class']} @{node}"}
        yield f"  {_quoted(node)} [{_attributes(label | data)}];"
    for source, target, data in graph.edges(data=True):
        yield f"  {_quoted(source)} -> {_quoted(target)} [{_attributes({'label': data['name']} | data)}];"
    yield "}"


def _attributes(values: Mapping[str, object]) -> str:
    return ", ".join(f"{_quoted(name)}={_quoted(value)}" for name, value in values.items())


def _quoted(value: object) -> str:
    """A text that Graphviz shows as it is: a backslash would begin an escape there."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

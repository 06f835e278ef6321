"""The objects that keep one alive, as a graph for other programs."""

from __future__ import annotations

import networkx as nx

from heaptui.heap.heap import Heap
from heaptui.heap.neighbourhood import retaining_neighbourhood
from heaptui.views.objects import object_record
from heaptui.views.ranks import LONGEST_NAME

_ATTRIBUTES = {"name": "name", "class": "class", "type": "type", "shallow_size": "shallow", "retained_size": "retained"}


def retaining_graph(
    heap: Heap, ordinal: int, *, depth: int = 0, most_nodes: int = 1000, weak: bool = False
) -> nx.MultiDiGraph:
    """An object, what refers to it, and so on up to the root; references point as they do in the heap.

    Nodes are ids; they carry `id`, `name` (at most 1,000 characters), `class`, `type`, `shallow` and
    `retained` in bytes, and `distance` where DevTools shows one. Edges carry `type` and `name`.
    The graph itself has `object`, the id it is about, and `left_out`, how many references to its
    objects it lacks. `depth` bounds how many references away objects may be, 0 for any number.
    """
    found = retaining_neighbourhood(heap, ordinal, depth=depth, most_nodes=most_nodes, weak=weak)
    graph = nx.MultiDiGraph(object=heap.id(ordinal), left_out=found.left_out)
    for node in found.nodes.tolist():
        record = object_record(heap, node)
        named = {short: record[key] for key, short in _ATTRIBUTES.items()}
        named["name"] = heap.names.node(node, LONGEST_NAME)[:LONGEST_NAME]
        distance = {} if record["distance"] is None else {"distance": record["distance"]}
        graph.add_node(heap.id(node), id=heap.id(node), **named, **distance)
    targets = heap.snapshot.edges.to_node[found.edges].tolist()
    for edge, source, target in zip(found.edges.tolist(), found.sources.tolist(), targets, strict=True):
        graph.add_edge(
            heap.id(source), heap.id(target), type=heap.edge_type(edge), name=heap.names.edge(edge)[:LONGEST_NAME]
        )
    return graph

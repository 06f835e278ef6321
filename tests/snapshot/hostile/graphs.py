"""Graphs that trip naive walks: deep, wide, dense, circular, in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.building import Draft
from tests.snapshot.hostile.base import OK, REJECT, Case, Make

Edge = tuple[int, int, str | int]


def _graph(classes: Sequence[str], edges: Iterable[Edge], kind: str = "property", sizes: Sequence[int] = ()) -> Make:
    """A root and an object of each class; an edge with a number is an element."""

    def make() -> bytes:
        draft = Draft()
        draft.add("synthetic", "")
        for i, name in enumerate(classes):
            draft.add("object", name, sizes[i] if sizes else 16)
        for source, target, label in edges:
            draft.link(source, target, label, kind if isinstance(label, str) else "element")
        return draft.encode()

    return make


def _three(count: int, letter: str) -> list[str]:
    return [f"{letter}{i % 3}" for i in range(count)]


def _chain(length: int) -> list[Edge]:
    return [(i, i + 1, "next") for i in range(length)]


def _fan(width: int) -> list[Edge]:
    return [(0, i + 1, i) for i in range(width)]


def _diamonds(count: int) -> list[Edge]:
    edges: list[Edge] = [(0, 1, 0)]
    for top in range(1, 3 * count - 2, 3):
        edges += [(top, top + 1, "l"), (top, top + 2, "r"), (top + 1, top + 3, "j"), (top + 2, top + 3, "j")]
    return edges


def _irreducible(count: int) -> list[Edge]:
    """A chain with ways back and across, entered at both ends."""
    return [
        (0, 1, 1),
        (0, count // 2, 2),
        *((i, i + 1, "forward") for i in range(1, count)),
        *((i, max(1, i - 7), "back") for i in range(2, count + 1)),
        *((i, count + 1 - i, "across") for i in range(1, count + 1)),
    ]


CASES = [
    Case("graph-zero-nodes", REJECT, Draft().encode, "there is no object in it"),
    Case("graph-root-only", OK, _graph([], [])),
    Case("graph-no-edges", OK, _graph([f"N{i}" for i in range(50)], [])),
    Case("graph-self-edges", OK, _graph("AB", [(0, 1, 1), (0, 0, 2), (1, 1, "self"), (1, 2, "b"), (2, 2, "me")])),
    Case("graph-cycle-only", OK, _graph(_three(30, "C"), [(i, i % 30 + 1, "next") for i in range(1, 31)])),
    Case("graph-cycle-with-root", OK, _graph(_three(30, "C"), [(i, (i + 1) % 31, "next") for i in range(31)])),
    Case("graph-complete", OK, _graph(_three(200, "K"), [(i, j, j) for i in range(201) for j in range(201)])),
    Case("graph-multi-edges", OK, _graph("AB", [(0, 1, 1), *((1, 2, f"p{i}") for i in range(20_000))])),
    Case("graph-weak-only", OK, _graph("ABC", [(0, 1, 1), (1, 2, "w"), (2, 3, "x")], kind="weak")),
    Case("graph-shortcut-only", OK, _graph("AB", [(0, 1, "s"), (1, 2, "x")], kind="shortcut")),
    Case("graph-diamonds", OK, _graph(_three(3000, "D"), _diamonds(1000))),
    Case("graph-deep-200k", OK, _graph(["Deep"] * 200_000, _chain(200_000))),
    Case("graph-wide-200k", OK, _graph(["Leaf"] * 200_000, _fan(200_000))),
    Case("graph-irreducible", OK, _graph(_three(2000, "I"), _irreducible(2000))),
    Case("graph-huge-sizes", OK, _graph("AB", [(0, 1, 1), (1, 2, "b")], sizes=[2**52, 2**52])),
    Case("graph-ten-thousand-classes", OK, _graph([f"Class{i}" for i in range(10_000)], _fan(10_000))),
]

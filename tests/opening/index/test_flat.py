"""Dataclasses are taken apart by their annotations, and put together the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from heaptui.opening.index.flat import LEFT_OUT, flatten, restore

Numbers = npt.NDArray[np.uint32]


class Spot(NamedTuple):
    line: int
    column: int


@dataclass(frozen=True)
class Leaf:
    values: Numbers
    name: str


@dataclass(frozen=True)
class Longer(Leaf):
    more: int = 0


@dataclass(frozen=True)
class Tree:
    leaf: Leaf
    again: Leaf | None
    values: Numbers
    spots: Sequence[Spot | None]
    words: tuple[str, ...]
    by_number: Mapping[int, str]
    share: float
    flag: bool
    rest: Sequence[int] = field(default_factory=list)


@dataclass(frozen=True)
class Odd:
    value: Any


@dataclass(frozen=True)
class Outside:
    file: object
    name: str


def around(value: Any, instead: Any = None, given: Any = None) -> Any:
    """A value after a way through JSON."""
    tree, arrays = flatten(value, instead or {})
    return restore(type(value), json.loads(json.dumps(tree)), arrays, given or {})


def example(**other: Any) -> Tree:
    leaf = Leaf(np.arange(3, dtype=np.uint32), "a\ud800b")
    fields: dict[str, Any] = {
        "leaf": leaf,
        "again": leaf,
        "values": leaf.values,
        "spots": [Spot(1, 2), None],
        "words": ("x", ""),
        "by_number": {7: "seven", -1: ""},
        "share": 0.1,
        "flag": True,
    }
    return Tree(**{**fields, **other})


def test_all_comes_back_as_it_was() -> None:
    one = example()
    other = around(one)
    assert (other.spots, other.words, other.by_number) == (one.spots, one.words, one.by_number)
    assert type(other.spots[0]) is Spot
    assert (other.share, other.flag, other.rest, other.leaf.name) == (0.1, True, [], "a\ud800b")
    assert other.leaf.values.tolist() == [0, 1, 2]
    assert around(example(again=None)).again is None


def test_what_is_there_twice_is_kept_once() -> None:
    other = around(example())
    assert other.again is other.leaf
    assert other.values is other.leaf.values
    assert len(flatten(example(), {})[1]) == 1


def test_what_is_left_out_is_given_and_what_is_replaced_is_not_kept() -> None:
    instead = {(Outside, "file"): LEFT_OUT, (Outside, "name"): "other"}
    handle = object()
    other = around(Outside(object(), "name"), instead, {(Outside, "file"): handle})
    assert (other.file, other.name) == (handle, "other")


@pytest.mark.parametrize(
    "value",
    [
        Odd(1),
        Outside(1, ""),
        example(share=1),
        example(flag=1),
        example(rest=[np.int64(1)]),
        example(leaf=Longer(np.zeros(1, np.uint32), "")),
        example(values=np.array([None])),
    ],
)
def test_what_would_not_come_back_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        flatten(value, {})


@pytest.mark.parametrize(
    "change",
    [
        {"leaf": 5},
        {"leaf": {}},
        {"leaf": {"values": 9, "name": ""}},
        {"leaf": {"values": 0, "name": 1}},
        {"spots": [[1]]},
        {"spots": 1},
        {"words": [1]},
        {"by_number": [[1]]},
        {"share": "x"},
        {"rest": None},
    ],
)
def test_a_tree_of_something_else_is_refused(change: dict[str, Any]) -> None:
    tree, arrays = flatten(example(), {})
    with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
        restore(Tree, {**tree, **change}, arrays, {})

"""Paths merged by their looks, against naive loops, and chains of any period."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heaptui.heap.essential import hash_table
from heaptui.kernels import merging
from heaptui.kernels.merging import BEGINNING, LINKS, MOST_GLOBALS, NOBODY

Ordinals = npt.NDArray[np.uint32]


def wide(values: list[int]) -> Ordinals:
    return np.array(values, np.uint32)


Tree = tuple[list[int], list[int], list[int], list[bool]]
"""Parents, labels, classes, and which nodes are parts of others; parents come first."""


def merge(
    parent: list[int], label: list[int], class_of: list[int], part: list[bool] | None = None
) -> tuple[list[int], list[int]]:
    """The number of each node, and what each number hangs from."""
    n = len(parent)
    is_part = np.array(part or [False] * n, np.uint8)
    merged = np.full(n, NOBODY, np.uint32)
    above, merged_label, merged_class, example = (np.empty(n, np.uint32) for _ in range(4))
    count = merging.merge_ways(
        np.arange(n, dtype=np.uint32), wide(parent), wide(label), wide(class_of), is_part, hash_table(n), merged,
        above, merged_label, merged_class, example,
    )  # fmt: skip
    for number in range(count):
        assert merged[example[number]] == number
        assert merged_label[number] == label[example[number]]
        assert merged_class[number] == class_of[example[number]]
    return merged.tolist(), above[:count].tolist()


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    count = draw(st.integers(1, 60))
    parent = [NOBODY] + [draw(st.one_of(st.just(i - 1), st.integers(0, i - 1))) for i in range(1, count)]
    looks = st.lists(st.integers(0, 2), min_size=count, max_size=count)
    return parent, draw(looks), draw(looks), draw(st.lists(st.booleans(), min_size=count, max_size=count))


@settings(deadline=None)
@given(trees())
def test_what_looks_alike_from_the_beginning_on_is_one(tree: Tree) -> None:
    parent, label, class_of, part = tree
    numbers: dict[tuple[int, int, int], int] = {}
    looks: list[tuple[int, int, int]] = []
    expected: list[int] = []
    for node, up in enumerate(parent):
        over = NOBODY if up == NOBODY else expected[up]
        near = NOBODY if part[node] else over
        for _ in range(LINKS):
            if near == NOBODY or looks[near][1:] == (label[node], class_of[node]):
                break
            near = looks[near][0]
        else:
            near = NOBODY
        if near == NOBODY:
            key = (over, label[node], class_of[node])
            near = numbers.setdefault(key, len(numbers))
            looks += [key] * (near == len(looks))
        expected.append(near)
    merged, above = merge(parent, label, class_of, part)
    assert merged == expected
    assert above == [key[0] for key in looks]


@pytest.mark.parametrize("period", range(1, LINKS + 1))
def test_a_chain_is_as_many_numbers_as_its_period(period: int) -> None:
    length = 1000
    parent = [NOBODY, *range(length)]
    kinds = [99, *(i % period for i in range(length))]
    merged, above = merge(parent, kinds, kinds)
    assert len(above) == 1 + period
    assert merged[1:] == [1 + i % period for i in range(length)]


def test_a_chain_of_a_longer_period_is_not_folded() -> None:
    kinds = [i % (LINKS + 1) for i in range(50)]
    assert len(merge([NOBODY, *range(49)], kinds, kinds)[1]) == 50


def test_an_array_within_an_array_is_no_chain() -> None:
    list_of, store, room, messages = range(4)
    kinds = [list_of, store, room, messages, store]
    parent = [NOBODY, 0, 1, 2, 3]
    assert merge(parent, kinds, kinds)[0] == [0, 1, 2, 3, 1]
    assert merge(parent, kinds, kinds, [kind == store for kind in kinds])[0] == [0, 1, 2, 3, 4]


def test_a_million_nodes_alike_are_two_numbers() -> None:
    n = 1_000_000
    merged, above = merge([NOBODY] + [0] * (n - 1), [1] * n, [7] + [8] * (n - 1))
    assert above == [NOBODY, 0]
    assert Counter(merged) == {0: 1, 1: n - 1}


@settings(deadline=None)
@given(trees(), st.lists(st.integers(0, 59)))
def test_all_on_the_way_to_a_node_are_marked(tree: Tree, drawn: list[int]) -> None:
    parent = tree[0]
    chosen = [node % len(parent) for node in drawn]
    expected = set()
    for start in chosen:
        node = start
        while node != NOBODY:
            expected.add(node)
            node = parent[node]
    marked = np.zeros(len(parent), np.uint8)
    assert merging.mark_ways(wide(chosen), wide(parent), marked) == len(expected)
    assert set(np.flatnonzero(marked).tolist()) == expected


ELEMENT, PROPERTY, CONTEXT, INTERNAL = range(4)
MOST, MOST_NEW = 5, 2


def labels(parent: list[int], kinds: list[int], looks: list[int], names: list[int] | None = None) -> list[int]:
    """The labels of nodes of which the first begins; each one's edge is named by its ordinal where none is given.

    The names below 100 look like numbers of slots.
    """
    n = len(parent)
    edge = [NOBODY if up == NOBODY else i for i, up in enumerate(parent)]
    nameless, slot_like = np.zeros(256, np.uint8), np.zeros(2000, np.uint8)
    nameless[[ELEMENT, INTERNAL]] = 1, 2
    slot_like[:100] = 1
    label = np.zeros(n, np.uint32)
    merging.label_ways(
        np.arange(n, dtype=np.uint32), wide(parent), wide(edge), wide(looks), np.array(kinds, np.uint8),
        wide(names or list(range(n))), nameless, slot_like, CONTEXT, MOST, MOST_NEW,
        hash_table(n), np.zeros(n, np.uint32), np.zeros(n, np.uint32), label,
    )  # fmt: skip
    return label.tolist()


OLD, NEW = 2, 3


def below(count: int, kind: int, holder: int, looks: int, names: list[int] | None = None) -> list[int]:
    """The labels of that many siblings alike below a holder that hangs from where the path begins."""
    given = None if names is None else [0, 0, *names]
    found = labels(
        [NOBODY, 0] + [1] * count, [PROPERTY, PROPERTY] + [kind] * count, [0, holder] + [looks] * count, given
    )
    assert found[0] == BEGINNING
    return found[2:]


def test_elements_have_no_name() -> None:
    assert below(1, ELEMENT, OLD, NEW) == [0]


def test_slots_of_tables_have_no_name_but_other_internal_edges_have() -> None:
    assert below(2, INTERNAL, OLD, NEW, [5, 150]) == [0, 151]


@pytest.mark.parametrize(("holder", "looks", "most"), [(OLD, NEW, MOST_NEW), (OLD, OLD, MOST), (NEW, NEW, MOST)])
def test_too_many_names_are_keys(holder: int, looks: int, most: int) -> None:
    assert below(most, PROPERTY, holder, looks) == list(range(3, most + 3))
    assert below(most + 1, PROPERTY, holder, looks) == [0] * (most + 1)


def test_variables_are_no_keys() -> None:
    assert 0 not in below(100, CONTEXT, OLD, NEW)


def test_globals_are_names_up_to_a_limit() -> None:
    def globals_of(count: int) -> list[int]:
        return labels([NOBODY] + [0] * count, [PROPERTY] * (count + 1), [0] + [NEW] * count)[1:]

    assert 0 not in globals_of(MOST_GLOBALS)
    assert set(globals_of(MOST_GLOBALS + 1)) == {0}


def test_only_siblings_that_look_alike_are_counted_together() -> None:
    parent = [NOBODY, 0, 0] + [1, 2] * MOST_NEW
    assert 0 not in labels(parent, [PROPERTY] * len(parent), [0, OLD, OLD] + [NEW] * 2 * MOST_NEW)
    mixed = [NOBODY, 0] + [1] * 2 * MOST_NEW
    assert 0 not in labels(mixed, [PROPERTY] * len(mixed), [0, OLD] + [NEW, NEW + 2] * MOST_NEW)


def test_each_beginning_has_a_label_of_its_own() -> None:
    assert labels([NOBODY] * 3, [PROPERTY] * 3, [0, 0, 0]) == [BEGINNING, BEGINNING + 1, BEGINNING + 2]

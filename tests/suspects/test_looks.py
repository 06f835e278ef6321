"""Objects merged by their looks: one number for many alike, sums with all that hangs from each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from heaptui.heap import Heap
from heaptui.suspects.growth import find_growth
from heaptui.suspects.looks import ANY, BEGINNING, Looks
from heaptui.suspects.paths import NOBODY
from tests.building import Draft
from tests.suspects.drafts import PAIRS
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]
Build = Callable[[Program, int], int]
"""Fills a program up to a point in time; returns an ordinal."""


def check_looks(looks: Looks) -> None:
    """Sizes are sums of what is below, and every number stands for its example."""
    count = len(looks)
    sizes = looks.own.tolist()
    for number in range(count):
        above = int(looks.above[number])
        assert above == NOBODY or above < number
        assert looks.merged[looks.example[number]] == number
        assert looks.new[number] + looks.old[number] > 0
        assert (looks.label[number] >= BEGINNING) == (above == NOBODY)
        while above != NOBODY:
            sizes[above] += int(looks.own[number])
            above = int(looks.above[above])
    assert looks.size.tolist() == sizes
    assert np.array_equal(looks.add_up(looks.own), looks.size)


def test_looks_of_the_demo(demo: tuple[Heap, Heap]) -> None:
    looks = find_growth(*demo).looks
    check_looks(looks)
    assert len(looks) < 0.1 * demo[1].node_count


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=PAIRS)
def test_looks_of_random_pairs(load_draft: Load, pair: tuple[Draft, Draft]) -> None:
    check_looks(find_growth(load_draft(pair[0]), load_draft(pair[1])).looks)


def looks_of(load: Load, build: Build) -> tuple[Looks, int]:
    """What grew from point 0 to point 1, and the number of the ordinal that was returned."""
    run = Run()
    heaps, ordinal = [], 0
    for point in (0, 1):
        program = Program(run)
        ordinal = build(program, point)
        heaps.append(load(program.draft))
    looks = find_growth(heaps[0], heaps[1]).looks
    return looks, int(looks.merged[ordinal])


def test_elements_alike_are_one(load_draft: Load) -> None:
    looks, number = looks_of(load_draft, lambda p, t: p.fill_list(p.variable("trail", "Array"), 1 + 500 * t)[-1])
    assert (looks.new[number], looks.old[number], looks.label[number]) == (500, 0, ANY)
    assert looks.size[number] == 500 * 64


def test_entries_of_a_table_are_one(load_draft: Load) -> None:
    looks, number = looks_of(load_draft, lambda p, t: p.fill_table(p.variable("cache", "Map"), 1 + 500 * t)[-1])
    assert (looks.new[number], looks.label[number]) == (500, ANY)


def test_keys_are_one_and_a_few_names_are_not(load_draft: Load) -> None:
    looks, number = looks_of(load_draft, lambda p, t: p.fill_keys(p.variable("users"), 1 + 500 * t)[-1])
    assert (looks.new[number], looks.label[number]) == (500, ANY)
    looks, number = looks_of(load_draft, lambda p, t: p.fill_keys(p.variable("options"), 1 + 3 * t)[-1])
    assert looks.new[number] == 1
    assert looks.label[number] != ANY


def test_a_list_of_links_is_one(load_draft: Load) -> None:
    def links(program: Program, point: int) -> int:
        last = program.variable("queue", "Queue")
        for i in range(2 + 500 * point):
            last = program.put(last, "next", ("link", i), "Link")
        return last

    looks, number = looks_of(load_draft, links)
    assert looks.new[number] == 500


def test_what_is_new_is_not_merged_with_what_holds_it(load_draft: Load) -> None:
    def chains(program: Program, point: int) -> int:
        last = program.variable("tree", "Node")
        for i in range(3 + 50 * point):
            last = program.put(last, "child", ("node", i), "Node")
        return last

    looks, number = looks_of(load_draft, chains)
    assert (looks.new[number], looks.old[number]) == (50, 0)
    assert looks.old[looks.above[number]] > 0


@pytest.mark.parametrize("store", ["fill_list", "fill_table"])
def test_collections_within_collections_are_not_merged(load_draft: Load, store: str) -> None:
    def nested(program: Program, point: int) -> int:
        outer = getattr(program, store)(program.variable("rooms", "Outer"), 60, "Room")
        filled = [
            getattr(program, store)(program.put(room, "inner", ("inner", room), "Inner"), 1 + 10 * point)
            for room in outer
        ]
        return int(filled[0][-1])

    looks, number = looks_of(load_draft, nested)
    assert looks.new[number] == 600
    classes = looks.paths.heap.classes.names
    above = []
    while number != NOBODY:
        above.append(classes[int(looks.of[number])])
        number = int(looks.above[number])
    assert [name for name in above if not name.startswith("(")] == [
        "Entry",
        "Inner",
        "Room",
        "Outer",
        "system / Context",
    ]

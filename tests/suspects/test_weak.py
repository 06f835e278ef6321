"""Clean-ups of FinalizationRegistries: those that are still to come, and those that never will."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from heaptui.heap import Heap
from heaptui.suspects.knowledge import noise
from heaptui.suspects.verdict import Verdict, find_suspects
from tests.building import Draft
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]


def registry(program: Program, name: str, *, at_home: bool = True) -> int:
    """A FinalizationRegistry in a variable of the module, with a function from there or from another module."""
    found = program.variable(name, "FinalizationRegistry", 100)
    scope = program.module if at_home else program.scope("other", "/srv/app/other.js", program.native)
    program.draft.link(program.closure(found, 3, (name, "clean-up"), "", kind="hidden"), scope, "context", "internal")
    return found


def register(program: Program, owner: int, key: str, numbers: range, target: Callable[[int], int] | None) -> list[int]:
    """Registrations, one behind the other as V8 has them; of objects that are gone where there is no `target`."""
    last, cells = owner, []
    for i in numbers:
        last = program.put(last, 4, (key, "cell", i), "system / WeakCell", 0, "hidden", "hidden")
        program.draft.link(last, owner, 0, "hidden")
        if target is not None:
            program.draft.link(last, target(i), "target", "weak")
        cells.append(last)
    return cells


def judge(load: Load, build: Callable[[Program, int], None]) -> Verdict:
    run, heaps = Run(), []
    for point in (0, 1):
        program = Program(run)
        build(program, point)
        heaps.append(load(program.draft))
    return find_suspects(heaps)


def self_kept(program: Program, point: int, *, latest_first: bool) -> None:
    """The held value is a closure over the object itself."""
    cleaner, count = registry(program, "cleaner"), 10 + 300 * point
    objects = [program.node(("tensor", i), "object", "Tensor", 400) for i in range(count)]
    numbers = range(count)[::-1] if latest_first else range(count)
    cells = register(program, cleaner, "tensors", numbers, lambda i: objects[i])
    for i, cell in zip(numbers, cells, strict=True):
        release = program.put(cell, 2, ("release", i), "", 56, "hidden", "closure")
        scope = program.put(release, "context", ("scope", i), "system / Context", 40, "internal")
        program.draft.link(scope, objects[i], "this", "context")


@pytest.mark.parametrize("latest_first", [True, False])
def test_objects_that_their_own_held_values_keep_are_a_leak(load_draft: Load, latest_first: bool) -> None:
    found = judge(load_draft, lambda program, point: self_kept(program, point, latest_first=latest_first))
    assert found.judgement == "leak"
    first = found.suspects[0]
    assert (first.cause, first.count, first.leaked[0].name) == ("collection", 300, "Tensor")
    assert "cleaner" in first.title
    assert "held value" in first.advice


def kept_elsewhere(program: Program, point: int) -> None:
    objects = program.fill_list(program.variable("open", "Array"), 10 + 300 * point, "Tensor", 400)
    cells = register(program, registry(program, "cleaner"), "tensors", range(len(objects)), lambda i: objects[i])
    for i, cell in enumerate(cells):
        program.put(cell, 2, ("name", i), f"tensor {i}", 24, "hidden", "string")


def test_objects_that_something_else_keeps_are_no_leak_of_the_registry(load_draft: Load) -> None:
    found = judge(load_draft, kept_elsewhere)
    assert [("open" in suspect.title) for suspect in found.leaking] == [True]
    assert all(suspect.noise for suspect in found.suspects if "cleaner" in suspect.title)


def emptied(program: Program, point: int, gone: int, *, at_home: bool = True) -> None:
    """A Map of references to objects that are gone."""
    images = program.variable("images", "Map")
    program.fill_table(images, 10 + 300 * point, "WeakRef")
    cleaner = registry(program, "cleaner", at_home=at_home)
    register(program, cleaner, "gone", range(gone * point), None)


def test_what_a_clean_up_may_still_take_out_is_no_leak(load_draft: Load) -> None:
    found = judge(load_draft, lambda program, point: emptied(program, point, 300))
    assert not found.leaking
    (images,) = (suspect for suspect in found.suspects if "images" in suspect.title)
    assert images.reason == noise.PENDING


@pytest.mark.parametrize(("gone", "at_home"), [(0, True), (40, True), (3000, True), (300, False)])
def test_clean_ups_of_something_else_excuse_no_leak(load_draft: Load, gone: int, at_home: bool) -> None:
    found = judge(load_draft, lambda program, point: emptied(program, point, gone, at_home=at_home))
    assert "images" in found.leaking[0].title

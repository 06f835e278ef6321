"""The rows of the Suspects view: what they say, their order, and where they lead."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from heaptui.heap import Heap
from heaptui.views.model import Order, Row
from heaptui.views.suspects import SuspectsView
from heaptui.views.text import label_text
from heaptui.views.trace import trace
from tests.building import Draft
from tests.suspects import test_leaks as leaks
from tests.suspects.programs import Program, Run
from tests.views.test_trace import HOSTILE, cache_named

Load = Callable[[Draft], Heap]
RANK = Order("rank", False)


@pytest.fixture(scope="module")
def view(demo: tuple[Heap, Heap]) -> SuspectsView:
    return SuspectsView(demo)


def rows(view: SuspectsView, order: Order = RANK, match: str = "") -> list[Row]:
    found = view.roots(order, match)
    return found.page(0, len(found))


def below(view: SuspectsView, row: Row) -> list[Row]:
    found = view.children(row, RANK)
    return found.page(0, len(found))


def show(load: Load, build: leaks.Build, points: tuple[int, ...] = (0, 1)) -> SuspectsView:
    run = Run()
    heaps = []
    for point in points:
        program = Program(run)
        build(program, point)
        heaps.append(load(program.draft))
    return SuspectsView(heaps)


def test_the_verdict_stands_above(view: SuspectsView) -> None:
    assert view.heading == "A leak: 1 suspect explains 35 % of the growth (+114 kB, +1,321 objects)"


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ((0, 1), "A leak: 1 suspect explains 100 % of the growth (+19.2 kB, +300 objects)"),
        ((1, 1), "No growth to speak of (0 B, 0 objects)"),
        (
            (1, 0),
            "In the wrong order, it seems: the oldest goes first. No growth to speak of (−19.2 kB, −300 objects)",
        ),
        ((0, 1, 1), "No growth to speak of (+19.2 kB, +300 objects)"),
        ((1,), "One snapshot: what is large is weaker evidence than what grew"),
    ],
)
def test_the_verdict_in_a_sentence(load_draft: Load, points: tuple[int, ...], said: str) -> None:
    assert show(load_draft, leaks.module_list, points).heading == said


def test_two_suspects_are_counted_together(load_draft: Load) -> None:
    def both(program: Program, point: int) -> None:
        leaks.module_list(program, point)
        leaks.table(program, point)

    assert show(load_draft, both).heading.startswith("A leak: 2 suspects explain 100 % of the growth")


def test_growth_that_is_no_leak(load_draft: Load) -> None:
    def loaded(program: Program, point: int) -> None:
        if point:
            program.variable("table", "Table", 200_000)

    found = show(load_draft, loaded)
    assert found.heading == "Growth, but no leak that these snapshots prove (+200 kB, +1 object)"


def test_a_row_for_each_suspect_leaks_first(view: SuspectsView) -> None:
    found = rows(view)
    assert [row.key for row in found] == list(range(len(view.suspects)))
    first = found[0]
    assert label_text(first.label) == "…_events.error (Array) @81173  (event listener, high confidence)"
    assert first.cells == {"count": 100, "size": 39_512, "retained_size": 39_100}
    assert first.ordinal == view.suspects[0].holder
    assert first.expandable
    assert all(row.label.note == suspect.reason for row, suspect in zip(found[1:], view.suspects[1:], strict=True))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("key", ["count", "size", "retained_size"])
def test_rows_are_sorted_by_any_column(view: SuspectsView, key: str, descending: bool) -> None:
    values = [row.cells[key] or 0 for row in rows(view, Order(key, descending))]
    assert len(values) == len(view.suspects)
    assert values == sorted(values, reverse=descending)


def test_rows_are_sorted_by_name(view: SuspectsView) -> None:
    titles = [view.suspects[int(str(row.key))].title for row in rows(view, Order("name", False))]
    assert titles == sorted(suspect.title for suspect in view.suspects)


def test_rows_are_filtered_by_name(view: SuspectsView) -> None:
    assert [row.key for row in rows(view, match="LISTENERS")] == [0]
    assert [row.key for row in rows(view, match="/_events\\..*Array/")] == [0]
    assert not rows(view, match="no such thing")
    with pytest.raises(ValueError, match=r"\w"):
        rows(view, match="/(/")


def said(found: list[Row]) -> str:
    """What rows say, each sentence in a line of its own."""
    lines = [row.label.name for row in found if row.label.id is None]
    return "\n".join(lines).replace("\n  ", " ")


def child(view: SuspectsView, row: Row, key: str) -> Row:
    return next(one for one in below(view, row) if isinstance(one.key, tuple) and one.key[0] == key)


def test_below_a_suspect_is_what_why_where_and_what_to_do(view: SuspectsView) -> None:
    first, suspect = rows(view)[0], view.suspects[0]
    assert said(below(view, first)).splitlines() == [
        "100 listeners more: global.test._events.error (Array)",
        "Why: event listener, high confidence: `_events` of an EventEmitter leads to the listeners for “error”",
        "Where: /srv/shop/scripts/seed/seed.js:35:22",
        f"What to do: {suspect.advice}",
        "Path from the root, step by step",
        "What piled up: 100 Function, 100 system / JSArrayBufferData, 100 Buffer, and 4 kinds more",
        "Evidence and fingerprint",
    ]
    more = said(below(view, child(view, first, "evidence"))).splitlines()
    assert more == [*suspect.evidence[1:], f"Fingerprint: {suspect.fingerprint}"]


def test_an_instance_of_what_piled_up_can_be_followed(view: SuspectsView) -> None:
    instance = next(row for row in below(view, rows(view)[0]) if row.key == "instance")
    assert label_text(instance.label) == "One of them :: () @81507"
    assert instance.ordinal == view.suspects[0].trail.instance
    assert instance.marks == {"new"}


def test_words_are_wrapped_for_a_narrow_screen(view: SuspectsView) -> None:
    for row in rows(view):
        for one in below(view, row):
            if isinstance(one.key, tuple) and one.key[0] == "said":
                assert len(one.label.name) <= 72
                # The keys for objects go to the holder.
                assert one.ordinal == row.ordinal


def test_what_is_no_leak_has_a_reason_and_no_advice(view: SuspectsView) -> None:
    for row, suspect in zip(rows(view)[1:], view.suspects[1:], strict=True):
        lines = said(below(view, row)).splitlines()
        assert f"No leak: {suspect.reason}" in lines
        assert not any(line.startswith("What to do") for line in lines)


def test_each_row_leads_to_a_class_and_a_trace(view: SuspectsView) -> None:
    first = rows(view)[0]
    leaked = child(view, first, "leaked")
    buffer = next(row for row in below(view, leaked) if row.label.name == "Buffer")
    assert (view.leaked_class(first), view.leaked_class(buffer)) == ("Function", "Buffer")
    assert len(view.members("Buffer")) == 100
    step = below(view, child(view, first, "steps"))[2]
    assert view.leaked_class(step) is None
    for row, above in ((first, []), (leaked, [first]), (buffer, [first, leaked])):
        assert view.trace_of(row, above) == trace(view.found, view.suspects[0])


def test_one_snapshot_has_sizes_and_nothing_new(demo: tuple[Heap, Heap]) -> None:
    alone = SuspectsView([demo[1]])
    assert [column.title for column in alone.columns] == ["Suspect", "Objects", "Size", "Retained size"]
    assert not any(alone.is_new(node) for node in range(0, alone.heaps[0].node_count, 100))


@pytest.mark.parametrize("files", [1, 2])
def test_a_cause_that_is_not_known_is_told_as_that(demo: tuple[Heap, Heap], files: int) -> None:
    view = SuspectsView(demo[-files:])
    unknown = [row for row in rows(view) if view.record(row)["cause"] == "unknown"]
    assert unknown
    assert all("unknown" not in row.label.note or row.label.note.startswith("cause unknown") for row in unknown)
    assert all("\ncause unknown, " in view.trace_of(row, ()) for row in unknown)


def test_the_path_is_one_of_edges_of_the_heap(view: SuspectsView) -> None:
    heap = view.heaps[0]
    for row in rows(view):
        steps = below(view, child(view, row, "steps"))
        ordinals = [step.ordinal for step in steps]
        assert None not in ordinals
        for source, target in pairwise(ordinals):
            assert source is not None
            # What piled up may hang from a link further on in a chain.
            if target in heap.snapshot.edges.to_node[heap.edges(source)]:
                continue
            assert target in {step.node for step in view.suspects[int(str(row.key))].trail.piled}
        assert len({step.key for step in steps}) == len(steps)


def test_new_objects_on_the_path_are_marked(view: SuspectsView) -> None:
    steps = below(view, child(view, rows(view)[0], "steps"))
    new = {step.label.id: "new" in step.marks for step in steps}
    assert new[6049] is False
    assert new[81507] is True


def test_what_piled_up_adds_to_the_suspect(view: SuspectsView) -> None:
    leaked = below(view, child(view, rows(view)[0], "leaked"))
    assert leaked[0].label.name == "Function"
    assert sum(row.cells["size"] or 0 for row in leaked) <= view.suspects[0].size
    assert {row.label.name: row.cells["count"] for row in leaked}["Buffer"] == 100


def test_only_the_foremost_suspect_opens_by_itself(view: SuspectsView) -> None:
    found = rows(view)
    assert [view.opens_by_itself(row, 0) for row in found] == [True] + [False] * (len(found) - 1)


def test_only_suspects_have_records(view: SuspectsView) -> None:
    first = rows(view)[0]
    assert view.record(first) == view.suspect_record(0)
    assert all(view.record(row) == {} for row in below(view, first))


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_labels_are_one_line_whatever_the_names(load_draft: Load, name: str) -> None:
    found = show(load_draft, cache_named(name))
    stack = rows(found)
    assert stack
    while stack:
        row = stack.pop()
        assert all(c.isprintable() for c in label_text(row.label))
        if row.expandable:
            stack += below(found, row)


def test_where_nothing_piled_up_there_are_no_rows(load_draft: Load) -> None:
    found = show(load_draft, leaks.module_list, (1, 1))
    assert not rows(found)
    assert found.empty

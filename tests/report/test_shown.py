"""What a screen shows, written to files and as command lines: both say what the commands print."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.query.choosing import chosen
from heaptui.report import invocation
from heaptui.report.command import report_of
from heaptui.views.allocations import AllocationsView
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.dominators import DominatorsView
from heaptui.views.entries import WithEntries
from heaptui.views.merged import MergedPathsView
from heaptui.views.model import View
from heaptui.views.objects import object_record
from heaptui.views.outline import Outline
from heaptui.views.paths import PathsView
from heaptui.views.retainers import RetainersView
from heaptui.views.statistics import StatisticsView
from heaptui.views.strings import StringsView
from heaptui.views.summary import InstancesView, SummaryView
from heaptui.views.timeline import TimelineView
from tests.building import Draft
from tests.conftest import DATA

FORMATS = ("json", "csv", "markdown", "table")
TIMELINE = str(DATA / "chrome-timeline.heaptimeline.gz")


@pytest.fixture(scope="module")
def recorded() -> Heap:
    return load_heap(TIMELINE)


def outlines(demo: tuple[Heap, Heap], recorded: Heap) -> dict[str, Outline]:
    """Each list that the app shows, some of them with rows that are open."""
    before, after = demo
    buffers = InstancesView(after, "Buffer").ordinals
    gone = np.flatnonzero(ComparisonView(before, after).comparison.deleted)
    leaked = int(buffers[-1])
    views: dict[str, View] = {
        "summary": WithEntries(SummaryView(after)),
        "filtered": WithEntries(SummaryView(after, chosen(after, f"new-since:{FILES[0]}"))),
        "comparison": WithEntries(ComparisonView(before, after)),
        "containment": WithEntries(ContainmentView(after)),
        "references": ContainmentView(after, leaked),
        "dominators": DominatorsView(after),
        "statistics": StatisticsView(after, before),
        "strings": StringsView(after),
        "retainers": RetainersView(after, leaked),
        "ignoring": RetainersView(after, leaked, frozenset({next_to(after, leaked)}), weak=True),
        "of the base": RetainersView(before, int(gone[0])),
        "paths": PathsView(after, leaked),
        "merged": MergedPathsView(after, buffers, "Buffer"),
        "timeline": TimelineView(recorded),
        "allocations": AllocationsView(recorded),
    }
    found = {name: Outline(view) for name, view in views.items()}
    found["filtered"].filtered = f"new-since:{FILES[0]}"
    return found


def next_to(heap: Heap, ordinal: int) -> int:
    """One of the objects that refer to this one."""
    return int(heap.retaining_edges(ordinal)[1][0])


NAMES = (
    "summary", "filtered", "comparison", "containment", "references", "dominators", "statistics", "strings",
    "retainers", "ignoring", "of the base", "paths", "merged", "timeline", "allocations",
)  # fmt: skip


@pytest.fixture
def outline(request: pytest.FixtureRequest, demo: tuple[Heap, Heap], recorded: Heap) -> Outline:
    found = outlines(demo, recorded)
    assert tuple(found) == NAMES
    return found[request.param]


def written(outline: Outline, form: str) -> str:
    out = io.StringIO()
    report_of(outline.view).write_shown(out, form, outline.lines)
    return out.getvalue()


def open_row(outline: Outline, index: int) -> None:
    step = outline.expand(index)
    assert step is not None
    step()()


def open_some(outline: Outline) -> None:
    """Open the second row that can be, and the first one below it."""
    able = [i for i, line in enumerate(outline.lines) if line.expandable and not line.expanded]
    if able:
        at = able[min(1, len(able) - 1)]
        open_row(outline, at)
        if outline.lines[at + 1].expandable and not outline.lines[at + 1].expanded:
            open_row(outline, at + 1)


def document_of(capsys: pytest.CaptureFixture[str], command: str) -> dict[str, Any]:
    words = shlex.split(command)
    assert words[0] == "heaptui"
    assert main([*words[1:], "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("outline", NAMES, indirect=True)
def test_json_is_what_the_copied_command_prints(outline: Outline, capsys: pytest.CaptureFixture[str]) -> None:
    for line in outline.lines:
        line.expanded = False
    outline.lines = [line for line in outline.lines if not line.depth]
    ours = json.loads(written(outline, "json"))
    assert ours["schema"] == "heaptui/1"
    theirs = document_of(capsys, invocation.of_list(outline))
    assert list(ours) == list(theirs)
    assert ours == theirs


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("outline", NAMES, indirect=True)
def test_every_list_is_written_with_its_open_rows(outline: Outline, form: str) -> None:
    open_some(outline)
    found = written(outline, form)
    rows = [line for line in outline.lines if line.row]
    whole = len(rows) + sum(line.hidden for line in outline.lines if not line.depth)
    below = [line for line in outline.lines if line.depth]
    match form:
        case "json":
            document = json.loads(found)
            assert document["command"] == report_of(outline.view).command
        case "csv":
            records = list(csv.DictReader(io.StringIO(found)))
            headings = sum(1 for line in rows if line.row and not outline.view.record(line.row))
            more = sum(1 for line in outline.lines if line.row is None and line.depth)
            assert len(records) == whole + more - headings
            assert {len(record) for record in records} == {len(records[0])}
            if below:
                assert sum(record["level"] != "0" for record in records) == len(below) - headings
        case _:
            head = (2 if form == "markdown" else 1) + (2 if outline.view.heading else 0)
            more = sum(1 for line in outline.lines if line.row is None and line.depth)
            assert len(found.splitlines()) == whole + more + head


@pytest.mark.parametrize("key", ["name", "retained_size", "distance"])
@pytest.mark.parametrize("match", ["", "e", "/^[A-M]/"])
@pytest.mark.parametrize("outline", ["summary", "filtered", "containment", "dominators", "retainers"], indirect=True)
def test_order_and_match_are_in_the_command(
    outline: Outline, key: str, match: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        outline.sort_by(key)()()
        outline.match_text(match)()()
        plain = Outline(outline.view, filtered=outline.filtered)
        plain.show(outline.order, outline.match)()()
        plain.lines = [line for line in plain.lines if not line.depth]
        theirs = document_of(capsys, invocation.of_list(outline))
        ours = json.loads(written(plain, "json"))
        rows = next(value for value in ours.values() if isinstance(value, list) and value is not ours["files"])
        for record in rows:
            for nested in ("objects", "references", "retainers", "dominated"):
                record.pop(nested, None)
        assert ours == theirs


def test_open_rows_stand_in_json_as_the_commands_nest_them(
    demo: tuple[Heap, Heap], capsys: pytest.CaptureFixture[str]
) -> None:
    outline = Outline(ContainmentView(demo[1]))
    open_row(outline, 0)
    open_row(outline, 1)
    wanted = document_of(capsys, f"heaptui containment {FILES[1]} --depth 3")
    first = json.loads(written(outline, "json"))["references"][0]
    theirs = wanted["references"][0]
    below = theirs["references"][0]
    assert [r["object"] for r in first["references"][0]["references"][:100]] == [
        r["object"] for r in below["references"][:100]
    ]
    assert first["object"] == theirs["object"]


def test_objects_and_their_references_stand_below_a_class(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    outline = Outline(WithEntries(SummaryView(heap)))
    outline.match_text("/^Buffer$/")()()
    open_row(outline, 0)
    open_row(outline, 1)
    (found,) = json.loads(written(outline, "json"))["classes"]
    assert [entry["id"] for entry in found["objects"]] == [
        line.row.label.id for line in outline.lines if line.row and line.depth == 1
    ]
    assert found["more"] == outline.lines[-1].hidden == found["count"] - 100
    node = heap.object_with_id(found["objects"][0]["id"])
    assert node is not None
    assert {r["object"]["id"] for r in found["objects"][0]["references"]} == {
        heap.id(int(heap.snapshot.edges.to_node[edge])) for edge in heap.edges(node)
    }


def test_new_and_deleted_objects_are_told_apart(demo: tuple[Heap, Heap]) -> None:
    outline = Outline(ComparisonView(*demo))
    outline.match_text("/^\\(string\\)$/")()()
    open_row(outline, 0)
    (found,) = json.loads(written(outline, "json"))["classes"]
    assert {entry["change"] for entry in found["objects"]} <= {"new", "deleted"}
    assert "… " in written(outline, "table") or not found.get("more")


def test_entries_stand_with_their_collection(demo: tuple[Heap, Heap]) -> None:
    from heaptui.views.entries import entries, table_of

    heap = demo[1]
    wanted = next(
        node
        for node in heap.names.nodes_named("Map", "object").tolist()
        if table_of(heap, node) is not None and len(entries(heap, node)) > 2
    )
    source = next_to(heap, wanted)
    outline = Outline(WithEntries(ContainmentView(heap, source)))
    at = next(i for i, line in enumerate(outline.lines) if line.row and line.row.ordinal == wanted)
    open_row(outline, at)
    open_row(outline, at + 1)
    found = json.loads(written(outline, "json"))["references"][at]
    assert len(found["entries"]) == min(100, len(entries(heap, wanted)))
    assert set(found["entries"][0]) == {"key", "value"}
    assert all(set(reference) >= {"edge", "object"} for reference in found["references"])
    assert "key.id" in written(outline, "csv").splitlines()[0].split(",")


def test_paths_have_their_steps_in_every_format(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    ordinal = int(InstancesView(heap, "Buffer").ordinals[-1])
    outline = Outline(PathsView(heap, ordinal))
    document = json.loads(written(outline, "json"))
    steps = document["paths"][0]
    assert steps[-1]["object"] == object_record(heap, ordinal)
    records = list(csv.DictReader(io.StringIO(written(outline, "csv"))))
    assert [record["id"] for record in records if record["level"] == "1"] == [str(s["object"]["id"]) for s in steps]
    assert f"@{heap.id(ordinal)}" in written(outline, "table")


def test_rows_not_shown_at_the_top_are_written_too(demo: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.views.outline.ROOT_PAGE", 10)
    outline = Outline(StringsView(demo[1]))
    assert outline.lines[-1].hidden > 100
    assert len(json.loads(written(outline, "json"))["strings"]) == len(outline.lines[-1].siblings)


@pytest.mark.parametrize("match", ["/^Buffer$/", "/^Function$/"])
def test_the_command_of_a_class_lists_its_objects(
    match: str, demo: tuple[Heap, Heap], capsys: pytest.CaptureFixture[str]
) -> None:
    heap = demo[1]
    written_filter = f"new-since:{FILES[0]}"
    outline = Outline(SummaryView(heap, chosen(heap, written_filter)), "", written_filter)
    outline.match_text(match)()()
    assert outline.lines[0].row is not None
    row = outline.lines[0].row
    found = invocation.of_row(outline, row)
    assert found is not None
    assert shlex.split(found)[1] == "instances"
    assert len(document_of(capsys, found)["objects"]) == row.cells["count"]


def test_the_command_of_an_object_is_about_it(demo: tuple[Heap, Heap], capsys: pytest.CaptureFixture[str]) -> None:
    heap = demo[1]
    for view, key in (
        (ContainmentView(heap), "references"),
        (DominatorsView(heap), "dominated"),
        (RetainersView(heap, int(InstancesView(heap, "Buffer").ordinals[0])), "retainers"),
    ):
        outline = Outline(view)
        row = outline.lines[0].row
        assert row is not None
        assert row.ordinal is not None
        found = invocation.of_row(outline, row)
        assert found is not None
        document = document_of(capsys, found)
        assert document["object"] == object_record(heap, row.ordinal)
        assert key in document


def test_what_was_allocated_when_and_by_whom(recorded: Heap, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = Outline(TimelineView(recorded))
    rows: Sequence[Any] = [line.row for line in timeline.lines if line.row and line.row.cells["count"]]
    found = invocation.of_row(timeline, rows[0])
    assert found is not None
    # Those without a size of their own are not counted in the Summary.
    assert 0 < document_of(capsys, found)["total"]["count"] <= rows[0].cells["count"]
    allocations = Outline(AllocationsView(recorded))
    open_row(allocations, 0)
    for line in allocations.lines[:3]:
        assert line.row is not None
        command = invocation.of_row(allocations, line.row, line.ancestors)
        assert command is not None
        total = document_of(capsys, command)["total"]
        assert total["shallow_size"] == line.row.cells["live_size"]


def test_names_that_could_act_on_a_terminal_are_quoted(load_draft: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("object", "it's\x1b[31m\né", 8), 1, "element")
    heap = load_draft(draft)
    outline = Outline(SummaryView(heap))
    row = outline.lines[0].row
    assert row is not None
    found = invocation.of_row(outline, row)
    assert found is not None
    assert found.isprintable()
    assert found.endswith("$'it\\'s\\x1b[31m\\x0a\\xc3\\xa9'")

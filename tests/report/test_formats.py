"""What came out of a heap cannot act on a terminal, a table or a document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import numpy as np
import pytest

from heaptui.heap import Heap
from heaptui.report.command import retainers, summary
from heaptui.report.export import write_nodes
from heaptui.report.formats import write_csv
from heaptui.report.rows import Wanted
from tests.building import Draft

EVIL = "\x1b[31m[bold]a|b<script>\r\n\u202ex\u2028\x9b"


@pytest.fixture
def evil(load_draft: Callable[[Draft], Heap]) -> Heap:
    draft = Draft()
    draft.add("synthetic", "")
    draft.add("object", EVIL, 8)
    draft.add("string", EVIL, 8)
    draft.link(0, 1, 1, "element")
    draft.link(1, 2, EVIL)
    return load_draft(draft)


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "json"])
def test_nothing_but_line_ends_and_printable_text(evil: Heap, form: str) -> None:
    out = io.StringIO()
    for report in (summary(evil), retainers(evil, 2)):
        report.write(out, form, Wanted(report.view.order))
    assert all(c == "\n" or c.isprintable() for c in out.getvalue())
    assert not any(c in out.getvalue() for c in "\u202e\u2028\x1b\x9b")


def test_json_keeps_the_name(evil: Heap) -> None:
    out = io.StringIO()
    summary(evil).write(out, "json", Wanted(summary(evil).view.order))
    assert EVIL in {c["name"] for c in json.loads(out.getvalue())["classes"]}


def test_markdown_is_escaped(evil: Heap) -> None:
    out = io.StringIO()
    summary(evil).write(out, "markdown", Wanted(summary(evil).view.order))
    assert "<script" not in out.getvalue()
    assert "a\\|b" in out.getvalue()


def test_csv_is_one_line_a_row(evil: Heap) -> None:
    out = io.StringIO()
    summary(evil).write(out, "csv", Wanted(summary(evil).view.order))
    assert len(list(csv.reader(out.getvalue().splitlines()))) == 3


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1+7", "-1+2", "@SUM(A1)", "\t=1"])
def test_no_spreadsheet_computes_a_name(load_draft: Callable[[Draft], Heap], name: str) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("object", name, 8), 1, "element")
    heap, shown, nodes = load_draft(draft), io.StringIO(), io.StringIO()
    summary(heap).write(shown, "csv", Wanted(summary(heap).view.order))
    write_nodes(nodes, ".csv", heap, np.ones(2, bool))
    for out in (shown, nodes):
        texts = [cell for row in csv.reader(out.getvalue().splitlines()) for cell in row if name[1:] in cell]
        assert texts
        assert all(text.startswith(("'", "\\")) for text in texts)


def test_numbers_in_a_csv_are_numbers() -> None:
    out = io.StringIO()
    write_csv(out, [{"size_delta": -5, "name": "a-b"}])
    assert out.getvalue() == "size_delta,name\n-5,a-b\n"

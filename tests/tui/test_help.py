"""Every word that stands on the screen is explained."""

from __future__ import annotations

import re

import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.tui.help import help_text
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.glossary import TERMS, explain
from heaptui.views.model import Label, Mark, Row
from heaptui.views.strings import StringsView
from heaptui.views.summary import SummaryView
from tests.tui.driving import running, screen, see, until


@pytest.mark.parametrize(
    ("row", "terms"),
    [
        (Row(1, Label("(system)", count=5), {}, expandable=True), {"(system)"}),
        (Row(1, Label("run()", 3, edge="context", relation="in"), {}, ordinal=1), {"closure", "context", "retainer"}),
        (Row(1, Label('"text"', 3), {}, ordinal=1), {"(string)"}),
        (Row(1, Label("{a, b}", 3), {}, ordinal=1), {"Object"}),
        (Row(1, Label("system / Context / f", 3), {}, ordinal=1), {"system / Context"}),
        (Row(1, Label("x[]", 3, edge="elements", relation="::"), {}, ordinal=1), {"(array)", "elements"}),
    ],
)
def test_words_of_a_row(row: Row, terms: set[str]) -> None:
    assert terms <= {term for term, _ in explain(row)}


@pytest.mark.parametrize("mark", ["new", "deleted", "detached", "unreachable", "cycle", "weak", "ignored"])
def test_every_mark_is_explained(mark: Mark) -> None:
    assert explain(Row(1, Label("x"), {}, marks=frozenset({mark})))


def test_all_kinds_in_parentheses_are_explained(demo: tuple[Heap, Heap]) -> None:
    kinds = {name for name in demo[1].classes.names if name.startswith("(")}
    assert kinds <= set(TERMS)


def test_the_page_has_all_columns_and_words(demo: tuple[Heap, Heap]) -> None:
    for view in (SummaryView(demo[1]), ContainmentView(demo[1]), ComparisonView(*demo)):
        text = help_text(view.name, view.columns, 400).plain
        assert all(column.title in text and column.about in text for column in view.columns)
        assert all(about in text for about in TERMS.values())


def test_the_column_of_texts_is_explained_as_texts(demo: tuple[Heap, Heap]) -> None:
    (about,) = (column.about for column in StringsView(demo[1]).columns if column.title == "String")
    assert "text" in about
    assert "called" not in about


@pytest.mark.usefixtures("loaded")
async def test_the_foot_says_which_lines_are_shown() -> None:
    async with running(*FILES, size=(80, 24)) as (app, pilot):
        await pilot.press("question_mark")
        await see(pilot, "lines 1 to ")
        assert "lines 1 to 21 of " in screen(app)[-1]
        await pilot.press("end")
        await pilot.pause()
        found = re.search(r"lines [\d,]+ to ([\d,]+) of ([\d,]+)", screen(app)[-1])
        assert found is not None
        assert found[1] == found[2]


async def test_the_keys_that_move_in_lists_move_in_the_help() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("question_mark")
        await see(pilot, "lines 1 to 21 ")
        for key, shown in (
            ("space", "lines 21 to 41 "),
            ("ctrl+u", "lines 11 to 31 "),
            ("ctrl+d", "lines 21 to 41 "),
            ("ctrl+b", "lines 1 to 21 "),
            ("ctrl+f", "lines 21 to 41 "),
            ("j", "lines 22 to 42 "),
            ("k", "lines 21 to 41 "),
            ("g", "lines 1 to 21 "),
        ):
            await pilot.press(key)
            await see(pilot, shown)
        await pilot.press("G")
        await until(pilot, lambda: bool(re.search(r"to (\d+) of \1 *$", screen(app)[-1])))


async def test_at_the_start_the_help_begins_with_the_keys_of_that_page() -> None:
    async with running(size=(80, 24)) as (app, pilot):
        await pilot.press("question_mark")
        await see(pilot, "This page")
        shown = "\n".join(screen(app))
        assert "Open the file, all that are chosen, or the folder." in shown
        assert "choose this one too" in shown
        assert "Take a snapshot of a running process" in shown

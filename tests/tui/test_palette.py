"""The palette finds what a user of DevTools looks for."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.color import Color

from heaptui.tui.actions import ACTIONS
from heaptui.tui.palette import ALSO, ActionSearch
from heaptui.tui.plain import PlainSigns
from tests.tui.driving import running, until

pytestmark = pytest.mark.usefixtures("fake_heaps")

WORDS = {action.id: action.words for action in ACTIONS}


@pytest.mark.parametrize(
    ("query", "action"),
    [
        ("save", "export"),
        ("pie chart", "statistics"),
        ("duplicated strings", "strings"),
        ("diff", "comparison"),
        ("classes", "summary"),
        ("perspective", "containment"),
        ("leak report", "suspects"),
        ("dominator tree", "dominators"),
        ("search", "match"),
        ("class filter", "match"),
        ("Reveal in Summary", "reveal_summary"),
        ("allocation stack", "detail"),
        ("detached", "filter"),
        ("bytes", "units"),
        ("screenshot", "picture"),
        ("load", "open_file"),
        ("base snapshot", "base"),
        ("ign", "ignore"),
        ("class filter", "query"),
        ("filter class", "filter"),
        ("query filter", "query"),
        ("Summary show", "reveal_summary"),
        ("snapshot heap", "take"),
        ("scrnsht", "picture"),
        ("shw cont", "reveal_containment"),
    ],
)
async def test_words_of_devtools_lead_to_actions(query: str, action: str) -> None:
    async with running("a", "b", "c") as (app, _):
        search = ActionSearch(app.screen)
        hits = sorted([hit async for hit in search.search(query)], key=lambda hit: -hit.score)
        assert WORDS[action] in [str(hit.prompt) for hit in hits]


async def test_names_come_before_explanations() -> None:
    async with running("a", "b") as (app, _):
        hits = [hit async for hit in ActionSearch(app.screen).search("retainers")]
        best = max(hits, key=lambda hit: hit.score)
        assert "retainers" in str(best.prompt)


async def test_what_has_only_some_of_the_words_is_not_found() -> None:
    async with running("a", "b") as (app, _):
        assert not [hit async for hit in ActionSearch(app.screen).search("retainers nowhere")]


def test_what_is_said_of_an_action_is_right_outside_the_help_too() -> None:
    assert not [action.about for action in ACTIONS if "stand below" in action.about]


async def test_the_sign_of_the_search_can_be_seen() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: bool(app.screen.query("SearchIcon")))
        sign = app.screen.query_one("SearchIcon")
        foreground, background = sign.styles.color, sign.background_colors[1]
        assert abs(foreground.brightness - background.brightness) > 0.4


def test_all_words_belong_to_an_action() -> None:
    assert ALSO.keys() <= WORDS.keys()


def test_poor_terminals_have_a_sign_of_the_search_too() -> None:
    (piece,) = PlainSigns().apply([Segment("🔎 Search")], Color(0, 0, 0))
    assert piece.text == "/  Search"

"""The palette finds what a user of DevTools looks for."""

from __future__ import annotations

import pytest

from heaptui.tui.actions import ACTIONS
from heaptui.tui.palette import ALSO, ActionSearch
from tests.tui.driving import running

pytestmark = pytest.mark.usefixtures("fake_heaps")

WORDS = {action.id: action.words for action in ACTIONS}


@pytest.mark.parametrize(
    ("query", "action"),
    [
        ("save", "export"),
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


def test_all_words_belong_to_an_action() -> None:
    assert ALSO.keys() <= WORDS.keys()

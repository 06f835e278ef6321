"""The search of the palette: by what an action is called here and in DevTools, and by what the help says of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.command import Hit, Hits
from textual.fuzzy import Matcher
from textual.system_commands import SystemCommandsProvider

from heaptui.tui.actions import ACTIONS

ALSO = {
    "summary": "classes constructors perspective",
    "comparison": "diff delta perspective",
    "containment": "roots objects perspective",
    "statistics": "pie chart perspective",
    "suspects": "leaks report",
    "dominators": "dominator tree",
    "allocations": "stacks sampling perspective",
    "strings": "duplicated",
    "open": "expand show more",
    "match": "search find class filter",
    "next_found": "search find",
    "goto": "search find reveal",
    "filter": "class filter perspective",
    "detail": "allocation stack source link explain popover",
    "ignore": "ignore this retainer",
    "restore_ignored": "restore ignored retainers",
    "reveal_summary": "reveal in Summary view",
    "reveal_containment": "reveal",
    "mark_range": "select drag",
    "export": "save",
    "open_file": "load profile compare",
    "take": "capture record heap snapshot",
    "base": "compare base snapshot",
    "picture": "screenshot",
}
"""By action, words that DevTools or its users have for it."""

_ALSO, _ABOUT = 0.02, 0.01
"""The scores of what has some of the words only among those, or only in its explanation; less than of any name."""


class ActionSearch(SystemCommandsProvider):
    """Finds actions by any of their words, in any order; of names and of DevTools' words by abbreviations too."""

    async def search(self, query: str) -> Hits:
        """Names first, then explanations."""
        whole, words = self.matcher(query), [self.matcher(word) for word in query.split()]
        also = {action.words: ALSO.get(action.id, "") for action in ACTIONS}
        for name, about, callback, _ in self.app.get_system_commands(self.screen):
            others = also.get(name, "").split()
            if score := whole.match(name):
                yield Hit(score, whole.highlight(name), callback, help=about)
            elif all(word.match(name) for word in words):
                yield Hit(min(word.match(name) for word in words), name, callback, help=about)
            elif all(_fits(word, [name, *others]) for word in words):
                yield Hit(_ALSO, name, callback, help=about)
            elif all(word.query.casefold() in about.casefold() or _fits(word, [name, *others]) for word in words):
                yield Hit(_ABOUT, name, callback, help=about)


def _fits(word: Matcher, names: Iterable[str]) -> bool:
    return any(word.match(name) for name in names)

"""The search of the palette: by what an action is called here and in DevTools, and by what the help says of it."""

from __future__ import annotations

from textual.command import Hit, Hits
from textual.system_commands import SystemCommandsProvider

from heaptui.tui.actions import ACTIONS

ALSO = {
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

_WEAK = 0.01
"""The score of what has the query only in its explanation; less than of any name."""


class ActionSearch(SystemCommandsProvider):
    """Finds actions by any of their words."""

    async def search(self, query: str) -> Hits:
        """Names first, then explanations."""
        matcher, wanted = self.matcher(query), query.casefold()
        also = {action.words: ALSO.get(action.id, "") for action in ACTIONS}
        for name, about, callback, _ in self.app.get_system_commands(self.screen):
            if score := matcher.match(name):
                yield Hit(score, matcher.highlight(name), callback, help=about)
            elif wanted in f"{also.get(name, '')} {about}".casefold():
                yield Hit(_WEAK, name, callback, help=about)

"""Where the user has been: the places to go back to and forward to."""

from __future__ import annotations

from dataclasses import dataclass, field

from heaptui.views.lines import Line
from heaptui.views.outline import Outline

MOST = 200
"""Places remembered; the oldest are forgotten."""

FILTERED = 4
"""Filtered lists kept for going back to: each takes memory for every object of the heap."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: a tab, the rows that it showed, and the line of the cursor."""

    tab: str
    outline: Outline | None
    line: Line | None

    def same(self, other: Spot) -> bool:
        """Whether going from one to the other would change nothing."""
        return (self.tab, self.outline, self.line) == (other.tab, other.outline, other.line)


@dataclass(slots=True)
class History:
    """Jumps are left behind with `leave`; `back` and `forward` go along them and return where to go."""

    behind: list[Spot] = field(default_factory=list)
    ahead: list[Spot] = field(default_factory=list)

    def leave(self, here: Spot) -> None:
        """Remember a place before a jump."""
        if not self.behind or not self.behind[-1].same(here):
            self.behind.append(here)
            del self.behind[:-MOST]
            self._drop_old_filters()
        self.ahead.clear()

    def _drop_old_filters(self) -> None:
        latest: list[Outline] = []
        kept: list[Spot] = []
        for spot in reversed(self.behind):
            outline = spot.outline
            if outline is not None and outline.caption and not any(outline is other for other in latest):
                latest.append(outline)
            if outline is None or not outline.caption or any(outline is other for other in latest[:FILTERED]):
                kept.append(spot)
        self.behind = kept[::-1]

    def back(self, here: Spot) -> Spot | None:
        """The place before, or None where this is the first."""
        return _step(self.behind, self.ahead, here)

    def forward(self, here: Spot) -> Spot | None:
        """The place that `back` came from, or None."""
        return _step(self.ahead, self.behind, here)


def _step(source: list[Spot], target: list[Spot], here: Spot) -> Spot | None:
    while source:
        spot = source.pop()
        if not spot.same(here):
            target.append(here)
            return spot
    return None

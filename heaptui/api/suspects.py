"""What leaks, for a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from heaptui.heap import Heap
from heaptui.views.suspects import SuspectsView
from heaptui.views.text import escape


class Suspects(Sequence[dict[str, Any]]):
    """The verdict, and the suspects as the command's JSON has them: those that may leak first.

    Attributes:
        verdict: "leak", "growth", "no growth" or "single snapshot"; sentence: the same in words.
        growth: `count` objects and `size` bytes more than in the oldest snapshot.
    """

    def __init__(self, heaps: Sequence[Heap]) -> None:
        view = SuspectsView(heaps)
        self.verdict: str = view.found.judgement
        self.sentence = view.verdict
        self.growth = {"count": view.found.count, "size": view.found.size}
        self._records: list[dict[str, Any]] = [view.suspect_record(i) for i in range(len(view.suspects))]

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._records[index]

    def __repr__(self) -> str:
        titles = (f"{record['rank']}. {escape(record['title'])}" for record in self)
        return "\n".join([escape(self.sentence), *titles])

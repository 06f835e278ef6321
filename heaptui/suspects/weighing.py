"""What speaks against a leak: noise, entries that are replaced, growth that happened once, piles too small to tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.suspects.accumulation import Accumulation
from heaptui.suspects.growth import Growth
from heaptui.suspects.knowledge import noise
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.steps import (
    STAYED,
    TELLING,
    Held,
    entries_of,
    follow,
    grew_in_every_step,
    is_refilled,
    is_replaced_by_larger,
    slows_down,
)
from heaptui.suspects.trail import Step, Trail, class_name
from heaptui.suspects.weak import WeakReferences

_PILE = 8
_SURE_PILE = 50
_LEAST_SIZE = 8_000
_LEAST_OF_HEAP = 0.001
_LEAK_SHARE = 0.08
_STEADY_SHARE = 0.02
_SMALL_PILE_SHARE = 0.25
_CHURN = 0.75
_SAME_PILE = 3
_PART_OF_OWNER = 6
_GATHERING = frozenset({"event listener", "timer", "promise", "detached DOM", "async context", "stream or socket"})
"""Causes that need no holder from before: what is gathered there was put there again and again."""


class Weighing:
    """Weighs accumulations of one growth; `weak` knows its weak references."""

    def __init__(self, growth: Growth) -> None:
        self._growth = growth
        self._new_below = growth.looks.add_up(growth.looks.new)
        self.weak = WeakReferences(growth)

    @property
    def whole(self) -> int:
        """The bytes by which the heap grew, 1 at least: what shares are of."""
        return max(1, self._growth.net_size)

    def against(self, point: Accumulation, trail: Trail, cause: str, held: Sequence[Held]) -> str:
        """Why it is no leak, or too little to be called one; empty where nothing speaks against it."""
        if self._growth.base is None:
            scope = self._growth.paths.scopes.index(trail.path[0].node)
            internal = scope is not None and bool(self._growth.paths.scopes.internal[scope])
            return noise.RUNTIME if internal and cause not in _GATHERING else ""
        if (churn := self._churn(point, trail)) is not None:
            return churn
        if self.weak.awaits_cleanup(point, trail):
            return noise.PENDING
        if held and not grew_in_every_step(held, point.count):
            return noise.ONCE
        if held and point.piled and cause not in _GATHERING and is_refilled(held):
            return noise.REFILLED
        if held and point.piled and point.count < _SURE_PILE and slows_down(held):
            return noise.SLOWING
        if point.count < _PILE and not self._grows_itself(point) and not is_replaced_by_larger(point, trail, held):
            return noise.FEW
        if not held and cause not in _GATHERING and self._fresh(trail):
            return noise.FRESH
        if not held and self._nothing_stayed(point):
            return noise.TURNED
        share = _SMALL_PILE_SHARE
        if held:
            share = _STEADY_SHARE
        elif point.count >= _SURE_PILE or self._grows_itself(point):
            share = _LEAK_SHARE
        least = max(_LEAST_SIZE, min(share * self.whole, _LEAST_OF_HEAP * self._growth.current.total_size))
        if point.net_size < least or point.net_size < share * self.whole:
            return noise.SMALL
        return ""

    def _grows_itself(self, point: Accumulation) -> bool:
        return not point.piled and int(self._growth.looks.old[point.holder]) > 0

    def _churn(self, point: Accumulation, trail: Trail) -> str | None:
        """Told at the holder, at one that it is the greater part of, and at the place that the pile took over."""
        looks, growth = self._growth.looks, self._growth
        number = point.holder
        for _ in range(point.level + 1):
            number = int(looks.above[number])
        while True:
            new, gone = int(self._new_below[number]), int(growth.gone[number])
            size = int(looks.size[number])
            if growth.gone_size[number] >= _CHURN * size and gone >= _CHURN * new:
                return noise.CHURN.format(gone=f"{gone:,}", new=f"{new:,}")
            above = int(looks.above[number])
            # A new holder may have taken another's part in what its owner does with several.
            part = _SAME_PILE if looks.old[number] else _PART_OF_OWNER
            # Variables of one module, or of the global object, have nothing to do with each other.
            if above == NOBODY or looks.above[above] == NOBODY or looks.size[above] > part * size:
                break
            number = above
        boundary = self._boundary(trail)
        if boundary is None:
            return None
        predecessor = self._predecessor(*boundary)
        if predecessor is None or growth.base is None:
            return None
        held, holds = int(self._base_below[predecessor]), int(self._current_below[boundary[1].node])
        if held >= _CHURN * holds:
            return noise.REPLACED.format(held=f"{held:,}", holds=f"{holds:,}")
        return None

    def _nothing_stayed(self, point: Accumulation) -> bool:
        """Whether all entries that the holder had before are gone: what leaks keeps the old ones."""
        growth, base = self._growth, self._growth.base
        looks = growth.looks
        if base is None or point.also or looks.old[point.holder] != 1:
            return False
        held = entries_of(base, int(growth.before[looks.example[point.holder]]))
        if len(held) < TELLING or point.count > _SAME_PILE * len(held):
            return False
        stayed = np.isin(base.snapshot.nodes.id[held], growth.current.snapshot.nodes.id)
        return bool(stayed.mean() <= STAYED)

    def _fresh(self, trail: Trail) -> bool:
        """Whether the holder came after the base, and nothing like it had its place there."""
        if self._growth.before[trail.holder.node] != NOBODY:
            return False
        boundary = self._boundary(trail)
        return boundary is None or self._predecessor(*boundary) is None

    def _boundary(self, trail: Trail) -> tuple[Step, Step] | None:
        """The last old object on the way to the holder, and the new one behind it; None where there are not both."""
        steps = [step for step in trail.path if not step.backing]
        old = [i for i, step in enumerate(steps) if self._growth.before[step.node] != NOBODY]
        if not old or old[-1] + 1 >= len(steps):
            return None
        return steps[old[-1]], steps[old[-1] + 1]

    def _predecessor(self, owner: Step, step: Step) -> int | None:
        """What had the same name and class at the same owner in the base, if that is gone; a base ordinal."""
        base = self._growth.base
        if base is None:
            return None
        target = follow(base, int(self._growth.before[owner.node]), step)
        return target if target is not None and class_name(base, target) == step.class_name else None

    @cached_property
    def _base_below(self) -> npt.NDArray[np.int64]:
        paths = self._growth.base_paths
        assert paths is not None
        return paths.hanging()

    @cached_property
    def _current_below(self) -> npt.NDArray[np.int64]:
        return self._growth.paths.hanging()

"""From snapshots to a verdict: what leaks, where it is held, and why, with the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Literal

from heaptui.heap.heap import Heap
from heaptui.heap.scripts import Place
from heaptui.snapshot.progress import Progress
from heaptui.suspects import causes, wording
from heaptui.suspects.accumulation import Accumulation, find_accumulations
from heaptui.suspects.growth import Growth, find_growth, taken_before
from heaptui.suspects.knowledge import noise
from heaptui.suspects.leaked import Leaked, Pile, sort_piles
from heaptui.suspects.modules import loaded_again
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.scopes import is_internal
from heaptui.suspects.steps import Held, follow_holders, is_replaced_by_larger
from heaptui.suspects.trail import Trail, Trails
from heaptui.suspects.weighing import Weighing
from heaptui.suspects.wording import Word

Judgement = Literal["leak", "growth", "no growth", "single snapshot"]
Confidence = Literal["high", "medium", "low"]

_MOST_SUSPECTS = 12
_MOST_PLACES = 6
_GROWTH_SHARE = 0.01
_GROWTH_BYTES = 64 * 1024
_STRONG_PILE = 50
_STRONG_SHARE = 0.25


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """One place at which the growth piled up.

    Attributes:
        cause: one of `clues.CAUSES`; title: what piled up where, in words.
        size: bytes more than in the base, count: objects more that hang there directly.
        share: of the growth, 0 to 1.
        trail: the way there; words: the same way as a developer would say it.
        pile: what piled up, by class.
        evidence: what led to the cause, in sentences; advice: what is usually done about it.
        places: where the functions and classes involved were written.
        fingerprint: the same for the same leak in another run.
        held: what the holder held in each snapshot; empty for fewer than three.
        leaks: whether it speaks for a leak; reason: why not, where it does not.
        noise: whether the reason is a kind of noise; idle: see `Noise.idle`.
    """

    cause: str
    title: str
    size: int
    count: int
    share: float
    confidence: Confidence
    trail: Trail
    words: Sequence[Word]
    pile: Pile
    evidence: Sequence[str]
    advice: str
    places: Sequence[Place]
    fingerprint: str
    held: Sequence[Held]
    leaks: bool
    reason: str
    noise: bool
    idle: bool

    @property
    def holder(self) -> int:
        """The ordinal of what holds the pile."""
        return causes.logical_holder(self.trail.path).node

    @property
    def cause_in_words(self) -> str:
        """The cause; that it is the cause which is unknown, where it is."""
        return "cause unknown" if self.cause == "unknown" else self.cause

    @property
    def leaked(self) -> Sequence[Leaked]:
        """The foremost classes of what piled up."""
        return self.pile.leaked


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a heap's growth.

    Attributes:
        heaps: the snapshots, oldest first; growth: what was compared.
        judgement: in a word.
        count, size: objects and bytes more than in the oldest.
        suspects: those that may leak, then those that do not, each the largest first but for the sides of one leak.
    """

    heaps: Sequence[Heap]
    growth: Growth
    judgement: Judgement
    count: int
    size: int
    suspects: Sequence[Suspect]

    @property
    def leaking(self) -> list[Suspect]:
        """The suspects that speak for a leak."""
        return [suspect for suspect in self.suspects if suspect.leaks]

    def is_new(self, ordinal: int) -> bool:
        """Whether the oldest snapshot lacks an object of the newest."""
        return self.compared and bool(self.growth.before[ordinal] == NOBODY)

    @cached_property
    def misordered(self) -> bool:
        """Whether one of the snapshots seems to have been taken before the one that was given as older."""
        return any(taken_before(after, before) for before, after in pairwise(self.heaps))

    @property
    def compared(self) -> bool:
        """Whether there was a base to compare with."""
        return self.growth.base is not None


def find_suspects(heaps: Sequence[Heap], progress: Progress | None = None) -> Verdict:
    """Say what grew between the oldest and the newest heap, and whether it leaks; of one heap, what is large."""
    progress = progress or Progress()
    base, current = (heaps[0] if len(heaps) > 1 else None), heaps[-1]
    progress.begin("what grew")
    growth = find_growth(base, current, progress)
    if growth.strangers:
        base, heaps = None, heaps[-1:]
    progress.begin("where it piled up")
    points = find_accumulations(growth)
    layer = Trails(growth)
    trails = [layer.lay(point) for point in points]
    history = follow_holders(growth, heaps, points, trails, progress)
    judge = _Judge(growth)
    found = [judge.suspect(*known) for known in zip(points, trails, sort_piles(growth, points), history, strict=True)]
    found = [suspect for suspect in found if suspect.size > 0]
    found = _nearest_first(sorted(found, key=_rank))
    count = current.node_count - (base.node_count if base else 0)
    return Verdict(heaps, growth, _judgement(growth, found), count, growth.net_size, found[:_MOST_SUSPECTS])


def _rank(suspect: Suspect) -> tuple[bool, bool, int]:
    """Leaks by what of the program's own piled up, then all else by what it grew, noise last."""
    size = min(suspect.size, suspect.pile.visible_size) if suspect.leaks else suspect.size
    return not suspect.leaks, suspect.noise, -size


def _nearest_first(found: Sequence[Suspect]) -> list[Suspect]:
    """Leaks that are sides of one, as a cache and the lists of its parts are, in the order of their distance from the
    variable that they share: what is nearest is what a program deals with."""
    places: dict[tuple[str, int], list[int]] = {}
    for place, suspect in enumerate(found):
        if suspect.leaks and suspect.words:
            places.setdefault((suspect.words[0].text, suspect.count), []).append(place)
    ordered = list(found)
    for sides in places.values():
        for place, suspect in zip(sides, sorted((found[i] for i in sides), key=lambda s: len(s.words)), strict=True):
            ordered[place] = suspect
    return ordered


def _judgement(growth: Growth, found: Sequence[Suspect]) -> Judgement:
    if growth.base is None:
        return "single snapshot"
    if any(suspect.leaks for suspect in found):
        return "leak"
    idle = sum(suspect.size for suspect in found if suspect.idle)
    least = max(_GROWTH_BYTES, _GROWTH_SHARE * growth.base.total_size)
    return "growth" if growth.visible_size - idle > least else "no growth"


class _Judge:
    """Makes a suspect of each accumulation."""

    def __init__(self, growth: Growth) -> None:
        self._growth, self._weighing = growth, Weighing(growth)

    def suspect(self, point: Accumulation, trail: Trail, pile: Pile, held: Sequence[Held]) -> Suspect:
        growth = self._growth
        words = wording.say_path(growth.paths.scopes, trail.path)
        findings = causes.find_causes(trail, pile)
        cause = causes.decide(findings, trail)
        kind = causes.noise_of(trail, point.count, alone=growth.base is None)
        again = self._loaded_again if kind is not None and kind.name == noise.MODULES else None
        lifted = again is not None or self._weighing.weak.keeps_its_targets(point, trail)
        kind = None if lifted else kind
        reason = f"{kind.name}: {kind.sentence}" if kind else self._weighing.against(point, trail, cause, held)
        leaks = not reason and growth.base is not None
        share = max(0, point.net_size) / max(self._weighing.whole, point.net_size)
        holder = causes.logical_holder(trail.path)
        where = wording.say_holder(words, holder, [*trail.piled[:1], *trail.below])
        title, advice = causes.title_and_advice(findings, cause)
        # Those speak of what a collection holds anyway, which is no reason why it grows.
        passed_over = list(takewhile(lambda found: found.cause != cause, findings))
        return Suspect(
            cause=cause,
            title=self._title(title, point, where, larger=is_replaced_by_larger(point, trail, held)),
            size=point.net_size,
            count=point.count,
            share=share,
            confidence=_confidence(point, share, steps=bool(held), known=bool(findings)) if leaks else "low",
            trail=trail,
            words=words,
            pile=pile,
            evidence=[
                *dict.fromkeys(found.sentence for found in findings[len(passed_over) :]),
                *([noise.AGAIN.format(script=again[0], times=f"{again[1]:,}")] if again else []),
                *self._measured(point, trail, held),
                *dict.fromkeys(found.sentence for found in passed_over),
            ],
            advice=advice,
            places=self._places(trail, pile),
            fingerprint=fingerprint(cause, trail, words, pile.leaked),
            held=held,
            leaks=leaks,
            reason=reason,
            noise=kind is not None,
            idle=kind is not None and kind.idle,
        )

    @cached_property
    def _loaded_again(self) -> tuple[str, int] | None:
        return loaded_again(self._growth.current)

    def _title(self, title: str, point: Accumulation, where: str, *, larger: bool) -> str:
        compared = self._growth.base is not None
        if not point.piled:
            fresh = "is replaced by a larger one again and again" if larger else "is new"
            grew = fresh if self._growth.looks.new[point.holder] else "itself grew"
            return f"{where} {grew if compared else 'itself is large'}"
        return title.format(count=f"{point.count:,}", more=" more" if compared else "", holder=where)

    def _measured(self, point: Accumulation, trail: Trail, held: Sequence[Held]) -> list[str]:
        """The evidence in figures."""
        said = []
        if self._growth.base is not None and point.piled:
            said.append(
                f"{point.count:,} objects hang there that the base lacks, {point.gone:,} of those in the base are gone"
            )
        if held:
            said.append("it held " + ", then ".join(f"{one.entries:,} references and {one.size:,} B" for one in held))
        if trail.link is not None:
            said.append(f"they form a chain: each leads to the next by `{wording.clip(trail.link)}`")
        retained = int(self._growth.current.retained_size[trail.holder.node])
        if retained >= point.net_size // 2:
            return [*said, f"the holder alone keeps {retained:,} B alive"]
        return [*said, f"the holder alone keeps {retained:,} B alive: something else holds the rest too"]

    def _places(self, trail: Trail, pile: Pile) -> list[Place]:
        """Where closures in the pile and on the way to it, and the foremost classes, were written; the program's own
        before the runtime's."""
        heap = self._growth.current
        steps = [*trail.piled, *trail.below]
        found = [heap.scripts.of(step.node) for step in steps if step.node_type == "closure"]
        found += pile.written
        for leaked in pile.leaked[:3]:
            if (location := heap.classes.locations[leaked.number]) is not None:
                found.append(heap.scripts.place(location.script_id, location.line, location.column))
        found += [heap.scripts.of(step.node) for step in trail.path[::-1] if step.node_type == "closure"]
        known = [place for place in found if place is not None and place.script]
        own = [place for place in known if not is_internal(place.script or "")]
        return list(dict.fromkeys(own or known))[:_MOST_PLACES]


def _confidence(point: Accumulation, share: float, *, steps: bool, known: bool) -> Confidence:
    strong = point.count >= _STRONG_PILE and share >= _STRONG_SHARE and point.gone_size < point.size // 4
    if strong and (steps or known):
        return "high"
    return "medium" if strong or steps or known else "low"


def fingerprint(cause: str, trail: Trail, words: Sequence[Word], leaked: Sequence[Leaked]) -> str:
    """Twelve hexadecimal digits from names alone: no ids, no counts, no numbered elements."""
    first = words[0].last if words else 0
    parts = [cause, words[0].text if words else ""]
    for step in trail.path[first + 1 :]:
        if not step.backing:
            part = ["[]" if step.numbered or step.many else step.edge_name, step.class_name.split(" / ")[0]]
            # The links of a chain count once, however many there are.
            if part != parts[-2:]:
                parts += part
    parts.append(leaked[0].name if leaked else "")
    return hashlib.sha1("\n".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:12]

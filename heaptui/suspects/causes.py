"""Which cause the trail of a suspect speaks for, by the clues that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from heaptui.suspects.knowledge.clues import CAUSES, CLUES, COLLECTIONS, VIEWS, Clue
from heaptui.suspects.knowledge.noise import NOISE, Noise
from heaptui.suspects.knowledge.structures import STRUCTURES
from heaptui.suspects.leaked import Pile
from heaptui.suspects.trail import Step, Trail
from heaptui.suspects.wording import clip

_COLLECTION = re.compile(COLLECTIONS)
_OWN_PARTS = re.compile(r"\(system\)|\(array\)|\(compiled code\)|system / .*")
_VIEWS = re.compile(VIEWS)
_HELD_ANYWAY = ("buffer", "stream or socket", "closure", "string")
_MANY = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """A clue that fits, what it says, and the node at which it shows."""

    clue: Clue
    sentence: str
    node: int

    @property
    def cause(self) -> str:
        """What it speaks for."""
        return self.clue.cause


def find_causes(trail: Trail, pile: Pile) -> list[Finding]:
    """The clues that fit a trail and what piled up at its end, the weightiest first."""
    clues = (*STRUCTURES, *CLUES)
    return [finding for clue in clues if (finding := _match(clue, trail, pile)) is not None]


def decide(findings: Sequence[Finding], trail: Trail) -> str:
    """The cause: the weightiest clue's, unless it speaks of what an ordinary collection holds anyway."""
    held = by_holder(trail)
    in_collection = _COLLECTION.fullmatch(logical_holder(trail.path).class_name) is not None
    for finding in findings:
        if finding.cause in _HELD_ANYWAY and not finding.clue.sure and held == "collection":
            if finding.cause == "stream or socket" and not in_collection:
                return finding.cause
            continue
        return finding.cause
    return held


def title_and_advice(findings: Sequence[Finding], cause: str) -> tuple[str, str]:
    """The title and the advice for a cause: of the weightiest clue that speaks for it, where that has its own."""
    title, advice = CAUSES[cause]
    clue = next((finding.clue for finding in findings if finding.cause == cause), None)
    return (clue.title or title, clue.advice or advice) if clue else (title, advice)


def noise_of(trail: Trail, count: int, *, alone: bool = False) -> Noise | None:
    """What kind of noise a pile of `count` looks like, None for others; `alone` where there is no older snapshot."""
    for noise in NOISE:
        steps = _part(noise.part, trail)
        if not steps or (noise.alone and not alone) or (noise.fewer_than and count >= noise.fewer_than):
            continue
        if _led_by(noise.unless, trail):
            continue
        fits = [
            _fits(noise.edge, s.edge_name) and _fits(noise.node_type, s.node_type) and _kind(noise, s) for s in steps
        ]
        if all(fits) if noise.part == "all piled" else any(fits):
            return noise
    return None


def _led_by(written: str, trail: Trail) -> bool:
    """Whether an edge on the path is called so."""
    return bool(written) and any(_fits(written, step.edge_name) for step in trail.path)


def _kind(sign: Clue | Noise, step: Step) -> bool:
    return _named(sign.node, step) and _fits(sign.edge_type, step.edge_type) and _fits(sign.owner, step.owner)


def _match(clue: Clue, trail: Trail, pile: Pile) -> Finding | None:
    share = sum(part for name, part in pile.shares.items() if _fits(clue.node, name)) if clue.share else 0.0
    if share < clue.share or _led_by(clue.unless, trail):
        return None
    if clue.share and not clue.edge:
        if clue.part == "chunks" and (pile.chunk is None or not _holds_views(trail)):
            return None
        said = clue.sentence.format(share=f"{round(100 * share)} %", size=f"{pile.chunk or 0:,}")
        return Finding(clue, said, trail.holder.node)
    if clue.part == "among":
        among = next((one for one in pile.leaked if _fits(clue.node, one.name) and not one.own), None)
        if among is None or among.count < _MANY:
            return None
        return Finding(clue, clue.sentence.format(number=f"{among.count:,}"), trail.holder.node)
    steps = _part(clue.part, trail)
    for i, step in enumerate(steps):
        if _fits(clue.edge, step.edge_name) and _kind(clue, step):
            after = [later for later in steps[i + 1 :] if not later.backing]
            following = after[0].edge_name if after else ""
            said = clue.sentence.format(
                edge=clip(step.edge_name),
                node=clip(step.class_name),
                next=clip(following),
                share=f"{round(100 * share)} %",
            )
            return Finding(clue, said, step.node)
    return None


def _holds_views(trail: Trail) -> bool:
    """Whether what piled up is views, or refers to one directly."""
    return any(_VIEWS.fullmatch(step.class_name) for step in (*trail.piled, *trail.below[:1]))


def _part(part: str, trail: Trail) -> list[Step]:
    match part:
        case "path":
            return [step for step in trail.path if step.edge >= 0]
        case "holder":
            return [trail.holder]
        case "keeper":
            return [logical_holder(trail.path)]
        case "piled" | "all piled":
            return list(trail.piled)
    return [*trail.piled[:1], *trail.below]


@cache
def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written, re.DOTALL)


def _fits(written: str, value: str) -> bool:
    return not written or _pattern(written).fullmatch(value) is not None


def _named(written: str, step: Step) -> bool:
    """Whether its class or name is one that is known; a class that the program itself has is not."""
    if written and step.own:
        return False
    return _fits(written, step.class_name) or _fits(written, step.name)


def by_holder(trail: Trail) -> str:
    """The cause that the holder and its place alone speak for."""
    holder = logical_holder(trail.path)
    visible = [step for step in trail.path if step.node_type != "synthetic"]
    if not visible:
        return "unknown"
    below_scope = _after_last_scope(trail.path)
    scoped = any(step.variable for step in trail.path)
    if not scoped and len(below_scope) == 2 and trail.path[0].node_type in ("object", "native"):
        return "global variable"
    if _COLLECTION.fullmatch(holder.class_name) or (trail.piled and keyed(trail)):
        return "collection"
    if not scoped:
        return "global variable" if trail.path[0].node_type in ("object", "native") else "unknown"
    return "module state" if len(below_scope) <= 2 else "collection"


def keyed(trail: Trail) -> bool:
    """Whether what piled up hangs by names that are keys, as in an object used as a dictionary."""
    return any(step.many and step.edge_type == "property" for step in trail.piled)


def logical_holder(path: Iterable[Step]) -> Step:
    """The object that holds, where the last step of the path is a part of it or V8's own."""
    steps = list(path)
    kept = [step for step in steps if not step.backing]
    return next((step for step in kept[::-1] if not _OWN_PARTS.fullmatch(step.class_name)), kept[-1])


def _after_last_scope(path: Iterable[Step]) -> list[Step]:
    """The objects on a path from the last variable on, without their parts."""
    found: list[Step] = []
    for step in path:
        if step.variable:
            found = []
        if not step.backing:
            found.append(step)
    return found

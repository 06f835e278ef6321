"""What would be kept of a file, for somebody who has to answer for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from heaptui.privacy.rules import REASONS, Why
from heaptui.privacy.survey import Survey

_HIDDEN = "…"
_DOUBTFUL_FIRST = (
    Why.ASKED, Why.SCRIPT, Why.PROPERTY, Why.CLASS, Why.FUNCTION, Why.ELSEWHERE, Why.INTERNAL, Why.KNOWN, Why.LANGUAGE,
    Why.SHORT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that is kept.

    Attributes:
        name: the text; of a name that is hidden in part, … for that part.
        why: the reason, in words.
        objects: small objects that have a property of that name; of names hidden in part how many names there are.
    """

    name: str
    why: str
    objects: int


def kept(survey: Survey) -> Iterator[Kept]:
    """All that is kept: what rests on the weakest evidence first, of properties those of the fewest objects."""
    yield from _in_part(survey)
    for why in _DOUBTFUL_FIRST:
        indexes = np.flatnonzero(survey.why == why)
        for index in indexes[np.argsort(survey.uses.users[indexes], kind="stable")].tolist():
            yield Kept(survey.strings[index], REASONS[why], int(survey.uses.users[index]))


def _in_part(survey: Survey) -> Iterator[Kept]:
    """What is kept of names that are hidden in part, alike ones once."""
    shown: Counter[bytes] = Counter()
    source = survey.strings.source
    for index, start, stop in zip(survey.part_index, survey.part_start, survey.part_stop, strict=True):
        begin = survey.strings.start(int(index))
        end = begin + len(survey.strings.raw(int(index)))
        shown[source.bytes(begin, int(start)) + b"\0" + source.bytes(int(stop), end)] += 1
    for text, count in shown.most_common():
        yield Kept(text.decode("utf-8", "replace").replace("\0", _HIDDEN), REASONS[Why.PARTLY], count)
    if pairs := int((survey.why == Why.PAIR).sum()):
        yield Kept(
            f"{_HIDDEN} / part of key ({_HIDDEN}) -> value ({_HIDDEN}) pair in WeakMap", REASONS[Why.PAIR], pairs
        )


def counts(survey: Survey) -> tuple[int, int, int]:
    """How many strings there are, how many are hidden, and how many of those in part."""
    part = int(((survey.why == Why.PARTLY) | (survey.why == Why.PAIR)).sum())
    return len(survey.why), int((survey.why == Why.HIDDEN).sum()) + part, part

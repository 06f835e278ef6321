"""The strings of a file again, with placeholders; all between them stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from heaptui.kernels import redaction
from heaptui.privacy.placeholders import ALPHABET, TIER_SIZE, TIER_START, Key, Placeholders
from heaptui.privacy.rules import Why
from heaptui.privacy.survey import Survey, blocks
from heaptui.snapshot.progress import Progress

_MOST_MORE = 80
"""Bytes that a placeholder may be longer than its text: ten digits written as escapes."""


def agree(surveys: Sequence[Survey], key: Key, progress: Progress) -> Placeholders:
    """Finish the surveys of all files of a run, so that a text looks the same in all of them."""
    if len(surveys) > 1:
        kept = np.unique(np.concatenate([survey.kept for survey in surveys]))
        for survey in surveys:
            survey.agree(kept, progress)
    for survey in surveys:
        survey.take_apart()
    return Placeholders(key, [survey.short_parts(progress) for survey in surveys])


def rewritten(survey: Survey, placeholders: Placeholders, progress: Progress) -> Iterator[bytes]:
    """The bytes from the first string's first character to the end of the array."""
    strings = survey.strings
    data = strings.source.data
    progress.begin("hiding values", len(strings), "strings")
    for block in blocks(strings, progress):
        count = block.high - block.low
        why = survey.why[block.here]
        way = np.full(count, redaction.AS_IT_IS, np.uint8)
        way[why == Why.PAIR] = redaction.WEAK_PAIR
        which, start, stop = survey.parts(block)
        way[which] = redaction.IN_PARTS
        measured = placeholders.key.measure(strings, start, stop, survey.is_property(block)[which])
        value, digits, tier = placeholders.numbers(measured)
        gap_stop = np.append(block.start[1:], strings.start(block.high) if block.high < len(strings) else strings.end)
        out = np.empty(int(gap_stop[-1] - block.start[0]) + _MOST_MORE * count, np.uint8)
        used = redaction.write_strings(
            data, block.start, block.stop, gap_stop, way, start, stop, value, measured.room, measured.doubled,
            measured.sixfold, digits, tier, ALPHABET, TIER_START, TIER_SIZE, out,
        )  # fmt: skip
        yield out[:used].tobytes()

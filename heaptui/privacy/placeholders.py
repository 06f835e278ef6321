"""What stands in the place of a hidden text: a marker and digits, as long as the text in UTF-16 units.

Equal texts have equal placeholders and different ones different ones, in all files of a run. Long ones
take their digits from a hash with a random key; short ones, where such hashes would clash, from their
rank among all hidden texts of their length, in the order of those hashes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.kernels import redaction
from heaptui.snapshot.strings import StringTable

Hashes = npt.NDArray[np.uint64]
Int64s = npt.NDArray[np.int64]

LONGEST_RANKED = 10
"""Units up to which a placeholder is a rank; eleven hold enough digits of a hash."""

_HASH_DIGITS = 11
"""Digits of the smallest alphabet that hold 64 bits."""

# Small alphabets are read best; larger ones are for short texts of which there are many.
_RANGES = (
    ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17F)),
    ((0x4E00, 0x9FA5),),
    ((0x3400, 0x4DB5), (0xAC00, 0xD7A3)),
)
_CHARACTERS = [code for ranges in _RANGES for low, high in ranges for code in range(low, high + 1)]
_ENDS = np.cumsum([sum(high - low + 1 for low, high in ranges) for ranges in _RANGES])

ALPHABET = np.array(_CHARACTERS, np.uint32)
"""All digits. A tier has `TIER_SIZE` of them from `TIER_START` on."""

# The last tier has no marker in front: none of its digits is kept by itself, or likely to stand for itself.
TIER_START = np.array([0, 0, 0, _ENDS[1]], np.uint32)
TIER_SIZE = (_ENDS - TIER_START).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Measured:
    """Of each part its keyed hash, the units that a marker and digits may take (`room`), and the characters that
    JSON escapes, as `kernels.redaction.measure_spans` counts them."""

    hashes: Hashes
    room: Int64s
    doubled: Int64s
    sixfold: Int64s


class Key:
    """Sixteen random bytes, made for a run and written nowhere."""

    def __init__(self, secret: bytes | None = None) -> None:
        secret = secret or os.urandom(16)
        self._low, self._high = (int.from_bytes(half, "little") for half in (secret[:8], secret[8:]))

    def measure(
        self, strings: StringTable, start: Int64s, stop: Int64s, quoted: npt.NDArray[np.bool_] | None = None
    ) -> Measured:
        """Hash and measure parts of a file; `quoted` are those that must stay as long when quoted."""
        return self._measure(strings.source.data, start, stop, quoted)

    def hashes_of(self, texts: Sequence[bytes]) -> Hashes:
        """The hashes of some texts."""
        stop = np.cumsum([len(text) for text in texts], dtype=np.int64)
        start = np.concatenate(([0], stop[:-1])) if len(stop) else stop
        return self._measure(np.frombuffer(b"".join(texts) or b"\0", np.uint8), start, stop, None).hashes

    def _measure(
        self, data: npt.NDArray[np.uint8], start: Int64s, stop: Int64s, quoted: npt.NDArray[np.bool_] | None
    ) -> Measured:
        count = len(start)
        hashes = np.empty(count, np.uint64)
        units, doubled, sixfold = (np.empty(count, np.int64) for _ in range(3))
        redaction.measure_spans(data, start, stop, self._low, self._high, hashes, units, doubled, sixfold)
        if quoted is None:
            doubled[:] = -1
        else:
            doubled[~quoted] = -1
        room = np.where(doubled < 0, units, units - doubled - sixfold - (doubled == 0))
        return Measured(hashes, room, doubled, sixfold)


class Placeholders:
    """The placeholders of a run."""

    def __init__(self, key: Key, short: Sequence[Sequence[Hashes]]) -> None:
        """From the short hidden parts of all files, as `Survey.short_parts` gives them."""
        self.key = key
        self._ranked = [np.unique(np.concatenate(some)) for some in zip(*short, strict=True)]
        self._form = [_form(room, len(hashes)) for room, hashes in enumerate(self._ranked)]

    def numbers(self, measured: Measured) -> tuple[Hashes, Int64s, Int64s]:
        """For each part the number that its digits write, how many digits, and the tier of their alphabet."""
        value = measured.hashes.copy()
        digits, tier = np.full(len(value), _HASH_DIGITS, np.int64), np.zeros(len(value), np.int64)
        for room in range(1, LONGEST_RANKED + 1):
            which = np.flatnonzero(measured.room == room)
            value[which] = np.searchsorted(self._ranked[room], measured.hashes[which])
            digits[which], tier[which] = self._form[room]
        return value, digits, tier


def _form(room: int, count: int) -> tuple[int, int]:
    """The fewest digits and the tier of the smallest alphabet that make so many placeholders of a length."""
    last = len(TIER_SIZE) - 1
    for tier, size in enumerate(TIER_SIZE.tolist()):
        # With one digit at least no placeholder is a text of signs, which are kept.
        for digits in range(1, room + (tier == last)):
            if size**digits >= count:
                return digits, tier
    return room, last

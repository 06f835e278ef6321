"""Strings are replaced by placeholders of the same length."""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel
from heaptui.kernels.spelling import code_unit, is_numeral

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

# What `write_strings` does with a string.
AS_IT_IS, IN_PARTS, WEAK_PAIR = 0, 1, 2

_MARKER = 42


@inline
def _rotated(x: Any, by: Any) -> Any:
    return (x << np.uint64(by)) | (x >> np.uint64(64 - by))


@inline
def _mixed(a: Any, b: Any, c: Any, d: Any) -> Any:
    """One round of SipHash."""
    a = a + b
    b = _rotated(b, 13) ^ a
    a = _rotated(a, 32)
    c = c + d
    d = _rotated(d, 16) ^ c
    a = a + d
    d = _rotated(d, 21) ^ a
    c = c + b
    b = _rotated(b, 17) ^ c
    c = _rotated(c, 32)
    return a, b, c, d


@inline
def _keyed_hash(data: Bytes, start: Any, stop: Any, k0: Any, k1: Any) -> Any:
    """SipHash-2-4 of some bytes."""
    a = k0 ^ np.uint64(0x736F6D6570736575)
    b = k1 ^ np.uint64(0x646F72616E646F6D)
    c = k0 ^ np.uint64(0x6C7967656E657261)
    d = k1 ^ np.uint64(0x7465646279746573)
    at = start
    while at + 8 <= stop:
        m = np.uint64(0)
        for k in range(8):
            m |= np.uint64(data[at + k]) << np.uint64(8 * k)
        d ^= m
        a, b, c, d = _mixed(a, b, c, d)
        a, b, c, d = _mixed(a, b, c, d)
        a ^= m
        at += 8
    m = np.uint64((stop - start) & 255) << np.uint64(56)
    for k in range(stop - at):
        m |= np.uint64(data[at + k]) << np.uint64(8 * k)
    d ^= m
    a, b, c, d = _mixed(a, b, c, d)
    a, b, c, d = _mixed(a, b, c, d)
    a ^= m
    c ^= np.uint64(255)
    for _ in range(4):
        a, b, c, d = _mixed(a, b, c, d)
    return a ^ b ^ c ^ d


@kernel("void(u1[], i8[], i8[], u8, u8, u8[w], i8[w], i8[w], i8[w])", on_demand=True)
def measure_spans(
    data: Bytes,
    starts: Int64s,
    stops: Int64s,
    k0: int,
    k1: int,
    hashes: Hashes,
    units: Int64s,
    doubled: Int64s,
    sixfold: Int64s,
) -> None:
    """For each part of a JSON string its keyed hash (SipHash-2-4 of its bytes) and its UTF-16 units.

    `doubled` and `sixfold` are how many of them JSON writes as two and as six characters, `doubled`
    -1 where the part has none of the signs for which DevTools puts a property's name into quotes.
    """
    for i in range(starts.shape[0]):
        hashes[i] = _keyed_hash(data, starts[i], stops[i], np.uint64(k0), np.uint64(k1))
        n = 0
        two = 0
        six = 0
        quoted = False
        at = starts[i]
        while at < stops[i]:
            c = data[at]
            n += 1
            if c == 92:
                e = data[at + 1]
                if e == 117:
                    value = code_unit(data, at)
                    if value == 34 or value == 92 or (8 <= value <= 13 and value != 11):
                        two += 1
                    elif value < 32:
                        six += 1
                    quoted = quoted or value == 34 or value == 39 or value == 44 or value == 123 or value == 125
                    at += 6
                    continue
                two += e != 47
                quoted = quoted or e == 34
                at += 2
                continue
            quoted = quoted or c == 39 or c == 44 or c == 123 or c == 125
            n += c >= 240
            at += 4 if c >= 240 else 3 if c >= 224 else 2 if c >= 192 else 1
        units[i] = n
        doubled[i] = two if quoted else -1
        sixfold[i] = six


@inline
def _put_unit(out: Bytes, used: Any, unit: Any) -> Any:
    """Write one UTF-16 unit, as an escape where it is no ASCII character; returns the position behind it."""
    if unit < 128:
        out[used] = unit
        return used + 1
    out[used] = 92
    out[used + 1] = 117
    for k in range(4):
        digit = (unit >> (12 - 4 * k)) & 15
        out[used + 2 + k] = 48 + digit if digit < 10 else 87 + digit
    return used + 6


@inline
def _put_stars(data: Bytes, at: Any, stop: Any, out: Bytes, used: Any) -> Any:
    """A marker for each UTF-16 unit of a part; returns the position behind them."""
    while at < stop:
        c = data[at]
        out[used] = _MARKER
        used += 1
        if c >= 240:
            out[used] = _MARKER
            used += 1
        if c == 92:
            at += 6 if data[at + 1] == 117 else 2
        else:
            at += 4 if c >= 240 else 3 if c >= 224 else 2 if c >= 192 else 1
    return used


@inline
def _copied(data: Bytes, at: Any, stop: Any, out: Bytes, used: Any) -> Any:
    for k in range(at, stop):
        out[used + k - at] = data[k]
    return used + stop - at


@inline
def _before_id(data: Bytes, at: Any) -> Any:
    """Whether digits, an @ and a space stand before a position; where the space is, or -1."""
    k = at
    while is_numeral(data[k - 1]):
        k -= 1
    return k - 2 if k < at and data[k - 1] == 64 and data[k - 2] == 32 else -1


@kernel(
    "i8(u1[], i8[], i8[], i8[], u1[], i8[], i8[], u8[], i8[], i8[], i8[], i8[], i8[], u4[], u4[], u4[], u1[w])",
    on_demand=True,
)
def write_strings(
    data: Bytes,
    start: Int64s,
    stop: Int64s,
    gap_stop: Int64s,
    way: Bytes,
    part_start: Int64s,
    part_stop: Int64s,
    value: Hashes,
    room: Int64s,
    doubled: Int64s,
    sixfold: Int64s,
    digits: Int64s,
    tier: Int64s,
    alphabet: Ordinals,
    tier_start: Ordinals,
    tier_size: Ordinals,
    out: Bytes,
) -> int:
    """Write strings, each from `start` to `stop`, and what stands behind each up to `gap_stop`.

    Those IN_PARTS have an entry each in the arrays from `part_start` to `tier`: from `part_start` to
    `part_stop` stands a placeholder, which is what JSON writes as two and six characters, then `room`
    units: a marker, `value` in so many `digits` of the alphabet's `tier_size[tier]` characters from
    `tier_start[tier]` on, and markers; the last tier has no marker in front. A WEAK_PAIR is the name of a
    WeakMap's pair, with its key's and value's names replaced by markers. Returns the bytes written.
    """
    k = -1
    used = 0
    last = tier_size.shape[0] - 1
    for i in range(start.shape[0]):
        if way[i] == AS_IT_IS:
            used = _copied(data, start[i], stop[i], out, used)
        elif way[i] == IN_PARTS:
            k += 1
            used = _copied(data, start[i], part_start[k], out, used)
            if doubled[k] >= 0:
                for _ in range(doubled[k]):
                    out[used] = 92
                    out[used + 1] = 34
                    used += 2
                for _ in range(sixfold[k]):
                    out[used] = 92
                    out[used + 1] = 117
                    out[used + 2] = 48
                    out[used + 3] = 48
                    out[used + 4] = 48
                    out[used + 5] = 49
                    used += 6
                if doubled[k] == 0:
                    out[used] = 44
                    used += 1
            left = room[k]
            size = np.uint64(tier_size[tier[k]])
            first = np.int64(tier_start[tier[k]])
            if left > 0 and tier[k] < last:
                out[used] = _MARKER
                used += 1
                left -= 1
            v = value[k]
            for _ in range(min(left, digits[k])):
                used = _put_unit(out, used, np.int64(alphabet[first + np.int64(v % size)]))
                v //= size
            for _ in range(left - digits[k]):
                out[used] = _MARKER
                used += 1
            used = _copied(data, part_stop[k], stop[i], out, used)
        else:
            # N / part of key (KEY @id) -> value (VALUE @id) pair in WeakMap (table @id)
            key = start[i]
            while data[key] != 40:
                key += 1
            key += 1
            key_stop = key
            arrow = key
            while True:
                if data[arrow] == 41 and data[arrow + 2] == 45 and data[arrow + 3] == 62 and data[arrow + 5] == 118:
                    key_stop = _before_id(data, arrow)
                    if key_stop >= key:
                        break
                arrow += 1
            content = arrow + 12
            close = stop[i] - 1
            while data[close - 1] != 40:
                close -= 1
            close -= 19
            content_stop = _before_id(data, close)
            used = _copied(data, start[i], key, out, used)
            used = _put_stars(data, key, key_stop, out, used)
            used = _copied(data, key_stop, content, out, used)
            used = _put_stars(data, content, content_stop, out, used)
            used = _copied(data, content_stop, stop[i], out, used)
        used = _copied(data, stop[i], gap_stop[i], out, used)
    return used

"""What strings are used for and look like, and their replacement by placeholders.

A string table is `data`, `base`, `offset` and `end`, as in `kernels.text`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel
from heaptui.kernels.text import string_start, string_stop

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

# Bits of `look_at_strings`.
WORD, TOKEN, DIGITS, SIGNS, SINGLE, SPACED, LONG = 1, 2, 4, 8, 16, 32, 64

# What `write_strings` does with a string.
AS_IT_IS, IN_PARTS, WEAK_PAIR = 0, 1, 2

_LONGEST_WORD, _MOST_NUMERALS, _MOST_TURNS, _LONGEST_RUN, _SHORTEST_TOKEN = 48, 6, 4, 16, 16
_LONGEST_SLOT = 8
_SINGLE, _FEW_SIGNS = 1, 4
_MARKER = 42


@kernel("void(u1[], u4[], u4[], u1[], u4[], u1[], u1[], i8, i8, u1, u1, u1, u1, i8[w], u1[w], u4[w])", on_demand=True)
def mark_uses(
    node_type: Bytes,
    node_name: Ordinals,
    node_edges: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    node_role: Bytes,
    edge_role: Bytes,
    most_edges: int,
    source_name: int,
    code_type: int,
    internal_type: int,
    property_role: int,
    script_role: int,
    state: Int64s,
    role: Bytes,
    users: Ordinals,
) -> None:
    """Add to each string's `role` what the nodes and edges of this piece use it for.

    `users` counts, by string, the property edges of that name from nodes with at most `most_edges`
    edges. A code node with an internal edge named `source_name` is a script. `state` is
    [nodes done, edges done, edges left of the node before, its edges, its name, is it code]; it
    starts as zeros, and ends where nodes or edges of the piece run out.
    """
    v, e, left, whole, name, is_code = state[0], state[1], state[2], state[3], state[4], state[5]
    while True:
        if left == 0:
            if v == node_type.shape[0]:
                break
            name = np.int64(node_name[v])
            role[name] |= node_role[node_type[v]]
            is_code = np.int64(node_type[v] == code_type)
            whole = np.int64(node_edges[v])
            left = whole
            v += 1
            continue
        if e == edge_type.shape[0]:
            break
        used = edge_role[edge_type[e]]
        if used != 0:
            said = np.int64(edge_name[e])
            role[said] |= used
            if used == property_role and whole <= most_edges and users[said] < 4294967295:
                users[said] += 1
            if is_code != 0 and said == source_name and edge_type[e] == internal_type:
                role[name] |= script_role
        e += 1
        left -= 1
    state[0], state[1], state[2], state[3], state[4], state[5] = v, e, left, whole, name, is_code


@inline
def _is_small(c: Any) -> Any:
    return 97 <= c <= 122


@inline
def _is_large(c: Any) -> Any:
    return 65 <= c <= 90


@inline
def _is_letter(c: Any) -> Any:
    return _is_small(c) or _is_large(c)


@inline
def _is_numeral(c: Any) -> Any:
    return 48 <= c <= 57


@inline
def _hexadecimal(c: Any) -> Any:
    """The value of a hexadecimal digit."""
    return c - 48 if c <= 57 else (c | 32) - 87


@inline
def _code_unit(data: Bytes, at: Any) -> Any:
    """The value of an escape of the form that begins with a backslash and `u`."""
    value = np.int64(0)
    for k in range(at + 2, at + 6):
        value = value * 16 + np.int64(_hexadecimal(data[k]))
    return value


@kernel("void(u1[], i8[], u4[], i8, i8, i8, i8[w], i8[w])", on_demand=True)
def find_bounds(
    data: Bytes, base: Int64s, offset: Ordinals, end: int, low: int, high: int, start: Int64s, stop: Int64s
) -> None:
    """Where each of the strings `low` to `high` begins, and where its closing quotation mark is."""
    for i in range(low, high):
        start[i - low] = string_start(base, offset, i)
        stop[i - low] = string_stop(data, base, offset, end, i)


@kernel("void(u1[], i8[], i8[], u1[w], u8[w])", on_demand=True)
def look_at_strings(data: Bytes, starts: Int64s, stops: Int64s, look: Bytes, hashes: Hashes) -> None:
    """What strings, or parts of them, look like, as bits, and a hash (FNV-1a) of their bytes.

    WORD: an identifier of several ASCII characters, perhaps with a # before it. TOKEN: a word that looks made
    by a machine, as keys and tokens do. DIGITS: nothing but those, and few. SIGNS: a few ASCII characters, no
    letter or digit among them. SINGLE: at most one character, of Latin-1 and no letter. SPACED: with spaces, or
    brackets of names that V8 puts together. LONG: longer than what people write as one word.
    """
    for i in range(starts.shape[0]):
        start = starts[i]
        stop = stops[i]
        h = np.uint64(14695981039346656037)
        word = stop > start and not _is_numeral(data[start])
        digits = stop > start
        signs = True
        spaced = False
        sign = True
        units = 0
        numerals = 0
        turns = 0
        humps = 0
        run = 0
        longest = 0
        hexadecimals = 0
        longest_hexadecimal = 0
        before = 0
        at = start
        while at < stop:
            c = data[at]
            units += 1
            step = 1
            if c == 92:
                word = False
                digits = False
                spaced = True
                if data[at + 1] == 117:
                    step = 6
                    value = _code_unit(data, at)
                    signs = signs and value < 128 and not (_is_letter(value) or _is_numeral(value))
                    sign = sign and (value < 192 or value == 215 or value == 247) and not _is_letter(value)
                else:
                    step = 2
            elif c >= 128:
                word = False
                digits = False
                signs = False
                step = 4 if c >= 240 else 3 if c >= 224 else 2
                units += c >= 240
                # Of the letters of Latin-1 the first byte is 195; × and ÷ are no letters.
                sign = sign and (c == 194 or (c == 195 and (data[at + 1] == 151 or data[at + 1] == 183)))
            else:
                letter = _is_letter(c)
                numeral = _is_numeral(c)
                sign = sign and not letter
                if letter or numeral:
                    signs = False
                elif not (c == 95 or c == 36 or (c == 35 and at == start)):
                    word = False
                    if c == 32 or c == 60 or c == 40 or c == 47 or c == 46 or c == 58:
                        spaced = True
                digits = digits and numeral
                numerals += numeral
                # From letters to digits and back, and from a small letter to a capital.
                turns += (numeral and before == 1) or (letter and before == 2)
                humps += (numeral and before == 1) or (_is_large(c) and before == 1 and _is_small(data[at - 1]))
                before = 1 if letter else 2 if numeral else 0
                run = run + 1 if _is_large(c) or numeral else 0
                longest = max(longest, run)
                hexadecimals = hexadecimals + 1 if numeral or 97 <= c <= 102 else 0
                longest_hexadecimal = max(longest_hexadecimal, hexadecimals)
            for k in range(at, min(stop, at + step)):
                h = (h ^ np.uint64(data[k])) * np.uint64(1099511628211)
            at += step
        token = (
            numerals > _MOST_NUMERALS
            or turns > _MOST_TURNS
            or longest >= _LONGEST_RUN
            or longest_hexadecimal >= _LONGEST_RUN
            or (units >= _SHORTEST_TOKEN and 3 * humps >= units)
        )
        bits = 0
        if word and units > 1:
            bits |= WORD
        if token:
            bits |= TOKEN
        if units > _LONGEST_WORD:
            bits |= LONG
        if digits and units <= _LONGEST_SLOT:
            bits |= DIGITS
        if signs and units <= _FEW_SIGNS:
            bits |= SIGNS
        if sign and units <= _SINGLE:
            bits |= SINGLE
        if spaced:
            bits |= SPACED
        look[i] = bits
        hashes[i] = h


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
                    value = _code_unit(data, at)
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
    while _is_numeral(data[k - 1]):
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

"""What strings are used for, and how they are spelt.

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

_LONGEST_WORD, _MOST_NUMERALS, _MOST_TURNS, _LONGEST_RUN, _SHORTEST_TOKEN = 48, 6, 4, 16, 16
_LONGEST_SLOT = 8
_SINGLE, _FEW_SIGNS = 1, 4


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
def is_numeral(c: Any) -> Any:
    """Whether a code unit is one of 0 to 9."""
    return 48 <= c <= 57


@inline
def _hexadecimal(c: Any) -> Any:
    """The value of a hexadecimal digit."""
    return c - 48 if c <= 57 else (c | 32) - 87


@inline
def code_unit(data: Bytes, at: Any) -> Any:
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
        word = stop > start and not is_numeral(data[start])
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
                    value = code_unit(data, at)
                    signs = signs and value < 128 and not (_is_letter(value) or is_numeral(value))
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
                numeral = is_numeral(c)
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

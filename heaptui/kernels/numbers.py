"""Whole numbers in JSON arrays, one after the other or in rows that become columns.

Most numbers have at most eight digits, which are read in one go: eight bytes make a word, its
first byte being the lowest, and arithmetic on the word acts on all its bytes at once.
Positions are unsigned, as signed ones would be looked at for whether they count from the end.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel
from heaptui.kernels.scan import (
    COMMA,
    DOT,
    FRACTION,
    LARGE_E,
    LEADING_ZERO,
    MINUS,
    MISSING,
    NEGATIVE,
    OK,
    SMALL_E,
    TOO_LARGE,
    UNEXPECTED,
    ZERO,
    is_space,
)

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

BEYOND = 8
"""A value that its field cannot have."""

# The fields of a node and of an edge, in the order in which the kernels get their positions and limits.
TYPE, NAME, ID, SELF_SIZE, EDGE_COUNT, TRACE, DETACHEDNESS = range(7)
TO_NODE = 2

_0, _1, _8, _10, _56 = np.uint64(0), np.uint64(1), np.uint64(8), np.uint64(10), np.uint64(56)
_FIRST_BYTE = np.uint64(0xFF)
_ZEROS = np.uint64(0x3030303030303030)
_SIXES = np.uint64(0x7676767676767676)  # what makes 10 reach the highest bit of a byte
_HIGHEST = np.uint64(0x8080808080808080)
_ONES = np.uint64(0x0101010101010101)
_MOST_DIGITS, _MOST_QUICK = np.uint64(18), np.uint64(20)  # so many always fit; with what must follow
_LARGEST = np.uint64(9223372036854775807)
_32 = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@inline
def _eight_bytes(data: Bytes, i: Any) -> Any:
    """The word at a position; the compiler makes one load of it."""
    word = np.uint64(data[i])
    word |= np.uint64(data[i + np.uint64(1)]) << np.uint64(8)
    word |= np.uint64(data[i + np.uint64(2)]) << np.uint64(16)
    word |= np.uint64(data[i + np.uint64(3)]) << np.uint64(24)
    word |= np.uint64(data[i + np.uint64(4)]) << np.uint64(32)
    word |= np.uint64(data[i + np.uint64(5)]) << np.uint64(40)
    word |= np.uint64(data[i + np.uint64(6)]) << np.uint64(48)
    word |= np.uint64(data[i + np.uint64(7)]) << np.uint64(56)
    return word


@inline
def _value(word: Any) -> Any:
    """The number that a word of eight digits (0 to 9, the first one lowest) spells: by pairs, by fours, by all."""
    word = word * np.uint64(10 * 256 + 1) >> np.uint64(8) & np.uint64(0x00FF00FF00FF00FF)
    word = word * np.uint64(100 * 65536 + 1) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    return word * np.uint64((10000 << 32) + 1) >> np.uint64(32)


@inline
def read_number(data: Bytes, i: Any, end: Any, error: Int64s) -> Any:
    """The whole number, 0 to 2^63 - 1, at or behind `i`, and where its comma stands, or `end`.

    On an error, `error[0]` is its code and `error[1]` its position.
    """
    if i + _MOST_QUICK <= end:
        word = _eight_bytes(data, i) ^ _ZEROS
        others = ((word + _SIXES) | word) & _HIGHEST
        if others == _0:
            digits = _8
            value = _value(word)
            while digits < _MOST_DIGITS and 48 <= data[i + digits] <= 57:
                value = value * _10 + np.uint64(data[i + digits]) - np.uint64(ZERO)
                digits += _1
        else:
            # All bits below the highest one of the first byte that is no digit.
            below = (others & (~others + _1)) - _1
            digits = ((below & _ONES) * _ONES >> _56) - _1
            value = _value(word << _8 << (_56 - (digits << np.uint64(3))))
        at = i + digits
        while is_space(data[at]) and at < end:
            at += _1
        if data[at] == COMMA and (digits == _1 or (digits > _1 and word & _FIRST_BYTE != _0)):
            return value, at
    return _read_carefully(data, i, end, error)


@inline
def _read_carefully(data: Bytes, i: Any, end: Any, error: Int64s) -> Any:
    """The same byte by byte, for numbers at the end, with white space, and such as cannot be."""
    while i < end and is_space(data[i]):
        i += _1
    first = i
    value = _0
    while i < end and 48 <= data[i] <= 57:
        digit = np.uint64(data[i]) - np.uint64(ZERO)
        if value > (_LARGEST - digit) // _10:
            error[0] = TOO_LARGE
            error[1] = first
            return value, i
        value = value * _10 + digit
        i += _1
    if i == first:
        missing = i >= end or data[i] == COMMA
        error[0] = MISSING if missing else NEGATIVE if data[i] == MINUS else UNEXPECTED
        error[1] = i
        return value, i
    if data[first] == ZERO and i > first + _1:
        error[0] = LEADING_ZERO
        error[1] = first
        return value, i
    while i < end and is_space(data[i]):
        i += _1
    if i < end and data[i] != COMMA:
        c = data[i]
        error[0] = FRACTION if c in (DOT, SMALL_E, LARGE_E) else UNEXPECTED
        error[1] = i
    return value, i


@inline
def _behind_commas(data: Bytes, i: Any, end: Any, count: int) -> Any:
    """The position behind the next `count` commas, or behind `end`."""
    for _ in range(count):
        while i < end and data[i] != COMMA:
            i += _1
        i += _1
    return i


@kernel("i8(u1[], i8, i8, i8[w], i8[w])")
def scan_numbers(data: Bytes, start: int, stop: int, out: Int64s, error: Int64s) -> int:
    """Read comma-separated whole numbers from `data[start:stop]`.

    `out` receives the values; it must have room for one more than there are commas.
    Errors as of `read_number`. Returns how many values were read.
    """
    n = 0
    i = np.uint64(start)
    end = np.uint64(stop)
    error[0] = OK
    while i <= end:
        value, i = read_number(data, i, end, error)
        if error[0] == OK and n >= out.shape[0]:
            error[0] = UNEXPECTED
            error[1] = i
        if error[0] != OK:
            break
        out[n] = value
        n += 1
        i += _1
    return n


@inline
def _check(row: Words, position: Int64s, limit: Words, r: Any, error: Int64s) -> None:
    for k in range(position.shape[0]):
        if row[position[k]] >= limit[k]:
            error[0] = BEYOND
            error[1] = np.int64(r) * (row.shape[0] - 1) + position[k]
            error[2] = row[position[k]]
            break


@kernel("void(u1[], i8, i8, i8, i8, i8[], u8[], i8, u8[w], u1[w], u4[w], u4[w], u4[w], u4[w], u4[w], u1[w], i8[w])")
def scan_nodes(
    data: Bytes,
    start: int,
    stop: int,
    end: int,
    before: int,
    position: Int64s,
    limit: Words,
    halves: int,
    row: Words,
    type_: Bytes,
    name: Ordinals,
    id_: Ordinals,
    self_size: Ordinals,
    edge_count: Ordinals,
    trace: Ordinals,
    detachedness: Bytes,
    error: Int64s,
) -> None:
    """Read the rows that begin in `data[start:stop]` into their places in the columns.

    `before` values of the array, which ends at `end`, stand before `start`. `position` has the
    place of each field in a row, in the order above, and `limit` what its values must be below. A
    field that the file lacks has the place behind the row, where a zero stands; `row` is scratch,
    one longer than a row, and the column is empty. `id_` and `self_size` have `halves` entries a
    node: 2 where they are the halves of 64 bits.
    Errors as of `read_number`, or BEYOND, the value's number in the array, and the value.
    """
    width = row.shape[0] - 1
    i = _behind_commas(data, np.uint64(start), np.uint64(end), -before % width)
    r = np.uint64((before + width - 1) // width)
    row[width] = 0
    while i < np.uint64(stop):
        for f in range(width):
            value, i = read_number(data, i, np.uint64(end), error)
            row[f] = value
            i += _1
            if error[0] != OK:
                return
        _check(row, position, limit, r, error)
        if error[0] != OK:
            return
        type_[r] = row[position[TYPE]]
        name[r] = row[position[NAME]]
        edge_count[r] = row[position[EDGE_COUNT]]
        at = r * np.uint64(halves)
        id_[at] = row[position[ID]] & _LOW_HALF
        self_size[at] = row[position[SELF_SIZE]] & _LOW_HALF
        if halves == 2:
            id_[at + _1] = row[position[ID]] >> _32
            self_size[at + _1] = row[position[SELF_SIZE]] >> _32
        # These two begin as zeros: memory is not taken before something is written to it.
        if row[position[TRACE]]:
            trace[r] = row[position[TRACE]]
        if row[position[DETACHEDNESS]]:
            detachedness[r] = row[position[DETACHEDNESS]] & np.uint64(3)
        r += _1


@kernel("void(u1[], i8, i8, i8, i8, i8[], u8[], u1[], i8, i8, u8[w], u1[w], u4[w], u4[w], i8[w])")
def scan_edges(
    data: Bytes,
    start: int,
    stop: int,
    end: int,
    before: int,
    position: Int64s,
    limit: Words,
    numbered: Bytes,
    string_count: int,
    node_width: int,
    row: Words,
    type_: Bytes,
    name: Ordinals,
    to_node: Ordinals,
    error: Int64s,
) -> None:
    """The same for edges. `to_node` gets ordinals: the values, which must be multiples of `node_width`, by it.

    `name` is below `string_count`, but for the types marked in `numbered`, which have any number.
    """
    width = row.shape[0] - 1
    i = _behind_commas(data, np.uint64(start), np.uint64(end), -before % width)
    r = np.uint64((before + width - 1) // width)
    while i < np.uint64(stop):
        for f in range(width):
            value, i = read_number(data, i, np.uint64(end), error)
            row[f] = value
            i += _1
            if error[0] != OK:
                return
        _check(row, position, limit, r, error)
        if error[0] != OK:
            return
        kind = row[position[TYPE]]
        text = row[position[NAME]]
        node = row[position[TO_NODE]] // np.uint64(node_width)
        wrong = -1
        if text >= np.uint64(string_count) and numbered[kind] == 0:
            wrong = NAME
        elif node * np.uint64(node_width) != row[position[TO_NODE]]:
            wrong = TO_NODE
        if wrong >= 0:
            error[0] = BEYOND
            error[1] = np.int64(r) * width + position[wrong]
            error[2] = row[position[wrong]]
            return
        type_[r] = kind
        name[r] = text
        to_node[r] = node
        r += _1

"""Reading JSON bytes: where arrays end, arrays of strings, and what to skip.

A scan runs over a part of the file and stops early only at an error, so that callers can
feed it piece by piece, show progress and cancel.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel

Bytes = npt.NDArray[np.uint8]
Int64s = npt.NDArray[np.int64]

OK = 0
UNEXPECTED = 1
NEGATIVE = 2
FRACTION = 3
TOO_LARGE = 4
LEADING_ZERO = 5
MISSING = 6
BAD_ESCAPE = 7

# States of `scan_strings` and `skip_value` between two calls.
BETWEEN = 0
IN_STRING = 1
AFTER_VALUE = 2
AFTER_COMMA = 3
DONE = 4

QUOTE, BACKSLASH, COMMA, MINUS, DOT, ZERO = 34, 92, 44, 45, 46, 48
CLOSE_BRACKET, SMALL_E, LARGE_E, SMALL_U = 93, 101, 69, 117


@inline
def is_space(c: Any) -> Any:
    """Space, line feed, carriage return or tab."""
    return c == 32 or c == 10 or c == 13 or c == 9


@inline
def _opens(c: Any) -> Any:
    """A bracket or brace that opens."""
    return c == 91 or c == 123


@inline
def _closes(c: Any) -> Any:
    """A bracket or brace that closes."""
    return c == 93 or c == 125


@inline
def _is_hexadecimal(c: Any) -> Any:
    return 48 <= c <= 57 or 65 <= c <= 70 or 97 <= c <= 102


@inline
def _is_escape(c: Any) -> Any:
    """What may follow a backslash, but for `u`: one of `"\\/bfnrt`."""
    return c == 34 or c == 92 or c == 47 or c == 98 or c == 102 or c == 110 or c == 114 or c == 116


@kernel("i8(u1[], i8, i8, i8[w])")
def measure_array(data: Bytes, start: int, stop: int, closing: Int64s) -> int:
    """Count the commas of `data[start:stop]` up to the first `]`.

    `closing[0]` is the position of that `]`, or -1 where there is none.
    """
    n = 0
    closing[0] = -1
    i = start
    # Whole blocks are counted without a branch, which the compiler turns into vector code.
    while i + 4096 <= stop:
        commas = 0
        brackets = 0
        for k in range(np.uint64(i), np.uint64(i + 4096)):
            commas += data[k] == COMMA
            brackets += data[k] == CLOSE_BRACKET
        if brackets:
            break
        n += commas
        i += 4096
    while i < stop:
        if data[i] == CLOSE_BRACKET:
            closing[0] = i
            break
        n += data[i] == COMMA
        i += 1
    return n


@kernel("i8(u1[], i8, i8)")
def skip_space(data: Bytes, start: int, stop: int) -> int:
    """The first position from `start` that is not JSON white space, or `stop`."""
    i = start
    while i < stop and is_space(data[i]):
        i += 1
    return i


@kernel("i8(u1[], i8, i8, u8[w], i8[w])")
def scan_strings(data: Bytes, start: int, stop: int, starts: npt.NDArray[np.uint64], state: Int64s) -> int:
    """Find the strings of a JSON array from behind its `[`, piece by piece.

    `starts` receives the position of each string's first character. `state` is
    [state, error code, error position]; it starts as zeros and is handed to the next
    call unchanged. Reads to `stop`, to the closing `]`, or until `starts` is full.
    Returns how many strings began; `state[3]` is where to go on, behind `]` when DONE.
    """
    n = 0
    room = starts.shape[0]
    i = start
    where = state[0]
    while i < stop:
        c = data[i]
        if where == IN_STRING:
            while i < stop and data[i] != QUOTE and data[i] != BACKSLASH:
                i += 1
            if i >= stop:
                break
            if data[i] == QUOTE:
                where = AFTER_VALUE
                i += 1
                continue
            # An escape is read whole, or left to the next piece.
            if i + 1 >= stop:
                break
            e = data[i + 1]
            if e == SMALL_U:
                if i + 6 > stop:
                    break
                for k in range(i + 2, i + 6):
                    if not _is_hexadecimal(data[k]):
                        state[1] = BAD_ESCAPE
                        state[2] = i
                        state[3] = i
                        return n
                i += 6
            elif _is_escape(e):
                i += 2
            else:
                state[1] = BAD_ESCAPE
                state[2] = i
                state[3] = i
                return n
        elif is_space(c):
            i += 1
        elif c == QUOTE and where != AFTER_VALUE:
            if n >= room:
                break
            starts[n] = i + 1
            n += 1
            where = IN_STRING
            i += 1
        elif c == COMMA and where == AFTER_VALUE:
            where = AFTER_COMMA
            i += 1
        elif c == CLOSE_BRACKET and where != AFTER_COMMA:
            where = DONE
            i += 1
            break
        else:
            state[1] = UNEXPECTED
            state[2] = i
            break
    state[0] = where
    state[3] = i
    return n


@kernel("i8(u1[], i8, i8, i8[w])")
def skip_value(data: Bytes, start: int, stop: int, state: Int64s) -> int:
    """Find the end of a JSON value whose inside does not matter, piece by piece.

    `state` is [state, depth]; it starts as zeros and is handed to the next call
    unchanged. Returns where to go on; the position behind the value when DONE.
    """
    i = start
    where = state[0]
    depth = state[1]
    while i < stop:
        c = data[i]
        if where == IN_STRING:
            while i < stop and data[i] != QUOTE and data[i] != BACKSLASH:
                i += 1
            if i >= stop:
                break
            if data[i] == BACKSLASH:
                if i + 1 >= stop:
                    break
                i += 2
                continue
            where = BETWEEN
            i += 1
            if depth == 0:
                where = DONE
                break
        elif c == QUOTE:
            where = IN_STRING
            i += 1
        elif _opens(c):
            depth += 1
            i += 1
        elif _closes(c):
            if depth == 0:
                where = DONE
                break
            depth -= 1
            i += 1
            if depth == 0:
                where = DONE
                break
        elif depth == 0 and c == COMMA:
            where = DONE
            break
        else:
            i += 1
    state[0] = where
    state[1] = depth
    return i

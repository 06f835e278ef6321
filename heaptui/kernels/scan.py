"""Reading JSON bytes: arrays of whole numbers, arrays of strings, and what to skip.

A scan runs over a part of the file and stops early only at an error, so that callers can
feed it piece by piece, show progress and cancel.
"""

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import kernel

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


@kernel("i8(u1[], i8, i8, i8[w])")
def measure_array(data: Bytes, start: int, stop: int, closing: Int64s) -> int:
    """Count the commas of `data[start:stop]` up to the first `]`.

    `closing[0]` is the position of that `]`, or -1 where there is none.
    """
    n = 0
    closing[0] = -1
    i = start
    # Whole blocks are counted without a branch, which the compiler turns into vector code.
    while i + 1024 <= stop:
        commas = 0
        brackets = 0
        for k in range(i, i + 1024):
            commas += data[k] == 44
            brackets += data[k] == 93
        if brackets:
            break
        n += commas
        i += 1024
    while i < stop:
        if data[i] == 93:
            closing[0] = i
            break
        n += data[i] == 44
        i += 1
    return n


@kernel("i8(u1[], i8, i8)")
def skip_space(data: Bytes, start: int, stop: int) -> int:
    """The first position from `start` that is not JSON white space, or `stop`."""
    i = start
    while i < stop and (data[i] == 32 or data[i] == 10 or data[i] == 13 or data[i] == 9):
        i += 1
    return i


@kernel("i8(u1[], i8, i8, i8[w], i8[w])")
def scan_numbers(data: Bytes, start: int, stop: int, out: Int64s, error: Int64s) -> int:
    """Read comma-separated whole numbers, 0 to 2^63 - 1, from `data[start:stop]`.

    `out` receives the values; it must have room for one more than there are commas.
    On an error, `error[0]` is one of the codes above and `error[1]` its position.
    Returns how many values were read.
    """
    n = 0
    i = start
    error[0] = 0
    limit = out.shape[0]
    while True:
        while i < stop and (data[i] == 32 or data[i] == 10 or data[i] == 13 or data[i] == 9):
            i += 1
        if i >= stop or data[i] == 44:
            error[0] = 6
            error[1] = i
            return n
        first = i
        value = np.int64(0)
        # 18 digits always fit; what is longer is checked digit by digit.
        quick = min(stop, i + 18)
        while i < quick:
            digit = np.int64(data[i]) - 48
            if digit < 0 or digit > 9:
                break
            value = value * 10 + digit
            i += 1
        if i == quick:
            while i < stop:
                digit = np.int64(data[i]) - 48
                if digit < 0 or digit > 9:
                    break
                if value > (9223372036854775807 - digit) // 10:
                    error[0] = 4
                    error[1] = first
                    return n
                value = value * 10 + digit
                i += 1
        if i == first:
            error[0] = 2 if data[i] == 45 else 1
            error[1] = i
            return n
        if data[first] == 48 and i > first + 1:
            error[0] = 5
            error[1] = first
            return n
        if n >= limit:
            error[0] = 1
            error[1] = first
            return n
        out[n] = value
        n += 1
        while i < stop and (data[i] == 32 or data[i] == 10 or data[i] == 13 or data[i] == 9):
            i += 1
        if i >= stop:
            return n
        if data[i] != 44:
            error[0] = 3 if data[i] == 46 or data[i] == 101 or data[i] == 69 else 1
            error[1] = i
            return n
        i += 1


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
        if where == 1:
            while i < stop and data[i] != 34 and data[i] != 92:
                i += 1
            if i >= stop:
                break
            if data[i] == 34:
                where = 2
                i += 1
                continue
            # An escape is read whole, or left to the next piece.
            if i + 1 >= stop:
                break
            e = data[i + 1]
            if e == 117:
                if i + 6 > stop:
                    break
                for k in range(i + 2, i + 6):
                    h = data[k]
                    if not ((48 <= h <= 57) or (65 <= h <= 70) or (97 <= h <= 102)):
                        state[1] = 7
                        state[2] = i
                        state[3] = i
                        return n
                i += 6
            elif e == 34 or e == 92 or e == 47 or e == 98 or e == 102 or e == 110 or e == 114 or e == 116:
                i += 2
            else:
                state[1] = 7
                state[2] = i
                state[3] = i
                return n
        elif c == 32 or c == 10 or c == 13 or c == 9:
            i += 1
        elif c == 34 and where != 2:
            if n >= room:
                break
            starts[n] = i + 1
            n += 1
            where = 1
            i += 1
        elif c == 44 and where == 2:
            where = 3
            i += 1
        elif c == 93 and where != 3:
            where = 4
            i += 1
            break
        else:
            state[1] = 1
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
        if where == 1:
            while i < stop and data[i] != 34 and data[i] != 92:
                i += 1
            if i >= stop:
                break
            if data[i] == 92:
                if i + 1 >= stop:
                    break
                i += 2
                continue
            where = 0
            i += 1
            if depth == 0:
                where = 4
                break
        elif c == 34:
            where = 1
            i += 1
        elif c == 91 or c == 123:
            depth += 1
            i += 1
        elif c == 93 or c == 125:
            if depth == 0:
                where = 4
                break
            depth -= 1
            i += 1
            if depth == 0:
                where = 4
                break
        elif depth == 0 and c == 44:
            where = 4
            break
        else:
            i += 1
    state[0] = where
    state[1] = depth
    return i

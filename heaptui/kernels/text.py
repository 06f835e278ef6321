"""Strings in the file's own bytes, for rules that depend on what a name says.

A string table is `data` (the file), `base` (int64, the position of every 65,536th string)
and `offset` (uint32, each string's distance from its base), as `scan_strings` found them.
The position after the table's last string is `end`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

NO_TEXT = 14695981039346656037
"""The hash of the empty text (the offset basis of FNV-1a)."""

LONGEST_ROPE = 1024
"""UTF-16 units after which the name of a rope is not read on."""

MOST_LEAVES = 4096
"""Parts of a rope after which it is not read on: more than LONGEST_ROPE, as parts may be empty."""


@inline
def string_start(base: Int64s, offset: Ordinals, i: Any) -> Any:
    """Where string i begins."""
    return base[i >> 16] + np.int64(offset[i])


@inline
def string_stop(data: Bytes, base: Int64s, offset: Ordinals, end: int, i: Any) -> Any:
    """The position of string i's closing quotation mark."""
    # From the next string's first character back over `",` and white space to this one's closing quote.
    if i + 1 < offset.shape[0]:
        stop = base[(i + 1) >> 16] + np.int64(offset[i + 1]) - 2
        while data[stop] != 44:
            stop -= 1
        stop -= 1
    else:
        stop = end - 1
    while data[stop] != 34:
        stop -= 1
    return stop


@inline
def _digits_before(data: Bytes, low: int, at: int) -> int:
    while at > low and 48 <= data[at - 1] <= 57:
        at -= 1
    return at


@inline
def _matches(data: Bytes, at: int, stop: int, text: Bytes) -> Any:
    equal = at + text.shape[0] <= stop
    if equal:
        for k in range(text.shape[0]):
            if data[at + k] != text[k]:
                equal = False
                break
    return equal


@inline
def _breaks_line(data: Bytes, at: int, stop: int) -> bool:
    """Whether a part of a string has what ends a line in JavaScript: LF, CR, U+2028 or U+2029."""
    while at < stop:
        c = data[at]
        if c == 10 or c == 13:
            return True
        if c == 226 and data[at + 1] == 128 and (data[at + 2] == 168 or data[at + 2] == 169):
            return True
        if c == 92:
            e = data[at + 1]
            if e == 110 or e == 114:
                return True
            if e == 117:
                # 000a, 000d, 2028 and 2029
                first, third, last = data[at + 2], data[at + 4], data[at + 5] | 32
                if data[at + 3] == 48:
                    if first == 48 and third == 48 and (last == 97 or last == 100):
                        return True
                    if first == 50 and third == 50 and (last == 56 or last == 57):
                        return True
                at += 4
            at += 1
        at += 1
    return False


@kernel("i8(u1[], i8[], u4[], i8, u1[], u1[], u1[], i8, i8, u4[w], i8[w], u8[w])")
def find_weak_pairs(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    opening: Bytes,
    middle: Bytes,
    closing: Bytes,
    start: int,
    stop: int,
    index: Ordinals,
    table_id: Int64s,
    part: Hashes,
) -> int:
    """Strings that name one half of a WeakMap's pair, as section 6a of DevTools' rules matches them.

    `N / part of key (K @id) -> value (V @id) pair in WeakMap (table @id)`: `opening` is
    ` / part of key (`, `middle` `) -> value (`, `closing` `) pair in WeakMap (table @`.
    For each one found among strings `start` to `stop` its index, the id of its table, and a
    hash of all but N, equal for the two halves. Returns how many were found.
    """
    n = 0
    for i in range(start, stop):
        first = string_start(base, offset, i)
        last = string_stop(data, base, offset, end, i)
        if last - first < 60 or data[last - 1] != 41:
            continue
        id_from = _digits_before(data, first, last - 1)
        close_from = id_from - closing.shape[0]
        if id_from == last - 1 or close_from <= first or not _matches(data, close_from, last, closing):
            continue
        number_to = first
        while number_to < last and 48 <= data[number_to] <= 57:
            number_to += 1
        if number_to == first or not _matches(data, number_to, last, opening):
            continue
        value_from = _digits_before(data, first, close_from)
        if value_from == close_from or data[value_from - 1] != 64 or data[value_from - 2] != 32:
            continue
        found = False
        for k in range(number_to + opening.shape[0], value_from - middle.shape[0] - 1):
            if data[k] == 41 and _matches(data, k, value_from - 2, middle):
                key_from = _digits_before(data, number_to, k)
                if key_from < k and data[key_from - 1] == 64 and data[key_from - 2] == 32:
                    found = True
                    break
        # A dot of DevTools' pattern is anything but the end of a line.
        if not found or _breaks_line(data, number_to, value_from):
            continue
        h = np.uint64(1469598103934665603)
        for k in range(number_to, last):
            h = (h ^ np.uint64(data[k])) * np.uint64(1099511628211)
        table = np.int64(0)
        for k in range(id_from, last - 1):
            if k - id_from < 18:
                table = table * 10 + np.int64(data[k]) - 48
        index[n] = i
        table_id[n] = table
        part[n] = h
        n += 1
    return n


@inline
def _units(data: Bytes, at: int, stop: int) -> Any:
    """UTF-16 length of a string's raw bytes."""
    units = 0
    while at < stop:
        c = data[at]
        units += 2 if c >= 240 else 1
        if c == 92:
            at += 6 if data[at + 1] == 117 else 2
        else:
            at += 4 if c >= 240 else 3 if c >= 224 else 2 if c >= 192 else 1
    return units


@kernel(
    "i8(u1[], i8[], u4[], i8, u4[], i8, u1[], u4[], u4[], u1[], u4[], u4[], i8, i8, u1[], u4[w], u4[w], i8[w])",
    on_demand=True,
)
def find_leaves(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    nodes: Ordinals,
    start: int,
    node_type: Bytes,
    node_name: Ordinals,
    first_edge: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    to_node: Ordinals,
    rope_type: int,
    internal: int,
    half: Bytes,
    stack: Ordinals,
    leaves: Ordinals,
    bounds: Int64s,
) -> int:
    """The strings that `nodes`, from `start` on, are made of: themselves, or the leaves of a rope.

    A rope is read until it is LONGEST_ROPE units long, or MOST_LEAVES leaves, as for one that
    contains itself. `half`, by string, is 1 or 2 for the names of its halves; a half that is
    missing is node 0, as for DevTools. `stack` has room for one entry a rope and two more.
    Leaves of node i are `leaves[bounds[i - start]:bounds[i - start + 1]]`. Stops where `leaves`
    or `bounds` might not hold another node's; returns where to go on.
    """
    used = 0
    bounds[0] = 0
    i = start
    while i < nodes.shape[0] and used + MOST_LEAVES <= leaves.shape[0] and i - start + 1 < bounds.shape[0]:
        units = 0
        depth = 1
        stack[0] = nodes[i]
        most = used + MOST_LEAVES
        steps = 0
        while depth > 0 and units < LONGEST_ROPE and used < most and steps < 4 * stack.shape[0] + MOST_LEAVES:
            steps += 1
            depth -= 1
            v = stack[depth]
            if node_type[v] != rope_type:
                leaves[used] = v
                used += 1
                name = node_name[v]
                units += _units(data, string_start(base, offset, name), string_stop(data, base, offset, end, name))
                continue
            first = np.uint32(0)
            second = np.uint32(0)
            for e in range(first_edge[v], first_edge[v + 1]):
                if first != 0 and second != 0:
                    break
                if edge_type[e] != internal:
                    continue
                which = half[edge_name[e]]
                if which == 1:
                    first = to_node[e]
                elif which == 2:
                    second = to_node[e]
            if depth + 2 > stack.shape[0]:
                break
            stack[depth] = second
            stack[depth + 1] = first
            depth += 2
        i += 1
        bounds[i - start] = used
    return i


@kernel("void(u1[], i8[], u4[], i8, u4[], i8[], u8[w])", on_demand=True)
def hash_joined(
    data: Bytes, base: Int64s, offset: Ordinals, end: int, index: Ordinals, bounds: Int64s, hashes: Hashes
) -> None:
    """A hash (FNV-1a) of the bytes of strings `index[bounds[i]:bounds[i + 1]]` one after the other."""
    for i in range(bounds.shape[0] - 1):
        h = np.uint64(14695981039346656037)
        for k in range(bounds[i], bounds[i + 1]):
            at = string_start(base, offset, index[k])
            stop = string_stop(data, base, offset, end, index[k])
            while at < stop:
                h = (h ^ np.uint64(data[at])) * np.uint64(1099511628211)
                at += 1
        hashes[i] = h


@kernel("void(u1[], i8[], u4[], i8, u4[], i8[], i8, u1[w])", on_demand=True)
def copy_beginnings(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    index: Ordinals,
    bounds: Int64s,
    width: int,
    out: Bytes,
) -> None:
    """The first `width` bytes of strings `index[bounds[i]:bounds[i + 1]]` one after the other, into row i of `out`.

    `out` starts as zeros.
    """
    for i in range(bounds.shape[0] - 1):
        used = 0
        for k in range(bounds[i], bounds[i + 1]):
            at = string_start(base, offset, index[k])
            stop = string_stop(data, base, offset, end, index[k])
            while at < stop and used < width:
                out[i * width + used] = data[at]
                used += 1
                at += 1


@kernel("void(u1[], i8[], u4[], i8, u4[], i8[], u1[], i8[], i8, u1[w])", on_demand=True)
def find_containing(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    index: Ordinals,
    bounds: Int64s,
    wanted: Bytes,
    back: Int64s,
    cased: int,
    found: Bytes,
) -> None:
    """Whether strings `index[bounds[i]:bounds[i + 1]]`, one after the other, contain an ASCII text.

    Unless `cased`, small and capital letters are equal, and `wanted` is in small ones. It has nothing that
    JSON escapes, so no escape can be a part of it. `back` says how much of it is still there when its next
    letter is not: how long the longest beginning is that `wanted[:k + 1]` ends with.
    """
    length = wanted.shape[0]
    for i in range(bounds.shape[0] - 1):
        have = 0
        for k in range(bounds[i], bounds[i + 1]):
            at = string_start(base, offset, index[k])
            while have < length and data[at] != 34:
                c = data[at]
                if c == 92:
                    at += 6 if data[at + 1] == 117 else 2
                    have = 0
                    continue
                if cased == 0 and 65 <= c <= 90:
                    c += 32
                while have > 0 and c != wanted[have]:
                    have = back[have - 1]
                if c == wanted[have]:
                    have += 1
                at += 1
        found[i] = have == length


@kernel("void(u1[], i8[], u4[], i8, u4[], u8[w])")
def hash_plain(data: Bytes, base: Int64s, offset: Ordinals, end: int, index: Ordinals, hashes: Hashes) -> None:
    """A hash (FNV-1a) of each string's bytes; 0 where it has escapes or is not ASCII."""
    for i in range(index.shape[0]):
        h = np.uint64(14695981039346656037)
        at = string_start(base, offset, index[i])
        while data[at] != 34:
            if data[at] == 92 or data[at] >= 128:
                h = np.uint64(0)
                break
            h = (h ^ np.uint64(data[at])) * np.uint64(1099511628211)
            at += 1
        hashes[i] = h


@kernel("void(u1[], i8[], u4[], i8, u1[], u4[], u4[], i8, i8, u1[w])", on_demand=True)
def find_words(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    words: Bytes,
    word_end: Ordinals,
    first_word: Ordinals,
    low: int,
    high: int,
    found: Bytes,
) -> None:
    """For the strings `low` to `high`, the number from 1 of the word that each is; 0 where it is none.

    A word may be followed by " / " and more, as V8 names its own objects; of several the longest counts.
    `words` are one behind the other, sorted; word k ends at `word_end[k]`, and those that begin
    with byte b are `first_word[b]` to `first_word[b + 1]`. None of them needs an escape in JSON.
    """
    for i in range(low, high):
        start = base[i >> 16] + np.int64(offset[i])
        if start >= end:
            continue
        initial = data[start]
        for k in range(first_word[initial], first_word[initial + 1]):
            begin = np.int64(word_end[k - 1]) if k > 0 else np.int64(0)
            length = np.int64(word_end[k]) - begin
            stop = start + length
            if stop >= end:
                continue
            if data[stop] != 34 and (
                stop + 2 >= end or data[stop] != 32 or data[stop + 1] != 47 or data[stop + 2] != 32
            ):
                continue
            same = True
            for j in range(1, length):
                if data[start + j] != words[begin + j]:
                    same = False
                    break
            if same:
                found[i] = k + 1

"""Plain objects by the names of their properties: shapes, and the interfaces that they match.

Strings are passed as `kernels.text` describes them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.classes import mix
from heaptui.kernels.jit import inline, kernel
from heaptui.kernels.text import string_start, string_stop

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

WIDEST = 200
NOT_COUNTED = 255


@inline
def _written_width(data: Bytes, at: int, stop: int) -> int:
    """UTF-16 length of a name as an interface's name has it, at most WIDEST."""
    units = 0
    escapes = 0
    quoted = False
    while at < stop and units < WIDEST:
        c = data[at]
        units += 1
        if c == 92:
            e = data[at + 1]
            code: Any = 0
            if e == 117:
                for k in range(at + 2, at + 6):
                    h = np.int64(data[k])
                    code = code * 16 + (h - 48 if h < 58 else (h & 15) + 9)
                at += 6
                if code == 34 or code == 92 or (8 <= code <= 13 and code != 11):
                    escapes += 1
                elif code < 32:
                    escapes += 5
                quoted = quoted or code == 34 or code == 39 or code == 44 or code == 123 or code == 125
            else:
                at += 2
                quoted = quoted or e == 34
                if e != 47:
                    escapes += 1
            continue
        quoted = quoted or c == 39 or c == 44 or c == 123 or c == 125
        if c >= 240:
            units += 1
            at += 4
        elif c >= 224:
            at += 3
        elif c >= 192:
            at += 2
        else:
            at += 1
    if quoted:
        units += 2 + escapes
    return min(units, WIDEST)


@kernel("void(u1[], i8[], u4[], i8, u4[], u4[], u1[], u4[], i8, i8, i8, u1[w], u8[w], u8[w])")
def hash_shapes(
    data: Bytes,
    base: Int64s,
    offset: Ordinals,
    end: int,
    nodes: Ordinals,
    first_edge: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    property_type: int,
    start: int,
    stop: int,
    width: Bytes,
    candidate: Hashes,
    shape: Hashes,
) -> None:
    """Two hashes of the property names of each plain object `nodes[start:stop]`.

    `shape` is of all names in order; `candidate` of those that fit into an interface's name
    of 120 characters (section 10 of DevTools' rules), 0 where there is none. `width`, by
    string, is scratch that starts as zeros, NOT_COUNTED for `__proto__`.
    """
    for i in range(start, stop):
        v = nodes[i]
        every: Any = np.uint64(1)
        some: Any = np.uint64(0)
        length: Any = 1
        full = False
        unseen = False
        for e in range(first_edge[v], first_edge[v + 1]):
            if edge_type[e] != property_type:
                continue
            name = edge_name[e]
            every = mix(every + np.uint64(name) + np.uint64(1))
            if full or width[name] == NOT_COUNTED:
                continue
            if width[name] == 0:
                at = string_start(base, offset, name)
                width[name] = 1 + _written_width(data, at, string_stop(data, base, offset, end, name))
            written = np.int64(width[name]) - 1
            if length > 1 and length + written > 120:
                full = True
                continue
            if length == 1 and written == 0:
                # An empty name at the beginning leaves no trace in the interface's name.
                unseen = True
                continue
            if length != 1:
                length += 2
            length += written
            some = mix(some + np.uint64(name) + np.uint64(1))
        shape[i] = every
        candidate[i] = np.uint64(1) if unseen and some == 0 else some


@kernel("void(u4[], u4[], u1[], u4[], i8, u4[], u4[], u4[], u4[], u4[], u4[w], u4[w], u4[w], i4[w])")
def match_interfaces(
    nodes: Ordinals,
    first_edge: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    property_type: int,
    property_of: Ordinals,
    first_use: Ordinals,
    use: Ordinals,
    occurrence: Ordinals,
    needed: Ordinals,
    seen: Ordinals,
    hits: Ordinals,
    touched: Ordinals,
    match: npt.NDArray[np.int32],
) -> None:
    """The interface of each of `nodes`: all its properties there, most properties, lowest index; or -1.

    `property_of` is, by string, the number of a property that some interface has, 0 for
    none; interfaces `use[first_use[p]:first_use[p + 1]]` have it, as their `occurrence`-th
    property of that name; interface k has `needed[k]` properties. `seen` (by property),
    `hits` (by interface) and `touched` (room for one entry a use) are scratch of zeros.
    """
    for i in range(nodes.shape[0]):
        v = nodes[i]
        count = 0
        best = np.int32(-1)
        for e in range(first_edge[v], first_edge[v + 1]):
            if edge_type[e] != property_type:
                continue
            p = property_of[edge_name[e]]
            if p == 0:
                continue
            nth = seen[p]
            seen[p] += 1
            for u in range(first_use[p], first_use[p + 1]):
                if occurrence[u] != nth:
                    continue
                k = use[u]
                if hits[k] == 0:
                    touched[count] = k
                    count += 1
                hits[k] += 1
                if hits[k] == needed[k] and (
                    best < 0 or needed[k] > needed[best] or (needed[k] == needed[best] and k < best)
                ):
                    best = np.int32(k)
        match[i] = best
        for t in range(count):
            hits[touched[t]] = 0
        for e in range(first_edge[v], first_edge[v + 1]):
            if edge_type[e] == property_type:
                seen[property_of[edge_name[e]]] = 0

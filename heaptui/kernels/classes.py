"""Groups of equal things: by hash, by class, and across two snapshots."""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@inline
def mix(h: Any) -> Any:
    """A 64-bit finaliser (splitmix64) whose every output bit depends on every input bit."""
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


@kernel("i8(u8[], u4[w], u4[w], u4[w])")
def group_equal(hashes: Hashes, table: Ordinals, first: Ordinals, group: Ordinals) -> int:
    """Number equal hashes from 0 in order of first appearance; returns how many there are.

    `table` has a power of two of entries, more than there are hashes, all 0xFFFFFFFF;
    `first` gets the position at which each group appeared first.
    """
    mask = np.uint64(table.shape[0] - 1)
    n = 0
    for i in range(hashes.shape[0]):
        h = hashes[i]
        slot = mix(h) & mask
        while table[slot] != 0xFFFFFFFF and hashes[first[table[slot]]] != h:
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == 0xFFFFFFFF:
            table[slot] = n
            first[n] = i
            n += 1
        group[i] = table[slot]
    return n


@kernel("i8(u4[], u1[], i8, u1[w], u4[w])")
def last_places(ordinal: Ordinals, node_type: Bytes, wanted: int, seen: Bytes, last: Ordinals) -> int:
    """The last place of each node of a type, by the places' `ordinal`.

    `seen`, by node, is scratch of zeros. Returns from where on `last`, as long as there are places, is filled.
    """
    k = ordinal.shape[0]
    for p in range(ordinal.shape[0] - 1, -1, -1):
        v = ordinal[p]
        if node_type[v] == wanted and seen[v] == 0:
            seen[v] = 1
            k -= 1
            last[k] = p
    return int(k)


@kernel("i8(u4[], u4[], u4[], u4[], u4[], u4[], u4[w], u4[w], u4[w])")
def group_places(
    places: Ordinals,
    class_of: Ordinals,
    ordinal: Ordinals,
    script: Ordinals,
    line: Ordinals,
    column: Ordinals,
    table: Ordinals,
    first: Ordinals,
    group: Ordinals,
) -> int:
    """Number the places of nodes of one class at one spot, as `group_equal` numbers hashes.

    `first` has room for half as many as `table`; returns -1 where they are more.
    """
    mask = np.uint64(table.shape[0] - 1)
    n = 0
    for i in range(places.shape[0]):
        p = places[i]
        c = class_of[ordinal[p]]
        h = mix(np.uint64(c) << np.uint64(32) ^ np.uint64(script[p]))
        slot = mix(h ^ np.uint64(line[p]) << np.uint64(32) ^ np.uint64(column[p])) & mask
        while table[slot] != 0xFFFFFFFF:
            q = places[first[table[slot]]]
            if column[q] == column[p] and line[q] == line[p] and script[q] == script[p] and class_of[ordinal[q]] == c:
                break
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == 0xFFFFFFFF:
            if n == first.shape[0]:
                return -1
            table[slot] = n
            first[n] = i
            n += 1
        group[i] = table[slot]
    return n


@kernel("void(u1[], u4[], u1[], u1[w], u1[w])")
def mark_used(node_type: Bytes, node_name: Ordinals, by_name: Bytes, used_name: Bytes, used_type: Bytes) -> None:
    """Mark the types that nodes have, and the names of the nodes whose type is marked in `by_name`."""
    for v in range(node_type.shape[0]):
        kind = node_type[v]
        used_type[kind] = 1
        if by_name[kind]:
            used_name[node_name[v]] = 1


@kernel("void(u1[], u4[], u1[], u4[], u4[], u4[w])")
def assign_classes(
    node_type: Bytes,
    node_name: Ordinals,
    by_name: Bytes,
    class_of_name: Ordinals,
    class_of_type: Ordinals,
    class_of: Ordinals,
) -> None:
    """The class of each node: that of its name where its type is marked in `by_name`, else that of its type."""
    for v in range(node_type.shape[0]):
        kind = node_type[v]
        class_of[v] = class_of_name[node_name[v]] if by_name[kind] else class_of_type[kind]


@kernel("void(u1[], i8[], i8, i8[w])")
def sum_types(node_type: Bytes, sizes: Int64s, start: int, total: Int64s) -> None:
    """Add the sizes of a run of nodes, from ordinal `start`, to the totals of their types."""
    for i in range(sizes.shape[0]):
        total[node_type[start + i]] += sizes[i]


@kernel("void(u4[], u1[], i8[], i8, i8[w], i8[w])")
def sum_classes(class_of: Ordinals, counted: Bytes, shallow: Int64s, start: int, count: Int64s, size: Int64s) -> None:
    """Add a run of nodes, from ordinal `start`, to count and size of their classes.

    `shallow` is of this run alone; the other inputs are of all nodes.
    """
    for i in range(shallow.shape[0]):
        v = start + i
        if counted[v]:
            c = class_of[v]
            count[c] += 1
            size[c] += shallow[i]


@kernel("void(u4[], u1[], i4[], i4[w])")
def find_nearest(
    class_of: Ordinals, counted: Bytes, distance: npt.NDArray[np.int32], nearest: npt.NDArray[np.int32]
) -> None:
    """The smallest distance of each class's counted objects; `nearest` begins beyond all of them."""
    for v in range(class_of.shape[0]):
        if counted[v]:
            c = class_of[v]
            nearest[c] = min(nearest[c], distance[v])


@kernel("void(u4[], i8, u4[], u1[], i8[], u4[w], u4[w], u4[w], i8[w])")
def sum_retained(
    dominator: Ordinals,
    root: int,
    class_of: Ordinals,
    counted: Bytes,
    retained: Int64s,
    child: Ordinals,
    sibling: Ordinals,
    holder: Ordinals,
    size: Int64s,
) -> None:
    """Retained size of each class: of its members that no other member dominates.

    DevTools' section 9. `child` and `sibling` (one entry a node) and `holder` (one a
    class) are scratch, all 0xFFFFFFFF.
    """
    n = dominator.shape[0]
    for v in range(n):
        if v != root:
            d = dominator[v]
            sibling[v] = child[d]
            child[d] = v
    at: Any = np.uint32(root)
    while True:
        c = class_of[at]
        if counted[at] and holder[c] == 0xFFFFFFFF:
            holder[c] = at
            size[c] += retained[at]
        if child[at] != 0xFFFFFFFF:
            at = child[at]
            continue
        while True:
            if holder[class_of[at]] == at:
                holder[class_of[at]] = 0xFFFFFFFF
            if at == root or sibling[at] != 0xFFFFFFFF:
                break
            at = dominator[at]
        if at == root:
            break
        at = sibling[at]


@kernel("void(u8[], u4[], u8[], u4[], u4[w], u1[w], u1[w])", on_demand=True)
def match_objects(
    base_id: Hashes,
    base_class: Ordinals,
    id_: Hashes,
    class_of: Ordinals,
    table: Ordinals,
    base_kept: Bytes,
    kept: Bytes,
) -> None:
    """Mark the objects with the same id and class on both sides, one to one.

    `table` is scratch as in `group_equal`, for the base's objects.
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(base_id.shape[0]):
        slot = mix(base_id[i] ^ (np.uint64(base_class[i]) << np.uint64(40))) & mask
        while table[slot] != 0xFFFFFFFF:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = i
    for j in range(id_.shape[0]):
        slot = mix(id_[j] ^ (np.uint64(class_of[j]) << np.uint64(40))) & mask
        while table[slot] != 0xFFFFFFFF:
            i = table[slot]
            if base_id[i] == id_[j] and base_class[i] == class_of[j] and base_kept[i] == 0:
                base_kept[i] = 1
                kept[j] = 1
                break
            slot = (slot + np.uint64(1)) & mask

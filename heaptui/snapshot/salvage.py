"""What can be had of a file that ends too early, and words for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.columns import EdgeColumns, NodeColumns
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header
from heaptui.snapshot.layout import Layout, NumberArray, first_values
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source, map_copy
from heaptui.snapshot.spool import BLOCK, spool
from heaptui.snapshot.strings import StringTable, read_strings
from heaptui.snapshot.traces import Traces

ANY = 1 << 32
"""More than any index: what it leads to is made."""

_OPENING, _CLOSING = b',\n"(missing string ', b')"'
_RUN = 1 << 16


@dataclass(frozen=True, slots=True)
class Lost:
    """What a file does not have, in numbers; `told` are those of its header, None where it has none."""

    nodes: int
    nodes_told: int | None
    edges: int
    edges_told: int | None
    names: int
    names_missing: int
    sections: Sequence[str]


def whole_rows(source: Source, array: NumberArray, fields: Sequence[str]) -> NumberArray:
    """The whole rows of an array."""
    return first_values(source, array, array.count // len(fields) * len(fields))


def keep_whole(first_edge: npt.NDArray[np.uint32], edge_count: int) -> int:
    """Leave each node its edges if all of them are there, else none; returns how many edges that leaves."""
    there = np.uint32(min(edge_count, int(first_edge[-1])))
    kept = first_edge[int(np.searchsorted(first_edge, there, side="right")) - 1]
    np.minimum(first_edge, kept, out=first_edge)
    return int(kept)


def strings_needed(header: Header, nodes: NodeColumns, edges: EdgeColumns, traces: Traces | None) -> int:
    """How many strings there must be for every index to lead to one."""
    last = int(nodes.name.max())
    numbered = np.zeros(256, bool)
    numbered[[header.edge_type("element"), header.edge_type("hidden")]] = True
    for low in range(0, len(edges.type), BLOCK):
        part = slice(low, low + BLOCK)
        last = max(last, int(np.where(numbered[edges.type[part]], 0, edges.name_or_index[part]).max()))
    if traces is not None and len(traces.function_name):
        last = max(last, int(traces.function_name.max()), int(traces.script_name.max()))
    return last + 1


def mend_strings(strings: StringTable, needed: int, progress: Progress) -> StringTable:
    """A table of all the strings, those that are missing named by their number.

    It stands in a file of its own, as everything that reads strings reads bytes.
    """
    known = len(strings)
    if strings.whole and known >= needed:
        return strings
    # Every row of a real file brings at most one new string, and takes some bytes.
    if needed - known > (1 << 21) + len(strings.source.data) // 2:
        raise SnapshotError(f"there is no string with the index {needed - 1:,}", section="strings")
    progress.begin("naming what is missing")
    table = spool(_table(strings, needed), progress, checked=False)
    with table.file:
        return read_strings(map_copy(strings.source.name, table, salvage=False), 1, progress)


def _table(strings: StringTable, needed: int) -> Iterator[bytes]:
    known = len(strings)
    yield b"["
    if known:
        end = strings.end - strings.whole
        for low in range(strings.start(0) - 1, end, BLOCK):
            yield strings.source.bytes(low, min(end, low + BLOCK))
    low = known
    while low < needed:
        high = min(needed, low + _RUN, 10 ** len(str(low)))
        names = _missing(low, high)
        yield names if low else names[1:]
        low = high
    yield b"]"


def _missing(low: int, high: int) -> bytes:
    """Names for numbers of the same length."""
    numbers, digits = np.arange(low, high), len(str(low))
    begin = len(_OPENING)
    rows = np.empty((len(numbers), begin + digits + len(_CLOSING)), np.uint8)
    rows[:, :begin] = np.frombuffer(_OPENING, np.uint8)
    for k in range(digits):
        rows[:, begin + k] = ord("0") + numbers // 10 ** (digits - 1 - k) % 10
    rows[:, begin + digits :] = np.frombuffer(_CLOSING, np.uint8)
    return rows.tobytes()


def lost_sections(header: Header, layout: Layout) -> list[str]:
    """What else the header promises and the file does not have."""
    there = {*layout.arrays, *layout.others}
    lost = []
    if header.trace_function_count and not {"trace_function_infos", "trace_tree"} <= there:
        lost.append("allocation stacks")
    if header.trace_function_count and header.sample_fields and "samples" not in there:
        lost.append("the timeline")
    if header.location_fields and "locations" not in there:
        lost.append("source locations")
    return lost


def describe(cut: SnapshotError, lost: Lost) -> str:
    """One line: where the file ends, and what is missing."""
    missing = [
        *_share(lost.nodes, lost.nodes_told, "objects"),
        *_share(lost.edges, lost.edges_told, "references"),
        *_share(lost.names - lost.names_missing, lost.names, "names"),
        *lost.sections,
    ]
    inside = f"the file ends inside `{cut.section}` (byte {cut.byte:,})"
    if not missing:
        return f"{inside}, but only its end is missing"
    known = "; retained sizes are of what is there" if lost.edges != lost.edges_told else ""
    return f"{inside}; missing: {', '.join(missing)}{known}"


def _share(there: int, told: int | None, what: str) -> list[str]:
    if told is None:
        return [] if there else [f"all {what}"]
    if there == told:
        return []
    return [f"{told - there:,} of {told:,} {what}" if there else f"all {what}"]

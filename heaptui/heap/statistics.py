"""The memory by kind, section 12 of DevTools' rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.names import Names
from heaptui.kernels import classes, graph
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

_RUN = 1 << 17
_BUDGET = 1 << 22
_STRINGS = ("string", "concatenated string", "sliced string")


@dataclass(frozen=True, slots=True)
class Statistics:
    """Bytes by kind; `total` is everything, of which `native` is outside V8's heap."""

    total: int
    extra_native_bytes: int
    native: int
    typed_arrays: int
    code: int
    js_arrays: int
    strings: int
    system: int

    @property
    def v8_heap(self) -> int:
        """V8's own heap."""
        return self.total - self.native

    def slices(self) -> dict[str, int]:
        """DevTools' seven slices, which add up to the total."""
        return {
            "Code": self.code,
            "Strings": self.strings,
            "JS arrays": self.js_arrays,
            "Typed arrays": self.typed_arrays,
            "System objects": self.system,
            "Other JS objects": self.v8_heap - self.code - self.strings - self.js_arrays - self.system,
            "Other non-JS objects (such as HTML and CSS)": self.native - self.typed_arrays,
        }


def count_statistics(
    snapshot: Snapshot, names: Names, shallow: npt.NDArray[np.unsignedinteger], progress: Progress
) -> Statistics:
    """Add up shallow sizes by kind."""
    header = snapshot.header
    totals = np.zeros(256, np.int64)
    for low in range(0, len(shallow), _RUN):
        classes.sum_types(snapshot.nodes.type, shallow[low : low + _RUN].astype(np.int64), low, totals)

    def of_type(*wanted: str) -> int:
        return sum(int(totals[header.node_type(name)]) for name in wanted)

    buffers = names.nodes_named("system / JSArrayBufferData", "native")
    return Statistics(
        total=int(totals.sum()) + header.extra_native_bytes,
        extra_native_bytes=header.extra_native_bytes,
        native=header.extra_native_bytes + of_type("native"),
        typed_arrays=int(shallow[buffers].sum(dtype=np.int64)),
        code=of_type("code"),
        js_arrays=_js_arrays(snapshot, names, shallow, progress),
        strings=of_type(*_STRINGS),
        system=of_type("hidden"),
    )


def _js_arrays(snapshot: Snapshot, names: Names, shallow: npt.NDArray[np.unsignedinteger], progress: Progress) -> int:
    """Arrays and the elements that they alone refer to; any other type whose raw name is `Array`."""
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    arrays = names.nodes_named("Array")
    apart = [header.node_type(name) for name in ("hidden", "native", "code", *_STRINGS)]
    arrays = arrays[~np.isin(nodes.type[arrays], apart)]
    found = names.first_edges(arrays, "elements", "internal")
    elements = edges.to_node[found[found >= 0]]
    retainers = np.zeros(snapshot.node_count, np.uint8)
    for low in range(0, snapshot.edge_count, _BUDGET):
        progress.check()
        graph.count_to_two(edges.to_node, low, min(snapshot.edge_count, low + _BUDGET), retainers)
    alone = retainers[elements] == 1
    return int(shallow[arrays].sum(dtype=np.int64)) + int(shallow[elements[alone]].sum(dtype=np.int64))

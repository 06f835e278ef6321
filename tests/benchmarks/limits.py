"""What a machine has to be large for: more than 4 GB of strings, and a hundred million objects.

    python tests/benchmarks/limits.py FOLDER [OBJECTS [light|whole]]

Writes files of some gigabytes (the strings are mostly a hole) to the folder, opens them, checks what
it finds, and removes them.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from heaptui.heap import Heap, LightHeap, load_heap
from heaptui.opening.manner import Manner
from heaptui.opening.opening import open_heap, open_light
from heaptui.opening.preflight import check

_META = (
    '{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],'
    '"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic"],'
    '"string","number","number","number"],"edge_fields":["type","name_or_index","to_node"],'
    '"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"]},'
    '"node_count":%d,"edge_count":%d},"nodes":['
)
_STRINGS = 90_000
_BLOCK = 100_000


def many_strings(path: Path) -> None:
    """Two objects, one of them named by a string that stands behind 4.5 GB of others."""
    with path.open("wb") as file:
        file.write((_META % (2, 1)).encode())
        file.write(b'9,0,1,0,1,3,%d,3,16,0],"edges":[2,1,5],"strings":[""' % (_STRINGS + 1))
        for _ in range(_STRINGS):
            file.write(b',"')
            file.seek(50_000, os.SEEK_CUR)
            file.write(b'"')
        file.write(b',"behind all of it"]}')
    heap = load_heap(path)
    assert heap.names.node(1) == "behind all of it"
    assert len(heap.names.edge(0)) == 50_000


def many_objects(path: Path, count: int, way: str) -> None:
    """As many objects as that, each with a reference to one of them."""
    blocks, rest = divmod(count, _BLOCK)
    assert not rest
    with path.open("wb") as file:
        file.write((_META % (count, count)).encode())
        file.write(b"9,0,1,0,1" + b",3,1,3,16,1" * (_BLOCK - 1))
        for _ in range(blocks - 1):
            file.write(b",3,1,3,16,1" * _BLOCK)
        file.write(b'],"edges":[2,1,5' + b",2,1,5" * (_BLOCK - 1))
        for _ in range(blocks - 1):
            file.write(b",2,1,5" * _BLOCK)
        file.write(b'],"strings":["","Thing"]}')
    light = way == "light"
    manner = Manner(light=light, index_limit=0)
    check([path], manner, whole=not light)
    heap: LightHeap = open_light(path, manner=manner) if light else open_heap(path, manner=manner)
    assert heap.node_count == heap.edge_count == count
    assert heap.total_size == 16 * (count - 1)
    if not light:
        assert isinstance(heap, Heap)
        assert len(heap.retaining_edges(1)[0]) == count


def _peak() -> str:
    with open("/proc/self/status") as lines:
        found = {
            line.split(":")[0]: int(line.split()[1]) / 1e3 for line in lines if line.startswith(("VmHWM", "RssAnon"))
        }
    return f"{found['RssAnon']:,.0f} MB without mapped files now, {found['VmHWM']:,.0f} MB with them at most"


def main(folder: str, objects: int = 100_000_000, way: str = "light") -> None:
    """Run both and print how long they take."""
    path = Path(folder) / "limits.heapsnapshot"
    try:
        began = time.perf_counter()
        many_strings(path)
        print(f"strings over 4 GB: {time.perf_counter() - began:.0f} s; {_peak()}", flush=True)
        began = time.perf_counter()
        many_objects(path, objects, way)
        print(f"{objects:,} objects, {way}: {time.perf_counter() - began:.0f} s; {_peak()}")
    finally:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    _, folder, *rest = sys.argv
    main(folder, int(rest[0]) if rest else 100_000_000, rest[1] if len(rest) > 1 else "light")

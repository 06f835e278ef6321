"""A row per object, for other programs: CSV, JSON lines or NumPy."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from heaptui.heap.detachedness import STATES
from heaptui.heap.distances import SYSTEM_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.report.formats import csv_text

COLUMNS = (
    "id", "type", "name", "class", "shallow_size", "retained_size", "distance", "dominator_id", "detachedness",
    "edge_count",
)  # fmt: skip
_WHOLE = ("retained_size", "distance", "dominator_id")
ENDINGS = (".csv", ".jsonl", ".npz")
_RUN = 1 << 16


def write_nodes(out: IO[Any], ending: str, heap: LightHeap, chosen: npt.NDArray[np.bool_]) -> None:
    """Write the chosen objects; `out` is binary for `.npz`, text otherwise."""
    ordinals = np.flatnonzero(chosen).astype(np.uint32)
    if ending == ".npz":
        np.savez_compressed(out, **_arrays(heap, ordinals))
    elif ending == ".csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_columns(heap))
        for row in _rows(heap, ordinals):
            writer.writerow([csv_text(x) if isinstance(x, str) else "" if x is None else x for x in row])
    else:
        for row in _rows(heap, ordinals):
            out.write(json.dumps(dict(zip(_columns(heap), row, strict=True))) + "\n")


def ending_of(path: str) -> str:
    """The ending that tells the format; raises ValueError, with a sentence for the user, for another one."""
    ending = Path(path).suffix
    if ending not in ENDINGS:
        raise ValueError(f"{path!r} has none of the endings {', '.join(ENDINGS)}")
    return ending


def _columns(heap: LightHeap) -> Sequence[str]:
    """The columns that are known; a light heap lacks some."""
    return [name for name in COLUMNS if isinstance(heap, Heap) or name not in _WHOLE]


def _numbers(heap: LightHeap, ordinals: npt.NDArray[np.uint32]) -> dict[str, npt.NDArray[Any]]:
    nodes = heap.snapshot.nodes
    found: dict[str, npt.NDArray[Any]] = {
        "id": nodes.id[ordinals],
        "shallow_size": heap.shallow_size[ordinals],
        "edge_count": nodes.first_edge[ordinals + np.uint32(1)] - nodes.first_edge[ordinals],
    }
    if isinstance(heap, Heap):
        found["retained_size"] = heap.retained_size[ordinals]
        found["distance"] = heap.distance[ordinals]
        found["dominator_id"] = nodes.id[heap.dominators.dominator[ordinals]]
    return found


def _arrays(heap: LightHeap, ordinals: npt.NDArray[np.uint32]) -> dict[str, Any]:
    """Numbers as they are; a distance that DevTools shows as a minus sign is -1.

    A text column X is the number of each object's text; text i is the UTF-8 bytes of `X_text`
    from `X_end[i - 1]` (0 for the first) to `X_end[i]`. So the file stays small and needs no pickle.
    """
    arrays: dict[str, Any] = dict(_numbers(heap, ordinals))
    if isinstance(heap, Heap):
        distance = arrays["distance"]
        arrays["distance"] = np.where((distance < 0) | (distance >= SYSTEM_DISTANCE), -1, distance)
    names = (heap.names.node(ordinal) for ordinal in ordinals.tolist())
    columns: dict[str, tuple[npt.NDArray[Any], Iterable[str]]] = {
        "type": (heap.snapshot.nodes.type[ordinals], heap.snapshot.header.node_types),
        "class": (heap.classes.of[ordinals], heap.classes.names),
        "detachedness": (heap.detachedness[ordinals] % len(STATES), STATES),
        "name": _numbered(names),
    }
    for key, (codes, texts) in columns.items():
        encoded = [text.encode("utf-8", "replace") for text in texts]
        arrays[key] = codes
        arrays[f"{key}_text"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays[f"{key}_end"] = np.cumsum([len(text) for text in encoded])
    return arrays


def _numbered(texts: Iterable[str]) -> tuple[npt.NDArray[np.int64], Iterable[str]]:
    numbers: dict[str, int] = {}
    codes = np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int64)
    return codes, numbers


def _rows(heap: LightHeap, ordinals: npt.NDArray[np.uint32]) -> Iterator[Sequence[object]]:
    types, names = heap.snapshot.header.node_types, heap.classes.names
    for low in range(0, len(ordinals), _RUN):
        run = ordinals[low : low + _RUN]
        columns: dict[str, Iterable[object]] = {
            **{key: column.tolist() for key, column in _numbers(heap, run).items()},
            "type": (types[t] for t in heap.snapshot.nodes.type[run].tolist()),
            "name": (heap.names.node(ordinal) for ordinal in run.tolist()),
            "class": (names[c] for c in heap.classes.of[run].tolist()),
            "detachedness": (STATES[s % len(STATES)] for s in heap.detachedness[run].tolist()),
        }
        if isinstance(heap, Heap):
            columns["distance"] = (d if 0 <= d < SYSTEM_DISTANCE else None for d in heap.distance[run].tolist())
        yield from zip(*(columns[name] for name in _columns(heap)), strict=True)

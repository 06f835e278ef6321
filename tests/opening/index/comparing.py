"""Whether two heaps are equal in every array and value, told by nothing that the index itself uses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from heaptui.snapshot.strings import StringTable


def differences(one: object, other: object) -> list[str]:
    """Where two values differ, and in what."""
    return list(_differences(one, other, "heap", set()))


def _differences(one: Any, other: Any, where: str, seen: set[int]) -> Iterator[str]:
    if isinstance(one, list) != isinstance(other, list) and type(one) in (list, tuple) and type(other) in (list, tuple):
        # Where any sequence will do, it need not be the same.
        one, other = list(one), list(other)
    if type(one) is not type(other):
        yield f"{where}: {type(one)} and {type(other)}"
    elif isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape or not np.array_equal(one, other):
            yield f"{where}: {one.dtype}{one.shape} and {other.dtype}{other.shape}"
    elif isinstance(one, StringTable):
        # Where they lie differs for a compressed file; what they say must not.
        if [*map(one.raw, range(len(one)))] != [*map(other.raw, range(len(other)))] or one.whole != other.whole:
            yield f"{where}: the strings"
    elif dataclasses.is_dataclass(one):
        if id(one) not in seen:
            seen.add(id(one))
            for field in dataclasses.fields(one):
                mine, its = getattr(one, field.name), getattr(other, field.name)
                yield from _differences(mine, its, f"{where}.{field.name}", seen)
    elif isinstance(one, list | tuple) and not all(isinstance(item, str | int) for item in one):
        if len(one) != len(other):
            yield f"{where}: {len(one)} and {len(other)}"
        for i, (item, its) in enumerate(zip(one, other, strict=False)):
            yield from _differences(item, its, f"{where}[{i}]", seen)
    elif one != other:
        yield where

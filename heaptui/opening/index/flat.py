"""Dataclasses with arrays in them, taken apart into a tree of plain values and a list of arrays, and put together.

What is in a dataclass is told by its annotations alone. So a field that is added to one is kept
without a word about it here, and what is read back can become nothing that the program does not
expect: no type is named in the tree.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Tree = Any
"""None, numbers, texts, lists, and mappings from names of fields: what JSON can say."""

Instead = Mapping[tuple[type, str], Any]
"""By dataclass and field: what to take in place of the field's own value."""

LEFT_OUT = object()
"""In place of the value of a field that will be given when the dataclass is put together."""

T = TypeVar("T")
_PLAIN = (str, int, float, bool)


def flatten(value: object, instead: Instead) -> tuple[Tree, list[Array]]:
    """The tree and the arrays of a dataclass.

    What is there in two places, an array or a dataclass, is kept once. Raises TypeError for a
    value of which the annotations do not tell how to keep it.
    """
    flattener = _Flattener(instead)
    return flattener.writer(type(value))(value), flattener.arrays


def restore(kind: type[T], tree: Tree, arrays: Sequence[Array], given: Instead) -> T:
    """The dataclass that was taken apart; raises KeyError, IndexError, TypeError or ValueError for another tree."""
    return cast(T, _Restorer(arrays, given).reader(kind)(tree))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _optional(hint: Any) -> Any:
    """X of `X | None`; None for other annotations."""
    if get_origin(hint) not in (Union, types.UnionType):
        return None
    others = [other for other in get_args(hint) if other is not type(None)]
    if len(others) != 1 or len(get_args(hint)) != 2:
        raise TypeError(f"one of several types: {hint}")
    return others[0]


def _is_array(hint: Any) -> bool:
    # From numpy 2.5 on `NDArray` is an alias with a name of its own.
    return get_origin(hint) in (np.ndarray, npt.NDArray)


def _is_tuple_of_fields(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields")


class _Flattener:
    def __init__(self, instead: Instead) -> None:
        self._instead = instead
        self.arrays: list[Array] = []
        # What was met before, by its identity; kept alive as long as the numbers are in use.
        self._met: dict[int, tuple[int, object]] = {}
        self._records = 0

    def writer(self, hint: Any) -> Callable[[Any], Tree]:
        """What makes a tree of a value of that type."""
        origin = get_origin(hint)
        if (inner := _optional(hint)) is not None:
            write = self.writer(inner)
            return lambda value: None if value is None else write(value)
        if hint in _PLAIN:
            return lambda value: _checked(hint, value)
        if _is_array(hint):
            return self._array
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return lambda value: self._record(hint, value)
        if _is_tuple_of_fields(hint):
            inners = [self.writer(inner) for inner in get_type_hints(hint).values()]
            return lambda value: [write(item) for write, item in zip(inners, value, strict=True)]
        if origin is not None and issubclass(origin, Mapping):
            names, items = (self.writer(inner) for inner in get_args(hint))
            return lambda value: [[names(name), items(item)] for name, item in value.items()]
        if origin is not None and issubclass(origin, Sequence):
            write = self.writer(get_args(hint)[0])
            return lambda value: [write(item) for item in value]
        raise TypeError(f"an index cannot keep {hint}")

    def _array(self, value: Array) -> Tree:
        if value.dtype.hasobject:
            raise TypeError("an index cannot keep an array of objects")
        if id(value) not in self._met:
            self._met[id(value)] = len(self.arrays), value
            self.arrays.append(value)
        return self._met[id(value)][0]

    def _record(self, kind: Any, value: Any) -> Tree:
        hints = _hints(kind)
        if type(value) is not kind:
            raise TypeError(f"{type(value)} where {kind} should be")
        if id(value) in self._met:
            return self._met[id(value)][0]
        self._met[id(value)] = self._records, value
        self._records += 1
        values = {name: self._instead.get((kind, name), getattr(value, name)) for name in hints}
        return {name: self.writer(hint)(values[name]) for name, hint in hints.items() if values[name] is not LEFT_OUT}


class _Restorer:
    def __init__(self, arrays: Sequence[Array], given: Instead) -> None:
        self._arrays = arrays
        self._given = given
        self._records: list[Any] = []

    def reader(self, hint: Any) -> Callable[[Tree], Any]:
        """What makes a value of that type of a tree."""
        origin = get_origin(hint)
        if (inner := _optional(hint)) is not None:
            read = self.reader(inner)
            return lambda tree: None if tree is None else read(tree)
        if hint in _PLAIN:
            return lambda tree: _checked(hint, tree)
        if _is_array(hint):
            return lambda tree: self._arrays[tree]
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return lambda tree: self._record(hint, tree)
        if _is_tuple_of_fields(hint):
            inners = [self.reader(inner) for inner in get_type_hints(hint).values()]
            return lambda tree: hint(*(read(item) for read, item in zip(inners, tree, strict=True)))
        if issubclass(origin, Mapping):
            names, items = (self.reader(inner) for inner in get_args(hint))
            return lambda tree: {names(name): items(item) for name, item in tree}
        read = self.reader(get_args(hint)[0])
        make = tuple if origin is tuple else list
        return lambda tree: make(read(item) for item in tree)

    def _record(self, kind: Any, tree: Tree) -> Any:
        if isinstance(tree, int):
            record = self._records[tree]
            return _checked(kind, record)
        # As they are numbered when they are met, one that holds others has its number before them.
        number = len(self._records)
        self._records.append(None)
        fields = {
            name: self._given[kind, name] if (kind, name) in self._given else self.reader(hint)(tree[name])
            for name, hint in _hints(kind).items()
        }
        self._records[number] = kind(**fields)
        return self._records[number]


def _checked(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{type(value)} where {kind} should be")
    return value

"""Columns by name, as data frames take them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.views import text

Array = npt.NDArray[Any]

_SHOWN = 20
_WIDEST = 48


def read_only(values: Array) -> Array:
    """A view that cannot be written to; nothing is copied."""
    view = values.view()
    view.flags.writeable = False
    return view


class Table(dict[str, Array]):
    """NumPy arrays of one length by the names of their columns.

    A dict, so that `pandas.DataFrame(table)` and `polars.DataFrame(table)` take it as it is.
    Sizes are bytes and int64 as counts are; a distance or a position that is not known is -1.
    Texts are Python strings in an object array, not escaped, None where there is none.
    """

    @property
    def height(self) -> int:
        """How many rows there are; `len(table)` is the number of columns."""
        return len(next(iter(self.values()), ()))

    def row(self, index: int) -> dict[str, Any]:
        """One row as plain Python values; raises IndexError where there is none."""
        return {name: _plain(values[index]) for name, values in self.items()}

    def take(self, which: npt.ArrayLike | slice) -> Table:
        """Some rows: a mask (bool, one entry a row), the rows' numbers, or a slice."""
        chosen = which if isinstance(which, slice) else np.asarray(which)
        return Table({name: values[chosen] for name, values in self.items()})

    def to_dict(self) -> dict[str, list[Any]]:
        """Lists of plain Python values by column."""
        return {name: values.tolist() for name, values in self.items()}

    def to_numpy(self) -> Array:
        """A structured array of one record a row; the values are copied."""
        records = np.empty(self.height, [(name, values.dtype) for name, values in self.items()])
        for name, values in self.items():
            records[name] = values
        return records

    def __repr__(self) -> str:
        lines = self._lines()
        widths = [max(text.cell_width(line[i]) for line in lines) for i in range(len(self))]
        numeric = [values.dtype != object for values in self.values()]
        shown = ["  ".join(_aligned(line, widths, numeric)).rstrip() for line in lines]
        return "\n".join([*shown, self._size()])

    def _repr_html_(self) -> str:
        head, *body = ([html.escape(cell) for cell in line] for line in self._lines())
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in body)
        titles = "".join(f"<th>{cell}</th>" for cell in head)
        return f"<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table><p>{html.escape(self._size())}</p>"

    def _lines(self) -> list[list[str]]:
        """The titles and the first rows, escaped."""
        shown = [[_cell(value) for value in values[:_SHOWN]] for values in self.values()]
        return [list(self), *([column[i] for column in shown] for i in range(min(self.height, _SHOWN)))]

    def _size(self) -> str:
        size = f"{text.counted(self.height, 'row')}, {text.counted(len(self), 'column')}"
        return f"{size}; the first {_SHOWN} are shown" if self.height > _SHOWN else size


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | np.integer):
        return str(int(value))
    return text.fit(text.escape(str(value)), _WIDEST)


def _aligned(line: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterable[str]:
    for cell, width, right in zip(line, widths, numeric, strict=True):
        space = " " * (width - text.cell_width(cell))
        yield space + cell if right else cell + space


def column(values: Sequence[object]) -> Array:
    """Values as an array: numbers of one kind as such, everything else as objects."""
    kinds = {type(value) for value in values}
    for kind, dtype in ((bool, np.bool_), (int, np.int64), (float, np.float64)):
        if kinds == {kind}:
            return np.array(values, dtype)
    objects = np.empty(len(values), object)
    objects[:] = values
    return objects


def table_of(records: Iterable[Mapping[str, object]], fields: Iterable[str] = ()) -> Table:
    """Records of the same keys as a table; `fields` are its columns where there are no records."""
    rows = list(records)
    names = rows[0] if rows else fields
    return Table({name: read_only(column([record[name] for record in rows])) for name in names})

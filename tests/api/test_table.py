"""Tables go into pandas and polars as they are, and show themselves harmlessly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import polars as pl
import pytest

import heaptui
from heaptui.api.table import Table, column, table_of
from heaptui.demo import FILES


@pytest.fixture(scope="module")
def heap() -> Iterator[heaptui.OpenHeap]:
    with heaptui.open(FILES[1]) as heap:
        yield heap


def test_pandas_takes_tables(heap: heaptui.OpenHeap) -> None:
    for table in (heap.summary(), heap.nodes, heap.retainers(81385), heap.strings(limit=5)):
        frame = pd.DataFrame(table)
        assert list(frame.columns) == list(table)
        for name, values in table.items():
            if values.dtype != object:
                assert np.array_equal(frame[name].to_numpy(), values)
    largest = pd.DataFrame(heap.summary()).sort_values("retained_size", ascending=False)
    assert largest["name"].iloc[0] == "global"
    by_class = pd.DataFrame(heap.objects(heap.nodes["shallow_size"] > 0)).groupby("class")["shallow_size"].sum()
    assert by_class["Buffer"] == 9792


def test_polars_takes_tables(heap: heaptui.OpenHeap) -> None:
    for table in (heap.summary(), heap.nodes, heap.retainers(81385), heap.strings(limit=5)):
        frame = pl.DataFrame(table)
        assert frame.columns == list(table)
        assert frame.height == table.height
        for name, values in table.items():
            if values.dtype != object:
                assert np.array_equal(frame[name].to_numpy(), values)
    classes = pl.DataFrame(heap.summary())
    assert classes.schema["name"] == pl.String
    assert classes.filter(pl.col("name") == "Buffer")["count"].to_list() == [102]


def test_a_structured_array_has_the_same_values(heap: heaptui.OpenHeap) -> None:
    table = heap.summary()
    records = table.to_numpy()
    assert records.dtype.names == tuple(table)
    assert records[3]["name"] == table["name"][3]
    assert np.array_equal(records["retained_size"], table["retained_size"])
    assert pd.DataFrame(records)["count"].sum() == table["count"].sum()


def test_rows_are_taken_by_masks_numbers_and_slices() -> None:
    table = table_of([{"name": "a", "size": 1}, {"name": "b", "size": -1}, {"name": None, "size": 3}])
    assert table.to_dict() == {"name": ["a", "b", None], "size": [1, -1, 3]}
    assert table.take(table["size"] > 0)["name"].tolist() == ["a", None]
    assert table.take([1]).row(0) == {"name": "b", "size": -1}
    assert table.take(slice(1, None)).height == 2
    with pytest.raises(IndexError):
        table.row(3)


def test_a_table_without_rows_has_its_columns() -> None:
    assert table_of([], ["a", "b"]).to_dict() == {"a": [], "b": []}


def test_columns_have_the_type_of_their_values() -> None:
    for values, dtype in (([1, -1], "int64"), ([1.5], "float64"), ([True, False], "bool"), (["x", None], "object")):
        assert column(values).dtype == dtype
    for mixed in ([True, None], [[1, 2], [3, 4]], [1, "x"], []):
        assert column(mixed).dtype == object
        assert column(mixed).tolist() == mixed


def test_a_table_shows_its_first_rows_escaped() -> None:
    table = table_of([{"name": "evil\x1b]52;c;AAAA\x07\n\u202e" + "x" * 500, "size": 7}] * 30)
    shown = repr(table)
    assert shown.splitlines()[0].split() == ["name", "size"]
    assert shown.endswith("30 rows, 2 columns; the first 20 are shown")
    assert all(line.isprintable() and len(line) < 100 for line in shown.splitlines())


def test_a_notebook_gets_html_without_markup_of_the_heaps() -> None:
    markup = table_of([{"name": "<script>alert(1)</script>", "size": 7}])._repr_html_()
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert Table()._repr_html_().endswith("0 rows, 0 columns</p>")

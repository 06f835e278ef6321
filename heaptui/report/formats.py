"""The four formats. Whatever came out of the heap is escaped for the one it goes into."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from heaptui.report.rows import Printed
from heaptui.views import text
from heaptui.views.model import ONLY_ON_SCREENS, Column

FORMATS = ("table", "json", "csv", "markdown")
SCHEMA = "heaptui/1"
_COMPUTED = ("=", "+", "-", "@")
_NARROWEST_NAME, _WIDEST_NAME = 24, 100


def write_json(out: TextIO, head: Mapping[str, object], key: str | None, records: Iterable[object]) -> None:
    """One document: what `head` has, then the records under `key`, one a line."""
    entries = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    out.write("{" + ", ".join(entries))
    if key is not None:
        out.write(f", {json.dumps(key)}: [")
        for i, record in enumerate(records):
            out.write(("," if i else "") + "\n" + json.dumps(record))
        out.write("\n]")
    out.write("}\n")


def write_csv(out: TextIO, records: Iterable[Mapping[str, object]], fields: Sequence[str] = ()) -> None:
    """A line a record; nested values as `edge.name`, texts as `csv_text` has them.

    Without `fields`, which `fields_of` finds where records differ, the first record has all of them.
    """
    writer: csv.DictWriter[str] | None = None
    for record in records:
        flat = dict(_flatten(record))
        if writer is None:
            writer = csv.DictWriter(out, fields or list(flat), lineterminator="\n")
            writer.writeheader()
        writer.writerow(flat)


def fields_of(records: Iterable[Mapping[str, object]]) -> list[str]:
    """The columns of a CSV with all of these records, in the order in which they first come."""
    fields: dict[str, None] = {}
    for record in records:
        fields.update((key, None) for key, _ in _flatten(record))
    return list(fields)


def _flatten(record: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if key == "location" and isinstance(value, dict):
            yield prefix + key, ":".join(str(part) for part in value.values())
        elif isinstance(value, dict):
            yield from _flatten(value, prefix if key == "object" else f"{prefix}{key}.")
        elif not isinstance(value, list):
            yield prefix + key, csv_text(value) if isinstance(value, str) else value


def csv_text(told: str) -> str:
    """A text as a cell of a CSV: escaped, and behind an apostrophe where a spreadsheet would compute it."""
    shown = text.escape(told)
    return f"'{shown}" if shown.startswith(_COMPUTED) else shown


def write_table(out: TextIO, columns: Sequence[Column], total: Mapping[str, int], rows: Iterable[Printed]) -> None:
    """Aligned columns; sizes with their share of the whole."""
    lines = [_title_cells(columns, total), *_cells(columns, total, rows)]
    widths = [max(text.cell_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    room = shutil.get_terminal_size().columns - sum(widths[1:]) - 2 * (len(widths) - 1)
    widths[0] = min(widths[0], max(_NARROWEST_NAME, room) if out.isatty() else _WIDEST_NAME)
    for line in lines:
        name = text.fit(line[0], widths[0])
        cells = [name + " " * (widths[0] - text.cell_width(name))]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        out.write("  ".join(cells).rstrip() + "\n")


def write_markdown(out: TextIO, columns: Sequence[Column], total: Mapping[str, int], rows: Iterable[Printed]) -> None:
    """A table of GitHub's Markdown."""
    titles = _title_cells(columns, total)
    out.write("| " + " | ".join(titles) + " |\n")
    out.write("| " + " | ".join(["---"] + ["---:"] * (len(titles) - 1)) + " |\n")
    for line in _cells(columns, total, rows):
        # Leading spaces show the level; Markdown would drop plain ones.
        level = len(line[0]) - len(line[0].lstrip(" "))
        name = "&nbsp;" * level + markdown_text(line[0].lstrip(" "))
        out.write("| " + " | ".join([name, *line[1:]]) + " |\n")


def write_markdown_line(out: TextIO, line: str) -> None:
    """A paragraph of one line."""
    out.write(markdown_text(text.escape(line)) + "\n\n")


def write_markdown_lines(out: TextIO, titles: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """A table of texts."""
    out.write(f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n")
    for line in lines:
        out.write(f"| {' | '.join(markdown_text(text.escape(shown)) for shown in line)} |\n")


def write_markdown_pairs(out: TextIO, pairs: Iterable[tuple[str, str]]) -> None:
    """A table of labels and texts."""
    out.write("| | |\n| --- | --- |\n")
    for label, shown in pairs:
        out.write(f"| {markdown_text(label)} | {markdown_text(text.escape(shown))} |\n")


_MARKDOWN = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", **{c: "\\" + c for c in "\\`*_{}[]()#+-.!|~$^=:"}}
)  # fmt: skip


def markdown_text(line: str) -> str:
    """A line of which Markdown takes nothing for markup; control characters are not its concern."""
    return line.translate(_MARKDOWN)


def _title_cells(columns: Sequence[Column], total: Mapping[str, int]) -> list[str]:
    titles = []
    for column in columns:
        titles.append(column.title)
        if column.share and column.key in total:
            titles.append("%")
    return titles


def _cells(columns: Sequence[Column], total: Mapping[str, int], rows: Iterable[Printed]) -> Iterator[list[str]]:
    empty = [""] * (len(_title_cells(columns, total)) - 1)
    for printed in rows:
        row, indent = printed.row, "  " * printed.level
        if row is None:
            yield [f"{indent}{text.ELLIPSIS} {text.count(printed.left_out)} more", *empty]
            continue
        signs = "".join(f" [{mark}]" for mark in sorted(row.marks - ONLY_ON_SCREENS))
        line = [indent + text.label_text(row.label) + signs]
        for column in columns[1:]:
            shown = column.key in row.cells
            value = row.cells.get(column.key)
            line.append(text.cell(column.kind, value) if shown else "")
            if column.share and column.key in total:
                line.append(text.percent(value, total[column.key]) if value is not None else "")
        yield line

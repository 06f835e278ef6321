"""A report as GitHub's Markdown. Nothing of the heap stands in it unescaped."""

from __future__ import annotations

from typing import TextIO

from heaptui.report import formats
from heaptui.report.document.content import SHOWN, Content, Listing
from heaptui.report.rows import Wanted, walk
from heaptui.views import text
from heaptui.views.trace import markdown

_BAR = 30


def write_markdown(out: TextIO, content: Content) -> None:
    """Write the report."""
    out.write(f"# Heap report: {_line(content.title)}\n\n")
    out.write(f"**{_line(content.suspects.verdict)}**\n")
    for i in content.shown_suspects:
        suspect = content.suspects.suspects[i]
        said = markdown(content.suspects.found, suspect)
        if suspect.leaks or not i:
            out.write(f"\n## {content.kind_of(i)} {i + 1}\n\n{said}")
        else:
            head = f"{content.kind_of(i)} {i + 1}: {_line(suspect.title)}"
            out.write(f"\n<details><summary>{head}</summary>\n\n{said}\n</details>\n")
    for listing in content.listings[:-1]:
        _write_listing(out, listing)
    _write_statistics(out, content)
    _write_listing(out, content.listings[-1])
    out.write("\n## How this was made\n\n")
    for name, facts in content.files():
        out.write(f"- {_line(name)}: " + ", ".join(f"{label} {_line(said)}" for label, said in facts) + "\n")
    out.write(f"- by {_line(content.made_by())}\n")


def _line(said: str) -> str:
    return formats.markdown_text(text.escape(said))


def _write_listing(out: TextIO, listing: Listing) -> None:
    printed, count = listing.shown()
    out.write(f"\n## {listing.title}\n\n{_line(listing.about)}\n\n")
    if not printed:
        out.write(f"{_line(listing.view.empty)}\n")
        return
    columns, total = listing.view.columns, listing.view.total
    formats.write_markdown(out, columns, total, printed[:SHOWN])
    if folded := printed[SHOWN:]:
        out.write(f"\n<details><summary>{text.count(len(folded))} more</summary>\n\n")
        formats.write_markdown(out, columns, total, folded)
        out.write("\n</details>\n")
    if count > len(printed):
        out.write(f"\n{text.counted(count - len(printed), 'row')} left out.\n")


def _write_statistics(out: TextIO, content: Content) -> None:
    view = content.statistics
    out.write("\n## The memory by kind\n\n```text\n")
    sizes = {row.label.name: row.cells["size"] or 0 for row in view.roots(view.order).page(0, 100)}
    width = max(map(len, sizes))
    for name, size in sizes.items():
        bar = "█" * round(_BAR * size / max(1, sizes["Total"]))
        out.write(f"{name:<{width}}  {text.size(size):>8}  {bar}".rstrip() + "\n")
    out.write("```\n\n")
    wanted = Wanted(view.order)
    formats.write_markdown(out, view.columns, view.total, walk(view, view.roots(view.order), wanted))

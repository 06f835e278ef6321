"""A report as JSON: the documents of the commands, each under its name."""

from __future__ import annotations

from typing import TextIO

from heaptui.report import formats
from heaptui.report.command import document_head
from heaptui.report.document.content import Content, Listing
from heaptui.report.rows import tree

_TOO_MANY = ("ids",)
"""What a record may have by the million."""


def write_data(out: TextIO, content: Content) -> None:
    """Write one document, its keys as those of the commands."""
    head = document_head("report", content.heaps)
    for file, digest in zip(head["files"], content.digests, strict=True):  # type: ignore[call-overload]
        file["sha256"] = digest
    found = content.suspects.found
    document = {
        **head,
        "version": content.version,
        "options": dict(content.options),
        "verdict": found.judgement,
        "growth": {"count": found.count, "size": found.size},
        "suspects": [content.suspects.suspect_record(i) for i in content.shown_suspects],
        "statistics": content.statistics.document(),
        **{listing.key: _listed(listing) for listing in content.listings},
    }
    formats.write_json(out, document, None, ())


def _listed(listing: Listing) -> dict[str, object]:
    report = listing.report
    printed, count = listing.printed()
    records = [
        {key: value for key, value in record.items() if key not in _TOO_MANY}
        for record in tree(listing.view, iter(printed))
    ]
    return {**report.head, str(report.key): records, "more": count - len(printed)}

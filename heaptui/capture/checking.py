"""Whether a file that was taken is whole, by the reader's own walk over it."""

from __future__ import annotations

import os

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.snapshot.errors import KILLED, SnapshotError
from heaptui.snapshot.progress import Progress


def check_whole(path: str, progress: Progress) -> None:
    """Walk a file to its end and count; raises TargetGone where something is missing, CaptureError where all is."""
    if not os.path.getsize(path):
        raise CaptureError("the inspector says that the snapshot is there, but sent nothing of it")
    # The kernels, which take a moment to import.
    from heaptui.snapshot.header import parse_header
    from heaptui.snapshot.layout import find_sections
    from heaptui.snapshot.source import open_source

    try:
        source = open_source(path, progress)
        layout = find_sections(source, progress)
        header = parse_header(source.bytes(*layout.header), layout.header[0])
    except SnapshotError as error:
        # Neither the disk nor a killer is to blame: the file was written here, and the process answered.
        raise TargetGone(f"what came is not whole: {error.what.removesuffix(f': {KILLED}')}") from None
    for name, told, fields in (
        ("nodes", header.node_count, header.node_fields),
        ("edges", header.edge_count, header.edge_fields),
    ):
        there = layout.arrays[name].count
        if told is not None and there != told * len(fields):
            raise TargetGone(f"what came is not whole: {there:,} numbers in `{name}`, {told * len(fields):,} expected")

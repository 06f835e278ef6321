"""Snapshots whose strings are placeholders from here on: nothing above can show what is not there any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from heaptui.privacy.placeholders import Key, Placeholders
from heaptui.privacy.rewriting import agree, rewritten
from heaptui.privacy.rules import Rules
from heaptui.privacy.survey import Survey, get_kernels_ready
from heaptui.privacy.uses import uses_in_snapshot
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot
from heaptui.snapshot.source import map_copy
from heaptui.snapshot.spool import spool
from heaptui.snapshot.strings import read_strings


def hide_values(snapshots: Sequence[Snapshot], progress: Progress, rules: Rules | None = None) -> list[Snapshot]:
    """The same snapshots without the user's data; equal texts have equal placeholders in all of them.

    Their strings stand in a private temporary file; raises SnapshotError where the disk has no room.
    """
    get_kernels_ready(progress)
    key, rules = Key(), rules or Rules()
    surveys = [Survey(snapshot.strings, uses_in_snapshot(snapshot), rules, key, progress) for snapshot in snapshots]
    placeholders = agree(surveys, key, progress)
    return [
        _hidden(snapshot, survey, placeholders, progress) for snapshot, survey in zip(snapshots, surveys, strict=True)
    ]


def _hidden(snapshot: Snapshot, survey: Survey, placeholders: Placeholders, progress: Progress) -> Snapshot:
    if not len(snapshot.strings):
        return snapshot
    table = spool(
        chain([b'["'], rewritten(survey, placeholders, progress), _closing(snapshot)), progress, checked=False
    )
    with table.file:
        source = map_copy(snapshot.name, table, salvage=False)
    return replace(snapshot, strings=read_strings(source, 1, progress))


def _closing(snapshot: Snapshot) -> list[bytes]:
    """What the array of a file that ends too early lacks."""
    return [] if snapshot.strings.whole else [b"]"]

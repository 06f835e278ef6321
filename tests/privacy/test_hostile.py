"""A file that the reader refuses is not redacted, and one that it takes has the same nodes, edges and lengths then."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from heaptui.privacy.redacting import Job, open_all, redacted
from heaptui.privacy.rules import Rules
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.snapshot import Snapshot, load_snapshot
from tests.building import chain
from tests.snapshot.hostile import formats, headers, texts, truncation, values
from tests.snapshot.hostile.base import Case

LARGE = ("str-100mb",)
CASES = [
    case
    for case in (*truncation.CASES, *formats.CASES, *headers.CASES, *values.CASES, *texts.CASES)
    if case.name not in LARGE
]
NOT_UTF8 = ("str-raw-surrogates", "str-invalid-utf8")
"""Bytes that are no text have as many characters as a reader makes of them."""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Where a case and what becomes of it are written."""
    return tmp_path / "in.heapsnapshot", tmp_path / "out.heapsnapshot"


def loaded(file: Path) -> Snapshot | None:
    try:
        return load_snapshot(file)
    except SnapshotError:
        return None


def redact(source: Path, out: Path) -> bool:
    try:
        (opened,), placeholders = open_all([str(source)], Rules(), Job())
        with out.open("wb") as file:
            file.writelines(redacted(opened, placeholders, Job()))
    except SnapshotError:
        return False
    return True


def lengths(snapshot: Snapshot) -> list[int]:
    return [len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in map(snapshot.strings.__getitem__, SOME)]


SOME = range(500)
"""Strings of which the length is compared; all cases have more, or none."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_or_has_the_same_structure(case: Case, files: tuple[Path, Path]) -> None:
    files[0].write_bytes(case.make())
    before = loaded(files[0])
    after = loaded(files[1]) if redact(*files) else None
    if before is None or after is None:
        assert before is after
        return
    np.testing.assert_array_equal(before.nodes.name, after.nodes.name)
    np.testing.assert_array_equal(before.edges.to_node, after.edges.to_node)
    assert len(before.strings) == len(after.strings)
    if case.name not in NOT_UTF8 and len(before.strings) > len(SOME):
        assert lengths(before) == lengths(after)


@pytest.mark.parametrize(
    ("to_node", "said"), [(7 * 9, "to an object that is not there: 63"), (8, "into the middle of an object: 8")]
)
def test_an_edge_that_leads_to_no_object_is_refused_as_the_reader_does(tmp_path: Path, to_node: int, said: str) -> None:
    document = chain(3).document()
    edges = document["edges"]
    assert isinstance(edges, list)
    edges[5] = to_node
    file = tmp_path / "in.heapsnapshot"
    file.write_text(json.dumps(document))
    for read in (lambda: open_all([str(file)], Rules(), Job()), lambda: load_snapshot(file)):
        with pytest.raises(SnapshotError, match=said):
            read()

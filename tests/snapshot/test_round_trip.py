"""What was written is what is read, whatever the layout: random drafts, column by column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heaptui.snapshot import layout
from heaptui.snapshot.snapshot import Snapshot, load_snapshot
from tests.building import EDGE_TYPES, NODE_TYPES, SECTIONS, Draft

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERED = ("element", "hidden")
WIDE = st.integers(0, 100) | st.integers(0, 2**40)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A graph of 1 to 300 nodes in a layout of its own."""
    count = draw(st.integers(1, 12) | st.integers(1, 300))
    names = draw(st.lists(TEXT, min_size=1, max_size=20))
    dice = draw(st.randoms(use_true_random=False))
    wide = draw(WIDE)
    draft = Draft(
        order=draw(st.permutations(SECTIONS)),
        gap=draw(st.text(" \n\r\t", max_size=3)),
        extra_fields=draw(st.integers(0, 3)),
        dropped_fields=draw(st.sampled_from([(), ("detachedness",), ("trace_node_id", "detachedness")])),
        header=draw(st.sampled_from([{}, {"trace_function_count": 0}, {"node_count": None, "edge_count": None}])),
    )
    for _ in range(count):
        draft.add(dice.choice(NODE_TYPES), dice.choice(names), dice.randint(0, wide), detachedness=dice.randint(0, 2))
    for _ in range(draw(st.integers(0, 2 * count))):
        kind = dice.choice(EDGE_TYPES)
        name = dice.randrange(2**32) if kind in NUMBERED else dice.choice(names)
        draft.link(dice.randrange(count), dice.randrange(count), name, kind)
    for _ in range(draw(st.integers(0, 5))):
        draft.locations.append((dice.randrange(count), dice.randint(0, 99), dice.randint(0, 9999), 7))
    return draft


def check_nodes(snapshot: Snapshot, draft: Draft) -> None:
    nodes, written = snapshot.nodes, draft.nodes
    types = [snapshot.header.node_types[number] for number in nodes.type]
    assert types == [node.type for node in written]
    assert snapshot.strings.decode(nodes.name) == [node.name for node in written]
    assert nodes.id.tolist() == [node.id for node in written]
    assert nodes.self_size.tolist() == [node.size for node in written]
    assert nodes.trace_node_id is None
    if "detachedness" in draft.dropped_fields:
        assert nodes.detachedness is None
    else:
        assert nodes.detachedness is not None
        assert nodes.detachedness.tolist() == [node.detachedness for node in written]


def check_edges(snapshot: Snapshot, draft: Draft) -> None:
    edges, first = snapshot.edges, snapshot.nodes.first_edge
    assert len(first) == len(draft.nodes) + 1
    for ordinal, node in enumerate(draft.nodes):
        span = range(first[ordinal], first[ordinal + 1])
        kinds = [snapshot.header.edge_types[edges.type[e]] for e in span]
        names = [int(edges.name_or_index[e]) for e in span]
        shown = [n if kind in NUMBERED else snapshot.strings[n] for kind, n in zip(kinds, names, strict=True)]
        assert list(zip(kinds, shown, edges.to_node[span].tolist(), strict=True)) == node.edges


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("drafts")


@settings(max_examples=120, deadline=None)
@given(draft=drafts(), piece=st.sampled_from([5, 64, 1000, 1 << 19]))
def test_what_was_written_is_read(folder: Path, draft: Draft, piece: int) -> None:
    path = folder / "draft.heapsnapshot"
    path.write_bytes(draft.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_PIECE", piece)
        snapshot = load_snapshot(path)
    assert snapshot.root == 0
    check_nodes(snapshot, draft)
    check_edges(snapshot, draft)
    found = snapshot.locations
    rows = zip(*(column.tolist() for column in (found.ordinal, found.script_id, found.line, found.column)), strict=True)
    assert list(rows) == draft.locations

"""Random snapshots, alone and in pairs, with everything that the leak finder looks at."""

from __future__ import annotations

from hypothesis import strategies as st

from heaptui.suspects.knowledge import costs
from tests.building import Draft

TYPES = ("object", "object", "hidden", "native", "closure", "string", "code", "array", "synthetic", "object shape",
         "concatenated string", "sliced string", "symbol")  # fmt: skip
KINDS = ("element", "property", "internal", "hidden", "weak", "context", "shortcut")
NAMES = (
    *costs.INTERNAL_EDGES, *costs.NAMED_EDGES, *costs.NODE_NAMES, "", "a", "b", "7", "12", "scope_info", "global",
    "system / NativeContext", "system / Context / x", "system / Other", "_events", "Detached <div>", "Map", "Array",
    "Socket", "Function", "\x1b[31m", "(?:", "[/red]", "\ud800", "node_modules",
)  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn, most: int = 14, ids: st.SearchStrategy[int] | None = None) -> Draft:
    """A graph of anything below a root."""
    draft = Draft()
    count = draw(st.integers(1, most))
    chosen = (
        draw(st.lists(ids, min_size=count, max_size=count, unique=True))
        if ids is not None
        else range(3, 3 + 2 * count, 2)
    )
    draft.add("synthetic", "", id=1)
    for identifier in chosen:
        size = draw(st.one_of(st.integers(0, 200), st.sampled_from([0, 9_000, 100_000])))
        draft.add(draw(st.sampled_from(TYPES)), draw(st.sampled_from(NAMES)), size, id=identifier)
    draft.link(0, 1, 1, "element")
    node = st.integers(0, count)
    for source, target, kind, name in draw(
        st.lists(st.tuples(node, node, st.sampled_from(KINDS), st.sampled_from(NAMES)), max_size=4 * count)
    ):
        numbered = kind in ("element", "hidden")
        draft.link(source, target, len(draft.nodes[source].edges) if numbered else name, kind)
    for source, target in draw(st.lists(st.tuples(node, node), max_size=3)):
        # Many alike, as leaks are.
        for i in range(draw(st.sampled_from([3, 12, 60]))):
            draft.link(source, target, i, "element")
            fresh = draft.add("object", "Entry", 300, id=(1 << 20) + 2 * len(draft.nodes))
            draft.link(target, fresh, i, "element")
    return draft


IDS = st.integers(1, 20).map(lambda number: 2 * number + 1)
PAIRS = st.tuples(drafts(ids=IDS), drafts(ids=IDS))
"""Two snapshots that share some ids."""

"""Every row is found in its list by its key."""

from __future__ import annotations

import numpy as np
import pytest

from heaptui.heap import Heap
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.dominators import DominatorsView
from heaptui.views.entries import WithEntries
from heaptui.views.model import Order, View
from heaptui.views.retainers import RetainersView
from heaptui.views.strings import StringsView
from heaptui.views.summary import SummaryView

ORDERS = [Order("retained_size", True), Order("name", False)]


def views(demo: tuple[Heap, Heap]) -> dict[str, View]:
    before, after = demo
    refers_most = int(np.argmax(np.diff(after.snapshot.nodes.first_edge)))
    kept_most = int(np.argmax(np.diff(after.retainers.first)))
    collection = int(after.names.nodes_named("Map", "object")[0])
    return {
        "summary": SummaryView(after),
        "comparison": ComparisonView(before, after),
        "containment": ContainmentView(after),
        "references": ContainmentView(after, refers_most),
        "entries": WithEntries(ContainmentView(after, collection)),
        "retainers": RetainersView(after, kept_most),
        "dominators": DominatorsView(after),
        "strings": StringsView(after),
    }


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.key)
@pytest.mark.parametrize(
    "name", ["summary", "comparison", "containment", "references", "entries", "retainers", "dominators", "strings"]
)
def test_a_key_leads_to_its_row(demo: tuple[Heap, Heap], name: str, order: Order) -> None:
    view = views(demo)[name]
    top = view.roots(order)
    lists = [top, *(view.children(row, order) for row in top.page(0, 40) if row.expandable)]
    for rows in lists:
        page = rows.page(0, len(rows))
        for place in {*range(0, len(page), max(1, len(page) // 50)), len(page) - 1} - {-1}:
            assert rows.place(page[place].key) == place
        for missing in ("nowhere", (7, 0), (), -1, ("entries", 0, 0)):
            assert rows.place(missing) is None

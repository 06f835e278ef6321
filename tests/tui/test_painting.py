"""Lines are exactly as wide as they should be, whatever stands in the heap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from heaptui.tui import painting
from heaptui.tui.geometry import arrange
from heaptui.tui.painting import bar, cut, cut_start, fitted, line_text, paint_header, paint_label, paint_line
from heaptui.views import text
from heaptui.views.lines import Line
from heaptui.views.model import Label, Mark, Row, RowList
from tests.tui.fakes import NASTY, FakeComparison, FakeView

WIDTHS = [40, 80, 120, 180]
LABELS = [
    *(Label(name, count=1520) for name in NASTY),
    *(Label(name, 186349, edge=name, relation="in", note="server.js 92:12") for name in NASTY),
    Label("", 5, edge="table", relation="::"),
]


def line(row: Row | None, depth: int = 0) -> Line:
    return Line(row, RowList([]), 0, depth=depth)


@given(st.text(), st.integers(2, 50))
def test_a_path_cut_at_its_start_keeps_its_end(value: str, width: int) -> None:
    shown, escaped = cut_start(value, width), text.escape(value)
    assert cell_len(shown) <= width
    assert shown == escaped or (shown[0] == text.ELLIPSIS and escaped.endswith(shown[1:]))
    assert cut_start(f"/srv/{'long/' * 40}{value}", 300).endswith(escaped[-50:])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("depth", [0, 3, 200])
def test_lines_fill_the_width(label: Label, width: int, depth: int) -> None:
    for view in (FakeView, FakeComparison):
        geometry = arrange(tuple(view.columns), view.order.key, width)
        cells = {column.key: 1_234_567_890 for column in view.columns}
        row = Row(1, label, cells, expandable=True, marks=frozenset({"new", "detached"}))
        pieces = paint_line(line(row, depth), geometry, {"shallow": 10_000_000_000})
        assert cell_len(line_text(pieces)) == width
        assert text.escape(line_text(pieces)) == line_text(pieces)
        header = paint_header("Constructor", geometry, view.order, "name")
        assert cell_len(line_text(header)) == width - (geometry.width - width)


@given(st.lists(st.text("# Sizeofn漢"), max_size=9), st.integers(0, 90))
def test_titles_give_way_only_where_they_must(titles: list[str], room: int) -> None:
    shown = fitted(titles, room)
    cells = [cell_len(title) for title in shown]
    assert sum(cells) <= room or max(cells) <= painting.SHORTEST_TITLE
    if sum(map(cell_len, titles)) <= room:
        assert shown == titles


@given(st.text(), st.integers(0, 40))
def test_cut_is_harmless_short_and_honest(value: str, width: int) -> None:
    shown = cut(value, width)
    assert cell_len(shown) <= width
    assert text.escape(shown) == shown
    if width and not shown.endswith("…"):
        assert cut(value, 10_000) == shown


@given(st.text(max_size=50), st.text(max_size=50), st.integers(0, 60))
def test_labels_stay_in_their_room(name: str, edge: str, room: int) -> None:
    label = Label(name, 12345, edge=edge, relation="in", note="script 92:12")
    assert cell_len(line_text(paint_label(label, " detached", room))) <= room


def test_markup_is_text() -> None:
    geometry = arrange(tuple(FakeView.columns), "name", 120)
    row = Row(1, Label("[bold]x[/bold]", count=2), {})
    assert "[bold]x[/bold]  ×2" in line_text(paint_line(line(row), geometry, {}))


def test_id_outlives_the_name() -> None:
    assert line_text(paint_label(Label("x" * 99, 186349), "", 20)).endswith("… @186349")


def test_what_has_no_name_is_told_from_what_is_called_so() -> None:
    nameless = paint_label(Label("", 5, "", "in"), "", 60)
    assert line_text(nameless) == "(empty) in (no name) @5"
    assert {role for piece, role in nameless if piece} == {"dim"}
    called = paint_label(Label("(no name)", 5, "(empty)", "in"), "", 60)
    assert [role for piece, role in called if piece in ("(no name)", "(empty)")] == ["edge", "plain"]
    assert text.label_text(Label("", 5, "", "::")) == "(empty) :: (no name) @5"


@pytest.mark.parametrize("name", ["Node / IsolateData", "Node / Environment and more"])
def test_a_note_without_room_leaves_a_sign(name: str) -> None:
    shown = line_text(paint_label(Label(name, 1981312800, note="the runtime's own"), "", 36))
    assert shown.endswith("…")
    assert "@1981312800" in shown
    assert cell_len(shown) <= 36


@pytest.mark.parametrize(
    ("mark", "sign"),
    [("cycle", "↻"), ("new", "+"), ("deleted", "−"), ("detached", "detached"), ("unreachable", "unreachable")],
)
def test_every_mark_is_readable_without_colour(mark: Mark, sign: str) -> None:
    geometry = arrange(tuple(FakeView.columns), "name", 80)
    row = Row(1, Label("Map", 3), {"shallow": 5}, marks=frozenset({mark}))
    assert sign in line_text(paint_line(line(row), geometry, {}))


def test_a_row_of_words_fills_the_width_and_no_more() -> None:
    geometry = arrange(tuple(FakeView.columns), FakeView.order.key, 79)
    words = line(Row(1, Label("what piled up " * 5), {}))
    painted = line_text(paint_line(words, geometry, {"shallow": 1}))
    assert len(painted.rstrip()) > geometry.name
    assert cell_len(painted) == geometry.width


def test_missing_numbers() -> None:
    geometry = arrange(tuple(FakeView.columns), "name", 80)
    row = Row(1, Label("Map"), {"distance": None})
    assert line_text(paint_line(line(row), geometry, {})).split() == ["Map", "−"]


def test_more_line() -> None:
    more = Line(None, RowList([Row(i, Label(""), {}) for i in range(150)]), 100)
    geometry = arrange(tuple(FakeView.columns), "name", 80)
    assert "… 50 more" in line_text(paint_line(more, geometry, {}))


def test_bars_are_exact_to_an_eighth() -> None:
    assert bar(0.5, 4) == "██  "
    assert bar(1 / 32, 4) == "▏   "
    assert bar(7.0, 4) == "████"
    assert bar(-1.0, 4) == "    "


def test_scroll_mark_reaches_both_ends() -> None:
    page, lines = 10, 1000
    assert painting.scroll_mark(1, 0, page, lines) == "┃"
    assert painting.scroll_mark(page, lines - page, page, lines) == "┃"
    assert painting.scroll_mark(1, 0, page, page) == " "


@pytest.mark.parametrize(
    ("full", "length", "drawn"),
    [(0, 0, ""), (1, 1, "████████"), (0.5, 1, "████░░░░"), (0.01, 0.02, "█"), (0, 0.1, "░"), (2, 3, "████████")],
)
def test_a_bar_of_two_parts(full: float, length: float, drawn: str) -> None:
    assert painting.two_part_bar(full, length, 8) == drawn.ljust(8)


@pytest.mark.parametrize("room", range(12, 60))
def test_a_place_in_a_script_keeps_its_line_and_column(room: int) -> None:
    place = "file:///srv/shop/node_modules/@company/orders/dist/handlers/create.js:1034:17"
    note = line_text(paint_label(Label("Order", note=place), "", room)).removeprefix("Order").strip()
    assert note == "" or place.endswith(note.removeprefix("…"))
    assert room < 30 or note.endswith("create.js:1034:17")
    remark = line_text(paint_label(Label("Order", note="what the file says of it, in many words"), "", room))
    assert "what"[: room - 8] in remark
    assert cell_len(remark) <= room


@pytest.mark.parametrize("width", [10, 11, 12])
def test_the_sign_of_a_gap_in_a_name_is_not_doubled_by_a_cut(width: int) -> None:
    assert cut("{alpha, …, omega}", width) == "{alpha, …"

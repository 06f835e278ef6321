"""The outline against a naive recursion, under any sequence of what a user can do."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from heaptui.views import lines as lines_module
from heaptui.views import outline as outline_module
from heaptui.views.lines import Line
from heaptui.views.model import Column, Label, Mark, Order, Row, RowList, Rows, View
from heaptui.views.outline import Finder, Outline, Step

COLUMNS = [Column("name", "Name", "name", ""), Column("size", "Size", "size", "")]


class NumberView(View):
    """Row n has n % 4 children below the top; every fifth is a cycle, so that all kinds of rows occur."""

    name = "Numbers"
    order = Order("size", descending=True)

    def __init__(self, count: int = 7, opens: bool = False) -> None:
        self.columns = COLUMNS
        self.heaps = ()
        self.count = count
        self.opens = opens

    def roots(self, order: Order, match: str = "") -> Rows:
        if match == "(":
            raise ValueError("not a regular expression")
        return self._sorted([n for n in range(self.count) if match in str(n)], order)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        assert isinstance(row.key, int)
        return self._sorted([row.key * 10 + i for i in range(row.key % 4)], order)

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        return self.opens

    def _sorted(self, numbers: list[int], order: Order) -> Rows:
        def key(n: int) -> int:
            return n if order.key == "name" else n * 7919 % 101

        return RowList([self._row(n) for n in sorted(numbers, key=key, reverse=order.descending)])

    def _row(self, n: int) -> Row:
        marks: frozenset[Mark] = frozenset({"cycle"}) if n % 5 == 4 else frozenset()
        return Row(n, Label(str(n), id=n), {"size": n}, ordinal=n, expandable=n % 4 > 0, marks=marks)


def run(step: Step | None) -> None:
    if step is not None:
        step()()


def keys(outline: Outline) -> list[Hashable]:
    return [line.row.key if line.row else "more" for line in outline.lines]


class OutlineMachine(RuleBasedStateMachine):
    """Keeps its own record of what is open and how far it is paged, by chains of keys."""

    def __init__(self) -> None:
        super().__init__()
        self.view = NumberView()
        self.outline = Outline(self.view)
        self.shown: dict[tuple[Hashable, ...], int] = {(): outline_module.ROOT_PAGE}

    def forget(self, path: tuple[Hashable, ...]) -> None:
        self.shown = {p: n for p, n in self.shown.items() if p[: len(path)] != path}

    def naive(
        self, rows: Rows, ancestors: tuple[Row, ...], path: tuple[Hashable, ...]
    ) -> list[tuple[Hashable, int, bool]]:
        """(key, depth, expanded) of every line, by plain recursion."""
        result: list[tuple[Hashable, int, bool]] = []
        page = rows.page(0, self.shown[path])
        for row in page:
            inner = (*path, row.key)
            result.append((row.key, len(path), inner in self.shown))
            if inner in self.shown:
                children = self.view.children(row, self.outline.order, ancestors)
                result += self.naive(children, (*ancestors, row), inner)
        if len(page) < len(rows):
            result.append(("more", len(path), False))
        return result

    @rule(by=st.integers(-9, 9))
    def move(self, by: int) -> None:
        self.outline.move(by)

    @rule(index=st.integers(-5, 200))
    def move_to(self, index: int) -> None:
        self.outline.move_to(index)

    @rule(act=st.sampled_from([Outline.toggle, Outline.forward]))
    def open(self, act: Callable[[Outline], Step | None]) -> None:
        line = self.outline.current
        before = line.expanded if line else False
        run(act(self.outline))
        if line is None:
            return
        if line.row is None:
            around = line.path
            self.shown[around] += lines_module.PAGE if around else outline_module.ROOT_PAGE
        elif line.expanded and not before:
            self.shown[line.path] = lines_module.PAGE
        elif before and not line.expanded:
            self.forget(line.path)

    @precondition(lambda self: self.outline.lines)
    @rule(data=st.data())
    def expand_anywhere(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.outline.lines) - 1))
        line, under = self.outline.lines[index], self.outline.current
        step = self.outline.expand(index)
        run(step)
        assert self.outline.current is under
        if step is not None:
            self.shown[line.path] = lines_module.PAGE

    @rule()
    def backward(self) -> None:
        line = self.outline.current
        was_open = line.expanded if line else False
        self.outline.backward()
        if line is not None and was_open:
            self.forget(line.path)
            assert self.outline.current is line
        elif line is not None and line.parent is not None:
            assert self.outline.current is line.parent

    @rule(data=st.data())
    def collapse_anywhere(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, max(0, len(self.outline.lines) - 1)))
        line = self.outline.lines[index] if self.outline.lines else None
        was_open = line.expanded if line else False
        self.outline.collapse(index)
        if line is not None and was_open:
            self.forget(line.path)

    @rule(key=st.sampled_from(["name", "size"]))
    def sort(self, key: str) -> None:
        self.keep_row(self.outline.sort_by(key))

    @rule(text=st.sampled_from(["", "1", "3", "nothing"]))
    def match(self, text: str) -> None:
        self.keep_row(self.outline.match_text(text))

    def keep_row(self, step: Step) -> None:
        """Rows that are gone or beyond what is shown close; the cursor stays where its row still is."""
        line = self.outline.current
        path = line.path if line and line.row else None
        matched = len(self.view.roots(self.outline.order, self.outline.match))
        self.shown[()] = max(outline_module.ROOT_PAGE, min(self.shown[()], matched))
        run(step)
        there = {line.path for line in self.outline.lines if line.row}
        self.shown = {p: n for p, n in self.shown.items() if not p or p in there}
        current = self.outline.current
        if path in there:
            assert current is not None
            assert current.path == path

    @invariant()
    def flattened_is_naive(self) -> None:
        actual = [(line.row.key if line.row else "more", line.depth, line.expanded) for line in self.outline.lines]
        roots = self.view.roots(self.outline.order, self.outline.match)
        assert actual == self.naive(roots, (), ())

    @invariant()
    def cursor_is_valid(self) -> None:
        assert 0 <= self.outline.cursor < max(1, len(self.outline.lines))

    @invariant()
    def lines_know_their_place(self) -> None:
        last: dict[int, Line] = {}
        for line in self.outline.lines:
            last[line.depth] = line
            assert line.parent is (last[line.depth - 1] if line.depth else None)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (outline_module, lines_module):
        monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(outline_module, "ROOT_PAGE", 3)


TestOutlineMachine = OutlineMachine.TestCase
TestOutlineMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_first_rows_open_by_themselves() -> None:
    outline = Outline(NumberView(count=4, opens=True))
    first = outline.lines[0]
    assert first.expanded
    opened = [line for line in outline.lines if line.expanded]
    assert all(line.index == 0 for line in opened)
    assert [line.depth for line in opened] == list(range(outline_module.AUTO_OPEN))


def test_more_line_extends_in_place() -> None:
    outline = Outline(NumberView(count=7))
    assert outline.lines[-1].hidden == 4
    outline.move_to(99)
    run(outline.toggle())
    assert outline.current is not None
    assert outline.current.index == 3
    assert outline.lines[-1].hidden == 1


def test_cycle_does_not_open() -> None:
    outline = Outline(NumberView(count=20))
    run(outline.extend(len(outline.lines) - 1))
    for index, line in enumerate(outline.lines):
        if line.row and "cycle" in line.row.marks:
            assert outline.expand(index) is None


def test_same_column_again_reverses() -> None:
    outline = Outline(NumberView(count=3))
    run(outline.sort_by("name"))
    assert keys(outline) == [0, 1, 2]
    run(outline.sort_by("name"))
    assert keys(outline) == [2, 1, 0]


def test_bad_expression_changes_nothing() -> None:
    outline = Outline(NumberView())
    before = keys(outline)
    step = outline.match_text("(")
    with pytest.raises(ValueError, match="regular expression"):
        step()
    assert keys(outline) == before
    assert outline.match == ""


def test_a_step_that_comes_too_late_does_no_harm() -> None:
    outline = Outline(NumberView(count=4))
    index = next(i for i, line in enumerate(outline.lines) if line.expandable)
    step = outline.expand(index)
    assert step is not None
    apply = step()
    run(outline.sort_by("name"))
    before = keys(outline)
    apply()
    assert keys(outline) == before


def test_nothing_to_show() -> None:
    outline = Outline(NumberView(count=0))
    assert outline.current is None
    for act in (outline.toggle, outline.forward):
        assert act() is None
    outline.backward()
    outline.move(3)
    assert outline.cursor == 0


def by_key(key: int) -> Finder:
    def find(rows: Rows, order: Order) -> int | None:
        return next((i for i, row in enumerate(rows.page(0, len(rows))) if row.key == key), None)

    return find


def check_places(outline: Outline) -> None:
    """Every line is where its siblings have it, and the "more" lines stand for exactly what is left out."""
    after: dict[int, int] = {}
    for line in outline.lines:
        siblings = id(line.siblings)
        assert after.get(siblings, 0) == line.index
        if line.row is None:
            assert line.hidden > 0
            after[siblings] = line.end
        else:
            assert line.siblings.page(line.index, line.index + 1)[0].key == line.row.key
            after[siblings] = line.index + 1
    ends = {id(line.siblings): len(line.siblings) for line in outline.lines}
    assert after == ends


@pytest.mark.usefixtures("_small_pages")
@given(count=st.integers(1, 60), wanted=st.integers(0, 59), data=st.data())
def test_revealed_rows_are_in_their_place(count: int, wanted: int, data: st.DataObject) -> None:
    outline = Outline(NumberView(count=count))
    wanted %= count
    trail = [by_key(wanted)]
    for _ in range(data.draw(st.integers(0, 2))):
        if wanted % 4 == 0 or wanted % 5 == 4:
            break
        wanted = wanted * 10 + data.draw(st.integers(0, wanted % 4 - 1))
        trail.append(by_key(wanted))
    run(outline.reveal(trail, opened=data.draw(st.booleans())))
    line = outline.current
    assert line is not None
    assert line.row is not None
    assert line.row.key == wanted
    check_places(outline)
    more = [i for i, line in enumerate(outline.lines) if line.row is None]
    if more:
        run(outline.extend(data.draw(st.sampled_from(more))))
        check_places(outline)
        assert outline.current is line
    run(outline.reveal([by_key(data.draw(st.integers(0, count - 1)))]))
    check_places(outline)
    outline.return_to(line)
    run(outline.sort_by("name"))
    check_places(outline)
    assert outline.current is not None


def test_revealing_clears_a_match_that_hides_the_row() -> None:
    outline = Outline(NumberView())
    run(outline.match_text("3"))
    run(outline.reveal([by_key(5)]))
    assert outline.match == ""
    assert outline.current is not None
    assert outline.current.row is not None
    assert outline.current.row.key == 5
    with pytest.raises(ValueError, match="not in this list"):
        run(outline.reveal([by_key(99)]))


def test_finding_goes_round() -> None:
    outline = Outline(NumberView())
    found = []
    for _ in range(3):
        assert outline.find("[24]", 1) is False
        assert outline.find("/[24]/", 1)
        found.append(outline.cursor)
    assert len(set(found)) == 2
    assert outline.find("/[24]/", -1)
    assert outline.cursor == found[1]


def test_back_to_a_line_that_is_gone() -> None:
    outline = Outline(NumberView())
    run(outline.reveal([by_key(3), by_key(31)]))
    line = outline.current
    outline.collapse(outline.cursor - 2)
    outline.move_to(0)
    outline.return_to(line)
    assert outline.current is not None
    assert outline.current.row is not None
    assert outline.current.row.key == 3

"""What `--fail-if` takes: a query where one is wanted, then a figure and what it is compared with.

class:/Session/ new > 100
size_delta > 10MB
leak
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heaptui.heap.patterns import brief
from heaptui.query.parsing import QueryError, parse
from heaptui.query.terms import Query
from heaptui.query.values import amount
from heaptui.query.vocabulary import FIGURE_ALIASES, Figure

_TAIL = re.compile(r"(?:^|(?<=[\s)]))([A-Za-z][A-Za-z0-9_]*)\s*(<=|>=|!=|=|<|>)\s*([^\s()\"]+(?:\s+[A-Za-z]+)?)\s*$")
_COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must not be so.

    Attributes:
        typed: as the user wrote it.
        query: the objects it is about; None for all.
        figure: the name of a number; of a verdict, which is compared with nothing, the operator is empty.
    """

    typed: str
    query: Query | None
    figure: str
    operator: str = ""
    number: int = 0
    in_bytes: bool = False

    def holds(self, value: int) -> bool:
        """Whether it is so; of a verdict `value` is 0 or 1."""
        return _COMPARISONS[self.operator](value, self.number) if self.operator else bool(value)


def parse_condition(typed: str, figures: Mapping[str, Figure], *, queries: bool = False) -> Condition:
    """Read a condition on one of these figures; raises QueryError. `queries` tells whether one may stand before it."""
    if figures.get(typed.strip()) == "verdict":
        return Condition(typed, None, typed.strip())
    tail = _TAIL.search(typed)
    numbers = [name for name, figure in figures.items() if figure != "verdict"]
    if tail is None:
        verdicts = [name for name in figures if name not in numbers]
        wanted = " or ".join([*verdicts, f"a comparison such as {numbers[0]} > 100"])
        raise QueryError(f"it does not end with {wanted}", typed, len(typed))
    figure = FIGURE_ALIASES.get(tail[1], tail[1])
    if figure not in numbers:
        raise QueryError(f"no figure {brief(tail[1])!r}; there are {', '.join(figures)}", typed, tail.start(1))
    in_bytes = figures[figure] == "size"
    try:
        number = amount("".join(tail[3].split()), in_bytes=in_bytes)
    except ValueError as error:
        raise QueryError(str(error), typed, tail.start(3)) from None
    before = typed[: tail.start(1)].rstrip()
    if before and not queries:
        raise QueryError(f"here only {', '.join(figures)} can stand", typed, 0)
    try:
        query = parse(before) if before else None
    except QueryError as error:
        raise QueryError(error.what, typed, error.column) from None
    return Condition(typed, query, figure, tail[2], number, in_bytes)

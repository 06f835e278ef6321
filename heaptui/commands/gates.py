"""`--fail-if`: what must not be so, for builds that are to fail where memory grows."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from heaptui.commands.command import FORBIDDEN, OK, UsageError, UserError
from heaptui.query.vocabulary import FIGURES, WHOLE

if TYPE_CHECKING:
    from heaptui.query.conditions import Condition
    from heaptui.views.model import View

_MOST_SHOWN = 500
"""Characters of a condition that are printed again."""
_WITH_QUERIES = ("summary", "compare")
_EXAMPLES = {
    "summary": "'class:/Session/ retained > 1MB'",
    "compare": "'size_delta > 10MB' or 'class:/Session/ new > 100'",
    "suspects": "leak",
    "strings": "'wasted > 1MB'",
    "statistics": "'code > 20MB' or 'total_delta > 5MB'",
}


def add_gates(to: ArgumentParser, command: str) -> None:
    """Conditions that make a command fail."""
    to.add_argument(
        "--fail-if",
        metavar="CONDITION",
        action="append",
        default=[],
        help=f"exit with status {FORBIDDEN} where this holds, such as {_EXAMPLES[command]}; figures: "
        f"{', '.join(FIGURES[command])}; may be given several times",
    )


def conditions(options: Namespace) -> Sequence[Condition]:
    """What `--fail-if` says; raises UsageError that shows where it is wrong. Reads no file."""
    if not options.fail_if:
        return ()
    from heaptui.query.conditions import parse_condition
    from heaptui.query.parsing import QueryError

    figures, queries = FIGURES[options.command], options.command in _WITH_QUERIES
    try:
        return [parse_condition(typed, figures, queries=queries) for typed in options.fail_if]
    except QueryError as error:
        raise UsageError(f"--fail-if: {error.what}", error.typed, error.column) from None


def need_whole(wanted: Sequence[Condition]) -> bool:
    """Whether a condition asks for what a light heap does not know."""
    from heaptui.query.terms import words

    return any(not WHOLE.isdisjoint(words(one.query)) for one in wanted if one.query is not None)


def judge(view: View, wanted: Sequence[Condition]) -> int:
    """Say which conditions hold, a line each on standard error; returns the exit status."""
    if not wanted:
        return OK
    from heaptui.heap.patterns import brief
    from heaptui.views.figures import told, value
    from heaptui.views.text import escape

    status = OK
    for condition in wanted:
        try:
            found = value(view, condition)
        except LookupError as error:
            raise UserError(f"--fail-if {brief(condition.typed, most=_MOST_SHOWN)}: {error.args[0]}") from None
        if condition.holds(found):
            status = FORBIDDEN
            typed = brief(condition.typed, most=_MOST_SHOWN)
            sys.stderr.write(escape(f"heaptui: --fail-if {typed}: {told(view, condition, found)}") + "\n")
    return status

"""What leaks."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui.commands.command import Command
from heaptui.commands.gates import add_gates, conditions, judge
from heaptui.commands.loading import load
from heaptui.commands.options import add_output, add_reading, whole
from heaptui.commands.output import output

_FEW = 5
_ABOUT = (
    "Prints the verdict - a leak, growth, or no growth - and for each suspect its path from the root, what piled up, "
    "where that was written, the evidence and what is usually done. Of three snapshots or more only what grew in every "
    "step is called a leak; of one, what is large is shown, which is weaker evidence. Take them after the same load "
    "each, when the process is warm."
)


def _arrange_suspects(to: ArgumentParser) -> None:
    to.add_argument("files", metavar="FILE", nargs="+", help="snapshots of one process, oldest first")
    add_output(to)
    to.add_argument("--limit", type=whole, metavar="N", help=f"suspects, 0 = all; default {_FEW} as text, else all")
    add_gates(to, "suspects")
    add_reading(to)


def _suspects(options: Namespace) -> int:
    wanted = conditions(options)
    heaps = load(options, *options.files)
    from heaptui.report.suspects import write_suspects
    from heaptui.views.suspects import SuspectsView

    view = SuspectsView(heaps)
    foremost = _FEW if options.format in ("table", "markdown") else 0
    with output(options.out) as out:
        most = foremost if options.limit is None else options.limit
        write_suspects(out, options.format, view, range(len(view.suspects))[: most or None], heaps)
    return judge(view, wanted)


COMMANDS = (Command("suspects", "what leaks, where it is held, and why", _arrange_suspects, _suspects, _ABOUT),)

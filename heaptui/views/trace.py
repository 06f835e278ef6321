"""A suspect as plain text for a ticket: from the root to the pile, a line a step, the suspect steps underlined."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.suspects.causes import logical_holder
from heaptui.suspects.trail import Step
from heaptui.suspects.verdict import Suspect, Verdict
from heaptui.suspects.wording import Word, clip, join
from heaptui.views import text

_WIDEST = 96
_MOST_CLASSES = 6
BETWEEN, LAST = "├─", "╰─"
"""What a step begins with; below one that is between others the line goes on."""

SURER = "take one more snapshot after the same load again, and open all of them"


def trace(found: Verdict, suspect: Suspect) -> str:
    """Everything about a suspect, in lines that are escaped and end in a line feed."""
    said = [f"{label}: {sentence}" for label, sentence in remarks(found, suspect)]
    lines = [suspect.title, figures(found, suspect), "", *path_lines(found, suspect), "", *said]
    return "\n".join(text.escape(line) for line in lines) + "\n"


def remarks(found: Verdict, suspect: Suspect) -> list[tuple[str, str]]:
    """What there is to say of a suspect beside its path: labels and sentences, not escaped."""
    said: list[tuple[str, str]] = []
    if suspect.leaked:
        shown = [
            f"{clip(one.name)} {text.TIMES}{text.count(one.count)} ({text.size(one.size)})"
            for one in suspect.leaked[:_MOST_CLASSES]
        ]
        if (more := len(suspect.pile.shares) - len(shown)) > 0:
            shown.append(f"and {text.counted(more, 'kind')} more")
        said.append(("Piled up", ", ".join(shown)))
    if suspect.trail.instance is not None:
        said.append(("One of them", f"@{found.heaps[-1].id(suspect.trail.instance)}"))
    said += [("Written at", str(place)) for place in suspect.places]
    said += [("Evidence", sentence) for sentence in suspect.evidence]
    if suspect.reason:
        said.append(("Not called a leak", suspect.reason))
    said.append(("What is usually done", suspect.advice))
    if suspect.confidence != "high" and found.judgement != "single snapshot":
        said.append(("To be surer", SURER))
    said.append(("Fingerprint", suspect.fingerprint))
    return said


def figures(found: Verdict, suspect: Suspect) -> str:
    """Its cause, and how large it is."""
    share = round(100 * suspect.share)
    if found.judgement == "single snapshot":
        return f"{suspect.cause_in_words}, {text.size(suspect.size)}, {share} % of the heap"
    size = f"{text.signed_size(suspect.size)}, {share} % of the growth"
    return f"{suspect.cause_in_words}, {suspect.confidence} confidence: {size}"


def path_lines(found: Verdict, suspect: Suspect) -> list[str]:
    """Its path from the root, a line a step; parts of it are not escaped."""
    trail = suspect.trail
    holder = logical_holder(trail.path)
    beginning = suspect.words[0] if suspect.words else None
    first = beginning.last if beginning else 0
    lines = []
    if beginning is not None and beginning.last > beginning.first:
        place = f"  {beginning.place}" if beginning.place else ""
        lines += [
            f"{beginning.text}{place}",
            *_line(found, trail.path[first], BETWEEN, trail.path[first] is holder),
        ]
    else:
        lines.append(_name(found, trail.path[first]))
    for step in trail.path[first + 1 :]:
        if not step.backing:
            lines += _line(found, step, BETWEEN, step is holder)
    if trail.piled:
        many = len(trail.below) > 0
        lines += _line(found, trail.piled[0], BETWEEN if many else LAST, True, pile=suspect.count)
    below = [step for step in trail.below if not step.backing]
    for step in below:
        lines += _line(found, step, LAST if step is below[-1] else BETWEEN, False)
    return lines


def _line(found: Verdict, step: Step, branch: str, suspected: bool, pile: int = 0) -> list[str]:
    edge = _edge(step)
    times = f"  {text.TIMES}{text.count(pile)}{' new' if found.compared else ''}" if pile else ""
    line = f"{branch} {edge} → {_name(found, step, piled=pile > 0)}{times}"
    on = " " if branch == LAST else "│"
    return [line, f"{on}  " + "~" * min(_WIDEST, text.cell_width(edge))] if suspected else [line]


def _edge(step: Step) -> str:
    if step.many or step.edge_type == "element" or step.edge_name.isdecimal():
        return "[key]" if step.edge_type == "property" else "[…]"
    if step.edge_type == "context":
        return f"variable {clip(step.edge_name) or text.EMPTY}"
    if not step.edge_name:
        return text.EMPTY
    return f".{clip(step.edge_name)}" if step.edge_type == "property" else clip(step.edge_name)


def _name(found: Verdict, step: Step, *, piled: bool = False) -> str:
    heap = found.heaps[-1]
    name = f"{step.name}()" if step.node_type == "closure" else step.class_name or text.NO_NAME
    place = heap.scripts.of(step.node) if step.node_type == "closure" else None
    size = int(heap.retained_size[step.node])
    said = f"{text.fit(text.escape(name), _WIDEST)} @{heap.id(step.node)}  {text.size(size)}"
    # Of a pile its number tells what is new.
    return said + ("  new" if found.is_new(step.node) and not piled else "") + (f"  {place}" if place else "")


def markdown(found: Verdict, suspect: Suspect) -> str:
    """The same, fenced so that no text of the heap is taken for Markdown."""
    body = trace(found, suspect)
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}\n{body}{fence}\n"


def ending(words: Sequence[Word], cells: int) -> str:
    """The end of a path, which tells the most, in whole words: `…_events.error`."""
    first = len(words) - 1
    while first > 0 and text.cell_width(join(words[first - 1 :])) < cells:
        first -= 1
    while 0 < first < len(words) - 1 and words[first].text in ("[]", "[key]", "[entry]"):
        first += 1
    said = join(words[max(0, first) :])
    return said if first <= 0 else text.ELLIPSIS + said.removeprefix(" › ").removeprefix(".")

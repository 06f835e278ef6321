"""Suspects: the verdict, and under each suspect what it is, why, where it was written, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from heaptui.heap.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects.causes import logical_holder
from heaptui.suspects.trail import Step
from heaptui.suspects.verdict import Suspect, Verdict, find_suspects
from heaptui.views import text
from heaptui.views.matching import matcher
from heaptui.views.model import Column, Label, Mark, Order, Row, RowList, Rows, View
from heaptui.views.objects import RETAINED, Ordinals, cells, column, display_name, object_record, place_record
from heaptui.views.trace import SURER, ending, trace

VERDICTS = {
    "leak": "A leak",
    "growth": "Growth, but no leak that these snapshots prove",
    "no growth": "No growth to speak of",
    "single snapshot": "One snapshot: what is large is weaker evidence than what grew",
}

STRANGERS = "Not comparable: two processes, or an inspector closed between."
"""In place of the verdict, for only the newest was looked at."""

MISORDERED = "In the wrong order, it seems: the oldest goes first."
"""In place of the verdict, which holds for files in the right order."""

_NAME = 26
"""Cells of a suspect's name that stand beside its numbers on a narrow screen."""
_SAME_LINE = "  "
_FEW_CLASSES = 3
"""Classes of what piled up that are named before its row is opened."""

_SUSPECT = column("name", "Suspect", "name", "What holds what piled up; open it to read why, and what to do.")
_GREW = (
    _SUSPECT,
    column("count", "Objects", "delta", "Objects more than in the oldest snapshot that hang there directly."),
    column("size", "Growth", "size_delta", "Bytes more than in the oldest snapshot that hang there.", share=True),
    RETAINED,
)
_LARGE = (
    _SUSPECT,
    column("count", "Objects", "count", "Objects that hang there directly."),
    column("size", "Size", "size", "Bytes that hang there.", share=True),
    RETAINED,
)


class SuspectsView(View):
    """One row a suspect; below it what is known about it, in the order in which one asks."""

    name = "Suspects"
    order = Order("rank", False)
    empty = "Nothing piled up."
    broken_at = 72

    def __init__(self, heaps: Sequence[Heap], progress: Progress | None = None) -> None:
        self.heaps: Sequence[Heap] = (heaps[-1],)
        self.found: Verdict = find_suspects(heaps, progress)
        self.heading = self.verdict
        self.columns: Sequence[Column] = _GREW if self.found.compared else _LARGE

    @property
    def suspects(self) -> Sequence[Suspect]:
        """Those that may leak first, then those that do not, each the largest first."""
        return self.found.suspects

    @property
    def total(self) -> dict[str, int]:
        """The whole growth is 100 %; retained sizes are of the heap."""
        return {"size": max(1, self.found.size), "retained_size": self.heaps[0].total_size}

    @property
    def said(self) -> str:
        """The verdict in a short sentence."""
        if self.found.growth.strangers:
            return STRANGERS.removesuffix(".")
        if self.found.misordered:
            return MISORDERED.removesuffix(".")
        return self._judged

    @property
    def _judged(self) -> str:
        said = VERDICTS[self.found.judgement]
        leaking = self.found.leaking
        if not leaking:
            return said
        share = min(100, round(100 * sum(suspect.share for suspect in leaking)))
        explain = "explains" if len(leaking) == 1 else "explain"
        return f"{said}: {text.counted(len(leaking), 'suspect')} {explain} {share} % of the growth"

    @property
    def verdict(self) -> str:
        """The verdict in a sentence, with its figures."""
        if self.found.growth.strangers:
            return f"{STRANGERS} {VERDICTS[self.found.judgement]}"
        if self.found.judgement == "single snapshot":
            return self.said
        said = f"{MISORDERED} {self._judged}" if self.found.misordered else self._judged
        sign = "+" if self.found.count > 0 else ""
        return f"{said} ({text.signed_size(self.found.size)}, {sign}{text.counted(self.found.count, 'object')})"

    def is_new(self, ordinal: int) -> bool:
        """Whether the oldest snapshot lacks an object."""
        return self.found.is_new(ordinal)

    def roots(self, order: Order, match: str = "") -> Rows:
        matches = matcher(match)
        chosen = [i for i, one in enumerate(self.suspects) if matches(one.title)]
        if order.key == "name":
            chosen.sort(key=lambda i: self.suspects[i].title, reverse=order.descending)
        rows = [self._suspect_row(i) for i in chosen]
        if order.key not in ("name", "rank"):
            rows.sort(key=lambda row: row.cells[order.key] or 0, reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        match row.key:
            case int(i):
                return RowList(self._about(i))
            case ("leaked", int(i)):
                return RowList([self._leaked_row(i, k) for k in range(len(self.suspects[i].leaked))])
            case ("evidence", int(i)):
                return RowList(self._said(i, "more", self._more(self.suspects[i])))
            case ("steps", int(i)):
                suspect = self.suspects[i]
                trail = suspect.trail
                steps = [*trail.path, *trail.piled[:1], *trail.below]
                return RowList([self._step_row(suspect, step, k) for k, step in enumerate(steps)])
        return RowList(())

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """The foremost suspect."""
        return row.key == 0

    # What the rows are about

    def suspect_of(self, row: Row, ancestors: Sequence[Row] = ()) -> int | None:
        """Which suspect a row is, or stands below."""
        top = (*ancestors, row)[0]
        return top.key if isinstance(top.key, int) else None

    def trace_of(self, row: Row, ancestors: Sequence[Row] = ()) -> str:
        """The trace of that suspect; empty where there is none."""
        i = self.suspect_of(row, ancestors)
        return "" if i is None else trace(self.found, self.suspects[i])

    def leaked_class(self, row: Row) -> str | None:
        """The class that a row speaks of: its own, or the foremost of what piled up; None for the steps of a path."""
        match row.key:
            case ("class", _):
                return row.label.name
            case int(i) | ("said" | "more" | "steps" | "leaked" | "evidence", int(i), *_):
                leaked = self.suspects[i].leaked
                return leaked[0].name if leaked else None
        return None

    def members(self, name: str) -> Ordinals:
        """The objects of a class that the oldest snapshot lacks."""
        classes = self.heaps[0].classes
        numbers = [i for i, other in enumerate(classes.names) if other == name]
        wanted = np.isin(classes.of, numbers)
        if self.found.compared:
            wanted &= self.found.growth.new
        return np.flatnonzero(wanted & self.heaps[0].counted).astype(np.uint32)

    # Rows

    def _suspect_row(self, i: int) -> Row:
        suspect = self.suspects[i]
        kind = logical_holder(suspect.trail.path).class_name
        kind = kind if kind.startswith("(") else f"({kind})"
        place = ending(suspect.words, _NAME - len(kind) - 1)
        name = place if kind == f"({place.removeprefix(text.ELLIPSIS)})" else f"{place} {kind}"
        note = suspect.reason or f"{suspect.cause_in_words}, {suspect.confidence} confidence"
        return Row(
            i,
            Label(name, self.heaps[0].id(suspect.holder), note=note if self.found.compared else suspect.cause_in_words),
            {"count": suspect.count, "size": suspect.size, **self._retained(suspect.holder)},
            ordinal=suspect.holder,
            expandable=True,
        )

    def _about(self, i: int) -> list[Row]:
        suspect = self.suspects[i]
        said = [suspect.title]
        if suspect.leaks:
            said.append(f"Why: {suspect.cause_in_words}, {suspect.confidence} confidence: {suspect.evidence[0]}")
        elif suspect.reason:
            said.append(f"No leak: {suspect.reason}")
        said += [f"Where: {place}" for place in suspect.places[:1]]
        if suspect.leaks:
            said.append(f"What to do: {suspect.advice}")
            said += [f"To be surer: {SURER}"] if suspect.confidence != "high" else []
        rows = self._said(i, "said", said)
        rows.append(self._group(i, "steps", "Path from the root, step by step"))
        if suspect.leaked:
            shown = suspect.leaked[:_FEW_CLASSES]
            classes = [f"{text.count(one.count)} {one.name}" for one in shown]
            more = len(suspect.leaked) - len(shown)
            classes += [f"and {text.counted(more, 'kind')} more"] if more else []
            rows.append(self._group(i, "leaked", f"What piled up: {', '.join(classes)}"))
        if suspect.trail.instance is not None:
            rows.append(self._instance_row(suspect.trail.instance))
        rows.append(self._group(i, "evidence", "Evidence and fingerprint"))
        return rows

    @staticmethod
    def _more(suspect: Suspect) -> list[str]:
        places = [f"Where: {place}" for place in suspect.places[1:]]
        return [*suspect.evidence[suspect.leaks :], *places, f"Fingerprint: {suspect.fingerprint}"]

    def _said(self, i: int, key: str, sentences: Sequence[str]) -> list[Row]:
        """Sentences as lines; the keys that are for an object go to the holder."""
        lines = [
            line
            for sentence in sentences
            for line in wrap(text.escape(sentence), self.broken_at, subsequent_indent=_SAME_LINE)
        ]
        holder = self.suspects[i].holder
        return [Row((key, i, k), Label(line), {}, ordinal=holder) for k, line in enumerate(lines)]

    def _group(self, i: int, key: str, name: str) -> Row:
        return Row((key, i), Label(name), {}, ordinal=self.suspects[i].holder, expandable=True)

    def _step_row(self, suspect: Suspect, step: Step, place: int) -> Row:
        heap, trail = self.heaps[0], suspect.trail
        edge = ("[…]" if step.many else step.edge_name) if step.edge >= 0 else ""
        notes = []
        if step is logical_holder(trail.path):
            notes.append("this holds")
        if trail.piled and step is trail.piled[0]:
            notes.append(f"what piled up, {text.TIMES}{text.count(suspect.count)}")
        if step.node_type == "closure" and (written := heap.scripts.of(step.node)) is not None:
            notes.append(str(written))
        return Row(
            ("step", place),
            Label(
                display_name(heap, step.node),
                heap.id(step.node),
                edge,
                "::" if step.edge >= 0 else "",
                note=", ".join(notes),
            ),
            self._retained(step.node),
            ordinal=step.node,
            marks=self._marks(step.node),
        )

    def _instance_row(self, ordinal: int) -> Row:
        heap = self.heaps[0]
        label = Label(display_name(heap, ordinal), heap.id(ordinal), "One of them", "::")
        return Row("instance", label, self._retained(ordinal), ordinal=ordinal, marks=self._marks(ordinal))

    def _marks(self, ordinal: int) -> frozenset[Mark]:
        return frozenset({"new"}) if self.is_new(ordinal) else frozenset()

    def _leaked_row(self, i: int, k: int) -> Row:
        leaked = self.suspects[i].leaked[k]
        return Row(("class", leaked.number), Label(leaked.name), {"count": leaked.count, "size": leaked.size})

    def _retained(self, ordinal: int) -> dict[str, int | None]:
        return {"retained_size": cells(self.heaps[0], ordinal)["retained_size"]}

    def record(self, row: Row) -> dict[str, object]:
        """A suspect as JSON has it; what stands below it is in that already."""
        return self.suspect_record(row.key) if isinstance(row.key, int) else {}

    def suspect_record(self, i: int) -> dict[str, object]:
        """A suspect whole."""
        suspect, heap = self.suspects[i], self.heaps[0]
        return {
            "rank": i + 1,
            "leak": suspect.leaks,
            "cause": suspect.cause,
            "title": suspect.title,
            "size": suspect.size,
            "count": suspect.count,
            "share": round(suspect.share, 4),
            "confidence": suspect.confidence,
            "holder": object_record(heap, suspect.holder),
            "path": self._steps(suspect),
            "leaked": [{"class": one.name, "count": one.count, "size": one.size} for one in suspect.leaked],
            "instance": None if suspect.trail.instance is None else heap.id(suspect.trail.instance),
            "evidence": list(suspect.evidence),
            "reason": suspect.reason or None,
            "advice": suspect.advice,
            "places": [
                {"script": p.script, "line": p.line, "column": p.column, "script_id": p.script_id}
                for p in suspect.places
            ],
            "held": [{"references": one.entries, "size": one.size} for one in suspect.held],
            "fingerprint": suspect.fingerprint,
            "trace": trace(self.found, suspect),
        }  # fmt: skip

    def _steps(self, suspect: Suspect) -> list[dict[str, object]]:
        trail = suspect.trail
        holder = logical_holder(trail.path)
        steps = [(step, step is holder) for step in trail.path]
        steps += [(step, True) for step in trail.piled[:1]] + [(step, False) for step in trail.below]
        return [
            {
                "edge": {"type": step.edge_type, "name": step.edge_name} if step.edge >= 0 else None,
                "object": object_record(self.heaps[0], step.node),
                **place_record(self.heaps[0], step.node),
                "suspect": suspected,
            }
            for step, suspected in steps
        ]

"""Suspects: the verdict, and under each suspect its path, what piled up, the evidence and the advice."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.heap.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects.causes import logical_holder
from heaptui.suspects.trail import Step
from heaptui.suspects.verdict import Suspect, Verdict, find_suspects
from heaptui.views import text
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Mark, Order, Row, RowList, Rows, View
from heaptui.views.objects import RETAINED, cells, column, display_name, object_record, place_record
from heaptui.views.trace import trace

VERDICTS = {
    "leak": "A leak",
    "growth": "Growth, but no leak that these snapshots prove",
    "no growth": "No growth to speak of",
    "single snapshot": "One snapshot alone: what is large, which is weaker evidence than what grew",
}

STRANGERS = "The snapshots are of different processes, where nothing can be said to have grown."


class SuspectsView(View):
    """One row a suspect; below it the steps to its holder and what is known about it."""

    name = "Suspects"
    columns = (
        column("name", "Suspect", "name", "What piled up and where; behind it the cause that the evidence speaks for."),
        column("count", "Objects", "delta", "Objects more than in the oldest snapshot that hang there directly."),
        column(
            "size", "Growth", "size_delta", "Bytes more than in the oldest snapshot that hang there.", share=True
        ),
        RETAINED,
    )  # fmt: skip
    order = Order("rank", False)
    empty = "Nothing piled up."

    def __init__(self, heaps: Sequence[Heap], progress: Progress | None = None) -> None:
        self.heaps: Sequence[Heap] = (heaps[-1],)
        self.found: Verdict = find_suspects(heaps, progress)
        self.heading = self.verdict

    @property
    def suspects(self) -> Sequence[Suspect]:
        """Those that may leak first, then those that do not, each the largest first."""
        return self.found.suspects

    @property
    def total(self) -> dict[str, int]:
        """The whole growth is 100 %; retained sizes are of the heap."""
        return {"size": max(1, self.found.size), "retained_size": self.heaps[0].total_size}

    @property
    def verdict(self) -> str:
        """The verdict in a sentence, with its figures."""
        said = VERDICTS[self.found.judgement]
        if self.found.growth.strangers:
            return f"{STRANGERS} {said}"
        if self.found.judgement == "single snapshot":
            return said
        leaking = self.found.leaking
        share = sum(suspect.share for suspect in leaking)
        sign = "+" if self.found.count > 0 else ""
        figures = f"{text.signed_size(self.found.size)}, {sign}{text.counted(self.found.count, 'object')}"
        if not leaking:
            return f"{said} ({figures})"
        explained = f"{text.counted(len(leaking), 'suspect')} explain{'s' if len(leaking) == 1 else ''}"
        return f"{said}: {explained} {min(100, round(100 * share))} % of the growth ({figures})"

    def roots(self, order: Order, match: str = "") -> Rows:
        matches = matcher(match)
        rows = [self._suspect_row(i) for i, one in enumerate(self.suspects) if matches(one.title)]
        if order.key == "name":
            rows.sort(key=lambda row: row.label.name, reverse=order.descending)
        elif order.key != "rank":
            rows.sort(key=lambda row: row.cells[order.key] or 0, reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        match row.key:
            case int(i):
                return RowList(self._about(self.suspects[i]))
            case ("leaked", int(i)):
                return RowList([self._leaked_row(self.suspects[i], k) for k in range(len(self.suspects[i].leaked))])
            case ("steps", int(i)):
                trail = self.suspects[i].trail
                steps = [*trail.path, *trail.piled[:1], *trail.below]
                return RowList([self._step_row(step, k) for k, step in enumerate(steps)])
        return RowList(())

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """The foremost suspect's path."""
        return row.key == 0 or row.key == ("steps", 0)

    def _suspect_row(self, i: int) -> Row:
        suspect = self.suspects[i]
        note = suspect.reason or (
            f"{suspect.cause}, {suspect.confidence} confidence" if suspect.leaks else suspect.cause
        )
        return Row(
            i,
            Label(suspect.title, self.heaps[0].id(suspect.holder), note=note),
            {"count": suspect.count, "size": suspect.size, **self._retained(suspect.holder)},
            ordinal=suspect.holder,
            expandable=True,
        )

    def _about(self, suspect: Suspect) -> list[Row]:
        i = self.suspects.index(suspect)
        rows = [Row(("steps", i), Label("Path from the root"), {}, expandable=True)]
        if suspect.leaked:
            rows.append(Row(("leaked", i), Label("What piled up"), {}, expandable=True))
        said = [("Why", sentence) for sentence in suspect.evidence]
        if suspect.reason:
            said.append(("No leak", suspect.reason))
        said += [("Written at", str(place)) for place in suspect.places]
        if suspect.leaks:
            said.append(("Advice", suspect.advice))
        said.append(("Fingerprint", suspect.fingerprint))
        return rows + [Row(("said", i, k), Label(f"{what}: {words}"), {}) for k, (what, words) in enumerate(said)]

    def _step_row(self, step: Step, place: int) -> Row:
        heap = self.heaps[0]
        marks: set[Mark] = {"new"} if self.found.growth.new[step.node] and self.found.compared else set()
        edge = ("[…]" if step.many else step.edge_name) if step.edge >= 0 else ""
        return Row(
            ("step", place),
            Label(display_name(heap, step.node), heap.id(step.node), edge, "::" if edge else ""),
            self._retained(step.node),
            ordinal=step.node,
            marks=frozenset(marks),
        )

    def _leaked_row(self, suspect: Suspect, k: int) -> Row:
        leaked = suspect.leaked[k]
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

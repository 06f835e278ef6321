"""The leak finder on the scenarios, judged as a stranger would; -s shows the table."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from heaptui.heap import Heap, load_heap
from heaptui.suspects.verdict import Suspect, Verdict, find_suspects
from heaptui.views.text import escape, fit
from heaptui.views.trace import trace

FOLDER = Path(__file__).parent.parent / "scenarios"
SCENARIOS: list[dict[str, Any]] = json.loads((FOLDER / "scenarios.json").read_text())
MOST_WRONG = 1


def words_of(suspect: Suspect) -> str:
    """The title, and the names of the edges and objects on the path."""
    trail = suspect.trail
    steps = [*trail.path, *trail.piled[:1], *trail.below]
    return "\n".join([suspect.title, *(word for s in steps for word in (s.edge_name, s.name, s.class_name))])


def faults(suspect: Suspect, culprit: dict[str, Any]) -> list[str]:
    """What of a suspect is not so of the culprit."""
    found, words = [], words_of(suspect)
    found += [f"no {word} on the path" for word in culprit["path"] if word not in words]
    if suspect.cause not in culprit["causes"]:
        found.append(f"cause {suspect.cause}, not {' or '.join(culprit['causes'])}")
    if not {one.name for one in suspect.leaked} & set(culprit["leaked"].split("|")):
        found.append(f"no {culprit['leaked']} among what piled up")
    return found


def judge(scenario: dict[str, Any], found: Verdict) -> list[str]:
    """What is wrong with a verdict: as many suspects as there are culprits have to be these, in any order."""
    culprits = scenario["culprits"]
    wrong = [] if found.judgement in scenario["verdict"].split("|") else [f"verdict {found.judgement}"]
    first = found.suspects[: len(culprits)]
    if len(first) < len(culprits):
        return [*wrong, f"only {len(first)} suspects"]
    orders = [
        [fault for pair in zip(first, order, strict=True) for fault in faults(*pair)]
        for order in itertools.permutations(culprits)
    ]
    return [*wrong, *min(orders, key=len)]


@dataclass(frozen=True)
class Judged:
    """One scenario, what was found, and what is wrong with that."""

    scenario: dict[str, Any]
    found: Verdict
    wrong: Sequence[str]

    def line(self) -> str:
        """The table's row."""
        first = self.found.suspects[0] if self.found.suspects else None
        said = f"{first.cause}: {escape(first.title)} ({first.share:.0%})" if first else "none"
        right = "wrong: " + ", ".join(self.wrong) if self.wrong else "right"
        return f"{self.scenario['name']:34} {self.found.judgement:10} {fit(said, 100):100} {right}"


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """All scenarios; those of one program stand together and share its snapshots."""
    found = {}
    for _, group in itertools.groupby(sorted(SCENARIOS, key=program_of), key=program_of):
        heaps: dict[str, Heap] = {}
        for scenario in group:
            for file in scenario["files"]:
                if file not in heaps:
                    heaps[file] = load_heap(str(FOLDER / "data" / file))
            verdict = find_suspects([heaps[file] for file in scenario["files"]])
            found[scenario["name"]] = Judged(scenario, verdict, judge(scenario, verdict))
    ordered = [found[scenario["name"]] for scenario in SCENARIOS]
    print(table(ordered))
    return ordered


def program_of(scenario: dict[str, Any]) -> str:
    return str(scenario["files"][0]).split("-")[0]


def table(judged: Sequence[Judged]) -> str:
    head = f"{'scenario':34} {'verdict':10} {'first suspect':100} right or wrong"
    return "\n".join(["", head, *(one.line() for one in judged)])


def test_scenarios_are_as_many_as_were_asked_for(judged: list[Judged]) -> None:
    culprits = [len(one.scenario["culprits"]) for one in judged]
    assert len(culprits) >= 25
    assert culprits.count(0) >= 5
    assert culprits.count(2) >= 3
    size = sum(file.stat().st_size for file in (FOLDER / "data").iterdir())
    assert size <= 25_000_000
    causes = {cause for one in judged for culprit in one.scenario["culprits"] for cause in culprit["causes"]}
    assert len(causes) >= 12


def test_no_scenario_without_a_leak_is_called_one(judged: list[Judged]) -> None:
    called = [one for one in judged if not one.scenario["culprits"] and one.found.judgement == "leak"]
    assert not called, table(called)


def test_the_snapshots_of_all_scenarios_are_in_order(judged: list[Judged]) -> None:
    assert not any(one.found.misordered for one in judged)


def test_the_culprits_are_the_first_suspects_with_the_right_cause(judged: list[Judged]) -> None:
    wrong = [one for one in judged if one.wrong]
    assert len(wrong) <= MOST_WRONG, table(wrong)


def test_the_rows_of_a_leak_free_scenario_all_have_a_reason(judged: list[Judged]) -> None:
    for one in judged:
        if not one.scenario["culprits"]:
            assert all(suspect.reason for suspect in one.found.suspects)


def suspects_of(judged: list[Judged]) -> Iterator[tuple[Verdict, Suspect]]:
    for one in judged:
        for suspect in one.found.suspects:
            yield one.found, suspect


def test_figures_are_in_bounds(judged: list[Judged]) -> None:
    for found, suspect in suspects_of(judged):
        assert 0 <= suspect.share <= 1
        assert 0 < suspect.size <= found.heaps[-1].total_size
        assert len(suspect.trail.path) <= 60


def test_the_same_leak_has_the_same_fingerprint_in_two_scenarios(judged: list[Judged]) -> None:
    by_name = {one.scenario["name"]: one.found.suspects for one in judged}
    for alone, among in (
        ("module-array", "module-array-and-global-dictionary"),
        ("global-dictionary", "module-array-and-global-dictionary"),
        ("suspended-functions", "promise-and-timeouts"),
        ("timeout-chains", "promise-and-timeouts"),
        ("linked-queue", "linked-queue-in-three"),
        ("linked-queue", "pending-calls-and-queue"),
        ("slices-of-lines", "pooled-buffers-and-slices"),
        ("library-lru-without-limit", "timers-and-library"),
        ("removed-rows", "removed-rows-in-three"),
        ("removed-rows", "removed-rows-and-window-listeners"),
    ):
        assert by_name[alone][0].fingerprint in {s.fingerprint for s in by_name[among]}, (alone, among)


def test_culprits_that_have_a_script_name_it(judged: list[Judged]) -> None:
    for one in judged:
        for culprit in one.scenario["culprits"]:
            named = [suspect for suspect in one.found.suspects if not faults(suspect, culprit)]
            said = "\n".join(trace(one.found, suspect) for suspect in named)
            assert not named or (culprit["script"] or "") in said, said


def test_fingerprints_of_one_verdict_differ(judged: list[Judged]) -> None:
    for one in judged:
        prints = [suspect.fingerprint for suspect in one.found.leaking]
        assert len(set(prints)) == len(prints)

"""Files that will not fit are told before they are read, and what runs out on the way is told too."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from heaptui.heap import Heap, LightHeap
from heaptui.opening import opening, preflight
from heaptui.opening.free import Free, data_used
from heaptui.opening.manner import PLAIN, Manner
from heaptui.opening.preflight import LIGHT, LOADED, PARTIAL, PEAK, check, lacking, needs
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.peek import glance, peek
from tests.building import chain
from tests.snapshot.reading import write

DATA = Path(__file__).parent.parent / "data"
FILE = DATA / "node20.heapsnapshot.gz"
PLENTY = 1 << 50


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The limits that are set, none of which is."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: found.append(limit))
    return found


def leaves(monkeypatch: pytest.MonkeyPatch, *free: Free) -> None:
    """Let the system leave so much."""
    monkeypatch.setattr(preflight, "free_memory", lambda: list(free))


def refused(*paths: Path, manner: Manner = PLAIN, whole: bool = True) -> str:
    with pytest.raises(ShortOfMemory) as caught:
        check(paths, manner, whole=whole)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_memory_is_estimated_from_the_counts(tmp_path: Path) -> None:
    found = [needs([peek(write(tmp_path, chain(n).encode()))]) for n in (10, 1010)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[1].loaded - found[0].loaded == 1000 * (LOADED.node + LOADED.edge)
    assert found[1].peak - found[0].peak == 1000 * (PEAK.node + PEAK.edge)
    assert found[1].seconds > found[0].seconds


def test_nothing_is_estimated_without_counts(tmp_path: Path) -> None:
    draft = chain(3)
    draft.header = {"node_count": None, "edge_count": None}
    assert needs([peek(write(tmp_path, draft.encode()))]) is None


def test_the_less_is_asked_for_the_less_is_needed() -> None:
    costs = [cost.of(7_000_000, 21_000_000) for cost in (LIGHT, PARTIAL, PEAK)]
    assert costs == sorted(costs)


def test_two_files_share_the_program() -> None:
    found = glance(FILE)
    assert found is not None
    one, two = needs([found]), needs([found, found])
    assert one is not None
    assert two is not None
    assert two.peak == 2 * one.peak - PEAK.base


def test_a_file_that_fits_is_let_through(monkeypatch: pytest.MonkeyPatch, limits: list[tuple[int, int]]) -> None:
    leaves(monkeypatch, Free(PLENTY, "this machine"))
    check([FILE], PLAIN)
    used = data_used()
    assert used is not None
    # From then on an allocation past what is free fails.
    assert abs(limits[-1][0] - PLENTY - used) < 1 << 24


def test_a_file_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch, limits: list[tuple[int, int]]) -> None:
    leaves(monkeypatch, Free(100_000_000, "the cgroup /job"), Free(PLENTY, "this machine"))
    said = refused(FILE)
    assert said.startswith(f"{FILE}: not enough memory: it needs about 1")
    assert "the cgroup /job leaves 100 MB; --light needs about 8" in said
    check([FILE], Manner(light=True))
    check([FILE], Manner(force=True))
    leaves(monkeypatch, Free(1_000_000, "this machine"))
    assert "this machine leaves 1 MB" in refused(FILE, manner=Manner(light=True))
    assert "open it where there is more, or try all the same with --force" in refused(FILE)


def test_files_are_weighed_together(monkeypatch: pytest.MonkeyPatch, limits: list[tuple[int, int]]) -> None:
    found = glance(FILE)
    assert found is not None
    both = needs([found, found])
    assert both is not None
    leaves(monkeypatch, Free(both.peak - 1, "this machine"))
    check([FILE], PLAIN)
    assert refused(FILE, FILE).startswith("not enough memory")


def test_address_space_must_hold_the_file_too() -> None:
    assert lacking(100, 50, [Free(PLENTY, "this machine"), Free(120, "ulimit -v", mapped=True)]) is not None
    assert lacking(100, 50, [Free(120, "ulimit -d")]) is None


def test_what_is_no_snapshot_is_left_to_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: list[tuple[int, int]]
) -> None:
    leaves(monkeypatch, Free(1, "this machine"))
    check([tmp_path / "missing", write(tmp_path, b"hello"), tmp_path], PLAIN)


@pytest.mark.parametrize("error", [MemoryError(), ShortOfMemory("x"), RuntimeError("can't start new thread")], ids=repr)
def test_memory_that_runs_out_is_told_with_what_is_needed(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*args: object, **kwargs: object) -> Heap:
        raise error

    monkeypatch.setattr(opening, "load_heap", fail)
    monkeypatch.setattr(opening, "load_light", fail)
    leaves(monkeypatch, Free(1_000_000, "ulimit -v", mapped=True))
    for opened in (opening.open_heap, opening.open_light):
        with pytest.raises(ShortOfMemory, match="ran out, for ulimit -v leaves no more; it needs about"):
            opened(FILE)


def test_other_errors_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> LightHeap:
        raise RuntimeError("something else")

    monkeypatch.setattr(opening, "load_light", fail)
    leaves(monkeypatch, Free(PLENTY, "this machine"))
    with pytest.raises(RuntimeError, match="something else"):
        opening.open_light(FILE)


def summary(*words: str, megabytes: int, letter: str = "v") -> tuple[int, Sequence[str], str]:
    """The status, the output and the errors of a summary that gets so much."""
    command = f'ulimit -{letter} {megabytes * 1000} && exec "$@"'
    run = subprocess.run(
        ["bash", "-c", command, "-", sys.executable, "-m", "heaptui", "summary", FILE, "--limit", "1", *words],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout.splitlines(), run.stderr


@pytest.mark.parametrize("letter", ["v", "d"])
@pytest.mark.parametrize("megabytes", [60, 190, 520, 4000])
def test_under_a_limit_it_works_or_says_why_not(megabytes: int, letter: str) -> None:
    status, out, err = summary(megabytes=megabytes, letter=letter)
    if status == 0:
        assert (len(out), err) == (2, "")
    else:
        assert (status, out, err.count("\n")) == (1, [], 1)
        assert "not enough memory" in err
    assert (status == 0) == (megabytes == 4000 or (megabytes, letter) == (520, "d"))


def test_forced_under_a_limit_it_works_or_says_why_not() -> None:
    status, _, err = summary("--force", megabytes=630)
    assert status == 0 or (err.startswith("heaptui: ") and "not enough memory" in err and err.count("\n") == 1)

"""The verdict as a whole: fingerprints, confidence, order, and that it never fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.suspects.knowledge.clues import CAUSES
from heaptui.suspects.verdict import Suspect, Verdict, find_suspects
from heaptui.views.suspects import SuspectsView
from tests.building import Draft
from tests.conftest import DATA
from tests.suspects import test_leaks as leaks
from tests.suspects.drafts import IDS, drafts
from tests.suspects.programs import Program, Run
from tests.suspects.test_leaks import Build, judge

Load = Callable[[Draft], Heap]
SCENARIOS = Path(__file__).parent.parent / "scenarios" / "data"
BUILDS = [leak.build for leak in leaks.LEAKS]


def first(load: Load, build: Build, points: Sequence[int] = (0, 1), run: Run | None = None) -> Suspect:
    return judge(load, build, points, run).suspects[0]


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
def test_a_fingerprint_is_the_same_in_another_run(load_draft: Load, build: Build) -> None:
    prints = {
        first(load_draft, build).fingerprint,
        first(load_draft, build, run=Run(1_000_001, 4)).fingerprint,
        first(load_draft, build, (1, 3)).fingerprint,
        first(load_draft, build, (0, 1, 2)).fingerprint,
    }
    assert len(prints) == 1
    assert re.fullmatch("[0-9a-f]{12}", prints.pop())


def test_fingerprints_of_other_holders_are_others(load_draft: Load) -> None:
    prints = [first(load_draft, build).fingerprint for build in BUILDS]
    assert len(set(prints)) == len(prints)


def test_keys_and_numbers_are_no_part_of_a_fingerprint(load_draft: Load) -> None:
    def users_of(rooms: range, prefix: str) -> Build:
        def build(program: Program, point: int) -> None:
            hotel = program.variable("hotel", "Hotel")
            for number in rooms:
                room = program.put(hotel, f"{prefix}{number}", ("room", number), "Room")
                program.fill_list(program.put(room, "guests", ("guests", number), "Array"), 1 + 10 * point, "Guest")

        return build

    many, others = users_of(range(60), "room"), users_of(range(100, 180), "suite")
    assert first(load_draft, many).fingerprint == first(load_draft, others).fingerprint


def test_the_leak_of_the_demo(demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo)
    suspect = found.suspects[0]
    assert found.judgement == "leak"
    assert (suspect.cause, suspect.count, suspect.confidence) == ("event listener", 100, "high")
    assert suspect.title == "100 listeners more: global.test._events.error (Array)"
    assert [str(place) for place in suspect.places] == ["/srv/shop/scripts/seed/seed.js:35:22"]
    assert suspect.leaked[0].name == "Function"
    assert {one.name: one.count for one in suspect.leaked}["Buffer"] == 100
    assert found.size == demo[1].total_size - demo[0].total_size
    assert found.count == demo[1].node_count - demo[0].node_count


def check_verdict(found: Verdict) -> None:
    """What holds of any verdict."""
    compared = len(found.heaps) > 1
    assert found.judgement in ("leak", "growth", "no growth") if compared else found.judgement == "single snapshot"
    assert (found.judgement == "leak") == bool(found.leaking)
    leaks = [suspect.leaks for suspect in found.suspects]
    assert leaks == sorted(leaks, reverse=True)
    for suspect in found.suspects:
        assert suspect.cause in CAUSES
        assert 0 <= suspect.share <= 1
        assert suspect.count >= 0
        assert suspect.title
        assert not (suspect.leaks and suspect.reason)
        assert suspect.confidence in ("high", "medium", "low")
        assert 0 <= suspect.holder < found.heaps[-1].node_count
        assert suspect.trail.path
        assert len(suspect.held) in ((0,) if len(found.heaps) < 3 else (0, len(found.heaps)))


@pytest.mark.parametrize(
    "files",
    [
        ("node20", "node22"),
        ("node22", "node12"),
        ("chrome-before", "node20"),
        ("node20", "chrome-before", "deno-v8"),
        ("bun-v8module", "node26"),
        ("hostile-base", "rare-page"),
        ("chrome-before", "chrome-detached"),
    ],
    ids=" ".join,
)
def test_snapshots_of_other_processes_do_no_harm(files: tuple[str, ...]) -> None:
    check_verdict(find_suspects([load_heap(str(DATA / f"{name}.heapsnapshot.gz")) for name in files]))


@pytest.mark.parametrize("file", sorted(DATA.glob("*.gz")), ids=lambda file: file.name.split(".")[0])
def test_each_small_snapshot_alone(file: Path) -> None:
    check_verdict(find_suspects([load_heap(str(file))]))


def test_five_snapshots() -> None:
    heaps = [load_heap(str(SCENARIOS / f"jobs-{k}.heapsnapshot.gz")) for k in range(5)]
    found = find_suspects(heaps)
    check_verdict(found)
    assert all(len(suspect.held) == 5 for suspect in found.suspects)


def test_the_same_snapshot_twice_is_no_growth(demo: tuple[Heap, Heap]) -> None:
    for heaps in ([demo[1], demo[1]], [demo[1], load_heap(FILES[1])], [demo[1]] * 3):
        found = find_suspects(heaps)
        assert (found.judgement, found.size, found.count) == ("no growth", 0, 0)
        assert not found.suspects


def test_the_demo_in_the_wrong_order_is_no_leak(demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo[::-1])
    check_verdict(found)
    assert found.judgement == "no growth"
    assert found.size < 0


def test_a_third_snapshot_raises_the_confidence(load_draft: Load) -> None:
    assert first(load_draft, leaks.module_list).confidence == "medium"
    assert first(load_draft, leaks.module_list, (0, 1, 2)).confidence == "high"


def test_where_the_functions_involved_were_written(load_draft: Load) -> None:
    def handlers(program: Program, point: int) -> None:
        emitter = program.variable("emitter", "EventEmitter")
        listeners = program.put(program.put(emitter, "_events", "events"), "data", "data", "Array")
        store = program.put(listeners, "elements", "elements", "", 16, "internal", "array")
        for i in range(2 + 200 * point):
            program.closure(store, i, ("handler", i), "onData", "/srv/app/handlers.js", "element", line=41)

    suspect = first(load_draft, handlers)
    assert suspect.cause == "event listener"
    assert str(suspect.places[0]) == "/srv/app/handlers.js:42:5"


def test_it_can_be_cancelled(demo: tuple[Heap, Heap]) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_suspects(demo, progress)


def examine(found: Verdict) -> None:
    check_verdict(found)
    for suspect in found.suspects:
        assert len(suspect.fingerprint) == 12


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=drafts())
def test_random_snapshots_alone(load_draft: Load, draft: Draft) -> None:
    examine(find_suspects([load_draft(draft)]))


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(drafts(ids=IDS), min_size=2, max_size=4))
def test_random_snapshots_that_share_ids(load_draft: Load, several: list[Draft]) -> None:
    examine(find_suspects([load_draft(draft) for draft in several]))


@pytest.mark.parametrize(
    ("base", "current"), [("node20", "node22"), ("node20", "node20-weakmap"), ("chrome-before", "chrome-timeline")]
)
def test_snapshots_of_different_processes_are_not_compared(base: str, current: str) -> None:
    heaps = [load_heap(next(DATA.glob(f"{name}.heap*"))) for name in (base, current)]
    found = find_suspects(heaps)
    assert found.growth.strangers
    assert found.judgement == "single snapshot"
    assert not found.leaking
    assert SuspectsView(heaps).heading.startswith("Not comparable: two processes, or an inspector closed")


@pytest.mark.parametrize("order", [(1, 0), (0, 2, 1), (2, 0, 1)])
def test_snapshots_in_the_wrong_order_are_known_by_their_highest_ids(order: tuple[int, ...]) -> None:
    heaps = [load_heap(str(SCENARIOS / f"jobs-{k}.heapsnapshot.gz")) for k in range(3)]
    assert find_suspects([heaps[k] for k in order]).misordered
    assert not find_suspects([heaps[k] for k in sorted(order)]).misordered


def test_snapshots_of_one_process_are_compared_in_either_order(demo: tuple[Heap, Heap]) -> None:
    assert not find_suspects(demo).growth.strangers
    assert not find_suspects(demo[::-1]).growth.strangers

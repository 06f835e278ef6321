"""Leaks and what looks like leaks, in small programs made by hand: the expected holder, cause or reason of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest

from heaptui.heap import Heap
from heaptui.suspects.knowledge import noise
from heaptui.suspects.verdict import Verdict, find_suspects
from tests.building import Draft
from tests.suspects.programs import SCRIPT, Program, Run

Load = Callable[[Draft], Heap]
Build = Callable[[Program, int], None]
"""Puts into a program what it keeps at a point in time: 0, 1, 2, ..."""


def judge(
    load: Load, build: Build, points: Sequence[int] = (0, 1), run: Run | None = None, *, moves: bool = False
) -> Verdict:
    """The verdict on snapshots taken at these points in time."""
    run = run or Run()
    heaps = []
    for point in points:
        program = Program(run, moved=point if moves else 0)
        build(program, point)
        heaps.append(load(program.draft))
    return find_suspects(heaps)


def module_list(program: Program, point: int) -> None:
    program.fill_list(program.variable("trail", "Array"), 10 + 300 * point)


def global_list(program: Program, point: int) -> None:
    program.fill_list(program.put(program.globals, "trail", "trail", "Array"), 10 + 300 * point)


def table(program: Program, point: int) -> None:
    program.fill_table(program.variable("sessions", "Map"), 10 + 300 * point, "Session")


def dictionary(program: Program, point: int) -> None:
    program.fill_keys(program.variable("users"), 10 + 300 * point, "User")


def dictionary_of_globals(program: Program, point: int) -> None:
    program.fill_keys(program.put(program.globals, "users", "users"), 10 + 300 * point, "User")


def set_in_instance(program: Program, point: int) -> None:
    service = program.variable("service", "Service")
    program.fill_table(program.put(service, "seen", "seen", "Set"), 10 + 300 * point, "Visit")


def cache_of_instance(program: Program, point: int) -> None:
    """Called as Node calls the table of its modules."""
    service = program.variable("service", "Service")
    program.fill_keys(program.put(service, "_cache", "_cache"), 10 + 300 * point, "User")


def dictionary_by_symbols(program: Program, point: int) -> None:
    """As with `bus[Symbol.for(id)] = job`: V8 keeps names and values in a dictionary."""
    bus = program.variable("bus", "EventEmitter")
    store = program.put(bus, "properties", "properties", "", 16, "internal", "array")
    for i in range(10 + 300 * point):
        program.put(store, str(2 * i + 3), ("symbol", i), f"job:{i}", 24, "internal", "symbol")
        program.put(bus, f"<symbol job:{i}>", ("job", i), "Job", 64)


def cache_of_function(program: Program, point: int) -> None:
    memoized = program.closure(program.module, "render", "render", "", kind="context")
    scope = program.scope("memoize", "/srv/app/app.js", program.module, "memoize")
    program.draft.link(memoized, scope, "context", "internal")
    program.fill_table(program.put(scope, "cache", "cache", "Map", kind="context"), 10 + 300 * point, "Page")


def linked_list(program: Program, point: int) -> None:
    last = program.variable("backlog", "Queue")
    for i in range(10 + 300 * point):
        last = program.put(last, "next", ("link", i), "Link", 64)
        program.put(last, "task", ("task", i), "Task", 64)


def linked_list_at_the_head(program: Program, point: int) -> None:
    """New links come first, and refer to those from before."""
    last = program.variable("history", "Stack")
    for i in reversed(range(10 + 300 * point)):
        last = program.put(last, "next", ("link", i), "Link", 64)
        program.put(last, "task", ("task", i), "Task", 64)


def chain_of_two(program: Program, point: int) -> None:
    last = program.variable("current", "Connection")
    for i in range(10 + 300 * point):
        handler = program.closure(last, "onclose", ("handler", i), "onclose")
        scope = program.put(handler, "context", ("scope", i), "system / Context", 40, "internal")
        last = program.put(scope, "previous", ("connection", i), "Connection", 64, "context")


def threads_of_comments(program: Program, point: int) -> None:
    """A tree below each entry, of the same class as the entries."""
    for i, comment in enumerate(program.fill_table(program.variable("threads", "Map"), 10 + 300 * point, "Comment")):
        program.fill_list(program.put(comment, "replies", ("replies", i), "Array"), 4, "Comment")


def by_object(program: Program, point: int) -> None:
    """A Map with objects for keys, as in a table of proxies."""
    slots = program.put(program.variable("proxies", "Map"), "table", "slots", "", 16, "internal", "array")
    for i in range(10 + 300 * point):
        program.put(slots, str(3 * i + 5), ("raw", i), "Raw", 64, "internal")
        program.put(slots, str(3 * i + 6), ("proxy", i), "Proxied", 64, "internal")


def replaced_state(program: Program, point: int) -> None:
    """As in a store whose state is copied with each change."""
    state = program.put(program.variable("store", "Store"), "state", ("state", point), "State")
    items = program.put(state, "items", ("items", point), "Array")
    store = program.put(items, "elements", ("elements", point), "", 16, "internal", "array")
    for i in range(100 + 300 * point):
        program.put(store, i, ("item", i), "Item", 64, "element")


def spread_over_holders(program: Program, point: int) -> None:
    rooms = program.fill_list(program.variable("rooms", "Array"), 60, "Room")
    for number, room in enumerate(rooms):
        program.fill_list(program.put(room, "messages", ("of", number), "Array"), 1 + 10 * point, "Message")


def own_size(program: Program, point: int) -> None:
    program.variable("samples", "Float64Array", 1000 + 500_000 * point)


def store_of_numbers(program: Program, point: int) -> None:
    numbers = program.variable("numbers", "Array")
    program.put(numbers, "elements", "numbers' elements", "", 100 + 500_000 * point, "internal", "array")


@dataclass(frozen=True)
class Leak:
    """What is to be said: words of the title, the class that holds, the cause, the foremost class of the pile.

    Of causes, and of classes with | between them, any is right.
    """

    build: Build
    title: tuple[str, ...]
    holder: str
    causes: tuple[str, ...]
    leaked: str
    count: int | None = 300


LEAKS = [
    Leak(module_list, ("trail", "app.js"), "Array", ("module state",), "Entry"),
    Leak(global_list, ("global.trail",), "Array", ("global variable",), "Entry"),
    Leak(table, ("sessions", "app.js"), "Map", ("collection",), "Session"),
    Leak(dictionary, ("users", "app.js"), "Object", ("collection",), "User"),
    Leak(dictionary_of_globals, ("global.users",), "Object", ("collection", "global variable"), "User"),
    Leak(set_in_instance, ("service", "seen"), "Set", ("collection",), "Visit"),
    Leak(cache_of_instance, ("service", "_cache"), "Object", ("collection",), "User"),
    Leak(dictionary_by_symbols, ("bus",), "EventEmitter", ("collection",), "Job"),
    Leak(cache_of_function, ("cache in memoize()",), "Map", ("collection", "closure"), "Page"),
    Leak(linked_list, ("backlog",), "Queue|Link", ("collection", "module state"), "Link|Task"),
    Leak(linked_list_at_the_head, ("history",), "Stack|Link", ("collection", "module state"), "Link|Task"),
    Leak(chain_of_two, ("current",), "Connection", ("closure",), "Connection", None),
    Leak(threads_of_comments, ("threads",), "Map", ("collection",), "Comment"),
    Leak(by_object, ("proxies",), "Map", ("collection",), "Raw|Proxied"),
    Leak(replaced_state, ("store", "items"), "Array", ("collection", "module state"), "Item"),
    Leak(spread_over_holders, ("rooms", "messages"), "Array", ("collection", "module state"), "Message", 600),
    Leak(own_size, ("samples",), "Float64Array", ("module state", "buffer", "collection"), "Float64Array", None),
    Leak(store_of_numbers, ("numbers",), "Array", ("module state", "collection"), "Array", None),
]


@pytest.mark.parametrize("moves", [False, True], ids=["", "larger backing stores"])
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_a_leak_is_told_with_its_holder_and_cause(load_draft: Load, leak: Leak, moves: bool) -> None:
    found = judge(load_draft, leak.build, moves=moves)
    assert found.judgement == "leak"
    first = found.suspects[0]
    heap = found.heaps[-1]
    assert first.leaks
    assert all(word in first.title for word in leak.title), first.title
    assert heap.classes.names[int(heap.classes.of[first.holder])] in leak.holder.split("|")
    assert first.cause in leak.causes
    assert first.leaked[0].name in leak.leaked.split("|")
    if leak.count is not None:
        assert first.count == leak.count
    assert first.size >= 0.9 * found.size
    assert 0.9 <= first.share <= 1
    assert sum(suspect.leaks for suspect in found.suspects) == 1


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_what_grows_in_each_of_three_snapshots_is_told_with_its_sizes(load_draft: Load, leak: Leak) -> None:
    found = judge(load_draft, leak.build, (0, 1, 2))
    assert found.judgement == "leak"
    assert all(word in found.suspects[0].title for word in leak.title)
    sizes = [held.size for held in found.suspects[0].held]
    assert len(sizes) == 3
    assert sizes == sorted(set(sizes))
    assert sizes[2] - sizes[0] == pytest.approx(found.size, rel=0.1)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_what_grew_in_the_first_step_only_is_no_leak(load_draft: Load, leak: Leak) -> None:
    found = judge(load_draft, lambda program, point: leak.build(program, min(point, 1)), (0, 1, 2))
    assert found.judgement in ("growth", "no growth")
    assert all(suspect.reason for suspect in found.suspects)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_the_same_twice_is_no_growth(load_draft: Load, leak: Leak) -> None:
    found = judge(load_draft, leak.build, (1, 1))
    assert found.judgement == "no growth"
    assert (found.size, found.count) == (0, 0)
    assert not found.suspects


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_a_pair_in_the_wrong_order_is_no_leak(load_draft: Load, leak: Leak) -> None:
    found = judge(load_draft, leak.build, (1, 0))
    assert found.judgement == "no growth"
    assert found.size < 0
    assert not found.leaking


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.build.__name__)
def test_one_snapshot_alone_shows_what_is_large(load_draft: Load, leak: Leak) -> None:
    found = judge(load_draft, leak.build, (2,))
    assert found.judgement == "single snapshot"
    assert any(leak.title[0] in suspect.title for suspect in found.suspects[:3])
    assert not found.leaking


@pytest.mark.parametrize("first", [module_list, table])
@pytest.mark.parametrize("second", [dictionary_of_globals, spread_over_holders, chain_of_two])
def test_two_leaks_are_the_first_two_suspects(load_draft: Load, first: Build, second: Build) -> None:
    def both(program: Program, point: int) -> None:
        first(program, point)
        second(program, point)

    found = judge(load_draft, both)
    assert found.judgement == "leak"
    expected = {leak.build: leak for leak in LEAKS}
    titles = [suspect.title for suspect in found.leaking]
    assert len(titles) == 2
    for build in (first, second):
        assert any(all(word in title for word in expected[build].title) for title in titles)
    assert sum(suspect.share for suspect in found.leaking) <= 1


def test_two_lists_of_one_class_are_two_leaks(load_draft: Load) -> None:
    def both(program: Program, point: int) -> None:
        program.fill_list(program.variable("requests", "Array"), 10 + 200 * point)
        program.fill_list(program.variable("failures", "Array"), 10 + 150 * point)

    found = judge(load_draft, both).leaking
    assert [suspect.count for suspect in found] == [200, 150]
    assert "requests" in found[0].title
    assert "failures" in found[1].title


def test_of_two_sides_of_a_leak_the_nearer_to_the_variable_stands_first(load_draft: Load) -> None:
    """As of a compiler of schemas that keeps each in a cache, and its code in a list of its own."""

    def compiler(program: Program, point: int) -> None:
        owner, count = program.variable("ajv", "Ajv"), 10 + 200 * point
        program.fill_table(program.put(owner, "cache", "cache", "Map"), count, "Schema")
        scope = program.put(program.put(owner, "scope", "scope", "Scope"), "names", "names")
        program.fill_list(program.put(scope, "validate", "validate", "Array"), count, "Code", 500)
        program.fill_list(program.put(owner, "failures", "failures", "Array"), 2 * count, "Failure", 100)

    found = [suspect.title for suspect in judge(load_draft, compiler).leaking]
    assert ["cache" in found[0], "failures" in found[1], "validate" in found[2]] == [True] * 3


def test_what_another_list_of_the_class_replaces_is_not_counted_with_a_leak(load_draft: Load) -> None:
    """As the rows of a page that are shown, and those kept for an undo."""

    def both(program: Program, point: int) -> None:
        program.fill_list(program.variable("shown", "Array"), 40, first=40 * point)
        program.fill_list(program.variable("undo", "Array"), 10 + 250 * point)

    first = judge(load_draft, both).suspects[0]
    assert first.count == 250
    assert "undo" in first.title


def freed(program: Program, point: int) -> None:
    """Entries from the start of the program that go."""
    program.fill_list(program.variable("warm", "Array"), 0 if point else 3000, "Warm", 500)


def drained(program: Program, point: int) -> None:
    """A queue that was long once: V8 keeps a smaller backing store of the same array."""
    queue = program.variable("queue", "Array")
    program.put(queue, "elements", "queue's elements", "", 8 if point else 500_000, "internal", "array")


@pytest.mark.parametrize("points", [(0, 1), (0, 1, 2)], ids=["two", "three"])
@pytest.mark.parametrize("beside", [freed, drained])
@pytest.mark.parametrize("leak", [module_list, table, dictionary, chain_of_two])
def test_a_leak_beside_what_was_freed_is_told(
    load_draft: Load, leak: Build, beside: Build, points: tuple[int, ...]
) -> None:
    """Though they are variables of one module, and the heap is smaller than before."""

    def both(program: Program, point: int) -> None:
        beside(program, point)
        leak(program, point)

    found = judge(load_draft, both, points)
    (expected,) = (one for one in LEAKS if one.build is leak)
    assert found.size < 0
    assert found.judgement == "leak"
    assert all(word in found.suspects[0].title for word in expected.title)


def pending(program: Program, point: int) -> None:
    """Reactions of a promise, each with a function that waits."""
    last, edge = program.variable("ready", "Promise"), "reactions_or_result"
    for i in range(3 + 300 * point):
        last = program.put(last, edge, ("reaction", i), "system / PromiseReaction", 32, "internal", "hidden")
        handler = program.put(last, "fulfill_handler", ("handler", i), "", 56, "internal", "closure")
        scope = program.put(handler, "context", ("scope", i), "system / Context", 40, "internal")
        program.put(scope, "job", ("job", i), "Job", 100, "context")
        edge = "next"


def test_a_promise_with_its_reactions_is_one_leak(load_draft: Load) -> None:
    found = judge(load_draft, pending)
    assert [suspect.cause for suspect in found.leaking] == ["promise"]
    assert found.suspects[0].leaked[0].name == "Job"
    assert found.suspects[0].count == 300


def replaced_entries(program: Program, point: int) -> None:
    """A bounded cache at its limit."""
    program.fill_table(program.variable("cache", "Map"), 300, "Page", first=300 * point)


def swapped_holders(program: Program, point: int) -> None:
    """A bounded cache of two Maps, the younger of which takes the other's place now and then."""
    cache = program.variable("cache", "QuickLRU")
    for name, generation in (("cache", point + 1), ("oldCache", point)):
        entries = program.put(cache, name, ("generation", generation), "Map")
        program.fill_table(entries, 150, "Page")


def ring(program: Program, point: int) -> None:
    program.fill_list(program.variable("ring", "Array"), 200, "Sample", first=200 * point)


@pytest.mark.parametrize("build", [replaced_entries, swapped_holders, ring])
@pytest.mark.parametrize("points", [(0, 1), (0, 1, 2)], ids=["two", "three"])
@pytest.mark.parametrize("moves", [False, True], ids=["", "other backing stores"])
def test_what_is_replaced_is_no_leak(load_draft: Load, build: Build, points: tuple[int, ...], moves: bool) -> None:
    found = judge(load_draft, build, points, moves=moves)
    assert found.judgement == "no growth"
    assert found.size == 0
    assert all(suspect.reason for suspect in found.suspects)


@pytest.mark.parametrize(
    ("counts", "judgement"),
    [
        ((10, 310, 610), "leak"),
        ((10, 1310, 1320, 2620), "growth"),
        ((10, 1500, 1300), "growth"),
        ((10, 10, 1300), "growth"),
        ((500, 2000, 500), "no growth"),
        ((10, 300, 600, 900, 1200), "leak"),
    ],
)
@pytest.mark.parametrize("fill", ["fill_list", "fill_table", "fill_keys"])
def test_only_what_grows_in_every_step_is_a_leak(
    load_draft: Load, fill: str, counts: tuple[int, ...], judgement: str
) -> None:
    def build(program: Program, point: int) -> None:
        getattr(program, fill)(program.variable("jobs", "Jobs"), counts[point])

    found = judge(load_draft, build, range(len(counts)))
    assert found.judgement == judgement
    assert all(suspect.reason for suspect in found.suspects) == (judgement != "leak")


def batches(program: Program, point: int) -> None:
    """What waits to be written all at once, when another list takes its place."""
    batcher = program.variable("batcher", "Batcher")
    program.fill_list(program.put(batcher, "waiting", ("list", point), "Array"), 100 + 300 * point, "Line", 640)


def copied_state(program: Program, point: int) -> None:
    """A list that is copied to grow: the entries stay."""
    store = program.variable("store", "Store")
    entries = program.put(store, "todos", ("todos", point), "Array")
    elements = program.put(entries, "elements", ("elements", point), "", 16, "internal", "array")
    for i in range(100 + 300 * point):
        program.put(elements, i, ("todo", i), "Todo", 64, "element")


def test_a_list_that_is_copied_to_grow_is_a_leak(load_draft: Load) -> None:
    assert judge(load_draft, copied_state, (0, 1, 2)).judgement == "leak"


@pytest.mark.parametrize(("points", "judgement"), [((0, 1, 2), "growth"), ((0, 1, 2, 3), "leak")])
def test_what_is_refilled_before_every_snapshot_may_be_fuller_by_chance(
    load_draft: Load, points: tuple[int, ...], judgement: str
) -> None:
    found = judge(load_draft, batches, points)
    assert found.judgement == judgement
    assert (found.suspects[0].reason == noise.REFILLED) == (judgement == "growth")


@pytest.mark.parametrize(
    ("counts", "judgement"),
    [((3, 26, 32), "growth"), ((3, 26, 49), "leak"), ((3, 26, 30, 55), "leak"), ((10, 1000, 1200), "leak")],
)
def test_a_small_pile_that_slows_down_may_be_filling_up(
    load_draft: Load, counts: tuple[int, ...], judgement: str
) -> None:
    def pool(program: Program, point: int) -> None:
        program.fill_list(program.variable("free", "Array"), counts[point], "Frame", 16_384)

    found = judge(load_draft, pool, range(len(counts)))
    assert found.judgement == judgement
    assert (found.suspects[0].reason == noise.SLOWING) == (judgement == "growth")


def copied_to_grow(program: Program, point: int, sizes: Sequence[int]) -> None:
    """An array that a longer one takes the place of when it is full."""
    histogram = program.variable("latency", "Histogram")
    program.put(histogram, "values", ("values", point), "Float64Array", sizes[point])


@pytest.mark.parametrize(
    ("sizes", "leaks"),
    [
        ((8_000, 64_000, 256_000), True),
        ((8_000, 64_000), False),
        ((8_000, 256_000, 64_000), False),
        ((8_000, 256_000, 256_000), False),
        ((250_000, 255_000, 260_000), False),
        ((0, 64_000, 256_000), False),
    ],
)
def test_a_single_object_that_is_replaced_by_a_larger_one_in_every_step_is_a_leak(
    load_draft: Load, sizes: tuple[int, ...], leaks: bool
) -> None:
    found = judge(load_draft, lambda program, point: copied_to_grow(program, point, sizes), range(len(sizes)))
    (said,) = (suspect for suspect in found.suspects if "latency" in suspect.title)
    assert said.leaks == leaks
    if leaks:
        assert said.title.endswith("is replaced by a larger one again and again")


def spans_of_a_poller(program: Program, point: int) -> None:
    """All on the way to the latest span is new each time, and the last step is a slot of a table."""
    now = program.put(program.variable("queue", "ImmediateList"), "head", ("immediate", point), "Immediate")
    frame = program.put(now, "<symbol kAsyncContextFrame>", ("frame", point), "AsyncContextFrame")
    slots = program.put(frame, "table", ("table", point), "", 16, "internal", "array")
    program.put(slots, "3", "tracing", "AsyncLocalStorage", kind="internal")
    last, edge, kind = slots, "4", "internal"
    for i in reversed(range(20 + 300 * point)):
        last, edge, kind = program.put(last, edge, ("span", i), "Span", 64, kind), "parent", "property"


def effects_of_values(program: Program, point: int) -> None:
    """Each of several values leads to the newest link of a list of its own."""
    values = program.fill_table(program.variable("values", "Map"), 3, "Value")
    for number, value in enumerate(values):
        last, edge = value, "subs"
        for i in reversed(range(20 + 100 * point)):
            last, edge = program.put(last, edge, ("link", number, i), "Link", 64), "prevSub"


def ports_of_the_runtime(program: Program, point: int) -> None:
    """Node 24 numbers its own objects anew, so that the id of one is another's in the snapshot before."""
    program.put(program.root, 8, ("environment", point + 1), "Node / cleanup", 8, "element", "native")
    owner = program.put(program.root, 9, ("environment", point), "Node / Environment", 8, "element", "synthetic")
    ports = program.put(owner, "list", ("list", point), "Node / BaseObjectList", 8, "internal", "native")
    for i in range(20 + 300 * point):
        native = program.put(ports, i, ("native", i), "Node / MessagePort", 64, "element", "native")
        program.put(native, "native_to_javascript", ("port", i), "MessagePort", 64, "internal")


def handles_of_the_runtime(program: Program, point: int) -> None:
    """Handles of a kind that is not known, below an owner that is numbered anew."""
    owner = program.put(program.root, 9, ("environment", point), "Node / Environment", 8, "element", "synthetic")
    handles = program.put(owner, "list", ("list", point), "Node / BaseObjectList", 8, "internal", "native")
    for i in range(20 + 300 * point):
        native = program.put(handles, i, ("native", i), "Node / Novelty", 64, "element", "native")
        program.put(native, "native_to_javascript", ("novelty", i), "Novelty", 64, "internal")


def test_what_the_runtime_numbered_anew_is_no_new_holder(load_draft: Load) -> None:
    first = judge(load_draft, handles_of_the_runtime).suspects[0]
    assert (first.leaks, first.leaked[0].name) == (True, "Novelty")
    assert first.title == "300 objects more in (root) › Novelty"


@pytest.mark.parametrize(
    ("build", "leaked"),
    [(spans_of_a_poller, "Span"), (ports_of_the_runtime, "MessagePort"), (effects_of_values, "Link")],
)
def test_a_holder_that_is_new_each_time_is_followed_by_its_place(load_draft: Load, build: Build, leaked: str) -> None:
    first = judge(load_draft, build, (0, 1, 2)).suspects[0]
    assert first.leaks
    assert first.leaked[0].name == leaked
    sizes = [held.size for held in first.held]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] > 0


def list_in_a_file_backwards(program: Program, point: int) -> None:
    """As `linked_list`, but the last link stands first in the file."""
    links = [program.node(("link", i), "object", "Link", 64) for i in reversed(range(10 + 300 * point))]
    for before, after in pairwise([program.variable("backlog", "Queue"), *reversed(links)]):
        program.draft.link(before, after, "next", "property")


def modules_of_bun(program: Program, point: int) -> None:
    """Each module is a record, which leads to those that it imports and to its scope."""
    loader = program.put(program.globals, "moduleLoader", "loader", "Object", kind="context")
    for i in range(10):
        record = program.put(loader, "", ("record", i), "ModuleRecord", 400, "internal")
        scope = program.put(record, "", ("environment", i), "system / JSModuleEnvironment", 40, "internal")
        cache = program.put(scope, f"cache{i}", ("cache", i), "Map", kind="context")
        program.fill_table(cache, 500 * point if i == 4 else 2, "Page", 400)


def test_of_one_snapshot_of_bun_the_variable_of_a_module_is_named(load_draft: Load) -> None:
    assert judge(load_draft, modules_of_bun, (1,)).suspects[0].title == "500 entries in variable cache4 (Map)"


@pytest.mark.parametrize("build", [linked_list, list_in_a_file_backwards])
def test_a_chain_is_held_by_its_first_link(load_draft: Load, build: Build) -> None:
    assert judge(load_draft, build).suspects[0].title.endswith("variable backlog of app.js.next (Link)")


def map_with_ropes_for_keys(program: Program, point: int) -> None:
    table = program.put(program.variable("sessions", "Map"), "table", "table", "", 16, "internal", "array")
    for i in range(10 + 300 * point):
        program.put(table, str(3 * i + 5), ("key", i), f"key {i}", 32, "internal", "concatenated string")
        program.put(table, str(3 * i + 6), ("value", i), "Session", 64, "internal")


def test_what_a_collection_holds_anyway_is_no_reason_of_its_leak(load_draft: Load) -> None:
    first = judge(load_draft, map_with_ropes_for_keys).suspects[0]
    assert first.cause == "collection"
    assert "objects hang there that the base lacks" in first.evidence[0]
    assert any("is a rope" in sentence for sentence in first.evidence)


def test_a_chain_is_said_to_be_one(load_draft: Load) -> None:
    for build, name in ((linked_list, "next"), (linked_list_at_the_head, "next")):
        said = judge(load_draft, build).suspects[0].evidence
        assert f"they form a chain: each leads to the next by `{name}`" in said
    assert not any("chain" in line for line in judge(load_draft, table).suspects[0].evidence)


def test_entries_that_are_replaced_are_said_to_be(load_draft: Load) -> None:
    def nearly_replaced(program: Program, point: int) -> None:
        program.fill_table(program.variable("cache", "Map"), 300 + 20 * point, "Page", first=300 * point)

    found = judge(load_draft, nearly_replaced)
    assert found.suspects[0].reason.startswith("it replaces its entries")


def test_a_cache_that_churns_stands_behind_a_smaller_leak(load_draft: Load) -> None:
    def both(program: Program, point: int) -> None:
        program.fill_table(program.variable("cache", "Map"), 1000 + 10 * point, "Page", first=1000 * point)
        table(program, point)

    found = judge(load_draft, both)
    assert found.judgement == "leak"
    assert ["sessions" in suspect.title for suspect in found.suspects[:2]] == [True, False]
    assert "cache" in found.suspects[1].title
    assert not found.suspects[1].leaks


def test_shares_are_between_nothing_and_all(load_draft: Load) -> None:
    def falls_and_rises(program: Program, point: int) -> None:
        program.fill_table(program.variable("cache", "Map"), 300 - 150 * point, "Page", first=300 * point)
        program.fill_list(program.variable("trail", "Array"), 10 + 20 * point)

    for suspect in judge(load_draft, falls_and_rises).suspects:
        assert 0 <= suspect.share <= 1, suspect.title


def test_a_few_objects_are_no_leak(load_draft: Load) -> None:
    def few(program: Program, point: int) -> None:
        program.fill_list(program.variable("few", "Array"), point * 5, size=20_000)

    assert judge(load_draft, few).judgement == "growth"


def test_a_loaded_table_that_is_itself_new_is_growth(load_draft: Load) -> None:
    def loaded(program: Program, point: int) -> None:
        settings = program.variable("settings", "Settings")
        if point:
            program.fill_list(program.put(settings, "fonts", "fonts", "Array"), 2000, "Font")

    found = judge(load_draft, loaded)
    assert found.judgement == "growth"
    assert found.suspects[0].reason


@pytest.mark.parametrize("name", ["Client", "Agent", "Server", "Pipe", "Transform", "Listener", "Timeout"])
def test_a_class_of_the_program_is_not_known_by_a_common_name(load_draft: Load, name: str) -> None:
    """Customers are clients, and a drawing has transforms: the file says that these were written in app.js."""

    def customers(program: Program, point: int) -> None:
        made = program.fill_list(program.variable("customers", "Array"), 10 + 300 * point, name)
        program.draft.locations += [(ordinal, program.script_id(SCRIPT), 20, 14) for ordinal in made]

    first = judge(load_draft, customers).suspects[0]
    assert (first.cause, first.leaked[0].name) == ("module state", name)
    assert str(first.places[0]) == f"{SCRIPT}:21:15"

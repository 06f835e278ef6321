"""Every clue and every kind of noise is well formed, and fires where it should and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from heaptui.suspects.causes import Finding, decide, find_causes, noise_of, title_and_advice
from heaptui.suspects.knowledge.clues import CAUSES, CLUES, Clue
from heaptui.suspects.knowledge.costs import EDGE_TYPES, INTERNAL_EDGES, NAMED_EDGES, NODE_NAMES, NODE_TYPES
from heaptui.suspects.knowledge.noise import NOISE, Noise
from heaptui.suspects.knowledge.structures import STRUCTURES
from heaptui.suspects.leaked import Leaked, Pile
from heaptui.suspects.trail import Step, Trail

SPECIFIED = {
    "global variable", "closure", "event listener", "timer", "collection", "promise", "detached DOM", "module state",
    "stream or socket", "string", "buffer", "async context", "unknown",
}  # fmt: skip
GIVEN = dict.fromkeys(("edge", "node", "next", "share", "size", "count", "holder", "more", "number"), "§")
KNOWN = (*STRUCTURES, *CLUES)


def to(
    edge: str, class_name: str, kind: str = "property", node_type: str = "object", many: bool = False, owner: str = ""
) -> Step:
    """A step to an object of a class; the kind is empty where a path begins."""
    return Step(7 if kind else -1, 1, edge, kind, node_type, class_name, class_name, many, owner=owner)


BEGIN = to("", "global", "")
SCOPE = to("", "system / Context", "")
SERVICE, LIST = to("service", "Service", "context"), to("list", "Array")
ELEMENT = to("3", "Entry", "element", many=True)
PATH = (SCOPE, SERVICE, LIST)


def trail(path: tuple[Step, ...] = (), piled: tuple[Step, ...] = (ELEMENT,), below: tuple[Step, ...] = ()) -> Trail:
    """From a variable of a module on; by default to a list of objects that say nothing."""
    return Trail((*PATH, *path), piled, below, 1 if piled else None)


def pile(shares: dict[str, float] | None = None, chunk: int | None = None, leaked: Sequence[Leaked] = ()) -> Pile:
    return Pile(shares=shares or {"Entry": 1.0}, leaked=leaked, visible_size=1000, written=[], chunk=chunk)


Case = tuple[Trail, Pile]
EVENTS = to("_events", "Object"), to("data", "Array")
SYMBOLS = to("public_symbol_table", "(array)", "internal", "array")
STORE = "Symbol(kResourceStore)"
RESOURCE = to("1", "AsyncResource", "element")
MEMORY = {"ArrayBuffer": 0.2, "system / JSArrayBufferData": 0.5, "Buffer": 0.3}

CLUE_CASES: dict[tuple[str, str, str], Case] = {
    ("detached DOM", "detached elements", "below"): (trail(), pile({"Detached <li>": 0.3, "Row": 0.7})),
    ("event listener", "listeners of an EventEmitter", "path"): (trail(EVENTS), pile()),
    ("event listener", "listeners of an EventTarget", "path"): (trail((to("<symbol kEvents>", "SafeMap"),)), pile()),
    ("event listener", "a listener of an EventTarget", "path"): (trail((to("first", "V8EventListener"),)), pile()),
    ("event listener", "a listener of an EventTarget", "piled"): (trail((), (to("next", "Listener"),)), pile()),
    ("async context", "a store of AsyncLocalStorage", "path"): (trail((to(STORE, "Object"),)), pile()),
    ("async context", "a frame of AsyncLocalStorage", "path"): (trail((to("frame", "AsyncContextFrame"),)), pile()),
    ("async context", "a store of AsyncLocalStorage", "piled"): (trail((), (to(STORE, "Object"),)), pile()),
    ("async context", "a frame of AsyncLocalStorage", "piled"): (trail((), (RESOURCE,)), pile()),
    ("async context", "a store of AsyncLocalStorage", "below"): (trail(below=(to(STORE, "Object"),)), pile()),
    ("async context", "a frame of AsyncLocalStorage", "below"): (trail(below=(to("f", "AsyncContextFrame"),)), pile()),
    ("timer", "timers in Node's list", "piled"): (trail((), (to("_idleNext", "Timeout"),)), pile()),
    ("timer", "timers in Node's list", "path"): (trail((to("40", "TimersList", "element"),)), pile()),
    ("timer", "timers of a page", "path"): (trail((to("8", "blink::DOMTimer", "element", "native"),)), pile()),
    ("timer", "timers of a page", "piled"): (trail((), (to("8", "ScheduledAction", "element", "native"),)), pile()),
    ("promise", "reactions of a promise", "path"): (
        trail((to("ready", "Promise"), to("reactions_or_result", "Reaction", "internal"))),
        pile(),
    ),
    ("promise", "reactions of a promise", "piled"): (
        trail((to("ready", "Promise"),), (to("reactions_or_result", "system / PromiseReaction", "internal"),)),
        pile(),
    ),
    ("promise", "functions that settle a promise", "below"): (
        trail(below=(to("resolve", "Function"), to("extension", "Promise", "internal"))),
        pile(),
    ),
    ("promise", "suspended async functions", "below"): (
        trail(below=(to("generator_object", "Generator", "internal"),)),
        pile({"Generator": 0.05, "Job": 0.95}),
    ),
    ("promise", "pending promises", "below"): (
        trail(below=(to("p", "Promise"), to("reactions_or_result", "system / PromiseReaction", "internal"))),
        pile(),
    ),
    ("string", "ropes", "piled"): (trail((), (to("first", "(concatenated string)", "internal"),)), pile()),
    ("string", "slices", "below"): (
        trail((), (to("3", "(sliced string)", "element"),), (to("parent", "(string)", "internal"),)),
        pile({"(string)": 0.9, "(sliced string)": 0.1}),
    ),
    ("stream or socket", "streams that piled up", "piled"): (trail((), (to("3", "TLSSocket", "element"),)), pile()),
    ("stream or socket", "data waiting in a stream", "path"): (trail((to("_writableState", "WritableState"),)), pile()),
    ("stream or socket", "streams that are not ended", "below"): (
        trail(below=(to("_readableState", "ReadableState"),)),
        pile(),
    ),
    ("buffer", "views of chunks", "chunks"): (trail((), (to("3", "Buffer", "element"),)), pile(MEMORY, 8192)),
    ("buffer", "memory of views", "below"): (trail(), pile(MEMORY)),
    ("closure", "closures", "piled"): (trail((), (to("3", "Function", "element", "closure"),)), pile()),
    ("collection", "held values of a FinalizationRegistry", "keeper"): (
        trail((to("cleaner", "FinalizationRegistry", "context"),)),
        pile(MEMORY),
    ),
    ("collection", "symbols of Symbol.for", "path"): (
        trail((to("47", "(Strong root list)", "element", "synthetic"), SYMBOLS), (to("9", "(symbol)", "internal"),)),
        pile(),
    ),
    ("event listener", "observers of a page", "piled"): (
        trail((), (to("9", "MutationObserverRegistration", "element", "native"),)),
        pile({"Detached <div>": 0.5}),
    ),
    ("stream or socket", "targets of pipes", "keeper"): (
        trail((to("_readableState", "ReadableState"), to("pipes", "Array", owner="ReadableState"))),
        pile(),
    ),
    ("event listener", "signals with listeners that stay for their sources", "keeper"): (
        trail((to("gcPersistentSignals", "Set", "context"),)),
        pile(),
    ),
    ("collection", "signals that depend on one", "keeper"): (
        trail((to("<symbol kDependantSignals>", "Set", owner="EventTarget"),)),
        pile(),
    ),
    ("event listener", "subscribers of a diagnostics channel", "keeper"): (
        trail((to("_subscribers", "Array", owner="Channel"),)),
        pile(),
    ),
    ("event listener", "observers of an rxjs Subject", "keeper"): (
        trail((to("observers", "Array", owner="BehaviorSubject"),)),
        pile(),
    ),
    ("collection", "the buffer of an rxjs ReplaySubject", "keeper"): (
        trail((to("_buffer", "Array", owner="ReplaySubject"),)),
        pile(),
    ),
    ("event listener", "subscribers of a reactive value of Vue", "path"): (
        trail((to("4", "Dep", "internal"), to("subs", "Link", owner="Dep"))),
        pile(),
    ),
    ("event listener", "observers of a mobx value", "keeper"): (trail((to("observers_", "Set"),)), pile()),
    ("collection", "the cache of a DataLoader", "keeper"): (
        trail((to("_cacheMap", "Map", owner="DataLoader"),), (to("4", "Promise", "internal"),)),
        pile(),
    ),
    ("collection", "pools by origin", "keeper"): (trail((to("<symbol clients>", "Map", owner="Agent"),)), pile()),
    ("module state", "modules that another one loaded", "keeper"): (
        trail((to("children", "Array", owner="Module"),)),
        pile(),
    ),
    ("module state", "ES modules that were loaded", "keeper"): (
        trail((to("loadCache", "LoadCache"),), below=(to("g", "Generator", "internal"),)),
        pile({"Generator": 0.05, "Job": 0.95}),
    ),
    ("module state", "marks and measures", "keeper"): (trail((to("markEntryBuffer", "Array", "context"),)), pile()),
    ("module state", "routes and middleware of Express", "keeper"): (
        trail((to("stack", "Array", owner="router"),)),
        pile(),
    ),
    ("collection", "events that nobody takes", "path"): (
        trail((to("unconsumedEvents", "FixedQueue", "context"), to("tail", "FixedCircularBuffer"), LIST)),
        pile(),
    ),
    ("stream or socket", "data waiting to be written", "keeper"): (
        trail((to("_writableState", "WritableState"), to("buffered", "Array", owner="WritableState"))),
        pile(),
    ),
    ("stream or socket", "data waiting in a ReadableStream", "path"): (
        trail((to("controller", "ReadableStreamDefaultController"), to("queue", "Array"))),
        pile(),
    ),
    ("stream or socket", "ports of messages that are open", "piled"): (
        trail((), (to("3", "Node / MessagePort", "element", "native"),)),
        pile(),
    ),
    ("stream or socket", "agents of their own", "among"): (
        trail((), (to("3", "TCP", "element"),)),
        pile(leaked=[Leaked(7, "Agent", 100, 16_800)]),
    ),
}  # fmt: skip


def key(clue: Clue) -> tuple[str, str, str]:
    return clue.cause, clue.name, clue.part


def fired(clue: Clue, findings: list[Finding]) -> bool:
    """Whether one of the findings says what a clue says."""
    said = re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(clue.sentence)))
    return any(found.cause == clue.cause and said.fullmatch(found.sentence) for found in findings)


def test_every_clue_has_a_case_here() -> None:
    assert {key(clue) for clue in KNOWN} == set(CLUE_CASES)
    assert len(KNOWN) == len(CLUE_CASES)


@pytest.mark.parametrize("clue", KNOWN, ids=key)
def test_a_clue_fires_where_it_should(clue: Clue) -> None:
    findings = find_causes(*CLUE_CASES[key(clue)])
    assert fired(clue, findings), findings
    assert not any("{" in found.sentence for found in findings)


@pytest.mark.parametrize("clue", KNOWN, ids=key)
def test_a_clue_does_not_fire_where_nothing_speaks_for_it(clue: Clue) -> None:
    assert not fired(clue, find_causes(trail(), pile()))
    alike = trail(
        (to("my_events_list", "MyTimeoutList"), to("reactions", "EventListenerRegistry")),
        (to("3", "SocketPool", "element"),),
        (to("x", "GeneratorOptions"), to("parents", "PromiseLike")),
    )
    others = [Leaked(7, "AgentSmith", 100, 16_800), Leaked(8, "Agent", 2, 336)]
    assert not fired(clue, find_causes(alike, pile({"Detachment": 0.5, "ArrayBuffers": 0.5}, 8192, others)))


@pytest.mark.parametrize("clue", [clue for clue in KNOWN if clue.owner], ids=key)
def test_a_clue_with_an_owner_needs_that_owner(clue: Clue) -> None:
    """Many a class has `children` or a `stack`."""
    laid, known = CLUE_CASES[key(clue)]
    other = replace(laid.path[-1], owner="Tree")
    assert not fired(clue, find_causes(replace(laid, path=(*laid.path[:-1], other)), known))


@pytest.mark.parametrize("name", ["FSEventWrap", "TCPServerWrap", "PipeSocketWrap", "HTTPParser"])
def test_handles_of_node_are_known_by_their_names(name: str) -> None:
    case = trail((), (to("3", f"Node / {name}", "element", "native"),))
    assert decide(find_causes(case, pile()), case) == "stream or socket"


def test_agents_that_the_program_itself_has_are_no_http_agents() -> None:
    case, _ = CLUE_CASES["stream or socket", "agents of their own", "among"]
    (clue,) = (clue for clue in STRUCTURES if clue.part == "among")
    assert not fired(clue, find_causes(case, pile(leaked=[Leaked(7, "Agent", 100, 16_800, own=True)])))


@pytest.mark.parametrize("clue", STRUCTURES, ids=key)
def test_a_structure_has_a_remedy_of_its_own(clue: Clue) -> None:
    findings = find_causes(*CLUE_CASES[key(clue)])
    assert title_and_advice(findings, clue.cause) == (clue.title or CAUSES[clue.cause][0], clue.advice)
    assert clue.advice.endswith(".")


def test_what_no_structure_decides_has_the_remedy_of_its_cause() -> None:
    for case, _ in ((trail(), pile()), CLUE_CASES["timer", "timers in Node's list", "path"]):
        findings = find_causes(case, pile())
        cause = decide(findings, case)
        assert title_and_advice(findings, cause) == CAUSES[cause]


@pytest.mark.parametrize("clue", [clue for clue in KNOWN if clue.share], ids=key)
def test_a_clue_with_a_share_needs_that_share(clue: Clue) -> None:
    laid, known = CLUE_CASES[key(clue)]
    few = {name: part / 1000 for name, part in known.shares.items()}
    assert not fired(clue, find_causes(laid, pile({**few, "Entry": 0.99}, known.chunk)))


@pytest.mark.parametrize("clue", KNOWN, ids=key)
def test_a_clue_is_well_formed(clue: Clue) -> None:
    assert clue.cause in CAUSES
    assert clue.name
    clue.sentence.format(**GIVEN)
    assert clue.edge or clue.node
    for written in (clue.edge, clue.edge_type, clue.node):
        re.compile(written)
    assert set(clue.edge_type.split("|")) <= {"", *EDGE_TYPES}


def test_the_causes_are_those_of_the_specification() -> None:
    assert set(CAUSES) == SPECIFIED
    for title, advice in CAUSES.values():
        assert "§" in title.format(**GIVEN)
        assert advice.endswith(".")


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        *((case, names[0]) for names, case in CLUE_CASES.items()),
        (CLUE_CASES["closure", "closures", "piled"], "closure"),
        ((trail(), pile()), "module state"),
        ((Trail((BEGIN, LIST), (ELEMENT,), (), 1), pile()), "global variable"),
        ((Trail((to("", "", "", "synthetic"),), (ELEMENT,), (), 1), pile()), "unknown"),
        ((trail((to("entries", "Map"),)), pile()), "collection"),
        ((trail(piled=(to("anna", "User", many=True),)), pile()), "collection"),
        # What holds removed elements is what there is to mend.
        ((trail((), (to("8", "DOMTimer", "element", "native"),)), pile({"Detached <li>": 0.9})), "timer"),
        # An ordinary collection holds functions and buffers as it holds anything else.
        ((trail((to("entries", "Map"),), (to("4", "Function", "internal", "closure"),)), pile()), "collection"),
        ((trail((to("entries", "Map"),)), pile(MEMORY)), "collection"),
        ((trail((to("entries", "Map"),), (to("3", "Buffer", "internal"),)), pile(MEMORY, 8192)), "buffer"),
    ],
)
def test_the_weightiest_clue_decides(case: Case, cause: str) -> None:
    assert decide(find_causes(*case), case[0]) == cause


def at_holder(class_name: str, node_type: str = "object", edge: str = "x", kind: str = "property") -> Trail:
    return trail((to(edge, class_name, kind, node_type),))


NOISE_CASES: dict[tuple[str, str], Trail] = {
    ("compiled code", "path"): trail((to("feedback_cell", "(system)", "internal", "hidden"), LIST)),
    ("compiled code", "holder"): at_holder("(compiled code)", "code"),
    ("compiled code", "all piled"): trail((), (to("code", "(compiled code)", "internal", "code"),)),
    ("hidden classes", "holder"): at_holder("(object shape)", "object shape"),
    ("hidden classes", "all piled"): trail((), (to("map", "(object shape)", "internal", "object shape"),)),
    ("hidden classes", "path"): trail((to("transitions", "(system)", "internal", "hidden"), LIST)),
    ("the engine's own", "path"): trail((to("4", "(Strong root list)", "element", "synthetic"), LIST)),
    ("the runtime's own", "holder"): at_holder("Node / IsolateData", "native"),
    ("handles", "holder"): at_holder("(Global handles)", "synthetic"),
    ("layout and styles", "all piled"): trail((), (to("1", "blink::ComputedStyle", "element", "native"),)),
    ("functions of modules", "all piled"): trail((), (to("parse", "Function", "property", "closure"),)),
    ("loaded modules", "piled"): trail((), (to("/srv/app/a.js", "Module", many=True),)),
    ("loaded modules", "path"): trail((to("_cache", "Object", owner="Module"), LIST)),
    ("names of modules", "path"): trail((to("relativeResolveCache", "Object", "context"), LIST)),
    ("timings of fetches", "holder"): trail((to("resourceTimingBuffer", "Array", "context"),)),
    ("timers of undici", "holder"): trail((to("fastTimers", "Array", "context"),)),
    ("console and inspector", "path"): trail((to("1", "(Inspector)", "element", "synthetic"), LIST)),
    ("console and inspector", "all piled"): trail((), (to("12 / DevTools console", "Row", "internal"),)),
    ("weak bookkeeping", "keeper"): at_holder("WeakMap"),
}


def sign(noise: Noise) -> tuple[str, str]:
    return noise.name, noise.part


def test_every_kind_of_noise_has_a_case_here() -> None:
    assert {sign(noise) for noise in NOISE} == set(NOISE_CASES)
    assert len(NOISE) == len(NOISE_CASES)


@pytest.mark.parametrize("noise", NOISE, ids=sign)
def test_noise_is_told_by_its_sign(noise: Noise) -> None:
    found = noise_of(NOISE_CASES[sign(noise)], 10, alone=True)
    assert found is not None
    assert sign(found) == sign(noise)


@pytest.mark.parametrize("noise", NOISE, ids=sign)
def test_noise_is_well_formed(noise: Noise) -> None:
    assert noise.name
    assert noise.sentence
    assert noise.edge or noise.node or noise.node_type
    for written in (noise.edge, noise.edge_type, noise.node, noise.node_type):
        re.compile(written)
    assert set(noise.edge_type.split("|")) <= {"", *EDGE_TYPES}


def test_what_is_piped_into_is_not_said_to_be_unread() -> None:
    said = [found.clue.name for found in find_causes(*CLUE_CASES["stream or socket", "targets of pipes", "keeper"])]
    assert said == ["targets of pipes"]


def test_what_a_program_keeps_is_no_noise() -> None:
    for (_, name, _), (case, _) in CLUE_CASES.items():
        # Whether it keeps its very targets is told by the heap.
        assert noise_of(case, 1000) is None or name == "held values of a FinalizationRegistry"
    assert noise_of(trail(), 1000) is None
    for owner in ("", "Service", "Ajv"):
        assert noise_of(trail((to("_cache", "Map", owner=owner), LIST)), 1000) is None


@pytest.mark.parametrize("noise", [noise for noise in NOISE if noise.fewer_than], ids=sign)
def test_noise_of_few_is_none_of_many(noise: Noise) -> None:
    case = NOISE_CASES[sign(noise)]
    assert noise_of(case, noise.fewer_than - 1) == noise
    assert noise_of(case, noise.fewer_than) != noise


@pytest.mark.parametrize("noise", [noise for noise in NOISE if noise.alone], ids=sign)
def test_noise_of_one_snapshot_alone_is_none_of_two(noise: Noise) -> None:
    assert noise_of(NOISE_CASES[sign(noise)], 10) is None


def test_one_thing_among_others_makes_no_pile_of_noise() -> None:
    code = to("code", "(compiled code)", "internal", "code")
    assert noise_of(trail((), (code, ELEMENT)), 1000) is None
    assert noise_of(trail((), (code, code)), 1000) is not None


@pytest.mark.parametrize("costs", [EDGE_TYPES, INTERNAL_EDGES, NAMED_EDGES, NODE_TYPES, NODE_NAMES])
def test_costs_fit_in_a_byte(costs: dict[str, int]) -> None:
    assert all(0 <= cost <= 255 for cost in costs.values())


def test_every_field_of_a_clue_and_of_noise_is_used_by_one() -> None:
    for kind, known in ((Clue, KNOWN), (Noise, NOISE)):
        for field in fields(kind):
            assert any(getattr(one, field.name) for one in known), f"{kind.__name__}.{field.name}"

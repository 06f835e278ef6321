"""A suspect as text for a ticket: the demo's to the letter, and names that could do harm in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from heaptui.heap import Heap
from heaptui.suspects.verdict import Verdict, find_suspects
from heaptui.suspects.wording import join
from heaptui.views import text
from heaptui.views.trace import markdown, trace
from tests.building import Draft
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]

DEMO = """\
100 listeners more: global.test._events.error (Array)
event listener, high confidence: +39.5 kB, 35 % of the growth

global @6049  2.58 MB
├─ .test → EventEmitter @50841  40.0 kB
├─ ._events → Object @77935  39.3 kB
├─ .error → Array @81173  39.1 kB  new
│  ~~~~~~
├─ […] → () @81507  380 B  /srv/shop/scripts/seed/seed.js:35:22  ×100 new
│  ~~~
├─ context → system / Context @82071  324 B  new
├─ variable innerData → Buffer @82073  284 B  new
╰─ buffer → ArrayBuffer @82075  188 B  new

Piled up: Function ×100 (5.60 kB), system / JSArrayBufferData ×100 (10.0 kB), Buffer ×100 (9.60 kB), \
ArrayBuffer ×100 (8.80 kB), system / Context ×100 (4.00 kB), (compiled code) ×4 (200 B), and 1 kind more
One of them: @81507
Written at: /srv/shop/scripts/seed/seed.js:35:22
Evidence: `_events` of an EventEmitter leads to the listeners for “error”
Evidence: the functions that piled up keep the variables of the scope they were made in
Evidence: 100 objects hang there that the base lacks, 0 of those in the base are gone
Evidence: the holder alone keeps 39,100 B alive
What is usually done: Remove the listener when its owner is done (`removeListener`, `off`, an AbortSignal), use \
`once`, or register one listener for all.
Fingerprint: b1c07f1fcb6e
"""


def test_the_trace_of_the_demo(demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo)
    assert trace(found, found.suspects[0]) == DEMO
    assert text.escape(join(found.suspects[0].words)) == "global.test._events.error"
    assert markdown(found, found.suspects[0]) == f"```\n{DEMO}```\n"


def cache_named(name: str, script: str = "/srv/app/app.js") -> Callable[[Program, int], None]:
    """A leak where every name of the program is this one."""

    def build(program: Program, point: int) -> None:
        holder = program.variable(name, name)
        inner = program.closure(holder, name, "closure", name, script)
        scope = program.scope("scope", script, program.module, name)
        program.draft.link(inner, scope, "context", "internal")
        users = program.put(scope, name, "users", name, kind="context")
        for i in range(10 + 300 * point):
            entry = program.put(users, f"{name}{i}", ("entry", i), name, 64)
            program.put(entry, name, ("more", i), name, 64)

    return build


def judge(load: Load, build: Callable[[Program, int], None], script: str = "/srv/app/app.js") -> Verdict:
    run = Run()
    heaps = []
    for point in (0, 1):
        program = Program(run, script)
        build(program, point)
        heaps.append(load(program.draft))
    return find_suspects(heaps)


HOSTILE = {
    "terminal": "\x1b]0;title\x07\x1b[31mred",
    "lines": "one\ntwo\r\nthree\u2028four\u0085five",
    "bidi": "a\u202eb\u2066c\u200bd",
    "controls": "".join(map(chr, range(32))) + "\x7f\x9b1m",
    "markup": "[red]x[/] [link=http://a.b]c[/link] <script>&amp;",
    "markdown": "```\n# no heading\n| a | b |\n`x`",
    "pattern": r"(?:(a+)+$[\d",
    "format": "{holder}{0}{count!r}%s%n",
    "surrogate": "\ud800x\udfff",
    "quotes": "\"'\\",
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_that_could_do_harm_are_escaped(load_draft: Load, name: str) -> None:
    script = f"/srv/app/{name}.js"
    found = judge(load_draft, cache_named(name, script), script)
    plain = judge(load_draft, cache_named("plain", script), script)
    assert found.judgement == "leak"
    for suspect in found.suspects:
        for line in [*trace(found, suspect).removesuffix("\n").split("\n"), text.escape(join(suspect.words))]:
            assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    # The same lines, whatever is in the names.
    lines = [trace(of, of.suspects[0]).count("\n") for of in (found, plain)]
    assert lines[0] == lines[1]


def test_a_fence_is_longer_than_any_in_the_heap(load_draft: Load) -> None:
    found = judge(load_draft, cache_named("`````"))
    written = markdown(found, found.suspects[0]).splitlines()
    assert written[0] == written[-1] == "``````"
    assert not any(line.strip().startswith("``````") for line in written[1:-1])


def test_long_names_are_cut(load_draft: Load) -> None:
    found = judge(load_draft, cache_named("x" * 100_000))
    assert found.judgement == "leak"
    for suspect in found.suspects:
        assert len(suspect.title) < 2_000
        assert max(map(len, trace(found, suspect).splitlines())) < 2_000


def test_the_steps_between_which_the_leak_lies_are_underlined(demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo)
    for suspect in found.suspects:
        lines = trace(found, suspect).splitlines()
        for i, line in enumerate(lines):
            if "~" in line and set(line) <= set("│ ~"):
                assert line.startswith("│") == lines[i - 1].startswith("├─")
                edge = lines[i - 1].split(" → ")[0].removeprefix("├─ ").removeprefix("╰─ ")
                assert line.count("~") == min(96, len(edge))
        assert sum("~" in line and set(line) <= set("│ ~") for line in lines) in (1, 2)


def test_one_snapshot_has_no_growth(demo: tuple[Heap, Heap]) -> None:
    found = find_suspects([demo[1]])
    text = "".join(trace(found, suspect) for suspect in found.suspects)
    assert "of the heap" in text
    for word in ("growth", " new", "confidence", "To be surer", "more:", " more in"):
        assert word not in text, word

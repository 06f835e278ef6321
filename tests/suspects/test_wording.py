"""Paths in a developer's words: scripts, scopes, entries and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from heaptui.heap import Heap
from heaptui.suspects.paths import find_paths
from heaptui.suspects.scopes import package_of
from heaptui.suspects.trail import step
from heaptui.suspects.wording import join, say_path, short_script
from tests.building import Draft
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]


@pytest.mark.parametrize(
    ("script", "package", "short"),
    [
        ("/srv/app/lib/server.js", None, "server.js"),
        ("file:///srv/app/main.mjs", None, "main.mjs"),
        ("http://localhost:8080/js/app.js?v=3", None, "app.js"),
        ("node:internal/timers", None, "timers"),
        ("/srv/app/node_modules/ws/lib/sender.js", "ws", "ws/lib/sender.js"),
        ("/srv/node_modules/@scope/kit/index.js", "@scope/kit", "@scope/kit/index.js"),
        ("/srv/node_modules/a/node_modules/b/c.js", "b", "b/c.js"),
        ("/srv/node_modules/ws/lib/ws/index.js", "ws", "ws/lib/ws/index.js"),
        ("/srv/app/my_node_modules/a/b.js", None, "b.js"),
        ("", None, ""),
    ],
)
def test_scripts_are_named_from_their_package_on(script: str, package: str | None, short: str) -> None:
    assert package_of(script) == package
    assert short_script(script) == short


def said(load: Load, program: Program, ordinal: int) -> str:
    """The path to an object, in words."""
    paths = find_paths(load(program.draft))
    return join(say_path(paths.scopes, [step(paths.heap, *at) for at in paths.steps(ordinal)]))


def test_a_property_of_the_global_object(load_draft: Load) -> None:
    program = Program(Run())
    inner = program.put(program.put(program.globals, "app", "app"), "cache", "cache")
    assert said(load_draft, program, inner) == "global.app.cache"


def test_a_variable_of_a_module(load_draft: Load) -> None:
    program = Program(Run(), "/srv/app/node_modules/ws/lib/receiver.js")
    assert said(load_draft, program, program.variable("pending", "Map")) == "variable pending of ws/lib/receiver.js"


def test_a_variable_of_a_function_that_a_module_keeps(load_draft: Load) -> None:
    program = Program(Run())
    render = program.closure(program.module, "render", "render", "", kind="context")
    for key in ("other", "one"):
        # A function that ran twice: its scopes begin no path.
        scope = program.scope(key, "/srv/app/app.js", program.module, "memoize", "shared info")
    program.draft.link(render, scope, "context", "internal")
    cache = program.put(scope, "cache", "cache", "Map", kind="context")
    assert said(load_draft, program, cache) == "variable render of app.js › variable cache in memoize()"


def test_backing_stores_are_folded_and_entries_are_entries(load_draft: Load) -> None:
    program = Program(Run())
    rooms = program.variable("rooms", "Map")
    guests = program.put(program.fill_table(rooms, 3)[2], "guests", "guests", "Array")
    assert said(load_draft, program, program.fill_list(guests, 5)[4]) == "variable rooms of app.js[entry].guests[4]"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", ".name"),
        ("$a_1", ".$a_1"),
        ("<symbol kStore>", ".<symbol kStore>"),
        ("two words", "['two words']"),
        ("1a", "['1a']"),
        ("", "['']"),
        ("it's", '["it\'s"]'),
    ],
)
def test_names_that_are_no_identifiers_stand_in_brackets(load_draft: Load, name: str, text: str) -> None:
    program = Program(Run())
    assert said(load_draft, program, program.put(program.globals, name, "x")) == f"global{text}"


def test_long_names_are_cut(load_draft: Load) -> None:
    program = Program(Run())
    text = said(load_draft, program, program.put(program.put(program.globals, "-" * 500, "x"), "y" * 500, "y"))
    assert len(text) < 250
    assert text.startswith("global['-----")


def test_the_links_of_a_chain_are_said_once(load_draft: Load) -> None:
    program = Program(Run())
    last = program.variable("queue", "Queue")
    for i in range(7):
        last = program.put(last, "next", ("link", i), "Link")
    assert said(load_draft, program, last) == "variable queue of app.js.next ×7"


def test_each_word_says_which_steps_it_stands_for(load_draft: Load) -> None:
    program = Program(Run())
    entry = program.fill_list(program.put(program.variable("app"), "users", "users", "Array"), 3)[1]
    paths = find_paths(load_draft(program.draft))
    steps = paths.steps(entry)
    words = say_path(paths.scopes, [step(paths.heap, *at) for at in steps])
    covered: Sequence[int] = [i for word in words for i in range(word.first, word.last + 1)]
    assert covered == sorted(set(covered))
    assert words[0].first == 0
    assert words[-1].last == len(steps) - 1
    assert words[0].place == "/srv/app/app.js"

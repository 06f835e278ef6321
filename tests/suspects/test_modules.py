"""Modules that were loaded again and again."""

from __future__ import annotations

from collections.abc import Callable

from heaptui.heap import Heap
from heaptui.suspects.modules import loaded_again
from tests.building import Draft
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]


def test_a_script_under_many_names_was_loaded_again(load_draft: Load) -> None:
    program = Program(Run())
    for i in range(12):
        program.closure(program.globals, f"f{i}", i, "f", f"file:///srv/app/rules.mjs?version={i}")
    assert loaded_again(load_draft(program.draft)) == ("file:///srv/app/rules.mjs", 12)


def modules(program: Program, count: int, file: str) -> None:
    for i in range(count):
        module = program.put(program.globals, f"{file} {i}", (file, i), "Module", 64)
        program.put(module, "filename", (file, i, "name"), file, 24, type="string")


def test_a_file_of_many_module_objects_was_loaded_again(load_draft: Load) -> None:
    """As V8 takes the script that it has compiled before."""
    program = Program(Run())
    modules(program, 3, "/srv/app/other.js")
    modules(program, 12, "/srv/app/rules.js")
    assert loaded_again(load_draft(program.draft)) == ("/srv/app/rules.js", 12)


def test_many_scripts_once_are_no_reload(load_draft: Load) -> None:
    program = Program(Run())
    for i in range(12):
        program.closure(program.globals, f"f{i}", i, "f", f"/srv/app/{i}.js")
    assert loaded_again(load_draft(program.draft)) is None


def test_no_script_at_all(load_draft: Load) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    assert loaded_again(load_draft(draft)) is None


def test_real_programs_load_their_modules_once(demo: tuple[Heap, Heap]) -> None:
    assert loaded_again(demo[1]) is None

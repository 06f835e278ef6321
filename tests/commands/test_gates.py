"""`--fail-if`: the figures are those of the lists, and what holds ends with status 3."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.help import page
from tests.conftest import DATA

BEFORE, AFTER = FILES
Ask = Callable[..., tuple[int, str, Any]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command; returns its status, its lines on standard error, and its JSON."""

    def run(*arguments: str) -> tuple[int, str, Any]:
        status = main([*arguments, "--format", "json"])
        printed = capsys.readouterr()
        return status, printed.err, json.loads(printed.out) if printed.out else None

    return run


def test_figures_of_a_comparison(ask: Ask) -> None:
    _, _, found = ask("compare", BEFORE, AFTER)
    held, passed = {}, []
    for figure in ("new", "deleted", "delta", "alloc_size", "freed_size", "size_delta"):
        everything = sum(c[figure] for c in found["classes"])
        both = sum(c[figure] for c in found["classes"] if c["name"] in ("Buffer", "Array"))
        held[f"{figure} = {everything}"] = f"{figure} is {everything:,}"
        held[f"class=Buffer or class=Array {figure} >= {both}"] = f"{figure} is {both:,}"
        passed += [f"{figure} != {everything}", f"class=Buffer or class=Array {figure} > {both}"]
    status, said, _ = ask("compare", BEFORE, AFTER, *(word for typed in held for word in ("--fail-if", typed)))
    assert status == 3
    for line, (typed, told) in zip(said.splitlines(), held.items(), strict=True):
        assert line.startswith(f"heaptui: --fail-if {typed}: {told}".replace("is -", "is \N{MINUS SIGN}"))
    status, said, _ = ask("compare", BEFORE, AFTER, *(word for typed in passed for word in ("--fail-if", typed)))
    assert (status, said) == (0, "")


def test_a_query_on_both_sides_asks_for_what_keeps_alive(ask: Ask) -> None:
    status, said, _ = ask("compare", BEFORE, AFTER, "--fail-if", "class=Buffer retained>=284 new = 100")
    assert (status, said) == (3, "heaptui: --fail-if class=Buffer retained>=284 new = 100: new is 100\n")


def test_figures_of_a_summary(ask: Ask) -> None:
    _, _, found = ask("summary", AFTER, "--filter", "class=Buffer")
    (row,) = found["classes"]
    for figure, key in {"count": "count", "shallow": "shallow_size", "retained": "retained_size"}.items():
        assert ask("summary", AFTER, "--fail-if", f"class=Buffer {figure} = {row[key]}")[0] == 3
        assert ask("summary", AFTER, "--filter", "class=Buffer", "--fail-if", f"{figure} > {row[key]}")[0] == 0


def test_what_some_keep_alive_counts_once(ask: Ask) -> None:
    _, _, found = ask("object", AFTER, "@81173")
    retained = found["object"]["retained_size"]
    typed = f"(id:@81173 or id:@82073 or id:@82075) retained = {retained}"
    assert ask("summary", AFTER, "--fail-if", typed)[0] == 3


def test_figures_of_strings_and_kinds(ask: Ask) -> None:
    _, _, strings = ask("strings", AFTER)
    assert ask("strings", AFTER, "--fail-if", f"wasted = {strings['total']['wasted_size']}")[0] == 3
    assert ask("strings", AFTER, "--fail-if", f"count > {strings['total']['count']}")[0] == 0
    _, _, kinds = ask("statistics", BEFORE, AFTER)
    grown = kinds["total"] - kinds["base"]["total"]
    assert ask("statistics", BEFORE, AFTER, "--fail-if", f"total_delta = {grown}")[0] == 3
    assert ask("statistics", BEFORE, AFTER, "--fail-if", f"code < {kinds['v8heap']['code']}")[0] == 0
    status, said, _ = ask("statistics", AFTER, "--fail-if", "code_delta > 1")
    assert (status, "needs an earlier snapshot" in said) == (1, True)


def test_a_leak(ask: Ask) -> None:
    status, said, found = ask("suspects", BEFORE, AFTER, "--fail-if", "leak", "--fail-if", "suspects > 0")
    assert status == 3
    first, second = said.splitlines()
    assert first.startswith("heaptui: --fail-if leak: A leak: 1 suspect explains")
    assert found["suspects"][0]["title"] in first
    assert second == "heaptui: --fail-if suspects > 0: suspects is 1"
    assert ask("suspects", BEFORE, AFTER, "--fail-if", f"size > {found['growth']['size']}")[0] == 0
    assert ask("suspects", AFTER, AFTER, "--fail-if", "leak")[0] == 0


def test_of_objects_that_do_not_match_it_is_said(ask: Ask) -> None:
    node = str(DATA / "node22.heapsnapshot.gz")
    assert "do not match" in ask("compare", node, AFTER)[1]
    assert "do not match" not in ask("compare", BEFORE, AFTER)[1]


def test_what_cannot_be_told_does_not_pass(ask: Ask) -> None:
    for files, why in (((AFTER,), "one alone"), ((str(DATA / "node22.heapsnapshot.gz"), AFTER), "do not match")):
        status, said, _ = ask("suspects", *files, "--fail-if", "leak")
        assert (status, why in said) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "/no/a", "/no/b", "--fail-if", "new > x"], "--fail-if: 'x' is no number\n  new > x\n        ^\n"),
        (["summary", "/no/a", "--fail-if", "clas:x count > 1"], "perhaps class\n  clas:x count > 1\n  ^\n"),
        (["suspects", "/no/a", "--fail-if", "leek"], "it does not end with leak or a comparison"),
        (["strings", "/no/a", "--fail-if", ""], "a comparison such as count > 100\n"),
    ],
)
def test_a_wrong_condition_is_told_before_a_file_is_read(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_the_recipe_of_the_help_page(tmp_path: Path) -> None:
    found = re.search(r"```sh\n(.*?)```", page("ci"), re.DOTALL)
    assert found
    script = tmp_path / "check.sh"
    script.write_text(found[1], encoding="utf-8")
    for name, file in zip(("before", "after"), FILES, strict=True):
        shutil.copy(file, tmp_path / f"{name}.heapsnapshot")

    def run() -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        kept = {name: os.environ[name] for name in ("HOME", "HEAPTUI_CACHE_DIR") if name in os.environ}
        return subprocess.run(["sh", script], cwd=tmp_path, env={**kept, "PATH": path}, capture_output=True, text=True)

    done = run()
    assert done.returncode == 3, done.stderr
    assert "heaptui: --fail-if leak: A leak: 1 suspect" in done.stderr
    assert "size_delta" not in done.stderr
    assert (tmp_path / "heap.md").read_text(encoding="utf-8").startswith("| Constructor |")
    # The base twice: nothing has grown.
    shutil.copy(BEFORE, tmp_path / "after.heapsnapshot")
    done = run()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("query", "line", "below"),
    [
        ("class:a " * 10_000 + "foo", "…" + ("class:a " * 10)[-35:] + "foo", 36),
        ("x" * 100_000, "x" * 35 + "…", 0),
        ("class:/" + "(" * 100_000 + "/", "class:/" + "(" * 34 + "…", 6),
    ],
    ids=["end", "begin", "regex"],
)
def test_of_a_long_query_only_what_is_around_the_mistake_is_shown(
    query: str, line: str, below: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--filter", "--fail-if"):
        typed = query if option == "--filter" else f"{query} count > 1"
        assert main(["summary", AFTER, option, typed]) == 2
        said, shown, mark = capsys.readouterr().err.splitlines()
        assert len(said) < 400
        assert len(shown) <= 75
        assert mark == " " * (shown.index(line[:20]) + below) + "^"
        assert shown[2:].startswith(line[:38].removesuffix("…"))


def test_a_long_condition_that_holds_is_printed_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", AFTER, "--limit", "1", "--fail-if", "class:a or " * 10_000 + "class:a count > 1"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("heaptui: --fail-if class:a or class:a")
    assert "…: count is" in line
    assert len(line) < 600


STRANGER = str(DATA / "node20.heapsnapshot.gz")


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", STRANGER, AFTER, "--fail-if", "new > 5"),
        ("summary", AFTER, "--filter", f"new-since:{STRANGER}", "--fail-if", "count > 5"),
        ("summary", AFTER, "--filter", f"class:a -new-since:{STRANGER}", "--light", "--fail-if", "count > 5"),
    ],
    ids=["compare", "filter", "light"],
)
def test_of_two_processes_it_is_said_that_their_objects_do_not_match(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--limit", "1"]) == 3
    assert "the objects of these two do not match" in capsys.readouterr().err
    ours = [BEFORE if word == STRANGER else word.replace(STRANGER, BEFORE) for word in arguments]
    assert main([*ours, "--limit", "1"]) == 3
    assert "do not match" not in capsys.readouterr().err

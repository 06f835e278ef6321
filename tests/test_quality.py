"""Formatting, lint, types, and who may import whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("textual", "numba", "llvmlite", "numpy", "networkx", "rich", "ijson", "websockets")


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",)],
    ids=" ".join,
)
def test_checks_pass(command: tuple[str, ...]) -> None:
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["summary", "--help"]], ids=" ".join)
def test_help_needs_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom heaptui.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"sys.exit(sorted(set({HEAVY!r}) & set(sys.modules)).__repr__() if set({HEAVY!r}) & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("heaptui", HEAVY),
        ("heaptui.commands.completing", HEAVY),
        ("heaptui.tui", HEAVY),
        ("heaptui.report.command", ("textual", "rich", "numba", "networkx")),
        ("heaptui.views.summary", ("textual", "rich", "numba", "networkx")),
        ("heaptui.heap.heap", ("textual", "rich", "numba")),
        ("heaptui.opening.opening", ("textual", "rich", "numba", "heaptui.privacy.hiding")),
        ("heaptui.heap", HEAVY),
        ("heaptui.tui.app", ("numba", "networkx", "heaptui.heap.heap")),
        ("heaptui.snapshot.peek", ("textual", "rich", "numba")),
    ],
)
def test_a_floor_loads_only_what_it_needs(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}\nsys.exit(' '.join(n for n in {absent!r} if n in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

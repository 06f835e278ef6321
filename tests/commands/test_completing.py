"""Completion, asked for by real shells where they are installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from heaptui.commands import COMMANDS
from heaptui.help import topics
from tests.e2e.terminal import PROGRAM, Terminal

_ASK = """
eval "$(heaptui completion bash)"
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
_python_argcomplete heaptui 2>/dev/null
printf '%s\\n' "${COMPREPLY[@]}"
"""
SNAPSHOTS = {"a.heapsnapshot", "b.heapsnapshot.gz", r"with\ space.heapsnapshot", "dir/"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.heapsnapshot", "b.heapsnapshot.gz", "with space.heapsnapshot", "notes.txt", "dir/c.heaptimeline"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    return tmp_path


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"}


def asked(line: str, folder: Path, environment: dict[str, str]) -> set[str]:
    """What bash would offer behind the line."""
    command = ["bash", "--norc", "-c", _ASK, "bash", line]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()) - {""}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("heaptui ", {*COMMANDS, *SNAPSHOTS}),
        ("heaptui su", {"summary", "suspects"}),
        ("heaptui --theme dark b", {"b.heapsnapshot.gz "}),
        ("heaptui a.heapsnapshot ", SNAPSHOTS),
        ("heaptui compare a.heapsnapshot dir/", {"dir/c.heaptimeline "}),
        ("heaptui summary a.heapsnapshot --fil", {"--filter "}),
        ("heaptui summary a.heapsnapshot --filter d", {"distance\\<", "detached", "detached-dom", "duplicate-strings"}),
        ("heaptui summary a.heapsnapshot --filter new-since:", SNAPSHOTS),
        ("heaptui summary a.heapsnapshot -o n", {"notes.txt "}),
        ("heaptui object a.heapsnapshot ", set()),
        ("heaptui export ", {"nodes", "graph"}),
        ("heaptui help ", {*topics(), *COMMANDS}),
    ],
)
def test_bash_offers_what_may_come_next(
    line: str, offered: set[str], folder: Path, environment: dict[str, str]
) -> None:
    assert asked(line, folder, environment) == offered


def test_tab_completes_at_a_prompt(folder: Path, environment: dict[str, str]) -> None:
    program = shutil.which("bash")
    assert program is not None
    started = f"cd {shlex.quote(str(folder))}; PS1='ready> '; "
    with Terminal(["--norc", "-i"], program=program, environment=environment) as terminal:
        terminal.send(f'{started}eval "$(heaptui completion bash)"; clear\r'.encode())
        terminal.wait(r"\Aready>")
        terminal.press("heaptui summ\t", r"ready> heaptui summary$")
        terminal.press("wi\t", r"summary with\\ space.heapsnapshot")
        terminal.press("--form\t", r"--format")
        terminal.press("j\t", r"--format json")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_commands_with_what_they_do(folder: Path, environment: dict[str, str]) -> None:
    script = 'heaptui completion fish | source; complete -C "heaptui su"; complete -C "heaptui compare b"'
    done = subprocess.run(
        ["fish", "--no-config", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        f"summary\t{COMMANDS['summary'].about}",
        f"suspects\t{COMMANDS['suspects'].about}",
        "b.heapsnapshot.gz",
    ]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_completes_at_a_prompt(folder: Path, environment: dict[str, str]) -> None:
    program = shutil.which("zsh")
    assert program is not None
    started = f"cd {shlex.quote(str(folder))}; PS1='ready> '; autoload -U compinit; compinit -u -D; "
    with Terminal(["-f", "-i"], program=program, environment=environment) as terminal:
        terminal.send(f'{started}eval "$(heaptui completion zsh)"; clear\r'.encode())
        terminal.wait(r"\Aready>")
        terminal.press("heaptui su\t", f"suspects +-- {COMMANDS['suspects'].about}")
        terminal.press("s\t", r"ready> heaptui suspects")

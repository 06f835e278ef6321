"""Versions, help and the order of the commands."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from heaptui.cli import main
from heaptui.commands import COMMANDS
from heaptui.commands.groups import GROUPS
from heaptui.commands.parser import app_parser, command_parser
from heaptui.help import page, topics
from tests.e2e.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with contextlib.suppress(SystemExit):
        assert main(arguments) == 0
    found = capsys.readouterr()
    assert not found.err
    return found.out


def test_versions_are_those_of_what_it_stands_on(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--version").splitlines()
    assert lines[0] == f"heaptui {metadata.version('heaptui')}"
    assert lines[1].startswith(f"Python {platform.python_version()}")
    told = dict(line.split(" ", 1) for line in lines[3:])
    needed = (ROOT / "pyproject.toml").read_text().partition("\ndependencies = [\n")[2].partition("]")[0]
    names = set(re.findall(r'^    "([\w-]+)', needed, re.MULTILINE))
    assert "numba" in names
    assert told == {name: metadata.version(name) for name in names}


def test_every_command_stands_in_a_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)


@pytest.mark.parametrize("arguments", [("--help",), ("help",)], ids=" ".join)
def test_help_lists_every_command(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, *arguments)
    for command in COMMANDS.values():
        assert re.search(rf"^ *(\w+ +)?{command.name}  +{re.escape(command.about)}$", shown, re.MULTILINE)
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, name, "--help")
    # Of a topic that is called like a command there is a page.
    assert name in topics() or shown == printed(capsys, "help", name)
    assert shown.startswith(f"usage: heaptui {name}")
    about, *_ = shown.partition("\n\n")[2].split("\n\n")
    assert about[0].isupper()
    assert about.endswith(".")


@pytest.mark.parametrize(
    ("name", "wanted"), [("index", "list|clear"), ("export", "nodes|graph, FILE, -o"), ("completion", "bash|zsh|fish")]
)
def test_what_is_missing_is_named_by_what_can_be_typed(
    name: str, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([name])
    assert left.value.code == 2
    assert capsys.readouterr().err.endswith(f"the following arguments are required: {wanted}\n")


def test_every_page_is_listed_with_its_title_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = printed(capsys, "help")
    for topic, title in topics().items():
        assert re.search(rf"^  {topic}  +{re.escape(title)}$", listed, re.MULTILINE)
        shown = printed(capsys, "help", topic)
        assert shown == page(topic)
        assert shown.startswith(f"# {title}\n")
        assert shown.replace("\n", "").isprintable()


def test_an_unknown_topic_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "nonsense"]) == 2
    assert "no help on 'nonsense'; there are" in capsys.readouterr().err
    with pytest.raises(KeyError):
        page("../__init__")


def test_completion_costs_a_command_nothing() -> None:
    code = "import sys; from heaptui.cli import main\nmain(['help'])\nsys.exit('argcomplete' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted by /proc")
def test_the_program_starts_no_threads_for_algebra() -> None:
    program = """
import os
from heaptui import cli

def main():
    import numpy
    print(len(os.listdir("/proc/self/task")))
    return 0

cli.main = main
cli.entry()
"""
    environment = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


def test_long_pages_are_paged_in_a_terminal() -> None:
    environment = {"PAGER": "less -X", "LESS": "", "MANPAGER": ""}
    with Terminal(["help", "formats"], columns=100, lines=24, environment=environment) as terminal:
        terminal.wait("^# Formats")
        terminal.press("G", "left_out")
        terminal.press("q")
        assert terminal.quit_status() == 0


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["report", "a", "-o", "x.md", "b"], ["a", "b"]),
        (["suspects", "a", "--limit", "3", "b", "--raw", "c"], ["a", "b", "c"]),
    ],
)
def test_options_may_stand_between_files(words: list[str], files: list[str]) -> None:
    assert command_parser().parse_args(words).files == files


def test_options_of_the_app_may_stand_between_files() -> None:
    assert app_parser().parse_args(["a", "--light", "b"]).files == ["a", "b"]


def test_a_word_too_many_is_told_with_the_usage_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["summary", "a", "b", "--limit", "3"])
    said = capsys.readouterr().err
    assert said.startswith("usage: heaptui summary ")
    assert said.endswith("heaptui summary: error: unrecognized arguments: b\n")


def test_a_wrong_option_is_told_with_the_usage_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "a", "--wrong", "b"])
    assert capsys.readouterr().err.endswith("heaptui compare: error: unrecognized arguments: --wrong\n")

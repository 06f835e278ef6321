"""Every command of the README and of the help pages is run as it stands there, on the demo's files."""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import heaptui.demo
from heaptui.cli import main
from heaptui.commands import COMMANDS
from heaptui.commands.parser import app_parser, command_parser, first_word
from heaptui.help import page, topics
from tests.e2e.terminal import PROGRAM, Terminal

ROOT = Path(__file__).parent.parent
RECORDING = ROOT / "tests/data/chrome-timeline.heaptimeline.gz"

PLACEHOLDERS = {
    "FILE": "after.heapsnapshot",
    "BASE": "before.heapsnapshot",
    "CURRENT": "after.heapsnapshot",
    "CLASS": "Buffer",
    "NAME": "Buffer",
    "TEXT": "socket",
    "@ID": "@81385",
    "PID": "4711",
    "TOPIC": "ssh",
    "COMMAND": "summary",
    "QUERY": "retained>1MB",
    "OUT": "out.csv",
    "IN": "after.heapsnapshot",
    "HOST": "localhost",
}
"""What stands for something in a list of commands; in brackets it may be left out, and `...` is more of it."""

OWN: Mapping[str, Mapping[str, str]] = {
    "timeline": {"FILE": "recording.heaptimeline.gz"},
    "allocations": {"FILE": "recording.heaptimeline.gz"},
    "export graph": {"OUT": "out.dot"},
    "report": {"OUT": "out.html"},
}
"""What a command's own files are called, where that matters."""

ELSEWHERE = {
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/heaptui demo": (
        "tests/packaging/install_alone.py",
        "demo",
    ),
    "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/python -m pytest": (
        ".ci/run",
        "-m pytest",
    ),
}
"""Commands that take minutes and the network, the script that runs them, and a part of it."""

SCRIPTS = ("ci",)
"""The pages with a script of several lines; tests/commands/test_gates.py runs that."""


@dataclass(frozen=True)
class Block:
    """A fenced block: the page it stands in, its language and text, and the text block behind it."""

    page: str
    text: str
    output: str


def pages() -> dict[str, str]:
    return {"README": (ROOT / "README.md").read_text(encoding="utf-8"), **{topic: page(topic) for topic in topics()}}


def blocks(language: str) -> Iterator[Block]:
    for name, text in pages().items():
        found = re.findall(r"^```(\w+)\n(.*?)^```$\n*(?=(.*?)(?:\n\n|\Z))", text, re.MULTILINE | re.DOTALL)
        for i, (kind, body, _) in enumerate(found):
            if kind == language:
                behind = found[i + 1] if i + 1 < len(found) else ("", "", "")
                # What one command prints stands behind it.
                printed = behind[0] == "text" and len(lines(body)) == 1
                yield Block(name, body, behind[1] if printed else "")


def lines(text: str) -> list[str]:
    """The commands of a block, without remarks."""
    joined = text.replace("\\\n", " ")
    return [stripped for line in joined.splitlines() if (stripped := re.sub(r"\s+# .*$", "", line).strip())]


def filled_in(line: str) -> list[str]:
    """The words of a command, with something in place of what stands for it."""
    line = re.sub(r" \[\w+\.\.\.\]", "", line)
    words = [word.strip("[]") if re.fullmatch(r"\[@?[A-Z]+\]", word) else word for word in shlex.split(line)]
    own = OWN.get(" ".join(words[1:3]), OWN.get(" ".join(words[1:2]), {}))
    return [own.get(word, PLACEHOLDERS.get(word, word)) for word in words]


def all_lines() -> list[tuple[str, str]]:
    """Every command that is a line of its own, with the page where it stands first."""
    found: dict[str, str] = {}
    for block in blocks("sh"):
        if not is_script(block.text):
            for line in lines(block.text):
                found.setdefault(line, block.page)
    return [(name, line) for line, name in found.items()]


def is_script(text: str) -> bool:
    """Whether the lines of a block need each other."""
    return "status=" in text


def kind_of(line: str) -> str:
    """How a command is run here."""
    if line in ELSEWHERE:
        return "elsewhere"
    if line.startswith("heaptui capture"):
        return "parsed"
    if line.startswith("heaptui "):
        words = filled_in(line)[1:]
        opens = first_word(words) not in COMMANDS or words[0] == "demo" or "--open" in words
        return "app" if opens else "command"
    if line.startswith("ssh "):
        return "piped"
    return "node" if line.startswith("node ") else "development"


def of_kind(kind: str) -> list[str]:
    return [line for _, line in all_lines() if kind_of(line) == kind]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the commands name."""
    for name, source in zip(("before", "after"), heaptui.demo.FILES, strict=True):
        # By content, not by name, heaptui knows that these are packed.
        (tmp_path / f"{name}.heapsnapshot").symlink_to(source)
        (tmp_path / f"{name}.heapsnapshot.gz").symlink_to(source)
    for name in ("x.heapsnapshot.gz", "in.heapsnapshot"):
        (tmp_path / name).symlink_to(heaptui.demo.FILES[1])
    (tmp_path / "recording.heaptimeline.gz").symlink_to(RECORDING)
    (tmp_path / "server.js").write_text("process.kill(process.pid, 'SIGUSR2'); setTimeout(() => {}, 200)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(PROGRAM).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(tmp_path / "index"))
    return tmp_path


def test_every_kind_of_command_is_there() -> None:
    kinds = {kind_of(line) for _, line in all_lines()}
    assert kinds == {"elsewhere", "parsed", "app", "command", "piped", "node", "development"}
    written = {line for _, line in all_lines()}
    assert set(ELSEWHERE) <= written
    assert tuple(block.page for block in blocks("sh") if is_script(block.text)) == SCRIPTS


@pytest.mark.parametrize("line", of_kind("command"))
def test_commands_print_something(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(folder.iterdir())
    assert main(filled_in(line)[1:]) == 0
    assert capsys.readouterr().out or set(folder.iterdir()) - before


@pytest.mark.parametrize("line", of_kind("app"))
def test_the_app_opens(line: str, folder: Path) -> None:
    with Terminal(filled_in(line)[1:], environment=dict(os.environ)) as terminal:
        terminal.wait(r"1 *Summary")
        terminal.wait(r"Constructor|Suspect")
        terminal.press("q")
        assert terminal.quit_status() == 0


@pytest.mark.parametrize("line", of_kind("piped"))
def test_a_snapshot_comes_through_a_pipe(line: str, folder: Path) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    here = line.replace("ssh host ", "")
    with Terminal(["-c", here], program=shell, environment=dict(os.environ)) as terminal:
        terminal.wait("Constructor")
        terminal.press("q")
        assert terminal.quit_status() == 0


@pytest.mark.parametrize("line", of_kind("parsed"))
def test_commands_for_a_running_process_are_understood(line: str) -> None:
    """They are run on real ones in tests/capture."""
    options = command_parser().parse_args(filled_in(line)[1:])
    assert options.command == "capture"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("line", of_kind("node"))
def test_node_writes_a_snapshot(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(line, shell=True, check=True, timeout=60)
    (written,) = folder.glob("Heap.*.heapsnapshot")
    assert main(["info", str(written)]) == 0


@pytest.mark.parametrize("line", of_kind("development"))
def test_scripts_are_where_they_should_be(line: str) -> None:
    named = re.findall(r"tests/[\w/]+\.py|-m ([\w.]+)", line)
    paths = re.findall(r"(tests/[\w/]+\.py)", line) + [f"{m.replace('.', '/')}.py" for m in named if m]
    assert paths
    for path in paths:
        compile((ROOT / path).read_text(encoding="utf-8"), path, "exec")


@pytest.mark.parametrize("line", of_kind("elsewhere"))
def test_what_takes_minutes_is_run_by_a_script(line: str) -> None:
    script, part = ELSEWHERE[line]
    assert part in (ROOT / script).read_text(encoding="utf-8")


@pytest.mark.parametrize("block", [block for block in blocks("sh") if block.output], ids=lambda b: b.page)
def test_what_is_said_to_be_printed_is(block: Block, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = lines(block.text)
    assert main(filled_in(line)[1:]) == 0
    assert capsys.readouterr().out == block.output


def inline() -> list[str]:
    """The commands that stand in sentences."""
    found = {span for text in pages().values() for span in re.findall(r"`(heaptui [^`\n]+)`", text)}
    return sorted(found - {"heaptui help ..."})


@pytest.mark.parametrize("line", inline())
def test_commands_in_sentences_are_understood(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = filled_in(line)[1:]
    parser = command_parser() if first_word(words) in COMMANDS else app_parser()
    with contextlib.suppress(SystemExit):
        parser.parse_args(words)
    # A sentence may name a command without all that it needs.
    wrong = capsys.readouterr().err.partition("error: ")[2]
    assert not wrong or wrong.startswith("the following arguments are required")


def test_pages_are_named_where_they_are_not_forgotten() -> None:
    table = pages()["README"].partition("| `heaptui help ...` |")[2].partition("\n\n")[0]
    assert set(topics()) == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def test_every_command_is_in_the_readme() -> None:
    (block,) = (block for block in blocks("sh") if block.page == "README" and "heaptui FILE [FILE...]" in block.text)
    named = {words[1] for line in lines(block.text) if (words := filled_in(line))[1] in COMMANDS}
    assert named == set(COMMANDS)


def test_the_python_page_runs_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(heaptui.demo.FILES[0]).parent)
    examples = "\n".join(block.text for block in blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(examples, {}, "python.md", None, None)
    said: list[str] = []
    write: Callable[[str], object] = said.append
    found = doctest.DocTestRunner(verbose=False).run(test, out=write)
    assert found.attempted > 20
    assert not found.failed, "".join(said)

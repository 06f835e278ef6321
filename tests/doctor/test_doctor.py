"""`heaptui doctor` on this machine, in a real terminal, in tmux, and where something is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import heaptui
from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.doctor import machine, terminal
from heaptui.doctor.finding import Finding, guarded
from heaptui.opening.free import Free
from tests.e2e.terminal import PROGRAM, Terminal

Check = Callable[[Mapping[str, str]], Iterator[Finding]]


def only(check: Check, **environment: str) -> Finding:
    (found,) = check(environment)
    return found


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    def at(columns: int, lines: int) -> None:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, lines)))

    return at


def test_all_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["command"]) == ("heaptui/1", "doctor")
    found = {finding["topic"]: finding for finding in document["findings"]}
    assert set(found) >= {
        "terminal",
        "colours",
        "characters",
        "clipboard",
        "cache",
        "kernels",
        "index",
        "memory",
        "temporary",
    }
    assert found["kernels"]["state"] == "ok"
    assert "numbers are right" in found["kernels"]["said"]
    # Standard error is a file here.
    assert found["terminal"]["state"] == "warning"
    assert document["versions"]["heaptui"]


def test_in_a_terminal_it_says_what_that_can_do() -> None:
    environment = {"COLORTERM": "truecolor", "TMUX": "", "STY": "", "NO_COLOR": ""}
    with Terminal(["doctor"], columns=150, lines=40, environment=environment) as shown:
        shown.wait("^ +versions +heaptui")
        assert shown.quit_status() == 0
        text = shown.text()
    for line in (
        "ok +terminal +xterm-256color, 150x40",
        "ok +colours +16 million",
        r"ok +characters +UTF-8 \(C.UTF-8\)",
    ):
        assert re.search(f"(?m)^{line}", text), text


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize(("value", "state"), [("on", "ok"), ("external", "warning")])
def test_tmux_is_asked_about_the_clipboard(value: str, state: str, tmp_path: Path) -> None:
    socket = f"/tmp/heaptui-doctor-{os.getpid()}-{value}"
    tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
    out = tmp_path / "found.json"
    try:
        command = f"{PROGRAM} doctor --format json > {out}.part; mv {out}.part {out}; tmux wait-for -S done"
        subprocess.run([*tmux, "new-session", "-d", "sleep 60"], check=True)
        subprocess.run([*tmux, "set", "-s", "set-clipboard", value], check=True)
        subprocess.run([*tmux, "new-window", "-d", command], check=True)
        subprocess.run([*tmux, "wait-for", "done"], check=True, timeout=60)
    finally:
        subprocess.run([*tmux, "kill-server"], check=True)
    found = {finding["topic"]: finding for finding in json.loads(out.read_text())["findings"]}
    assert found["clipboard"]["state"] == state
    assert f"set-clipboard {value}" in found["clipboard"]["said"]
    assert "in tmux" in found["terminal"]["said"]


def test_terminals_are_told_apart(at_terminal: Callable[[int, int], None]) -> None:
    at_terminal(80, 24)
    assert only(terminal.terminal, TERM="xterm").state == "ok"
    assert only(terminal.terminal, TERM="screen", STY="1.x").said == "screen, 80x24, in screen"
    assert only(terminal.terminal, TERM="dumb").state == "warning"
    assert only(terminal.terminal).state == "warning"
    at_terminal(60, 24)
    small = only(terminal.terminal, TERM="xterm")
    assert (small.state, small.advice) == ("warning", "80x24 or more shows all columns")


def test_colours_are_told_with_their_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert (
        only(terminal.colours, TERM="xterm", COLORTERM="truecolor").said
        == "16 million (COLORTERM=truecolor), theme dark"
    )
    assert only(terminal.colours, TERM="xterm-256color").said.startswith("256 (TERM=xterm-256color)")
    assert only(terminal.colours, TERM="xterm").state == "warning"
    assert only(terminal.colours, TERM="xterm", NO_COLOR="1").said == "none: NO_COLOR is set"
    (tmp_path / "heaptui").mkdir()
    (tmp_path / "heaptui" / "config.toml").write_text('theme = "pink"\n')
    wrong, _ = terminal.colours({"TERM": "xterm"})
    assert (wrong.topic, wrong.state) == ("config", "warning")


@pytest.mark.parametrize(
    ("environment", "state"),
    [
        ({"LANG": "C.UTF-8"}, "ok"),
        ({"LANG": "de_DE.utf8", "LC_ALL": ""}, "ok"),
        ({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, "warning"),
        ({}, "warning"),
        ({"TERM": "linux"}, "ok"),
    ],
)
def test_locales_without_utf_8_are_warned_of(environment: dict[str, str], state: str) -> None:
    assert only(terminal.characters, **environment).state == state


def test_clipboards_that_take_nothing_are_told() -> None:
    assert only(terminal.clipboard).state == "ok"
    assert only(terminal.clipboard, STY="1.x").state == "ok"
    assert only(terminal.clipboard, TERM_PROGRAM="Apple_Terminal").state == "warning"
    assert only(terminal.clipboard, TMUX="/nowhere,1,0", PATH="/nowhere").state == "warning"


def test_a_cache_folder_that_others_can_write_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen, home = tmp_path / "chosen", tmp_path / "home"
    monkeypatch.setenv("HEAPTUI_CACHE_DIR", str(chosen))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    fine = only(machine.cache, **os.environ)
    assert (fine.state, fine.said.startswith(str(chosen / "kernels"))) == ("ok", True)
    (chosen / "kernels").chmod(0o777)
    open_to_all = only(machine.cache, **os.environ)
    assert open_to_all.state == "warning"
    assert f"not in $HEAPTUI_CACHE_DIR: others can write to {chosen / 'kernels'}" in open_to_all.said
    monkeypatch.setenv("HEAPTUI_CACHE_DIR", "/dev/null")
    assert "/dev/null/kernels: not a directory" in only(machine.cache, **os.environ).said


def test_a_cache_in_the_temporary_folder_is_told_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HEAPTUI_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = only(machine.cache, **os.environ)
    assert found.state == "warning"
    assert "/dev/null" in found.said
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    assert only(machine.cache, **os.environ).state == "ok"


def test_an_index_is_told_with_what_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(tmp_path / "index"))
    assert only(machine.index, **os.environ).said.startswith(f"{tmp_path / 'index'}, 0 files, 0 B")
    with heaptui.open(FILES[0]) as heap:
        assert heap.keep()
    assert ", 1 file, " in only(machine.index, **os.environ).said
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", "/dev/null/here")
    assert only(machine.index, **os.environ).state == "warning"
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", "")
    assert only(machine.index, **os.environ).said == "none: HEAPTUI_INDEX_DIR is empty"


def test_little_memory_is_told_with_whose_limit_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((1 << 20, "warning"), (1 << 40, "ok")):
        monkeypatch.setattr("heaptui.opening.free.free_memory", lambda free=free: [Free(free, "ulimit -v")])
        (found,) = machine.memory()
        assert found.state == state
        assert found.said.endswith("left by ulimit -v")


def test_numbers_that_are_wrong_are_broken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(machine, "_RETAINED", [1, 2, 3, 4])
    assert main(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "broken kernels a snapshot of four objects gave the retained sizes [112, 112, 32, 64]" in said


def test_what_fails_is_a_finding_and_no_traceback() -> None:
    def fails() -> Iterator[Finding]:
        yield Finding("x", "ok", "so far")
        raise ImportError("numba is not there")

    said = [(one.state, one.said) for one in guarded("x", fails)]
    assert said == [("ok", "so far"), ("broken", "ImportError: numba is not there")]


def test_it_writes_nothing_but_its_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run([PROGRAM, "doctor"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout
    left = [path for path in tmp_path.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert not left
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in tmp_path.rglob("kernels"))

"""With --hide-values no command and no screen shows what was planted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from heaptui.cli import main
from heaptui.commands import COMMANDS
from heaptui.opening.manner import Manner
from heaptui.tui.app import HeaptuiApp
from tests.building import Draft
from tests.tui.driving import screen, settle_all

FORMATS = ("table", "json", "csv", "markdown")
HOLDER, TEXT = 5, 7
"""Ids: of the object that holds what was planted, and of a string."""

# What is typed after a command that reads snapshots; {file}, {later} and {folder} are filled in.
ARGUMENTS: Mapping[str, list[list[str]]] = {
    "summary": [["{file}"], ["{file}", "--light"]],
    "instances": [["{file}", "Object"], ["{file}", "(string)"]],
    "search": [["{file}", "t"], ["{file}", "o"]],
    "compare": [["{file}", "{later}"]],
    "suspects": [["{file}", "{later}"], ["{later}"]],
    "statistics": [["{file}", "{later}"]],
    "strings": [["{later}"]],
    "timeline": [["{file}"]],
    "allocations": [["{file}", "--depth", "3"]],
    "object": [["{file}", f"@{HOLDER}"], ["{file}", f"@{TEXT}"]],
    "retainers": [["{file}", f"@{TEXT}", "--depth", "9"]],
    "path": [["{file}", f"@{TEXT}"], ["{file}", "--class", "(string)"]],
    "dominators": [["{file}", "--depth", "9"]],
    "containment": [["{file}", "--depth", "9"], ["{file}", f"@{HOLDER}"]],
    "info": [["{file}"]],
}
WITHOUT_SNAPSHOTS = {"capture", "demo", "help", "config", "doctor", "completion", "index"}
WRITING = {"export", "redact", "report"}


def planted(more: int = 0) -> Draft:
    draft = Draft()
    draft.add("synthetic", "")
    window = draft.add("object", "Window / https://planted.example/?token=planted", 8)
    draft.link(0, window, 1, "element")
    holder = draft.add("object", "Object", 16)
    assert draft.nodes[holder].id == HOLDER
    draft.link(window, holder, "plantedGlobal")
    text = draft.add("string", "planted token", 24, trace=1)
    assert draft.nodes[text].id == TEXT
    draft.link(holder, text, "planted.key@example.org")
    for i in range(3 + more):
        one = draft.add("object", "Object", 32, trace=1)
        draft.link(holder, one, f"planted_user_{i}")
        draft.link(one, draft.add("string", "planted twice", 40), f"plantedName{i}")
        draft.link(one, draft.add("string", "planted twice", 40), f"plantedOther{i}")
        draft.link(one, draft.add("native", '<div title="planted">', 8, detachedness=2), "element")
    rope = draft.add("concatenated string", "(concatenated string)", 32)
    draft.link(holder, rope, "rope")
    for half in ("first", "second"):
        draft.link(rope, draft.add("string", f"planted {half}", 24), half, "internal")
    closure = draft.add("closure", "open", 64)
    draft.link(holder, closure, "planted closure")
    draft.locations.append((closure, 7, 1, 2))
    shared = draft.add("code", "open", 8)
    script = draft.add("code", "system / Script / /home/planted/app.js", 8)
    draft.link(closure, shared, "shared", "internal")
    draft.link(shared, script, "script", "internal")
    draft.link(script, draft.add("string", "/home/planted/app.js", 24), "name", "internal")
    draft.link(script, draft.add("string", "function open() { return 'planted'; }", 80), "source", "internal")
    draft.link(holder, draft.add("regexp", "planted|x", 24), "pattern")
    draft.link(holder, draft.add("symbol", "planted symbol", 24), "<symbol planted symbol>")
    table = draft.add("array", "", 24)
    draft.link(holder, table, "table", "internal")
    name = f"3 / part of key (planted @{HOLDER}) -> value (planted @7) pair in WeakMap (table @{draft.nodes[table].id})"
    draft.link(table, text, name, "internal")
    draft.functions.append(("open", "/home/planted/app.js", 7, 1, 2))
    draft.tree = [1, 0, 3, 96, []]
    draft.samples = [(0, 1), (1000, 2 * len(draft.nodes) + 1)]
    return draft


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The places of two snapshots and of a folder to write to."""
    names = {name: str(tmp_path / f"{name}.heapsnapshot") for name in ("file", "later")}
    Path(names["file"]).write_bytes(planted().encode())
    Path(names["later"]).write_bytes(planted(40).encode())
    return {**names, "folder": str(tmp_path)}


def test_the_tables_here_have_every_command() -> None:
    """Whoever adds a command decides here what it must not show."""
    assert set(ARGUMENTS) | WRITING | WITHOUT_SNAPSHOTS >= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(ARGUMENTS))
def test_no_command_prints_it(command: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    shown = 0
    for arguments in ARGUMENTS[command]:
        words = [word.format(**files) for word in arguments]
        for form in FORMATS:
            assert main([command, *words, "--format", form, "--hide-values"]) == 0
            out, err = capsys.readouterr()
            assert "planted" not in (out + err).lower()
            main([command, *words, "--format", form, "--limit", "0"] if command != "info" else [command, *words])
            shown += "planted" in capsys.readouterr().out.lower()
    # Where it is not hidden it is seen, in all commands that name an object.
    assert shown or command in ("info", "statistics", "timeline", "allocations", "compare")


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".npz"])
def test_no_exported_table_has_it(ending: str, files: dict[str, str]) -> None:
    out = Path(files["folder"]) / f"out{ending}"
    assert main(["export", "nodes", files["file"], "-o", str(out), "--hide-values"]) == 0
    assert b"planted" not in out.read_bytes().lower()


@pytest.mark.parametrize("ending", [".md", ".html", ".json"])
def test_no_report_has_it(ending: str, files: dict[str, str]) -> None:
    outs = [Path(files["folder"]) / f"{name}{ending}" for name in ("shown", "hidden")]
    assert main(["report", files["file"], files["later"], "-o", str(outs[0])]) == 0
    assert main(["report", files["file"], files["later"], "-o", str(outs[1]), "--hide-values"]) == 0
    assert b"planted" in outs[0].read_bytes().lower()
    assert b"planted" not in outs[1].read_bytes().lower()


@pytest.mark.parametrize("ending", [".graphml", ".gexf", ".json", ".dot"])
def test_no_exported_graph_has_it(ending: str, files: dict[str, str]) -> None:
    out = Path(files["folder"]) / f"out{ending}"
    assert main(["export", "graph", files["file"], f"@{TEXT}", "-o", str(out), "--hide-values"]) == 0
    assert b"planted" not in out.read_bytes().lower()


@pytest.mark.parametrize("text", ["planted", "planted token", "PLANTED"])
def test_a_search_for_it_finds_nothing(text: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", files["file"], text, "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 1
    assert main(["search", files["file"], text, "--format", "csv", "--hide-values"]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= 1


def test_a_file_that_ends_early_shows_nothing_either(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    content = Path(files["file"]).read_bytes()
    for cut in (content.index(b'"strings"') + 300, content.index(b'"edges"') + 60):
        Path(files["later"]).write_bytes(content[:cut])
        assert main(["containment", files["later"], "--salvage", "--hide-values", "--depth", "9"]) == 0
        out, err = capsys.readouterr()
        assert "planted" not in out
        assert "salvaged" in err


def test_nothing_hidden_gets_into_the_index(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEAPTUI_CACHE_DIR", str(tmp_path / "cache"))
    assert main(["summary", files["file"], "--hide-values"]) == 0
    assert not [file for file in tmp_path.rglob("*") if "index" in str(file.relative_to(tmp_path)) and file.is_file()]
    assert main(["containment", files["file"], "--depth", "9"]) == 0
    assert "planted" in capsys.readouterr().out
    assert main(["containment", files["file"], "--depth", "9", "--hide-values"]) == 0
    assert "planted" not in capsys.readouterr().out


async def test_the_app_says_that_values_are_hidden_and_shows_none(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", files["folder"])
    app = HeaptuiApp([files["file"], files["later"]], manner=Manner(hide_values=True))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.ready.wait()
        for keys in ("", "1", "enter", "3", "enter", "down", "enter", "i", "escape", "4", "5", "6", "7", "8"):
            await pilot.press(*([keys] if keys else []))
            await settle_all(pilot)
            lines = screen(app)
            assert "values hidden" in lines[0] or keys == "i"
            assert "planted" not in "\n".join(lines).lower()

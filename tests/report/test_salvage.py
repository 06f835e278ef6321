"""`--salvage` and `-` on the command line."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from heaptui.cli import main
from heaptui.commands.parser import command_parser
from tests.conftest import DATA

FILE = DATA / "hostile-base.heapsnapshot.gz"
TEXT = gzip.decompress(FILE.read_bytes())
OTHERS = {"capture", "completion", "config", "demo", "doctor", "help", "index", "redact"}
"""Commands that show nothing of a snapshot."""


@pytest.fixture
def cut(tmp_path: Path) -> str:
    """A file that ends in its edges."""
    path = tmp_path / "cut.heapsnapshot"
    path.write_bytes(TEXT[: TEXT.index(b'"edges"') + 4000])
    return str(path)


def test_a_cut_file_is_refused_with_the_way_out(cut: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", cut]) == 1
    assert "--salvage opens it as far as it goes" in capsys.readouterr().err


@pytest.mark.parametrize("before", [True, False])
def test_what_is_missing_is_told_on_standard_error(cut: str, capsys: pytest.CaptureFixture[str], before: bool) -> None:
    words = ["summary", cut]
    words.insert(0 if before else 2, "--salvage")
    assert main(words) == 0
    told = capsys.readouterr()
    assert told.err.startswith(f"heaptui: {cut}: salvaged: the file ends inside `edges`")
    assert "(missing string " in told.out


def test_json_says_it_of_the_file_alone_that_is_cut(cut: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(FILE), cut, "--salvage", "--format", "json"]) == 0
    whole, broken = json.loads(capsys.readouterr().out)["files"]
    assert "salvaged" not in whole
    assert "references" in broken["salvaged"]


def test_every_command_that_reads_a_snapshot_has_the_option(cut: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = {"instances": ["Object"], "search": ["x"], "compare": [cut], "path": ["@1"], "retainers": ["@1"],
                 "object": ["@1"], "export": [], "report": ["-o", f"{cut}.md"]}  # fmt: skip
    commands = next(a for a in command_parser()._actions if a.dest == "command").choices
    assert commands is not None
    for name in commands:
        if name in OTHERS:
            continue
        words = [name, cut, *arguments.get(name, []), "--salvage"]
        if name == "export":
            words = ["export", "nodes", cut, "-o", f"{cut}.csv", "--salvage"]
        assert main(words) in (0, 1), name
        assert "this is a bug" not in capsys.readouterr().err


def test_only_one_file_comes_from_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "-", "-"]) == 2
    assert main(["-", "-"]) == 2
    assert capsys.readouterr().err.count("only one file can come from standard input") == 2


def test_a_file_and_a_pipe_are_compared() -> None:
    program = Path(sys.executable).parent / "heaptui"
    done = subprocess.run(
        [program, "compare", FILE, "-", "--format", "json"], input=FILE.read_bytes(), capture_output=True, check=True
    )
    assert [file["node_count"] for file in json.loads(done.stdout)["files"]] == [749, 749]

"""Nothing from a hostile file reaches a terminal unescaped."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from heaptui.cli import main
from tests.snapshot.hostile import texts
from tests.snapshot.hostile.base import OK, TEXT, Case, Document, changed

FORMATS = ("table", "json", "csv", "markdown")
# One string of 100 MB would be printed whole; what it could do, the one of 100,000 characters does too.
NAMED = [
    case for case in texts.CASES if case.name.startswith("str-") and case.name not in ("str-100mb", "str-bad-escapes")
]
ODD_NAME = "odd name [bold]x[b] \x1b[31m \n \x9b é.heapsnapshot"
# Controls, formatting like bidirectional overrides, surrogates, and separators of lines.
ACTIVE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def active(text: str) -> set[str]:
    """The characters of a text that a terminal would act on, line feeds aside."""
    return {c for c in text if unicodedata.category(c) in ACTIVE} - {"\n"}


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.name)
def test_names_are_printed_without_control_characters(
    case: Case, style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_bytes(case.make())
    for command in ("summary", "containment", "statistics"):
        assert main([command, str(file), "--format", style]) == 0, capsys.readouterr().err
        printed = capsys.readouterr().out
        assert printed
        assert active(printed) == set()


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("command", ["info", "summary", "containment", "statistics"])
def test_names_of_types_and_fields_are_printed_without_control_characters(
    command: str, style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(document: Document) -> None:
        meta = document["snapshot"]["meta"]
        for key in ("node_types", "edge_types"):
            meta[key][0] = [f"{name}\x1b[31m\x9b\n\u202e" for name in meta[key][0]]
        meta["node_fields"][-2:] = ["\x1b[5m\n", "\u2028\x07"]

    file = tmp_path / "file"
    file.write_bytes(changed(change)())
    assert main([command, str(file), "--format", style]) == 0
    assert active(capsys.readouterr().out) == set()


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("command", ["info", "summary", "statistics"])
def test_an_odd_file_name_is_printed_escaped(
    command: str, style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ODD_NAME
    file.write_bytes(TEXT)
    assert main([command, str(file), "--format", style]) == 0
    assert active(capsys.readouterr().out) == set()


def test_an_error_about_an_odd_file_name_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / ODD_NAME
    file.write_bytes(TEXT[:5000])
    assert main(["summary", str(file)]) == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert error.endswith("\n")
    assert error[:-1].isprintable()


def test_every_case_is_printed_that_a_reader_must_take() -> None:
    taken = {case.name for case in texts.CASES if case.verdict == OK and case.name.startswith("str-")}
    assert taken - {case.name for case in NAMED} == {"str-100mb"}

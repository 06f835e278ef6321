"""A short run of the fuzzer, and that it sees what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from heaptui.snapshot import layout, strings
from tests.fuzz import fuzz_reader
from tests.fuzz.mutations import bases, mutant


@pytest.fixture(autouse=True)
def _own_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back the sizes of pieces that a case leaves behind."""
    for module in (layout, strings):
        monkeypatch.setattr(module, "_PIECE", module._PIECE)


def test_three_hundred_mutations_load_or_are_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = fuzz_reader.main(["--count", "300", "--seed", "1", "--keep", str(tmp_path)])
    assert status == 0, capsys.readouterr().out


def test_all_bases_load(tmp_path: Path) -> None:
    for base in bases():
        assert fuzz_reader.load(base, tmp_path / "base.heapsnapshot")


def test_a_case_is_the_same_every_time() -> None:
    assert [mutant(3, number) for number in range(50)] == [mutant(3, number) for number in range(50)]


def test_some_mutants_load_and_some_do_not(tmp_path: Path) -> None:
    verdicts = {fuzz_reader.load(mutant(1, number), tmp_path / "case.heapsnapshot") for number in range(60)}
    assert verdicts == {True, False}


def test_a_failure_is_written_to_a_file_with_the_command_that_repeats_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz_reader, "fuzz", lambda *_: fuzz_reader.Failure(42, "it broke"))
    assert fuzz_reader.main(["--seed", "5", "--keep", str(tmp_path)]) == 1
    assert (tmp_path / "fuzz-5-42.heapsnapshot").read_bytes() == mutant(5, 42)
    assert "it broke" in (told := capsys.readouterr().out)
    assert "--seed 5 --case 42" in told

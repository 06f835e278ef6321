"""--light: the same numbers, without those that need dominators."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main

DATA = Path(__file__).parent.parent / "data"
FILE = str(DATA / "node20.heapsnapshot.gz")
WHOLE = ("distance", "retained_size", "dominator")


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def without(value: Any) -> Any:
    """A document without what light mode does not know."""
    if isinstance(value, list):
        return [without(item) for item in value]
    if isinstance(value, dict):
        return {key: without(item) for key, item in value.items() if key not in (*WHOLE, "retainers")}
    return value


@pytest.mark.parametrize(
    "words",
    [
        ("summary", FILE, "--sort", "name"),
        ("summary", FILE, "--sort", "name", "--filter", "duplicate-strings"),
        ("instances", FILE, "Array", "--sort", "shallow_size"),
        ("search", FILE, "socket", "--sort", "name"),
        ("containment", FILE, "--sort", "name"),
        ("object", FILE, "@1", "--limit", "3"),
        ("statistics", FILE),
        ("strings", FILE),
    ],
    ids=lambda words: " ".join(word for word in words if word != FILE),
)
def test_numbers_are_those_of_the_whole_heap(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    light, whole = document(capsys, *words, "--light"), document(capsys, *words)
    if words[0] == "object":  # sorted by what is known
        assert len(light.pop("references")) == len(whole.pop("references")) == 3
    assert light == without(whole)
    assert not set(WHOLE) & set(str(light).replace("'", " ").split())


def test_tables_leave_the_columns_out_and_sort_by_shallow_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", FILE, "--light"]) == 0
    head = capsys.readouterr().out.splitlines()[0].split("  ")
    assert [title for title in map(str.strip, head) if title] == ["Constructor", "Count", "Shallow size", "%"]
    sizes = [row["shallow_size"] for row in document(capsys, "summary", FILE, "--light")["classes"]]
    assert sizes == sorted(sizes, reverse=True)


def test_objects_are_exported_with_the_columns_that_are_known(tmp_path: Path) -> None:
    whole, light = tmp_path / "whole.csv", tmp_path / "light.csv"
    assert main(["export", "nodes", FILE, "-o", str(whole)]) == 0
    assert main(["export", "nodes", FILE, "-o", str(light), "--light"]) == 0
    rows = [list(csv.DictReader(file.read_text().splitlines())) for file in (whole, light)]
    kept = ["id", "type", "name", "class", "shallow_size", "detachedness", "edge_count"]
    assert list(rows[1][0]) == kept
    assert rows[1] == [{name: row[name] for name in kept} for row in rows[0]]


@pytest.mark.parametrize("words", [("dominators", FILE), ("retainers", FILE, "@1"), ("suspects", FILE)])
def test_what_needs_dominators_says_so(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main([*words, "--light"]) == 2
    assert capsys.readouterr().err == f"heaptui: {words[0]} tells what keeps objects alive, which --light leaves out\n"


def test_a_filter_that_needs_distances_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", FILE, "--light", "--filter", "detached-dom"]) == 1
    assert "this filter needs distances" in capsys.readouterr().err

"""`heaptui suspects`: the document of the specification, all formats, any number of files, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.report.suspects import write_suspects
from heaptui.suspects.verdict import find_suspects
from heaptui.views.suspects import SuspectsView
from heaptui.views.trace import trace
from tests.building import Draft
from tests.conftest import DATA
from tests.suspects.programs import Program, Run
from tests.views.test_trace import HOSTILE, cache_named

Load = Callable[[Draft], Heap]
SCENARIOS = Path(__file__).parent.parent / "scenarios" / "data"
SUSPECT = {
    "rank", "cause", "title", "size", "count", "share", "confidence", "holder", "path", "leaked", "evidence", "advice",
    "fingerprint",
}  # fmt: skip
OBJECT = {
    "id", "type", "name", "class", "shallow_size", "retained_size", "distance", "detachedness", "location", "script",
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["suspects", *arguments]) == status
    return str(capsys.readouterr().out)


def document(capsys: pytest.CaptureFixture[str], *files: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(capsys, *files, "--limit", "0", "--format", "json"))
    return found


def check_document(found: dict[str, Any], files: int) -> None:
    """The keys and types of the specification."""
    assert list(found) == ["schema", "command", "files", "verdict", "growth", "suspects"]
    assert (found["schema"], found["command"]) == ("heaptui/1", "suspects")
    assert len(found["files"]) == files
    assert set(found["files"][0]) == {"name", "bytes", "node_count", "edge_count"}
    assert found["verdict"] in ("leak", "growth", "no growth", "single snapshot")
    assert set(found["growth"]) == {"count", "size"}
    for rank, suspect in enumerate(found["suspects"], 1):
        assert set(suspect) >= SUSPECT
        assert suspect["rank"] == rank
        assert 0 <= suspect["share"] <= 1
        assert suspect["confidence"] in ("high", "medium", "low")
        assert set(suspect["holder"]) >= OBJECT
        assert all(set(one) == {"class", "count", "size"} for one in suspect["leaked"])
        assert all(isinstance(text, str) for text in [suspect["title"], suspect["advice"], *suspect["evidence"]])
        assert suspect["path"]
        for i, step in enumerate(suspect["path"]):
            assert set(step) == {"edge", "object", "location", "script", "suspect"}
            assert set(step["object"]) >= OBJECT
            assert (step["edge"] is None) == (i == 0)
            assert i == 0 or set(step["edge"]) == {"type", "name"}
            assert isinstance(step["suspect"], bool)
        assert suspect["holder"] in [step["object"] for step in suspect["path"] if step["suspect"]]


def test_the_document_of_the_demo(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = document(capsys, *FILES)
    check_document(found, 2)
    assert found["verdict"] == "leak"
    assert found["growth"] == {
        "count": demo[1].node_count - demo[0].node_count,
        "size": demo[1].total_size - demo[0].total_size,
    }
    first = found["suspects"][0]
    assert first["cause"] == "event listener"
    assert [step["edge"] and step["edge"]["name"] for step in first["path"]][:4] == [None, "test", "_events", "error"]
    assert [step["object"]["class"] for step in first["path"] if step["suspect"]] == ["Array", "Function"]
    assert {"class": "Buffer", "count": 100, "size": 9600} in first["leaked"]
    closure = next(step for step in first["path"] if step["object"]["type"] == "closure")
    assert closure["script"] == "/srv/shop/scripts/seed/seed.js"
    assert set(closure["location"]) == {"script_id", "line", "column"}


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ([FILES[1]], "single snapshot"),
        (FILES, "leak"),
        (FILES[::-1], "no growth"),
        ([FILES[1], FILES[1]], "no growth"),
        ([*(str(SCENARIOS / f"shop-{k}.heapsnapshot.gz") for k in range(3))], "leak"),
        ([*(str(SCENARIOS / f"reports-{k}.heapsnapshot.gz") for k in range(3))], "growth"),
        ([str(DATA / f"{name}.heapsnapshot.gz") for name in ("node20", "node22")], None),
        ([str(DATA / f"{name}.heapsnapshot.gz") for name in ("node22", "chrome-before", "node12")], None),
    ],
    ids=[
        "one",
        "two",
        "wrong order",
        "the same twice",
        "three",
        "three without a leak",
        "other processes",
        "strangers",
    ],
)
def test_any_number_of_files(capsys: pytest.CaptureFixture[str], files: list[str], verdict: str | None) -> None:
    found = document(capsys, *files)
    check_document(found, len(files))
    assert verdict in (None, found["verdict"])


def test_a_file_twice_has_no_suspects(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, FILES[1], FILES[1])
    assert (found["growth"], found["suspects"]) == ({"count": 0, "size": 0}, [])
    assert run(capsys, FILES[1], FILES[1]) == "No growth to speak of (0 B, 0 objects)\n"


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, FILES[0], "missing.heapsnapshot", status=1) == ""


@pytest.mark.parametrize("form", ["table", "json"])
def test_two_runs_give_the_same_bytes(form: str) -> None:
    files = [str(SCENARIOS / f"gateway-{k}.heapsnapshot.gz") for k in (1, 3)]
    command = [sys.executable, "-m", "heaptui", "suspects", *files, "--format", form]
    outputs = {
        subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed, "COLUMNS": columns}
        ).stdout
        for seed, columns in (("1", "80"), ("2", "200"))
    }
    assert len(outputs) == 1
    assert outputs.pop().count(b"articles")


def test_the_table_has_the_verdict_and_each_trace(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo)
    written = run(capsys, *FILES, "--limit", "3")
    assert written.startswith("A leak: 1 suspect explains 35 % of the growth")
    titles = ("Suspect 1", "Also grew 2", "Also grew 3")
    for title, suspect in zip(titles, found.suspects[:3], strict=True):
        assert f"\n{title}: {trace(found, suspect)}" in written
    assert "Also grew 4" not in written


def test_markdown_fences_each_trace(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = find_suspects(demo)
    written = run(capsys, *FILES, "--limit", "2", "--format", "markdown")
    assert written.startswith("# A leak: ")
    assert f"\n## Suspect 1\n\n```\n{trace(found, found.suspects[0])}```\n" in written
    assert f"\n## Also grew 2\n\n```\n{trace(found, found.suspects[1])}```\n" in written


def test_csv_has_a_line_a_suspect(capsys: pytest.CaptureFixture[str]) -> None:
    expected = document(capsys, *FILES)["suspects"]
    rows = list(csv.DictReader(io.StringIO(run(capsys, *FILES, "--limit", "0", "--format", "csv"))))
    assert len(rows) == len(expected)
    for row, suspect in zip(rows, expected, strict=True):
        for key in ("rank", "cause", "title", "size", "count", "confidence", "fingerprint"):
            assert row[key] == str(suspect[key])
        assert row["holder.id"] == str(suspect["holder"]["id"])


def test_json_and_csv_have_all_suspects(capsys: pytest.CaptureFixture[str]) -> None:
    whole = document(capsys, *FILES)["suspects"]
    assert len(whole) > 5
    assert json.loads(run(capsys, *FILES, "--format", "json"))["suspects"] == whole
    assert len(list(csv.reader(io.StringIO(run(capsys, *FILES, "--format", "csv"))))) == 1 + len(whole)


def test_the_limit_bounds_all_formats(capsys: pytest.CaptureFixture[str]) -> None:
    for form, counted in (("table", "Fingerprint: "), ("markdown", "Fingerprint: "), ("json", '"rank": ')):
        assert run(capsys, *FILES, "--limit", "2", "--format", form).count(counted) == 2
    assert len(list(csv.reader(io.StringIO(run(capsys, *FILES, "--limit", "2", "--format", "csv"))))) == 3


def test_it_is_written_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "suspects.json"
    assert run(capsys, *FILES, "--limit", "0", "--format", "json", "-o", str(out)) == ""
    check_document(json.loads(out.read_text()), 2)


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_that_could_do_harm_are_escaped(load_draft: Load, name: str, form: str) -> None:
    run_of, heaps = Run(), []
    for point in (0, 1):
        program = Program(run_of)
        cache_named(name)(program, point)
        heaps.append(load_draft(program.draft))
    out = io.StringIO()
    view = SuspectsView(heaps)
    write_suspects(out, form, view, range(len(view.suspects)), heaps)
    written = out.getvalue()
    assert all(c.isprintable() or c == "\n" for c in written)
    written.encode()
    if form == "json":
        classes = {one["class"] for suspect in json.loads(written)["suspects"] for one in suspect["leaked"]}
        # JSON has the names as they are; what is no character is U+FFFD.
        assert any(re.sub("[\ud800-\udfff]", "\ufffd", name) in one for one in classes)

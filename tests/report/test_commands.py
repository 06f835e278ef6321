"""The commands' output on the demo pair: shapes of the documents, and that all formats say the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap
from heaptui.heap.comparison import compare

BEFORE, AFTER = FILES
OBJECT = {
    "id", "type", "name", "class", "shallow_size", "retained_size", "distance", "detachedness", "location", "script",
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(arguments) == status
    return str(capsys.readouterr().out)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(capsys, *arguments, "--format", "json"))
    assert found["schema"] == "heaptui/1"
    assert found["command"] == arguments[0]
    return found


def leaked_buffer(demo: tuple[Heap, Heap]) -> int:
    """The id of one of the demo's leaked Buffers."""
    found = compare(*demo)
    which = next(i for i, change in enumerate(found.changes) if change.name == "Buffer")
    return demo[1].id(int(found.new_objects(which)[0]))


def test_summary(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = document(capsys, "summary", AFTER)
    assert found["files"][0]["node_count"] == demo[1].node_count
    assert set(found["classes"][0]) == {"name", "location", "count", "distance", "shallow_size", "retained_size"}
    assert sum(c["count"] for c in found["classes"]) == found["total"]["count"]
    assert sum(c["shallow_size"] for c in found["classes"]) == found["total"]["shallow_size"]
    sizes = [c["retained_size"] for c in found["classes"]]
    assert sizes == sorted(sizes, reverse=True)
    buffer = next(c for c in found["classes"] if c["name"] == "Buffer")
    assert set(buffer["location"]) == {"script_id", "line", "column"}


def test_a_distance_shown_as_minus_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "containment", AFTER)
    by_name = {r["object"]["name"]: r["object"] for r in found["references"]}
    assert by_name["(GC roots)"]["distance"] is None
    assert by_name["global"]["distance"] == 1


def test_compare_finds_the_hundred_listeners(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "compare", BEFORE, AFTER)
    assert set(found["classes"][0]) == {
        "name", "location", "new", "deleted", "delta", "alloc_size", "freed_size", "size_delta",
    }  # fmt: skip
    rows = {c["name"]: c for c in found["classes"]}
    assert rows["Buffer"]["delta"] == 100
    assert rows["ArrayBuffer"]["delta"] == 100
    assert rows["Function"]["delta"] >= 100
    for key in ("new", "deleted", "alloc_size", "freed_size"):
        assert found["total"][key] == sum(c[key] for c in found["classes"])


def test_a_file_compared_with_itself_has_no_rows(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "compare", AFTER, AFTER)
    assert found["classes"] == []
    assert "No constructor" in run(capsys, "compare", AFTER, AFTER)


def test_comparing_the_other_way_round_mirrors(capsys: pytest.CaptureFixture[str]) -> None:
    there = {c["name"]: c for c in document(capsys, "compare", BEFORE, AFTER)["classes"] if not c["location"]}
    back = {c["name"]: c for c in document(capsys, "compare", AFTER, BEFORE)["classes"] if not c["location"]}
    for name in ("Function", "ArrayBuffer", "(string)", "(compiled code)"):
        assert (there[name]["new"], there[name]["freed_size"]) == (back[name]["deleted"], back[name]["alloc_size"])


def test_retainers_of_a_leaked_buffer_lead_to_the_global_emitter(
    capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]
) -> None:
    found = document(capsys, "retainers", AFTER, f"@{leaked_buffer(demo)}", "--depth", "12", "--limit", "2")
    assert set(found["object"]) == OBJECT
    edges, rows = [], found["retainers"]
    while rows:
        edges.append(rows[0]["edge"]["name"])
        rows = rows[0].get("retainers")
    assert edges[:1] == ["innerData"]
    assert [name for name in edges if name in ("error", "_events", "test")] == ["error", "_events", "test"]


def test_instances(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "instances", AFTER, "Buffer", "--limit", "5")
    assert len(found["objects"]) == 5
    assert all(set(o) == OBJECT and o["class"] == "Buffer" for o in found["objects"])


def test_statistics_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "statistics", AFTER)
    assert sum(s["size"] for s in found["slices"]) == found["total"]
    assert found["native"]["total"] + found["v8heap"]["total"] == found["total"]
    pair = document(capsys, "statistics", BEFORE, AFTER)
    assert pair["total"] == found["total"]
    assert pair["base"]["total"] == document(capsys, "statistics", BEFORE)["total"]


def test_info_reads_the_header(capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]) -> None:
    found = document(capsys, "info", AFTER)
    file = found["files"][0]
    assert (file["node_count"], file["edge_count"]) == (demo[1].node_count, demo[1].edge_count)
    assert "41,235" in run(capsys, "info", AFTER)


def test_info_tells_whether_it_fits(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "info", AFTER)
    assert found["memory_light"] < found["memory"] < found["memory_peak"] < found["free_memory"]
    assert (found["fits"], found["seconds"] > 0, bool(found["free_by"])) == ("whole", True, True)
    assert "It fits." in run(capsys, "info", AFTER)


def test_info_tells_of_a_file_that_is_cut(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = gzip.decompress(Path(AFTER).read_bytes())
    whole, cut = tmp_path / "whole.heapsnapshot", tmp_path / "cut.heapsnapshot"
    whole.write_bytes(data)
    cut.write_bytes(data[: len(data) // 2])
    assert "too early" not in run(capsys, "info", str(whole))
    assert "It ends too early: --salvage opens it as far as it goes. It fits." in run(capsys, "info", str(cut))
    told = [document(capsys, "info", str(file))["whole"] for file in (whole, cut, Path(AFTER))]
    assert told == [True, False, None]


def test_all_formats_have_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("summary", AFTER, "--match", "Buffer")
    rows = document(capsys, *arguments)["classes"]
    table = run(capsys, *arguments).splitlines()
    assert len(table) == len(rows) + 1
    lines = list(csv.DictReader(io.StringIO(run(capsys, *arguments, "--format", "csv"))))
    assert [(line["name"], int(line["shallow_size"])) for line in lines] == [
        (row["name"], row["shallow_size"]) for row in rows
    ]
    markdown = run(capsys, *arguments, "--format", "markdown").splitlines()
    assert len(markdown) == len(rows) + 2
    assert {line.count("|") for line in markdown} == {markdown[0].count("|")}


def test_sorting_and_reversing(capsys: pytest.CaptureFixture[str]) -> None:
    counts = [c["count"] for c in document(capsys, "summary", AFTER, "--sort", "count")["classes"]]
    assert counts == sorted(counts, reverse=True)
    back = [c["count"] for c in document(capsys, "summary", AFTER, "--sort", "count", "--reverse")["classes"]]
    assert back == sorted(counts)
    names = [c["name"] for c in document(capsys, "summary", AFTER, "--sort", "name")["classes"]]
    assert names == sorted(names, key=lambda name: name.encode("utf-16-be"))


def test_a_table_is_limited_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", AFTER]) == 0
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 51
    assert "--limit 0 prints all" in printed.err
    assert len(run(capsys, "summary", AFTER, "--limit", "0").splitlines()) > 100


def test_output_is_the_same_to_the_byte_from_run_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("compare", BEFORE, AFTER, "--format", "json")
    assert run(capsys, *arguments) == run(capsys, *arguments)


def test_an_output_file_is_private_and_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run(capsys, "summary", AFTER, "--format", "json", "-o", str(out)) == ""
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text())["command"] == "summary"
    assert os.listdir(tmp_path) == ["out.json"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["summary", "no-such-file"], 1, "no-such-file: no such file"),
        (["retainers", AFTER, "@2"], 1, "there is no object @2"),
        (["instances", AFTER, "NoSuchClass"], 1, "no object of a class named 'NoSuchClass'"),
        (["instances", AFTER, "buffer"], 1, "no object of a class named 'buffer'; perhaps 'Buffer'"),
        (["path", AFTER, "--class", "Bufer"], 1, "no object of a class named 'Bufer'; perhaps 'Buffer'"),
        (["sumary", AFTER], 2, "'sumary' is no command and no file; perhaps heaptui summary"),
        (["--light", "comprae", BEFORE, AFTER], 2, "'comprae' is no command and no file; perhaps heaptui compare"),
        (["summary", AFTER, "--sort", "colour"], 2, "no column 'colour'"),
        (["summary", AFTER, "--match", "/(/"], 2, "no regular expression"),
        (["summary", AFTER, "-o", "/no/such/folder/out"], 1, "no such file or directory"),
    ],
)
def test_errors_are_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, message: str
) -> None:
    assert main(arguments) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.startswith("heaptui: ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["retainers", AFTER, "@x"], ["summary"], ["summary", AFTER, "--limit", "-1"]])
def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m heaptui instances {AFTER} Function --format csv | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stdout.startswith("id,type,name")
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_not_missed(closed: str, tmp_path: Path) -> None:
    command = f"{sys.executable} -m heaptui info {AFTER} -o {tmp_path}/out {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out").stat().st_size
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m heaptui info {AFTER} {closed}"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ["summary", "x.csv"],
        ["info", "x.csv"],
        ["redact", "--audit", "x.csv"],
        ["export", "nodes", "x.csv"],
        ["report", "x.html"],
    ],
)
def test_what_is_read_is_not_written_over(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    out = f"./{command[-1]}"
    shutil.copy(AFTER, out)
    before = Path(out).read_bytes()
    assert main([*command, "-o", out]) == 2
    assert "would be overwritten; write to another file" in capsys.readouterr().err
    assert Path(out).read_bytes() == before


@pytest.mark.parametrize("option", ["--filter", "--match", "--fail-if"])
def test_dashes_are_no_value(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", AFTER, f"{option}=--"]) == 2
    assert capsys.readouterr().err == f"heaptui: {option}: -- is no value\n"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", AFTER, "-o", str(tmp_path / "none" / "x")]) == 1
    assert capsys.readouterr().err == f"heaptui: {tmp_path}/none: no such file or directory\n"


def test_the_demo_without_a_terminal_is_the_comparison_as_text() -> None:
    done = subprocess.run([sys.executable, "-m", "heaptui", "demo"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "Buffer" in done.stdout
    assert "no terminal" in done.stderr

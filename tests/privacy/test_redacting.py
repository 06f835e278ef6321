"""Whole files without the user's data: nothing planted is left, all else is as it was, and what is refused."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from heaptui.cli import main
from tests.building import Draft
from tests.conftest import DATA

SECRETS = DATA / "node20-secrets.heapsnapshot.gz"
"""Written by tests/privacy/planted.cjs: every secret in it has this word, or is one of the numbers."""
PLANTED = re.compile(rb"planted|4111 |5500005555555559|7351946|1234567890123", re.IGNORECASE)
KINDS = (
    "tok_live_planted", "planted.person@example.org", "4111 1111 1111 1111", "gęślą", " planted-template ",
    '{"password":"json-planted"', "urltokenplanted", "urlpassplanted", "env-value-planted", "--password=argv-planted",
    "planted error message", "buffer-planted-latin1", "bytes-planted-utf8", "external-planted ", "rope-planted-left-",
    "rope-planted-right-", "planted-slice", "5500005555555559", "7351946", "map.planted.key@example.org",
    "map-value-planted", "set-planted-entry", "weak-value-planted", "planted_user_7", "small.planted@example.org",
    "plantedCustomer", 'quo"ted, {planted} key', "it's planted", "plantedSlowKey", "symbol planted description",
    "registered planted symbol", "regexp-planted-", "a secret of every kind, and a snapshot of it", "captured-planted",
    "private-field-planted", "static-private-planted", "computed planted method", "computed planted class",
    "tag planted", "sk_live_planted4eC39HqLyjWDarjtT1zdp7dc", "plantedProxied", "home/plantedhome/shop",
)  # fmt: skip


def redact(*arguments: str | Path) -> int:
    return main(["redact", *map(str, arguments)])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bytes]:
    """The snapshot with the secrets, and the bytes of the redacted one."""
    out = tmp_path_factory.mktemp("redacted") / "out.heapsnapshot"
    assert redact(SECRETS, out) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    return json.loads(gzip.decompress(SECRETS.read_bytes())), out.read_bytes()


def test_every_secret_was_there(pair: tuple[dict[str, Any], bytes]) -> None:
    strings = pair[0]["strings"]
    assert [kind for kind in KINDS if not any(kind in text for text in strings)] == []


def test_no_secret_is_left(pair: tuple[dict[str, Any], bytes]) -> None:
    assert PLANTED.findall(pair[1]) == []
    assert "gęślą".encode() not in pair[1]
    left = " ".join(json.loads(pair[1])["strings"])
    assert [kind for kind in KINDS if kind in left] == []


def test_names_for_the_analysis_are_left(pair: tuple[dict[str, Any], bytes]) -> None:
    left = set(json.loads(pair[1])["strings"])
    assert {"Vault", "Session", "sessionName", "openedAt", "global", "system / Context", "captured", "read"} <= left


def test_all_but_the_strings_is_as_it_was(pair: tuple[dict[str, Any], bytes]) -> None:
    before = gzip.decompress(SECRETS.read_bytes())
    at = before.index(b'"strings":')
    assert pair[1][:at] == before[:at]
    after = json.loads(pair[1])
    assert [len(text.encode("utf-16-le", "surrogatepass")) for text in after["strings"]] == [
        len(text.encode("utf-16-le", "surrogatepass")) for text in pair[0]["strings"]
    ]
    assert len(set(after["strings"])) == len(set(pair[0]["strings"]))


def draft() -> Draft:
    made = Draft()
    made.add("synthetic", "")
    top = made.add("object", "Top", 8)
    made.link(0, top, 1, "element")
    made.link(top, made.add("string", "planted", 16), "text")
    made.link(top, made.add("string", "other planted", 16), "plantedName")
    made.link(top, made.add("code", "system / Script / /srv/planted.js", 16), 3, "element")
    made.functions.append(("handle", "/srv/planted.js", 1, 2, 3))
    made.tree = [1, 0, 0, 0, []]
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in.heapsnapshot"
    path.write_bytes(draft().encode())
    return path


def test_the_name_tells_how_it_is_compressed(file: Path, tmp_path: Path) -> None:
    plain, packed, dense = (tmp_path / f"out.heapsnapshot{ending}" for ending in ("", ".gz", ".zst"))
    assert redact(file, plain) == redact(file, packed) == redact(file, dense) == 0
    unpacked = gzip.decompress(packed.read_bytes())
    assert json.loads(unpacked)["nodes"] == json.loads(plain.read_bytes())["nodes"]
    assert len(unpacked) == len(plain.read_bytes()) == len(file.read_bytes())
    assert zstandard.ZstdDecompressor().stream_reader(dense.read_bytes()).readall().startswith(b'{"snapshot"')
    assert file.name.encode() not in packed.read_bytes()


@pytest.mark.parametrize("order", [("strings", "snapshot", "edges", "nodes", "trace_function_infos", "trace_tree")])
@pytest.mark.parametrize("gap", ["", " ", "\n\t"])
def test_any_layout_stays(tmp_path: Path, order: tuple[str, ...], gap: str) -> None:
    made = draft()
    made.order, made.gap = order, gap
    source, out = tmp_path / "in.heapsnapshot", tmp_path / "out.heapsnapshot"
    source.write_bytes(made.encode())
    assert redact(source, out) == 0
    assert b"planted" not in out.read_bytes()
    texts = re.compile(rb'"(?:[^"\\]|\\.)*"')
    assert texts.sub(b"", out.read_bytes()) == texts.sub(b"", source.read_bytes())


def test_from_standard_input_to_standard_output(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from heaptui.snapshot.spool import Copy
    from heaptui.snapshot.standard_input import standard_input

    monkeypatch.setattr(standard_input, "file", lambda: None)
    with file.open("rb") as sent:
        monkeypatch.setattr(standard_input, "copy", lambda progress: Copy(sent))
        assert redact("-", "-") == 0
    out, told = capsysbinary.readouterr()
    assert json.loads(out)["nodes"] == json.loads(file.read_bytes())["nodes"]
    assert b"planted" not in out
    assert told.startswith(b"heaptui: -: ")


def test_equal_texts_look_equal_in_files_of_one_run_and_not_in_those_of_two(file: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"{i}.heapsnapshot" for i in range(4)]
    assert redact(file, outs[0], file, outs[1]) == redact(file, outs[2]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    texts = [json.loads(out.read_bytes())["strings"] for out in (outs[0], outs[2])]
    assert "*" in texts[0][-1]
    assert texts[0][-1] != texts[1][-1]


def test_what_nobody_knows_is_left_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = draft().document()
    head = document["snapshot"]
    assert isinstance(head, dict)
    document["snapshot"] = {"title": "planted", "uid": 7, **head, "more": {"a": ["planted"]}}
    document["notes"] = {"by": "planted"}
    document["numbers"] = [1, 2, 3]
    source, out = tmp_path / "in.heapsnapshot", tmp_path / "out.heapsnapshot"
    source.write_bytes(json.dumps(document).encode())
    assert redact(source, out) == 0
    after = json.loads(out.read_bytes())
    assert b"planted" not in out.read_bytes()
    assert after["snapshot"] == {"uid": 7, **head}
    assert after["notes"] == []
    assert after["numbers"] == [1, 2, 3]
    assert "section `notes` is left empty" in capsys.readouterr().err


def test_asked_for_names_and_scripts_stay(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.heapsnapshot"
    assert redact(file, out, "--keep", "/^plantedN/", "--keep-scripts") == 0
    left = [text for text in json.loads(out.read_bytes())["strings"] if "planted" in text]
    assert sorted(left) == ["/srv/planted.js", "plantedName", "system / Script / /srv/planted.js"]


def test_the_audit_lists_what_would_be_kept(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert redact("--audit", file, "--format", "json", "--keep", "plantedName") == 0
    audit = json.loads(capsys.readouterr().out)
    why = {one["name"]: one["why"] for one in audit["kept"]}
    assert why["plantedName"] == "asked for (--keep)"
    assert why["Top"] == "a class"
    assert why["handle"] == "a function or variable"
    assert why["system / Script / …"].startswith("in part")
    assert audit["strings"] == len(json.loads(file.read_bytes())["strings"])
    assert audit["hidden"] == 4
    assert "planted.js" not in json.dumps(audit)
    assert redact("--audit", file, "--format", "csv") == redact("--audit", file, "--format", "markdown") == 0
    assert "| Top" in capsys.readouterr().out
    assert redact("--audit", file, "--limit", "1") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert list(tmp_path.iterdir()) == [file]


def test_the_audit_is_complete(pair: tuple[dict[str, Any], bytes], capsys: pytest.CaptureFixture[str]) -> None:
    """Everything in the redacted file that was in the original stands there."""
    assert redact("--audit", SECRETS, "--format", "json") == 0
    names = {one["name"] for one in json.loads(capsys.readouterr().out)["kept"]}
    after = json.loads(pair[1])["strings"]
    whole = {new for old, new in zip(pair[0]["strings"], after, strict=True) if old == new}
    # Of a part without room for another text nothing is left to hide.
    assert {text for text in whole - names if not text.startswith("*")} == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.heapsnapshot"], "a file to read and one to write"),
        (["in.heapsnapshot", "in.heapsnapshot"], "would be overwritten"),
        (["in.heapsnapshot", "./in.heapsnapshot"], "would be overwritten"),
        (["in.heapsnapshot", "a", "other.heapsnapshot", "a"], "the same place"),
        (["in.heapsnapshot", "a", "--keep", "/(/"], "no regular expression"),
    ],
)
def test_wrong_usage(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(file.parent)
    assert redact(*arguments) == 2
    assert said in capsys.readouterr().err
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (draft().encode()[:-40], "the file ends inside `strings`"),
        (draft().encode().replace(b'"nodes": [', b'"nodes": [99999, ').replace(b'"nodes":[', b'"nodes":[99,'), "nodes"),
        (b"[]", "not a heap snapshot"),
    ],
)
def test_a_file_that_is_no_whole_snapshot_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    source, out = tmp_path / "in.heapsnapshot", tmp_path / "out.heapsnapshot"
    source.write_bytes(content)
    assert redact(source, out) == 1
    assert said in capsys.readouterr().err
    assert os.listdir(tmp_path) == [source.name]


def test_a_terminal_gets_no_snapshot(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert redact(file, "-") == 2
    assert "nothing for a terminal" in capsys.readouterr().err

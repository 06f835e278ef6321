"""A report of everything: the same bytes each time, the figures of the commands, and nothing of a heap that acts.

To make looks/report.md anew: NEW_LOOKS=1 python -m pytest tests/report/test_document.py
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from heaptui.cli import main
from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.report.document import write_document
from heaptui.report.document.content import gather
from heaptui.views import text
from tests.building import Draft
from tests.conftest import DATA

LOOK = Path(__file__).parent / "looks" / "report.md"
ENDINGS = (".md", ".html", ".json")
CHROMIUM = shutil.which("chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
VOID = ("meta", "rect", "link", "img", "br", "input")


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text below each that has an id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.within: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("id") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            while self._open and self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        for _, identifier in self._open:
            self.within.setdefault(identifier, []).append(data)

    def text(self, identifier: str) -> str:
        return re.sub(r"\s+", " ", "".join(self.within[identifier])).strip()


def written(heaps: list[Heap], ending: str, most: int = 5) -> str:
    out = io.StringIO()
    write_document(out, ending, gather(heaps, "1.2.3", {"raw": False}, most))
    return out.getvalue()


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The JSON that a command prints."""

    def ask(*arguments: str) -> Any:
        assert main([*arguments, "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_the_markdown_of_the_demo(demo: tuple[Heap, Heap]) -> None:
    found = written(list(demo), ".md")
    if os.environ.get("NEW_LOOKS"):
        LOOK.write_text(found, encoding="utf-8")
    assert found == LOOK.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_snapshots_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    reports = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        for file in FILES:
            shutil.copy(file, folder)
        out = folder / f"report{ending}"
        files = [str(folder / Path(file).name) for file in FILES]
        assert main(["report", *files, "-o", str(out)]) == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        reports.append(out.read_bytes())
    assert reports[0] == reports[1]
    assert str(tmp_path).encode() not in reports[0]


def test_the_figures_are_those_of_the_commands(tmp_path: Path, asked: Callable[..., Any]) -> None:
    out = tmp_path / "report.json"
    assert main(["report", *FILES, "-o", str(out), "--limit", "7"]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["schema"], found["command"]) == ("heaptui/1", "report")
    suspects = asked("suspects", *FILES)
    assert (found["verdict"], found["growth"]) == (suspects["verdict"], suspects["growth"])
    assert found["suspects"] == suspects["suspects"][:10]
    for key, rows, command in (
        ("comparison", "classes", ("compare", *FILES)),
        ("summary", "classes", ("summary", FILES[1])),
        ("strings", "strings", ("strings", FILES[1])),
    ):
        wanted = asked(*command)
        for record in wanted[rows]:
            record.pop("ids", None)
        assert found[key]["total"] == wanted["total"]
        assert found[key][rows] == wanted[rows][:7]
        assert found[key]["more"] == len(wanted[rows]) - 7
    statistics = asked("statistics", *FILES)
    assert found["statistics"] == {key: statistics[key] for key in found["statistics"]}
    assert [len(file["sha256"]) for file in found["files"]] == [64, 64]
    assert [{k: v for k, v in file.items() if k != "sha256"} for file in found["files"]] == statistics["files"]


def test_one_snapshot_alone() -> None:
    heaps = [load_heap(DATA / "chrome-detached.heapsnapshot.gz")]
    found = json.loads(written(heaps, ".json"))
    assert found["verdict"] == "single snapshot"
    assert "comparison" not in found
    assert "Base" not in Page(written(heaps, ".html")).text("statistics")
    assert "## What changed" not in written(heaps, ".md")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["/no/such", "-o", "report.pdf"], 2, "none of the endings .md, .html, .json"),
        (["/no/such", "-o", "report.md"], 1, "no such file"),
        ([FILES[0], "--light", "-o", "report.md"], 2, "--light"),
    ],
)
def test_errors(capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str) -> None:
    assert main(["report", *arguments]) == status
    assert said in capsys.readouterr().err
    assert not Path(arguments[-1]).exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_values_are_hidden_as_everywhere(tmp_path: Path, ending: str) -> None:
    documents = []
    for options in ([], ["--hide-values"]):
        out = tmp_path / f"report{ending}"
        assert main(["report", *FILES, "-o", str(out), *options]) == 0
        documents.append(out.read_text(encoding="utf-8"))
    plain, hidden = documents
    assert "/srv/shop/scripts/seed/seed.js" in plain
    assert "Joyent" in plain
    assert "/srv/shop" not in hidden
    assert "Joyent" not in hidden
    assert "hide-values" in hidden.replace("\\", "")


def _hostile(where: str) -> tuple[Draft, Draft]:
    """Two snapshots full of names that would like to act; `where` is what they would load."""
    names = [
        f"<img src={where}x.png onerror=alert(1)>", f'"><script src="{where}x.js"></script>', f"![x]({where}y.png)",
        f"[click](javascript:alert(1)) <{where}> {where}auto", "| a | b |\n| --- |", "</style></title></pre><h1>owned",
        "`\x1b[31m\u202eevil\u2066\x00```\n# owned\n```", "{{ 7 * 7 }}{% raw %}", "<!-- --> &amp; &lt;b&gt; ]]>",
        "</details>\n\n<details open><summary>owned", "$x^2$ ~~gone~~ **bold** _em_ # title",
    ]  # fmt: skip
    drafts = []
    for count in (1, 40):
        draft = Draft()
        root = draft.add("synthetic", "")
        holder = draft.add("object", names[0], 64)
        draft.link(root, holder, names[1])
        for i, name in enumerate(names):
            for k in range(count):
                made = draft.add("object" if i % 3 else "closure", name, 5000, id=100_001 + 2 * (100 * i + k))
                draft.link(holder, made, f"{name}{k}")
                twice = draft.add("string", name, 3000, id=200_001 + 2 * (100 * i + k))
                draft.link(made, twice, name)
        drafts.append(draft)
    return drafts[0], drafts[1]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port that nobody should ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.fixture
def hostile(load_draft: Callable[[Draft], Heap], listener: socket.socket) -> list[Heap]:
    where = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    return [load_draft(draft) for draft in _hostile(where)]


def test_a_page_has_its_own_elements_alone(demo: tuple[Heap, Heap], hostile: list[Heap]) -> None:
    own = Page(written(list(demo), ".html", 200))
    page = written(hostile, ".html", 200)
    found = Page(page)
    assert {tag for tag, _ in found.elements} <= {tag for tag, _ in own.elements}
    assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in found.elements)
    for tag, attributes in found.elements:
        assert set(attributes) <= {name for other, names in own.elements if other == tag for name in names}
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = next(names["content"] for _, names in found.elements if "http-equiv" in names) or ""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "url(" not in style
    assert "@import" not in style
    assert all(c.isprintable() or c == "\n" for c in page)
    assert "onerror=alert(1)" in found.text("strings")
    assert "{{ 7 * 7 }}{% raw %}" in found.text("summary")


def test_markdown_takes_no_name_for_markup(hostile: list[Heap]) -> None:
    document = written(hostile, ".md", 200)
    assert all(c.isprintable() or c == "\n" for c in document)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(document)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    assert {"link_open", "image", "html_inline", "s_open", "em_open", "math_inline"}.isdisjoint(t.type for t in every)
    blocks = "".join(token.content for token in every if token.type == "html_block")
    assert set(re.findall(r"<(/?\w+)", blocks)) <= {"details", "summary", "/details", "/summary"}
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert not any("owned" in heading for heading in headings)
    rows = [len(re.findall(r"(?<!\\)\|", line)) for line in document.splitlines() if line.startswith("|")]
    assert set(rows) <= {5, 6, 7, 8, 9}


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_it_and_loads_nothing(
    hostile: list[Heap], listener: socket.socket, demo: tuple[Heap, Heap], tmp_path: Path
) -> None:
    assert CHROMIUM is not None
    pages = []
    for name, heaps in (("hostile", hostile), ("demo", list(demo))):
        file = tmp_path / f"{name}.html"
        file.write_text(written(heaps, ".html"), encoding="utf-8")
        command = [CHROMIUM, *QUIET, f"--user-data-dir={tmp_path / name}", "--dump-dom", file.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        pages.append(Page(done.stdout))
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert "script" not in {tag for tag, _ in pages[0].elements}
    assert "owned" not in pages[0].text("verdict")
    facts = json.loads(written(list(demo), ".json"))
    shown = pages[1]
    assert shown.text("verdict").startswith("A leak: 1 suspect explains")
    assert facts["suspects"][0]["title"] in shown.text("suspects")
    assert facts["suspects"][0]["fingerprint"] in shown.text("suspects")
    for row in facts["comparison"]["classes"]:
        sizes = f"{text.size(row['alloc_size'])}{text.size(row['freed_size'])}{text.signed_size(row['size_delta'])}"
        assert f"{text.count(row['new'])}{text.count(row['deleted'])}{text.signed(row['delta'])}{sizes}" in shown.text(
            "comparison"
        )
    for kind in facts["statistics"]["slices"]:
        assert text.size(kind["size"]) in shown.text("statistics")
    assert all(file["sha256"] in shown.text("made") for file in facts["files"])

"""Long texts in lines: nothing is lost, nothing is too wide, and nothing acts on a terminal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui import reading
from heaptui.tui.reader import LABEL, head_lines
from heaptui.tui.reading import Reading
from heaptui.views import text

TEXTS = st.text(st.sampled_from("ab \n\t漢é\x1b\u202e\u0301😀\ud800"), max_size=300)


def pieces(content: str, lines: Reading) -> list[str]:
    bounds = [*(lines.start(i) for i in range(len(lines))), len(content)]
    return [content[a:b] for a, b in pairwise(bounds)]


@given(TEXTS, st.integers(10, 40), st.sampled_from([3, 64, 1 << 18]))
def test_wrapped_lines_are_the_whole_text(content: str, width: int, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_BLOCK", block)
        lines = Reading(content, width, wrapped=True)
    parts = pieces(content, lines)
    assert "".join(parts) == content
    for i, part in enumerate(parts):
        assert "\n" not in part[:-1]
        assert lines.line(i) == text.escape(part.removesuffix("\n").replace("\t", "    "))
        assert cell_len(lines.line(i)) <= width
    # A line ends early only for what would not have fitted: an escape takes six cells at most.
    for part in parts[:-1]:
        assert part.endswith("\n") or cell_len(text.escape(part.replace("\t", "    "))) > width - 12


@given(TEXTS, st.sampled_from([3, 1 << 18]))
def test_raw_lines_are_the_texts_own(content: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_BLOCK", block)
        lines = Reading(content, 20, wrapped=False)
    assert (
        pieces(content, lines)
        == [*(line + "\n" for line in content.split("\n")[:-1]), *content.split("\n")[-1:]][: len(lines)]
    )
    assert len(lines) == len(content.split("\n")) - (not content or content.endswith("\n"))


def test_a_part_of_a_long_line() -> None:
    lines = Reading("x" * 1000 + "yz", 10, wrapped=False)
    assert lines.longest == 1002
    assert lines.line(0) == "x" * 9 + "…"
    assert lines.line(0, 1000) == "yz"
    assert lines.line(0, 5000) == ""


def test_the_line_of_a_character() -> None:
    lines = Reading("abcdefghij" * 10, 10, wrapped=True)
    assert len(lines) == 10
    assert [lines.line_at(position) for position in (0, 9, 10, 99, 1000)] == [0, 0, 1, 9, 9]


def test_finding_lines_can_be_stopped() -> None:
    job = Progress()
    job.cancel()
    with pytest.raises(Cancelled):
        Reading("x" * 10, 10, wrapped=True, progress=job)


def test_labels_and_what_stands_beside_them() -> None:
    lines = head_lines([("", [("a", "one two three"), ("l" * 40, "\x1b[31m")]), ("Head", [("b", "")])], 30)
    shown = ["".join(piece for piece, _ in line) for line in lines]
    assert shown[0].startswith("a" + " " * LABEL)
    assert shown.index("Head") == shown.index("") + 1
    assert any(line.endswith("\\x1b[31m") for line in shown)
    assert all(cell_len(line) <= 50 for line in shown)

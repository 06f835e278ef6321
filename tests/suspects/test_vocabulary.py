"""Words among a snapshot's strings, against a naive dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects.paths import _WORDS as WORDS
from heaptui.suspects.vocabulary import Vocabulary
from tests.building import SECTIONS, Draft

Load = Callable[[Draft], Heap]
MIDDLE = ("snapshot", "strings", *(section for section in SECTIONS if section not in ("snapshot", "strings")))


def naive(words: Sequence[str], text: str) -> str:
    """The longest word that a text is, or begins with before " / "; empty for none."""
    return max((word for word in words if text == word or text.startswith(word + " / ")), key=len, default="")


def words_of(heap: Heap, words: Sequence[str]) -> dict[str, str]:
    """By string of a heap, the word that it is."""
    vocabulary = Vocabulary(heap.snapshot, words, Progress())
    by_number = {vocabulary.number(word): word for word in words} | {0: ""}
    strings = heap.snapshot.strings
    return {strings[i]: by_number[int(vocabulary.word[i])] for i in range(len(strings))}


def draft_of(texts: Sequence[str], order: Sequence[str] = SECTIONS, gap: str = "") -> Draft:
    draft = Draft(order=order, gap=gap)
    for text in texts:
        draft.add("string", text, 8)
    return draft


PIECES = st.lists(st.sampled_from(["a", "b", "ab", " / ", " /", " ", "/", "é", '"', "\\", "\n", "\x00"]), max_size=5)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(PIECES.map("".join), max_size=12),
    words=st.lists(st.text("ab/ ", min_size=1, max_size=4), min_size=1, max_size=6, unique=True),
    order=st.sampled_from([SECTIONS, MIDDLE]),
    gap=st.sampled_from(["", " ", "\n\t"]),
)
def test_strings_that_are_words_are_found(
    load_draft: Load, texts: list[str], words: list[str], order: Sequence[str], gap: str
) -> None:
    heap = load_draft(draft_of(["", *texts], order, gap))
    assert words_of(heap, words) == {text: naive(words, text) for text in {"", *texts}}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("system / Context", "system / Context"),
        ("system / Context / more", "system / Context"),
        ("system / ContextCell", "system / ContextCell"),
        ("system / Contextual", "system"),
        ("system", "system"),
        ("systems", ""),
        ("system /", ""),
        ("a system", ""),
        ("", ""),
    ],
)
def test_of_several_words_the_longest_counts(load_draft: Load, text: str, word: str) -> None:
    words = ["system", "system / Context", "system / ContextCell"]
    heap = load_draft(draft_of(["", text, "the last"]))
    assert words_of(heap, words)[text] == word


@pytest.mark.parametrize("order", [SECTIONS, MIDDLE], ids=["at the end of the file", "in the middle"])
@pytest.mark.parametrize("text", ["elements", "elements / more"])
def test_the_last_string_of_the_table_may_be_a_word(load_draft: Load, text: str, order: Sequence[str]) -> None:
    heap = load_draft(draft_of(["", "first", text], order))
    assert heap.snapshot.strings[len(heap.snapshot.strings) - 1] == text
    assert words_of(heap, ["elements"])[text] == "elements"


def test_of_words_with_one_beginning_each_has_its_number(load_draft: Load) -> None:
    words = ["prev", "prevent", "previous", "p", "previousSibling"]
    heap = load_draft(draft_of(["", *words, "previously", "pre", "last"]))
    found = words_of(heap, words)
    assert [found[word] for word in words] == words
    assert found["previously"] == found["pre"] == ""


def test_all_words_of_a_real_snapshot_are_found() -> None:
    heap = load_heap(FILES[1])
    strings = heap.snapshot.strings
    vocabulary = Vocabulary(heap.snapshot, WORDS, Progress())
    by_number = {vocabulary.number(word): word for word in WORDS} | {0: ""}
    found = [by_number[number] for number in vocabulary.word.tolist()]
    assert found == [naive(WORDS, strings[i]) for i in range(len(strings))]
    assert sum(map(bool, found)) > 30

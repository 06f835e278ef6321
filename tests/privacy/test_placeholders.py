"""What placeholders are like: as long as the text, equal where texts are, different where they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.opening.manner import Manner
from heaptui.opening.opening import open_heap
from heaptui.privacy.placeholders import ALPHABET, LONGEST_RANKED, TIER_SIZE, TIER_START, Key, Placeholders
from tests.building import Draft

HIDDEN = Manner(hide_values=True)


def units(text: str) -> int:
    """The length that JavaScript and V8 count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def hidden(folder: Path, texts: Sequence[str], role: str = "string") -> list[str]:
    """The texts as they look in a file with hidden values: as strings, or as names of properties."""
    draft = Draft()
    draft.add("synthetic", "")
    top = draft.add("object", "Thing", 8)
    draft.link(0, top, 1, "element")
    for text in texts:
        target = draft.add("string", text if role == "string" else "", 8)
        draft.link(top, target, "x" if role == "string" else text, "property")
    file = folder / "draft.heapsnapshot"
    file.write_bytes(draft.encode())
    heap = open_heap(file, manner=HIDDEN)
    if role == "string":
        return [heap.names.raw(2 + i) for i in range(len(texts))]
    return [heap.names.edge(int(edge)) for edge in heap.edges(top)]


def test_the_hash_is_siphash() -> None:
    """The vectors of the paper by Aumasson and Bernstein: key 0 to 15, message 0 to 14 and shorter."""
    found = Key(bytes(range(16))).hashes_of([bytes(range(15)), b"", bytes(range(8))])
    assert found.tolist() == [0xA129CA6149BE45E5, 0x726FDB47DD0E0E31, 0x93F5F5799A932462]


def test_keys_differ_from_run_to_run() -> None:
    assert Key().hashes_of([b"secret"])[0] != Key().hashes_of([b"secret"])[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=40))
@pytest.mark.parametrize("role", ["string", "property"])
def test_any_texts_stay_as_long_as_they_are_and_apart(role: str, tmp_path: Path, texts: list[str]) -> None:
    found = hidden(tmp_path, texts, role)
    assert [units(text) for text in found] == [units(text) for text in texts]
    pairs = set(zip(texts, found, strict=True))
    assert len(pairs) == len({new for _, new in pairs}) == len(set(texts))


def test_a_short_length_with_many_texts_takes_a_larger_alphabet(tmp_path: Path) -> None:
    texts = [f"{a}{b}" for a in "äöüßéèêëñç" for b in "0123456789abcdefghijklmnopqrstuvwxyz"]
    found = hidden(tmp_path, texts)
    assert len(set(found)) == len(texts)
    assert all(units(text) == 2 and text[0] == "*" and text not in texts for text in found)


@pytest.mark.parametrize("room", range(1, LONGEST_RANKED + 1))
@pytest.mark.parametrize("count", [1, 2, 62, 63, 5000, 30000])
def test_ranks_fit_into_their_length(room: int, count: int) -> None:
    hashes = np.arange(count, dtype=np.uint64)
    short = [hashes if length == room else hashes[:0] for length in range(LONGEST_RANKED + 1)]
    digits, tier = Placeholders(Key(), [short])._form[room]
    marked = tier < len(TIER_SIZE) - 1
    assert 1 <= digits <= room - marked
    assert int(TIER_SIZE[tier]) ** digits >= count
    assert len(np.unique(ALPHABET)) == len(ALPHABET) == TIER_START[-1] + TIER_SIZE[-1]


@pytest.mark.parametrize(
    "name",
    [
        'quo"ted',
        "a,b",
        "it's",
        "{}{}{}",
        "new\nline,",
        "tab\t\u0001\u0002 {x}",
        'back\\slash, and "more"',
        "plain name",
    ],
)
def test_a_hidden_property_is_as_long_in_quotes(tmp_path: Path, name: str) -> None:
    """DevTools cuts the names of interfaces by the length of their properties, quoted where they must be."""
    (found,) = hidden(tmp_path, [name], "property")

    def written(text: str) -> int:
        return len(json.dumps(text, ensure_ascii=False)) if re.search(r"[,'\"{}]", text) else len(text)

    assert found != name
    assert written(found) == written(name)


def test_placeholders_are_no_texts_that_are_kept(tmp_path: Path) -> None:
    texts = ["*", "**", "***", "x", "é", "€", "xy", "xyz", "0", "7", "_", "$", "4", "ą", "Q"]
    found = hidden(tmp_path, texts)
    assert len(set(found)) == len(texts)
    assert [text for text in found if text in texts] == ["*", "**", "***", "0", "7", "_", "$", "4"]


def test_what_was_put_together_letter_by_letter_is_not_read_at_once(tmp_path: Path) -> None:
    """V8 keeps such a text in pieces of one character each."""
    draft = Draft()
    rope = draft.add("synthetic", "")
    for letter in "terces"[:-1]:
        above, rope = rope, draft.add("concatenated string", "(concatenated string)", 32)
        draft.link(above, rope, "first", "internal")
        draft.link(rope, draft.add("string", letter, 16), "second", "internal")
    draft.link(rope, draft.add("string", "s", 16), "first", "internal")
    file = tmp_path / "draft.heapsnapshot"
    file.write_bytes(draft.encode())
    assert open_heap(file).names.node(1) == "secret"
    found = open_heap(file, manner=HIDDEN).names.node(1)
    assert len(found) == 6
    assert not set(found) & set("secret")


def test_a_long_text_is_padded(tmp_path: Path) -> None:
    (found,) = hidden(tmp_path, ["secret " * 200])
    assert re.fullmatch(r"\*[0-9A-Za-z]{11}\*{1388}", found)

"""Small valid files, and what bytes can suffer; the same seed and number give the same bytes."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.building import Draft

BASE = Path(__file__).parents[1] / "data" / "hostile-base.heapsnapshot.gz"

# Tokens that mean something to a reader of snapshots.
_TOKENS = (
    b"0", b"-1", b"4294967295", b"4294967296", b"9223372036854775807", b"9223372036854775808", b"1e9", b"0.5",
    b",", b"]", b"[", b"}", b"{", b'"', b"\\", b"\\u", b"\\ud800", b":", b" ", b"\n", b"\x00", b"\xff", b"\xef\xbb\xbf",
    b"null", b'"nodes":[', b'"strings":[', b'"edges":[]', b"[" * 300, b'"trace_tree":[',
)  # fmt: skip
_DIGIT = re.compile(rb"[0-9]")
_NUMBER = re.compile(rb"[0-9]+")

Mutation = Callable[[random.Random, bytearray], None]


@cache
def bases() -> tuple[bytes, ...]:
    """A cut from a real snapshot, a tiny one with all that a draft can have, and the tiny one in gzip."""
    draft = Draft(gap=" ", locations=[(1, 2, 3, 4), (2, 2, 5, 6)])
    for name in ("", "Kennel", "Dog \u00e9", "(map)", "\ud83d\ude00"):
        draft.add("object" if name else "synthetic", name, 24, detachedness=len(name) % 3)
    for source, target in ((0, 1), (1, 2), (2, 3), (3, 1), (1, 4), (4, 4)):
        draft.link(source, target, f"to {target}")
        draft.link(target, source, target, "element")
    tiny = _with_recording(draft)
    return gzip.decompress(BASE.read_bytes()), tiny, gzip.compress(tiny, mtime=0)


def _with_recording(draft: Draft) -> bytes:
    """The draft's file with what a recording of allocations adds."""
    document = json.loads(draft.encode())
    document["snapshot"]["meta"] |= {
        "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
        "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
        "sample_fields": ["timestamp_us", "last_assigned_id"],
    }
    document["snapshot"]["trace_function_count"] = 2
    document["samples"] = [0, 3, 1000, 7, 2000, 11]
    document["trace_function_infos"] = [0, 1, 0, 0, -1, -1, 5, 2, 0, 3, 4, 8]
    document["trace_tree"] = [1, 0, 0, 0, [2, 1, 3, 72, [3, 0, 1, 24, []], 4, 1, 1, 24, []]]
    document["nodes"][5] = 3
    return json.dumps(document, separators=(" , ", " : ")).encode()


def mutant(seed: int, number: int) -> bytes:
    """The case of that number: a base with one to four mutations."""
    dice = random.Random(f"{seed}/{number}")
    data = bytearray(dice.choice(bases()))
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        dice.choice(MUTATIONS)(dice, data)
    return bytes(data)


def _span(dice: random.Random, data: bytearray) -> slice:
    """Some bytes, seldom many."""
    start = dice.randrange(len(data) + 1)
    return slice(start, start + dice.choice((1, 1, 2, 3, 8, 40, 1000)))


def _flip(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _overwrite(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] = dice.randrange(256)


def _insert(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = dice.choice((dice.choice(_TOKENS), dice.randbytes(dice.randint(1, 9))))


def _delete(dice: random.Random, data: bytearray) -> None:
    del data[_span(dice, data)]


def _duplicate(dice: random.Random, data: bytearray) -> None:
    span = _span(dice, data)
    data[span.stop : span.stop] = data[span]


def _swap_digits(dice: random.Random, data: bytearray) -> None:
    digits = [found.start() for found in _DIGIT.finditer(data)]
    if digits:
        one, other = dice.choice(digits), dice.choice(digits)
        data[one], data[other] = data[other], data[one]


def _swap_numbers(dice: random.Random, data: bytearray) -> None:
    numbers = list(_NUMBER.finditer(data))
    if numbers:
        one = dice.choice(numbers)
        data[slice(*one.span())] = dice.choice((dice.choice(numbers)[0], dice.choice(_TOKENS[:6])))


def _splice(dice: random.Random, data: bytearray) -> None:
    source = _span(dice, data)
    data[_span(dice, data)] = data[source]


def _truncate(dice: random.Random, data: bytearray) -> None:
    del data[dice.randrange(len(data) + 1) :]


# Those that leave a well-formed file more often than others come twice: they get deeper into the reader.
MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _overwrite, _insert, _delete, _duplicate, _swap_digits, _swap_digits, _swap_numbers, _swap_numbers,
    _splice, _truncate,
)  # fmt: skip

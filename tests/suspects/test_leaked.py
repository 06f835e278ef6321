"""What piled up, by class: counts and sizes as they were built, the program's own classes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from heaptui.heap import Heap
from heaptui.suspects.verdict import find_suspects
from tests.building import Draft
from tests.suspects.programs import Program
from tests.suspects.test_leaks import judge

Load = Callable[[Draft], Heap]


def requests(program: Program, point: int) -> None:
    """Each entry has a large string, an array, a small instance and V8's own."""
    for entry in program.fill_list(program.variable("log", "Array"), 10 + 100 * point, "Request", 40):
        key = program.draft.nodes[entry].id
        program.put(entry, "body", ("body", key), "a long text", 1000, type="string")
        program.put(program.put(entry, "user", ("user", key), "User", 24), "tags", ("tags", key), "Array", 16)
        program.put(entry, "code", ("code", key), "(code)", 500, "internal", "code")


def test_classes_are_counted_and_the_programs_own_come_first(load_draft: Load) -> None:
    first = judge(load_draft, requests).suspects[0]
    assert [(one.name, one.count, one.size) for one in first.leaked] == [
        ("Request", 100, 4000),
        ("User", 100, 2400),
        ("(string)", 100, 100_000),
        ("(compiled code)", 100, 50_000),
        ("Array", 100, 1600),
    ]
    assert sum(one.size for one in first.leaked) == first.size == 100 * 1580
    assert sum(first.pile.shares.values()) == pytest.approx(1)
    assert first.pile.shares["(string)"] == pytest.approx(1000 / 1580)
    assert first.pile.visible_size == 100 * 1080


def test_keys_of_a_table_are_in_the_pile_and_not_in_the_count(load_draft: Load) -> None:
    def sessions(program: Program, point: int) -> None:
        program.fill_table(program.variable("sessions", "Map"), 10 + 100 * point, "Session")

    first = judge(load_draft, sessions).suspects[0]
    assert first.count == 100
    assert {one.name: one.count for one in first.leaked} == {"Session": 100, "(string)": 100}


def buffers(of: int, each: int) -> Callable[[Program, int], None]:
    """Small views, so many of them on one memory of a size."""

    def build(program: Program, point: int) -> None:
        views = program.fill_list(program.variable("views", "Array"), 4 + 120 * point, "Buffer", 96)
        for i, view in enumerate(views):
            memory = i // each
            if i % each == 0:
                buffer = program.put(view, "buffer", ("buffer", memory), "ArrayBuffer", 88, "internal")
                program.put(
                    buffer, "backing_store", ("memory", memory), "system / JSArrayBufferData", of, "internal", "native"
                )
            else:
                program.draft.link(view, buffer, "buffer", "internal")

    return build


@pytest.mark.parametrize(
    ("of", "each", "chunk"),
    [(8192, 4, 8192), (65536, 1, 65536), (65536 + 100, 1, 65536), (5000, 1, None), (512, 1, None)],
)
def test_memory_of_pools_and_chunks_is_known_by_its_size(
    load_draft: Load, of: int, each: int, chunk: int | None
) -> None:
    first = judge(load_draft, buffers(of, each)).suspects[0]
    assert first.pile.chunk == chunk
    assert first.count == 120
    assert first.cause == "buffer"


def test_what_piled_up_in_the_demo_is_what_its_program_leaks(demo: tuple[Heap, Heap]) -> None:
    (suspect,) = find_suspects(demo).leaking
    counts = {one.name: one.count for one in suspect.leaked}
    assert [counts[name] for name in ("Function", "Buffer", "ArrayBuffer", "system / Context")] == [100] * 4
    assert sum(suspect.pile.shares.values()) == pytest.approx(1)

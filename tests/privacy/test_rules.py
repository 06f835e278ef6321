"""What is kept and what is hidden, name by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from heaptui.kernels import spelling
from heaptui.privacy import vocabulary
from heaptui.privacy.placeholders import Key
from heaptui.privacy.rewriting import agree
from heaptui.privacy.rules import LEAST_OBJECTS, Rules, pattern
from heaptui.privacy.survey import Survey, looks_of
from heaptui.privacy.uses import MOST_EDGES, uses_in_file, uses_in_snapshot
from heaptui.snapshot.header import parse_header
from heaptui.snapshot.layout import find_sections
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import load_snapshot
from heaptui.snapshot.source import open_source
from heaptui.suspects.knowledge.clues import CLUES
from heaptui.suspects.knowledge.costs import INTERNAL_EDGES
from heaptui.suspects.knowledge.structures import STRUCTURES
from tests.building import Draft
from tests.conftest import DATA

Fill = Callable[[Draft, int], object]


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., str]:
    """What is left of a text, with one … for each part that is hidden."""

    def look(text: str, *fills: Fill, rules: Rules | None = None) -> str:
        draft = Draft()
        draft.add("synthetic", "")
        top = draft.add("object", "Top", 8)
        draft.link(0, top, 1, "element")
        for fill in fills:
            fill(draft, top)
        file = tmp_path / "draft.heapsnapshot"
        file.write_bytes(draft.encode())
        snapshot = load_snapshot(file)
        key, progress = Key(), Progress()
        survey = Survey(snapshot.strings, uses_in_snapshot(snapshot), rules or Rules(), key, progress)
        agree([survey], key, progress)
        index = [snapshot.strings[i] for i in range(len(snapshot.strings))].index(text)
        if survey.why[index] > 2:
            return text
        if index in survey.part_index:
            at = survey.part_index.tolist().index(index)
            start = snapshot.strings.start(index)
            raw = snapshot.strings.raw(index).decode()
            return raw[: survey.part_start[at] - start] + "…" + raw[survey.part_stop[at] - start :]
        return "…"

    return look


def node(kind: str, name: str) -> Fill:
    """A node of that type and name."""
    return lambda draft, top: draft.link(top, draft.add(kind, name, 8), 1, "element")


def edge(kind: str, name: str, times: int = 1, fields: int = 1) -> Fill:
    """So many objects with an edge of that type and name, among `fields` edges."""

    def fill(draft: Draft, top: int) -> None:
        for _ in range(times):
            one = draft.add("object", "Owner", 8)
            draft.link(top, one, 1, "element")
            for i in range(fields):
                draft.link(one, top, name if i == 0 else i, kind if i == 0 else "element")

    return fill


@pytest.mark.parametrize(
    ("kind", "name", "left"),
    [
        ("string", "user data", "…"),
        ("string", "Session", "…"),
        ("string", "x", "…"),
        ("string", "\u00e9", "…"),
        ("string", "ą", "…"),
        ("string", "7", "7"),
        ("string", "×", "×"),
        ("string", "\u00a3", "\u00a3"),
        ("string", "*", "*"),
        ("closure", "e", "…"),
        ("string", "{}", "{}"),
        ("string", "true", "true"),
        ("string", "setTimeout", "…"),
        ("number", "4111111111111111", "…"),
        ("number", "42", "…"),
        ("number", "heap number", "heap number"),
        ("symbol", "secret description", "…"),
        ("regexp", "secret|pattern", "…"),
        ("concatenated string", "secret", "…"),
        ("object", "Session", "Session"),
        ("object", "Some words", "…"),
        ("object", "AKIAIOSFODNN7EXAMPLE", "…"),
        ("object", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "…"),
        ("object", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "…"),
        ("object", "eyJhbGciOiJIUzI1NiJ9", "…"),
        ("object", "Float64Array", "Float64Array"),
        ("object", "XMLHttpRequestEventTarget", "XMLHttpRequestEventTarget"),
        ("object", "WebAssembly.Module", "WebAssembly.Module"),
        ("object", "Array Iterator", "Array Iterator"),
        ("object", "Window / https://bob:pass@shop.example/", "Window / …"),
        ("object", "Window (prototype) / https://shop.example", "Window (prototype) / …"),
        ("object", "Window [JSGlobalObject]", "Window [JSGlobalObject]"),
        ("object", "Window [JSGlobalProxy] / ", "Window [JSGlobalProxy] / "),
        ("object", "global (global*)", "global (global*)"),
        ("object", "Async-from-Sync Iterator", "Async-from-Sync Iterator"),
        ("object", "system / Context", "system / Context"),
        ("object", "system / Context / handle", "system / Context / handle"),
        ("object", "system / Context / a secret name", "system / Context / …"),
        ("hidden", "system / NativeContext / ", "system / NativeContext / "),
        ("native", "<div>", "<div>"),
        ("native", '<div class="secret">', "<div …>"),
        ("native", "Detached <my-card id=secret>", "Detached <my-card …>"),
        ("native", "<input value=cut off", "<input …"),
        ("native", "Detached HTMLDivElement", "Detached HTMLDivElement"),
        ("native", "Node / std::basic_string", "Node / std::basic_string"),
        ("native", "blink::Vector<unsigned long, T *>", "blink::Vector<unsigned long, T *>"),
        ("native", "system / ExternalStringData", "system / ExternalStringData"),
        ("native", "https://shop.example/?token=1", "…"),
        ("synthetic", "(GC roots)", "(GC roots)"),
        ("synthetic", "(Document DOM trees)", "(Document DOM trees)"),
        ("synthetic", "C++ Persistent roots", "C++ Persistent roots"),
        ("hidden", "system / Map (SeqOneByteString)", "system / Map (SeqOneByteString)"),
        ("array", "(object properties)", "(object properties)"),
        ("closure", "handleRequest", "handleRequest"),
        ("closure", "get size", "get size"),
        ("closure", "bound handleRequest", "bound handleRequest"),
        ("closure", "[Symbol.iterator]", "[Symbol.iterator]"),
        ("closure", "some words", "…"),
        ("closure", "function (a) { return 'secret' }", "…"),
        ("code", "system / SharedFunctionInfo / handleRequest", "system / SharedFunctionInfo / handleRequest"),
        ("code", "system / SharedFunctionInfo / get handle", "system / SharedFunctionInfo / get handle"),
        ("code", "system / SharedFunctionInfo / two words", "system / SharedFunctionInfo / …"),
        ("code", "system / Script / /home/alice/app.js", "system / Script / …"),
        ("code", "system / Script / node:internal/timers", "system / Script / node:internal/timers"),
        ("code", "/home/alice/app.js", "…"),
        ("code", "file:///home/alice/app.mjs", "…"),
        ("code", "node:internal/timers", "node:internal/timers"),
        ("code", "(ArrayPush builtin handle)", "(ArrayPush builtin handle)"),
        ("code", "(constant pool)", "(constant pool)"),
        ("code", "(instruction stream for handle)", "(instruction stream for handle)"),
        ("code", "(instruction stream for a secret)", "(instruction stream for …)"),
        ("code", "(BASELINE instruction stream)", "(BASELINE instruction stream)"),
        ("code", "(my secret)", "…"),
    ],
)
def test_nodes(kept: Callable[..., str], kind: str, name: str, left: str) -> None:
    assert kept(name, node(kind, name)) == left


@pytest.mark.parametrize(
    ("kind", "name", "left"),
    [
        ("internal", "sloppy_function_map", "sloppy_function_map"),
        ("internal", "17", "17"),
        ("internal", "4111111111111111", "…"),
        ("internal", "optimized code", "optimized code"),
        ("internal", "deoptimization literal", "deoptimization literal"),
        ("internal", "9 / RegExpCapture9Getter", "9 / RegExpCapture9Getter"),
        ("internal", "3 / key a secret in WeakMap", "3 / key … in WeakMap"),
        ("shortcut", "4 / DevTools console", "4 / DevTools console"),
        ("internal", "a secret / DevTools console", "… / DevTools console"),
        ("internal", "a::secret / DevTools console", "… / DevTools console"),
        ("internal", "4 / gin::ContextHolder::context_", "4 / gin::ContextHolder::context_"),
        ("internal", "auto blink::Root()::(lambda)@../../root.cc:7", "auto blink::Root()::(lambda)@../../root.cc:7"),
        (
            "internal",
            "source_text_module_execute_async_module_rejected_sfi",
            "source_text_module_execute_async_module_rejected_sfi",
        ),
        ("property", "source_text_module_execute_async_module_rejected_sfi", "…"),
        ("weak", "3", "3"),
        ("context", "handler", "handler"),
        ("context", "AKIAIOSFODNN7EXAMPLE", "…"),
        ("property", "rareName", "…"),
        ("property", "alice@example.org", "…"),
        ("property", "4111111111111111", "…"),
        ("property", "12", "…"),
        ("property", "setTimeout", "setTimeout"),
        ("property", "_events", "_events"),
        ("property", "get size", "get size"),
        ("property", "get rareName", "get …"),
        ("property", "<symbol Symbol.iterator>", "<symbol Symbol.iterator>"),
        ("property", "<symbol a secret>", "<symbol …>"),
        ("property", "get <symbol a secret>", "get <symbol …>"),
    ],
)
def test_edges(kept: Callable[..., str], kind: str, name: str, left: str) -> None:
    assert kept(name, edge(kind, name)) == left


def test_a_property_of_many_objects_is_part_of_the_program(kept: Callable[..., str]) -> None:
    assert kept("sessionName", edge("property", "sessionName", LEAST_OBJECTS)) == "sessionName"
    assert kept("sessionName", edge("property", "sessionName", LEAST_OBJECTS - 1)) == "…"
    assert kept("session name", edge("property", "session name", LEAST_OBJECTS)) == "…"


def test_keys_of_dictionaries_are_not(kept: Callable[..., str]) -> None:
    assert kept("alice", edge("property", "alice", LEAST_OBJECTS, fields=MOST_EDGES + 1)) == "…"
    assert kept("alice", edge("property", "alice", LEAST_OBJECTS, fields=MOST_EDGES)) == "alice"


def test_accessors_and_symbols_follow_their_name(kept: Callable[..., str]) -> None:
    common = edge("property", "sessionName", LEAST_OBJECTS)
    assert kept("get sessionName", common, edge("property", "get sessionName")) == "get sessionName"
    assert kept("<symbol sessionName>", common, edge("property", "<symbol sessionName>")) == "<symbol sessionName>"


def test_a_weak_pair_keeps_its_ids(tmp_path: Path) -> None:
    from heaptui.opening.manner import Manner
    from heaptui.opening.opening import open_heap

    draft = Draft()
    draft.add("synthetic", "")
    top = draft.add("object", "Top", 8)
    draft.link(0, top, 1, "element")
    name = "5 / part of key (Map @3) -> value (se) -> (cr @1) \u00e9t \U0001f511 @7) pair in WeakMap (table @9)"
    draft.link(top, 0, name, "internal")
    file = tmp_path / "draft.heapsnapshot"
    file.write_bytes(draft.encode())
    heap = open_heap(file, manner=Manner(hide_values=True))
    (found,) = (heap.names.edge(int(e)) for e in heap.edges(top))
    assert re.fullmatch(r"5 / part of key \(\*\*\* @3\) -> value \(\*{20} @7\) pair in WeakMap \(table @9\)", found)


def test_scripts_stay_on_request_wherever_they_stand(kept: Callable[..., str]) -> None:
    path, rules = "/srv/shop/app.js", Rules(scripts=True)
    fills = (node("code", f"system / Script / {path}"), node("string", path))
    assert kept(f"system / Script / {path}", *fills, rules=rules) == f"system / Script / {path}"
    assert kept(path, *fills, rules=rules) == path
    assert kept(path, *fills) == "…"


def test_a_code_node_with_a_source_is_a_script_whatever_its_name(kept: Callable[..., str]) -> None:
    def script(draft: Draft, top: int) -> None:
        code = draft.add("code", "alice", 8)
        draft.link(top, code, 1, "element")
        draft.link(code, draft.add("string", "text", 8), "source", "internal")

    assert kept("alice", script) == "…"
    assert kept("alice", script, rules=Rules(scripts=True)) == "alice"
    assert kept("alice", node("code", "alice")) == "alice"


def test_names_stay_on_request_and_values_do_not(kept: Callable[..., str]) -> None:
    rules = Rules(names=(pattern("/^carts?$/"),))
    assert kept("cart", edge("property", "cart"), rules=rules) == "cart"
    assert kept("cart", node("string", "cart"), rules=rules) == "…"
    assert kept("carton", edge("property", "carton"), rules=rules) == "…"
    assert pattern("a.b").search("a.b")
    assert not pattern("a.b").search("axb")
    with pytest.raises(ValueError, match="no regular expression"):
        pattern("/(/")


def test_a_recording_keeps_functions_and_hides_scripts(kept: Callable[..., str]) -> None:
    def functions(draft: Draft, top: int) -> None:
        draft.functions.append(("handle", "/home/alice/app.js", 1, 2, 3))
        draft.tree = [1, 0, 0, 0, []]

    assert kept("handle", functions) == "handle"
    assert kept("/home/alice/app.js", functions) == "…"


@pytest.mark.parametrize("file", ["node12", "node26", "chrome-timeline", "deno-v8", "bun-v8module"])
def test_a_stream_tells_the_same_uses_as_a_loaded_file(file: str) -> None:
    (path,) = DATA.glob(f"{file}.heap*")
    progress = Progress()
    source = open_source(path, progress)
    layout = find_sections(source, progress)
    header = parse_header(source.bytes(*layout.header), layout.header[0])
    streamed, loaded = uses_in_file(source, layout, header, progress), uses_in_snapshot(load_snapshot(path))
    assert (streamed.role == loaded.role).all()
    assert (streamed.users == loaded.users).all()


def words_of(patterns: Iterable[str]) -> set[str]:
    """The plain words among alternatives."""
    return {word for text in patterns for word in text.split("|") if re.fullmatch(r"[A-Za-z_]\w+", word)}


def test_what_suspects_look_for_in_edges_of_the_engine_is_kept(kept: Callable[..., str]) -> None:
    for word in sorted(INTERNAL_EDGES):
        assert kept(word, edge("internal", word)) == word


def test_what_suspects_look_for_in_properties_is_kept(kept: Callable[..., str]) -> None:
    words = words_of(clue.edge for clue in (*STRUCTURES, *CLUES) if clue.edge_type in ("", "property"))
    assert len(words) > 5
    # Some clues take the edge of any type; those that are the engine's are kept as such.
    lost = [word for word in sorted(words - set(INTERNAL_EDGES)) if kept(word, edge("property", word)) != word]
    assert not lost


def test_known_names_are_sorted_hashes_of_plain_ones() -> None:
    names = vocabulary.known_names()
    assert len(names) > 5000
    assert (names[1:] >= names[:-1]).all()


def test_looks_are_read_from_the_file_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "x.heapsnapshot"
    file.write_bytes(
        b'{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["object"]],'
        b'"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]},"node_count":1,"edge_count":0},'
        b'"nodes":[0,0,1,1,0],"edges":[],'
        b'"strings":["a\\u00e9","\\u0041b","\\n, ","12345678","123456789","#pin","ab1","\\u0041\\u0062"]}'
    )
    strings = load_snapshot(file).strings
    survey = [strings.start(i) for i in range(len(strings))]
    start = np.array(survey)
    stop = start + [len(strings.raw(i)) for i in range(len(strings))]
    look = looks_of(strings, start, stop)[0].tolist()
    assert [bool(bits & spelling.WORD) for bits in look] == [False, False, False, False, False, True, True, False]
    assert [bool(bits & spelling.DIGITS) for bits in look] == [False, False, False, True, False, False, False, False]
    assert [bool(bits & spelling.SIGNS) for bits in look] == [False, False, True, False, False, False, False, False]

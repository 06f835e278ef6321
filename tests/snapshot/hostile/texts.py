"""Keys and layouts that JSON allows, and strings that are hard to read or to print."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.snapshot.hostile.base import (
    DOCUMENT,
    EITHER,
    OK,
    REJECT,
    TEXT,
    Case,
    Document,
    Make,
    as_v8,
    at,
    changed,
    compact,
    holding,
    literal,
    replaced,
)  # fmt: skip

STRINGS: list[str] = DOCUMENT["strings"]

# What acts on a terminal: colours, titles, cursor, links, modes, queries, C1 controls.
ANSI = (
    "\x1b[31;5mEvil\x1b[0m", "\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x9b31m",
    "\x1bP+q\x1b\\", "a\rb", "bell\x07\x07", "\x08\x08\x08back", "\x1b[?1049h", "\x1b[6n", "\u2028\u2029",
)  # fmt: skip
MARKUP = (
    "[bold red]Kennel[/]", "[/]", "[", "]", "[link=file:///etc/passwd]x[/link]", "[@click=app.quit]quit[/]", "\\[x]",
    "[not a tag", "[b]" * 50, ":smile:", "$x {y} %s {0}", "<script>alert(1)</script>", "&lt;",
)  # fmt: skip
UNICODE = (
    "名前クラス", "\u202egnirts\u202c", "e\u0301" * 5, "👩‍👩‍👧‍👦 family", "🏳️‍🌈", "\u200b\u200bzero width",
    "a" + "\u0300" * 200, "العربية", "ｆｕｌｌ", "\ufeffbom", "\u00ad", "\ue000", "\U0010ffff", "", " ", "\u00a0",
    "=1+1", "-x", "../../etc/passwd", "a/b\\c", "'; DROP TABLE x;--", '"quoted"',
)  # fmt: skip


def named(texts: Sequence[str]) -> Make:
    """Texts where they show: as the name of a class and in the strings around it."""
    return changed(lambda document: _name(document, texts))


def _name(document: Document, texts: Sequence[str]) -> None:
    strings = document["strings"]
    shown = [i for i, text in enumerate(strings) if text.startswith(("dog ", "trick", "Dog", "tag", "Animal"))]
    strings[strings.index("Kennel")] = texts[0]
    for j, i in enumerate(shown[:60]):
        strings[i] = texts[j % len(texts)]


def raw(*texts: bytes) -> Make:
    """The same with the bytes between the quotation marks."""

    def make() -> bytes:
        data = named([f"@@{i}@@" for i in range(len(texts))])()
        for i, text in enumerate(texts):
            data = data.replace(b"@@%d@@" % i, text)
        return data

    return make


def _one_string_of_100_mb() -> bytes:
    return named(["@@"])().replace(b"@@", b"0123456789abcde " * (100 << 16), 1)


def _texts_instead(document: Document) -> bytes:
    return compact({**document, "strings": [*STRINGS[:5], None, 5, {"a": "]"}, ["x"], *STRINGS[9:]]})


def _looks_like_keys(document: Document) -> None:
    document["strings"][4] = '"nodes":[1,2,3],"strings":["x"]'


def _tabs_everywhere(document: Document) -> bytes:
    return json.dumps(document, indent="\t", separators=("\t,\r\n ", "  :  ")).encode()


def _same(document: Document) -> None:
    document["strings"] = ["same"] * len(STRINGS)


def _nothing(document: Document) -> None:
    """Leave it as it is: only the way it is written differs."""


_KEYS = [
    Case("duplicate-nodes-key", EITHER, replaced(b'"edges":[', b'"nodes":[1,2,3],\n"edges":['), at("nodes")),
    Case("duplicate-strings-key", EITHER, literal(TEXT[:-1] + b',"strings":["x"]}'), at("strings")),
    Case("duplicate-snapshot-key", EITHER, literal(TEXT[:-1] + b',"snapshot":{}}'), at("snapshot")),
    Case("duplicate-odd-key", REJECT, literal(b'{"a\\nb":1,"a\\nb":2,' + TEXT[1:]), r"section `a\nb`"),
    Case("key-too-long", REJECT, literal(b'{"' + b"k" * 5000 + b'":1,' + TEXT[1:]), "a key longer"),
    Case("key-too-long-cut-at-escape", REJECT, literal(b'{"' + b"k" * 4094 + b'\\n":1,' + TEXT[1:]), "a key longer"),
    Case("key-invalid-utf8", REJECT, literal(b'{"\xff":1,' + TEXT[1:]), "a key that is no text (byte 1)"),
    Case("key-without-quotes", REJECT, literal(b"{nodes:1," + TEXT[1:]), "n where a key should be (byte 1)"),
    Case("value-missing", REJECT, literal(b'{"x":,' + TEXT[1:]), "a value should be"),
    Case("colon-missing", REJECT, replaced(b'"nodes":[', b'"nodes"['), "`:` should be"),
    Case("comma-missing", REJECT, replaced(b'\n],\n"edges"', b'\n]\n"edges"'), "`,` or `}` should be"),
    Case("unknown-keys", OK, literal(TEXT[:-1] + b',"future":{"a":[1,{"b":"]}"}]},"more":"x"}')),
    Case("unknown-keys-first", OK, literal(b'{"future":{"nodes":[1,2],"strings":["]}"]},' + TEXT[1:])),
    Case("escaped-keys", OK, replaced(b'"nodes":[', b'"\\u006eodes":[')),
    Case("keys-inside-string", OK, changed(_looks_like_keys)),
]
_LAYOUTS = [
    Case("pretty", OK, changed(_nothing, lambda document: json.dumps(document, indent=2).encode())),
    Case("pretty-tabs-spaces", OK, changed(_nothing, _tabs_everywhere)),
    Case("one-line-ascii", OK, changed(_nothing, lambda document: json.dumps(document).encode())),
]
_STRINGS = [
    Case("str-lone-surrogates", OK,
         raw(rb"\ud800", rb"a\udfffb", rb"\ud83d", rb"\ude00\ud83d", rb"ok \ud83d\ude00")),
    Case("str-raw-surrogates", EITHER, raw(b"\xed\xa0\x80", b"x\xed\xbf\xbf")),
    Case("str-invalid-utf8", EITHER, raw(b"\xff\xfe", b"ab\x80cd", b"\xc3", b"\xf4\x90\x80\x80", b"\xc0\xaf")),
    Case("str-latin1", EITHER, raw(b"caf\xe9")),
    Case("str-raw-controls", EITHER,
         raw(b"a\x01b\x07c", b"tab\there", b"line\nbreak", b"nul\x00nul", b"\x1b[31mred\x1b[0m", b"\x7f")),
    Case("str-bad-escapes", REJECT, raw(rb"\x41", rb"\u12", b"\\"), "a bad escape"),
    Case("str-ansi", OK, named(ANSI)),
    Case("str-markup", OK, named(MARKUP)),
    Case("str-unicode", OK, named(UNICODE)),
    Case("str-all-empty", OK, changed(lambda document: document.update(strings=[""] * len(STRINGS)))),
    Case("str-all-same", OK, changed(_same)),
    Case("str-long-class-name", OK, named(["K" * 100_000, "line one\nline two\n" * 500])),
    Case("str-100mb", OK, _one_string_of_100_mb),
    Case("strings-numbers", REJECT, holding("strings", list(range(len(STRINGS)))), at("strings")),
    Case("strings-mixed", REJECT, changed(_nothing, _texts_instead), at("strings")),
    Case("strings-empty", EITHER, holding("strings", []), at("nodes")),
    Case("strings-comma-at-end", REJECT, literal(as_v8(DOCUMENT)[:-2] + b",]}"), at("strings")),
]  # fmt: skip

CASES = [*_KEYS, *_LAYOUTS, *_STRINGS]

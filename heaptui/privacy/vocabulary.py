"""What names say whose they are: tables, so that a new producer's names are a new row and no new code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt

from heaptui.heap.interfaces import plain_hash

# What a string is used for, as bits; a string without any is a value.
OBJECT, NATIVE, CODE, PROPERTY, INTERNAL, SCRIPT = 1, 2, 4, 8, 16, 32

NODE_ROLES = {
    "object": OBJECT,
    "native": NATIVE,
    "wasm object": NATIVE,
    "code": CODE,
    "closure": CODE,
    "hidden": INTERNAL,
    "array": INTERNAL,
    "synthetic": INTERNAL,
    "object shape": INTERNAL,
}
"""Whose names say what a node is. Names of all other types are values: strings, numbers, symbols, patterns."""

EDGE_ROLES = {"context": CODE, "property": PROPERTY, "internal": INTERNAL, "shortcut": INTERNAL, "weak": INTERNAL}
"""Edges that have names; `element` and `hidden` ones have numbers."""

LANGUAGE = (
    "", "Object", "Array", "Function", "RegExp", "true", "false", "null", "undefined", "bool", "int", "double",
    "number", "smi number", "heap number", "bigint", "symbol", "private symbol", "string", "object", "function",
    "__proto__", "constructor", "prototype", "(concatenated string)", "(sliced string)", "Async-from-Sync Iterator",
    "Segment Iterator", "Segmenter String Iterator", "Iterator Helper",
)  # fmt: skip
"""Texts that are kept even where they are values: every heap has them."""

Judge = Literal["word", "kept", "never"]


@dataclass(frozen=True, slots=True)
class Template:
    """A name that V8 or a browser puts together.

    Attributes:
        roles: the uses that it is looked for in.
        pattern: matches a whole string as it stands in the file; all outside its group `name` is kept.
        judge: when the group is kept too: where it is an identifier (`word`), where that name alone is
            kept (`kept`), or `never`. Without a group everything is kept.
    """

    roles: int
    pattern: re.Pattern[bytes]
    judge: Judge = "never"


def _template(roles: int, pattern: str, judge: Judge = "never") -> Template:
    return Template(roles, re.compile(pattern.encode(), re.DOTALL), judge)


_ANY = OBJECT | NATIVE | CODE | PROPERTY | INTERNAL | SCRIPT
_TAG = r"(?:Detached )?<[!-~]{1,60}?"
_ACCESSOR = r"(?:(?:get|set|bound|static|async) ){0,3}"
_SYMBOL = r"\[Symbol\.\w+\]"
_GLOBAL = r"(?:Detached )?[A-Za-z]\w{0,60}"
_PART = r" \((?:prototype|internal cache|global\*?)\)| \[\w{1,40}\]"
_OWN_SCRIPT = r"(?:node|ext|bun|deno):[\w./-]+|internal/[\w./-]+|evalmachine\.<anonymous>|native [\w./-]+\.js"

TEMPLATES = (
    # Whatever is missing of a file that was salvaged.
    _template(_ANY, r"\(missing string \d+\)"),
    # Elements of a page: the tag is a class, the attributes are data.
    _template(OBJECT | NATIVE, rf"{_TAG}>"),
    _template(OBJECT | NATIVE, rf"{_TAG} (?P<name>.*?)>?"),
    # V8's own objects; some carry the name of a function, a script, a class or a scope.
    _template(_ANY, rf"system / Script / (?:{_OWN_SCRIPT})?"),
    _template(_ANY, r"system / Script / (?P<name>.*)"),
    _template(_ANY, r"system / Code / \w+ \(builtin\)"),
    _template(_ANY, r"system / Context / scope @\d+"),
    _template(_ANY, rf"system / \w+ / {_ACCESSOR}{_SYMBOL}"),
    _template(_ANY, rf"system / [\w ()]+? / {_ACCESSOR}(?P<name>.*)", "word"),
    _template(_ANY, r"system / \w+(?: \([\w .+,-]+\))?"),
    # Types of C++.
    _template(NATIVE | INTERNAL, r"(?:Detached )?(?:\w+::)+[\w<>:*,&() \[\]-]*"),
    _template(NATIVE | INTERNAL, r"(?:Detached )?(?:Node|C\+\+) ?/? [\w:<> +-]+"),
    _template(NATIVE, r"#\w{1,30}|null \(wasm\)|Pending activities"),
    # Files of old engines tell by the name alone that an element is detached.
    _template(NATIVE, r"Detached (?P<name>[^/]+)", "word"),
    # Global objects of pages carry their address.
    _template(OBJECT | NATIVE, rf"{_GLOBAL}(?:{_PART})"),
    _template(OBJECT | NATIVE, rf"{_GLOBAL}(?:{_PART})? / (?P<name>.*)"),
    # Slots of V8's tables; those of a WeakMap tell of its keys, in new files by `kernels.text.find_weak_pairs`.
    _template(INTERNAL, r"\d+ / key (?P<name>.*) in WeakMap"),
    _template(INTERNAL, r"\d+ / part of key (?P<name>.*)"),
    _template(INTERNAL, r"\d+ / DevTools console"),
    _template(INTERNAL, r"(?P<name>.*) / DevTools console"),
    _template(INTERNAL, r"\d+ / [A-Za-z][\w ]{0,80}"),
    _template(INTERNAL, r"\d+ / (?:\w+::)+\w*"),
    _template(INTERNAL, r"part of key -> value pair in ephemeron table"),
    # Where in C++ a reference was made.
    _template(INTERNAL, r"[A-Za-z_][ !#-\[\]-~]*::[ !#-\[\]-~]*"),
    _template(INTERNAL, r"\(?[A-Za-z][\w +-]{0,60}\)?(?: \([\w +-]{0,40}\))?"),
    # Functions and compiled code.
    _template(CODE | SCRIPT, _OWN_SCRIPT),
    _template(CODE, rf"{_ACCESSOR}{_SYMBOL}"),
    _template(CODE, r"\(\w+ builtin(?: code| handle)?\)"),
    _template(CODE, r"\([A-Z]+ (?:code|instruction stream)\)"),
    _template(CODE, rf"\((?:[a-z]+ )?(?:code|bytecode|stream) for {_ACCESSOR}{_SYMBOL}\)"),
    _template(CODE, rf"\((?:[a-z]+ )?(?:code|bytecode|stream) for {_ACCESSOR}(?P<name>.+)\)", "word"),
    _template(
        CODE,
        r"\((?:constant pool|constant elements|shared function info|host-defined options|context local names"
        r"|function scope info|bytecode offset table|code relocation info|script|anonymous|interpreter entry"
        r"|feedback metadata|feedback vector|scope info|code deopt data|code|script line ends|source position table"
        r"|handler table|root|V8 API|IDLE|idle|program|garbage collector|bytecode handler)\)",
    ),
    _template(CODE, r"<[a-z_ ]{1,40}>"),
    _template(CODE, r"\.\w{1,40}"),
    _template(CODE, r"(?:(?:get|set|bound|static|async) ){1,3}(?P<name>.+)", "word"),
    # Accessors and symbols among properties.
    _template(PROPERTY, r"(?:(?:get|set) )?<symbol (?P<name>.*)>", "kept"),
    _template(PROPERTY, r"(?:get|set) (?P<name>.+)", "kept"),
)  # fmt: skip
"""Looked through from the first; the first that fits decides."""


@cache
def known_names() -> npt.NDArray[np.uint64]:
    """Sorted hashes of the names that every program has: of the language, of Node and of browsers."""
    text = (files("heaptui.privacy") / "known.txt").read_text("ascii")
    return sorted_hashes(text.split("\n")[:-1])


@cache
def language_names() -> npt.NDArray[np.uint64]:
    """Sorted hashes of LANGUAGE."""
    return sorted_hashes(LANGUAGE)


def sorted_hashes(names: Iterable[str]) -> npt.NDArray[np.uint64]:
    """The hashes (FNV-1a) of some ASCII texts, in order."""
    hashes = np.array([plain_hash(name) for name in names], np.uint64)
    hashes.sort()
    return hashes

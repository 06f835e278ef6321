"""Paths in the words of the program, with V8's own steps folded away."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from heaptui.suspects.scopes import CELL, CONTEXT, MODULE_ENVIRONMENT, Scopes, package_of
from heaptui.suspects.trail import Step

_IDENTIFIER = re.compile(r"#?[A-Za-z_$][\w$]*")
_GLOBALS = re.compile(r"global|Object|Window.*|\[object .*|.*GlobalScope.*")
_LONGEST = 60
_RUN = 4
_TIMES = "\N{MULTIPLICATION SIGN}"
_LISTENERS = ("blink::EventTargetData", "EventTargetData")
_CONTAINERS = re.compile(r"blink::|\(|cppgc|V8EventListener|EventListener")
_HANDLES = "Node / BaseObjectList"
"""Where Node keeps all its handles, as roots of their own."""


@dataclass(frozen=True, slots=True)
class Word:
    """One step as a developer would say it, and the steps of the trail that it stands for.

    Attributes:
        text: such as `._events`, `[]`, `variable cache in memoize()`.
        first, last: positions in the trail.
        place: the script of a scope, "" where it is not known.
    """

    text: str
    first: int
    last: int
    place: str = ""


def short_script(script: str) -> str:
    """A script's path from its package on, or its last part."""
    if (package := package_of(script)) is not None:
        return f"{package}/{script.rpartition(f'/node_modules/{package}/')[2]}"
    return posixpath.basename(script.split("?")[0]) or script


def clip(name: str) -> str:
    """A name, of a long one its beginning."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def say_path(scopes: Scopes, path: Sequence[Step]) -> list[Word]:
    """The words of a path, from its beginning or from the last module scope on it."""
    words: list[Word] = []
    i = 0
    while i < len(path):
        step = path[i]
        index = scopes.index(step.node)
        following = path[i + 1] if i + 1 < len(path) else None
        if index is not None and following is not None and following.edge_type == "context":
            place = scopes.place(index)
            script = (place.script if place else None) or ""
            if scopes.is_module(index):
                words = [_module_variable(following.edge_name, script, i + 1)]
            else:
                function = scopes.function(index)
                said = _variable(following.edge_name, script, function)
                words.append(Word(said, i, i + 1, script))
            i += 2
            continue
        exported = scopes.exported(path[i - 1].node) if i > 0 and _in_cell(path[i - 1], step) else None
        if exported is not None:
            words = [_module_variable(*exported, i)]
        elif i > 0 and path[i - 1].class_name == MODULE_ENVIRONMENT and step.edge_type == "context":
            words = [_module_variable(step.edge_name, "", i)]
        elif text := _say(step, i == 0):
            words.append(Word(text, i, i))
        i += 1
    return words


def _in_cell(cell: Step, step: Step) -> bool:
    return step.edge_name == "value" and cell.name == CELL


def _module_variable(name: str, script: str, last: int) -> Word:
    """A path begins there: what a module keeps needs no account of who keeps the module."""
    return Word(_variable(name, script), 0, last, script)


def _variable(name: str, script: str, function: str = "") -> str:
    """A variable with the function that it is of, or else with its script."""
    where = f" in {clip(function)}()" if function else f" of {short_script(script)}" if script else ""
    return f"variable {clip(name)}{where}"


def _say(step: Step, begins: bool) -> str:
    if begins:
        return _beginning(step)
    if step.backing or step.name.startswith((CONTEXT, CELL)) or step.edge_name in ("extension", "previous"):
        return ""
    if step.weak_entry:
        return "[value in WeakMap]"
    if step.node_type in ("native", "synthetic") and step.numbered:
        return _native(step)
    if step.edge_type == "element":
        return "[]" if step.many else f"[{step.edge_name}]"
    if step.edge_type in ("property", "shortcut", "context"):
        if step.many:
            return "[key]"
        name = clip(step.edge_name)
        return f".{name}" if _IDENTIFIER.fullmatch(step.edge_name) or name.startswith("<symbol") else f"[{name!r}]"
    if step.numbered and step.edge_type == "internal":
        return "[entry]"
    if step.edge_type == "internal":
        return (
            "" if step.class_name.startswith("system") or step.class_name == "(system)" else f"::{clip(step.edge_name)}"
        )
    if step.node_type in ("array", "hidden", "code") or step.class_name == "(system)":
        return ""
    return f" › {clip(step.class_name)}" if step.class_name == "Promise" else f"[{step.edge_name}]"


def _native(step: Step) -> str:
    """What a browser's or runtime's own object says by its class; its containers say nothing."""
    if step.class_name in _LISTENERS:
        return " › event listeners"
    return "" if _CONTAINERS.match(step.class_name) else f" › {clip(step.class_name)}"


def _beginning(step: Step) -> str:
    if step.name.startswith("Window"):
        return "window"
    if _GLOBALS.fullmatch(step.name) and step.name != "Object":
        return "global"
    return clip(step.name) or ("(root)" if step.node_type == "synthetic" else clip(step.class_name))


def say_holder(words: Sequence[Word], holder: Step, below: Sequence[Step]) -> str:
    """The path to a holder and its class; of the runtime's own holders what they lead to."""
    of_root = holder.node_type == "synthetic"
    if holder.class_name == _HANDLES:
        of_root, words = True, words[:1]
    if of_root or _CONTAINERS.match(holder.class_name):
        held = next((step for step in below if step.node_type in ("object", "closure")), None)
        if of_root and held is not None:
            return f"{join(words)} › {clip(held.class_name)}"
        return join(words)
    return f"{join(words)} ({clip(holder.class_name)})"


def join(words: Sequence[Word]) -> str:
    """The words as one text, the links of a chain once."""
    said = ""
    for text, run in groupby(word.text for word in words):
        times = len(list(run))
        loose = said and not text.startswith((".", "[", "::", " "))
        again = f" {_TIMES}{times}" if times >= _RUN else text * (times - 1)
        said += (" › " if loose else "") + text + again
    return said

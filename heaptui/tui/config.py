"""What the user has set: keys, theme, units, the tab to begin with.

A mistake in the file is told by its line, and the rest of the file counts.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from heaptui.tui.actions import ACTIONS
from heaptui.tui.tabs import TABS

THEMES = {
    "dark": "textual-dark",
    "light": "textual-light",
    "ansi": "ansi-dark",
    "ansi-dark": "ansi-dark",
    "ansi-light": "ansi-light",
}
UNITS = ("short", "bytes")
SIGNS = ("auto", "ascii", "unicode")

_KEY = re.compile(r"((ctrl|shift|alt)\+)*([a-zA-Z0-9_]+|[^\w\s,])")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings; `problems` are sentences about what in the file does not count."""

    theme: str = "dark"
    units: str = "short"
    tab: str = ""
    signs: str = "auto"
    mouse: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def place() -> Path:
    """Where the file stands, whether it is there or not."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".config") / "heaptui" / "config.toml"


def load() -> Config:
    """Read the file; without one everything is as it comes."""
    try:
        written = place().read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return Config()
    except (OSError, ValueError) as error:
        return Config(problems=(f"{place()} cannot be read: {error}",))
    return read(written)


def read(written: str) -> Config:
    """The settings in the text of a file."""
    try:
        toml = importlib.import_module("tomllib")
    except ImportError:
        try:
            toml = importlib.import_module("tomli")
        except ImportError:
            return Config(problems=("config.toml is read by Python 3.11 or later, or where tomli is installed.",))
    try:
        found: dict[str, object] = toml.loads(written)
    except ValueError as error:
        return Config(problems=(f"config.toml: {error}",))
    return _Reader(written).config(found)


class _Reader:
    """Takes the settings one by one, and notes what is wrong with them."""

    def __init__(self, written: str) -> None:
        self._lines = written.splitlines()
        self._problems: list[str] = []

    def config(self, found: dict[str, object]) -> Config:
        allowed = {
            "theme": tuple(THEMES),
            "units": UNITS,
            "tab": tuple(tab.id for tab in TABS),
            "signs": SIGNS,
            "mouse": (True, False),
        }
        texts: dict[str, str] = {}
        mouse = True
        for name, value in found.items():
            if name == "keys":
                continue
            choices: tuple[object, ...] = allowed.get(name, ())
            if not choices:
                self._wrong(name, f"there is no setting {name}")
            elif not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
                self._wrong(name, f"{name} can be {', '.join(_written(choice) for choice in choices)}")
            elif isinstance(value, bool):
                mouse = value
            else:
                texts[name] = str(value)
        keys = self._keys(found.get("keys", {}))
        return Config(**texts, mouse=mouse, keys=keys, problems=tuple(self._problems))

    def _keys(self, table: object) -> dict[str, str]:
        if not isinstance(table, dict):
            self._wrong("keys", "keys is a table: [keys]")
            return {}
        known = {action.id: ",".join(action.keys) for action in ACTIONS}
        keys: dict[str, str] = {}
        for name, value in table.items():
            given = value if isinstance(value, list) else [value]
            if name not in known:
                self._wrong(name, f"there is no action {name}")
            elif not given or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in given):
                self._wrong(name, f'the keys of {name} are written like "i" or ["i", "ctrl+o"]')
            else:
                keys[name] = ",".join(given)
        owners: dict[str, str] = {}
        for name, value in (known | keys).items():
            for key in value.split(","):
                other = owners.setdefault(key, name)
                if other != name:
                    blamed = name if name in keys else other
                    self._wrong(blamed, f"{key} is the key of {other if blamed == name else name} too")
                    keys.pop(blamed, None)
        return keys

    def _wrong(self, name: str, what: str) -> None:
        pattern = re.compile(rf'\s*\[?\s*"?{re.escape(name)}"?\s*[\]=.]')
        line = next((i for i, line in enumerate(self._lines, start=1) if pattern.match(line)), 0)
        self._problems.append(f"config.toml, line {line}: {what}." if line else f"config.toml: {what}.")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def describe() -> str:
    """Where the file is, what is wrong with it, and a file with all defaults."""
    config = load()
    state = "" if place().exists() else " (not there)"
    lines = [f"# {place()}{state}", *(f"# {problem}" for problem in config.problems), ""]
    lines += [
        f'theme = "dark"   # {", ".join(THEMES)}',
        'units = "short"  # short: 1.37 MB, bytes: 1,370,000',
        f'# tab = "summary"   # the tab to begin with: {", ".join(tab.id for tab in TABS)}',
        'signs = "auto"   # auto: ascii where the terminal has no others, ascii, unicode',
        "mouse = true",
        "",
        "[keys]",
    ]
    for action in ACTIONS:
        keys = ", ".join(f'"{key}"' for key in action.keys)
        lines.append(f"# {action.id} = [{keys}]  # {action.about}")
    return "\n".join(lines) + "\n"

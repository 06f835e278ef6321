"""The terminal: its size, colours and characters, and whether a text can get into its clipboard."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping

from heaptui.doctor.finding import Finding

_LEAST_COLUMNS, _LEAST_LINES = 80, 24
_PATIENCE = 2.0
"""Seconds that tmux has to answer."""
_COLOURS = {"truecolor": "16 million", "256": "256", "standard": "16", "windows": "16"}


def terminal(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether there is one, and how large it is."""
    kind = environment.get("TERM", "")
    if not sys.stderr.isatty():
        yield Finding(
            "terminal", "warning", "standard error is no terminal: commands work, the app does not",
            "start the app where standard error is not redirected (ssh -t HOST heaptui FILE)",
        )  # fmt: skip
        return
    if kind in ("", "dumb", "unknown"):
        said = f"TERM is {kind!r}, which promises nothing of the screen"
        yield Finding("terminal", "warning", said, "export TERM=xterm-256color, or what your terminal is")
        return
    columns, lines = shutil.get_terminal_size()
    around = "".join(f", in {name}" for name, key in (("tmux", "TMUX"), ("screen", "STY")) if environment.get(key))
    said = f"{kind}, {columns}x{lines}{around}"
    if columns < _LEAST_COLUMNS or lines < _LEAST_LINES:
        wanted = f"{_LEAST_COLUMNS}x{_LEAST_LINES} or more shows all columns"
        yield Finding("terminal", "warning", said, wanted)
    else:
        yield Finding("terminal", "ok", said)


def colours(environment: Mapping[str, str]) -> Iterator[Finding]:
    """How many colours the app will use, and why."""
    from rich.console import Console

    from heaptui.tui.config import load

    settings = load()
    for problem in settings.problems:
        yield Finding("config", "warning", problem, "heaptui config prints where the file is and what it may say")
    if environment.get("NO_COLOR"):
        yield Finding("colours", "ok", "none: NO_COLOR is set")
        return
    found = Console(force_terminal=True, _environ=environment).color_system
    many = _COLOURS.get(found or "", "none")
    why = "COLORTERM" if found == "truecolor" else "TERM"
    said = f"{many} ({why}={environment.get(why, '')}), theme {settings.theme}"
    if found == "truecolor" or settings.theme.startswith("ansi"):
        yield Finding("colours", "ok", said)
    else:
        advice = "export COLORTERM=truecolor if the terminal has 16 million; over ssh it is not sent by itself"
        yield Finding("colours", "ok" if found == "256" else "warning", said, advice)


def characters(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether lines, arrows and names can be seen."""
    from heaptui.tui.plain import is_poor

    locale = next((environment[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(key)), "")
    if is_poor(environment):
        yield Finding("characters", "ok", f"ASCII signs, as TERM={environment.get('TERM')} has few others")
    elif "utf8" in locale.lower().replace("-", ""):
        yield Finding("characters", "ok", f"UTF-8 ({locale})")
    else:
        said = f"the locale is {locale!r}, which is not UTF-8" if locale else "no locale is set"
        advice = 'export LANG=C.UTF-8; or signs = "ascii" in the configuration, if signs look wrong'
        yield Finding("characters", "warning", said, advice)


def clipboard(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether what is copied (OSC 52) reaches the clipboard."""
    if environment.get("TMUX"):
        yield from _tmux(environment)
    elif environment.get("STY"):
        yield Finding("clipboard", "ok", "OSC 52, handed on by screen, if the terminal around it takes it")
    elif environment.get("TERM_PROGRAM") == "Apple_Terminal":
        said = "this terminal takes no OSC 52, so y and Y copy nothing"
        yield Finding(
            "clipboard", "warning", said, "use tmux (set-clipboard on) or another terminal; e writes lists to a file"
        )
    else:
        yield Finding("clipboard", "ok", "OSC 52, which most terminals take; there is no way to ask")


def _tmux(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        done = subprocess.run(
            ["tmux", "show-options", "-sv", "set-clipboard"],
            capture_output=True, text=True, timeout=_PATIENCE, env=dict(environment),
        )  # fmt: skip
        value = done.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        value = ""
    if value == "on":
        yield Finding("clipboard", "ok", "OSC 52, which tmux takes (set-clipboard on)")
    elif value:
        said = f"tmux does not take OSC 52 from programs (set-clipboard {value})"
        yield Finding("clipboard", "warning", said, "tmux set -s set-clipboard on; and in ~/.tmux.conf")
    else:
        yield Finding(
            "clipboard", "warning", "tmux does not say whether it takes OSC 52", "tmux set -s set-clipboard on"
        )

"""What a bug report should say of the program and what it stands on."""

from __future__ import annotations

import argparse
import platform
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from importlib import metadata

from heaptui import __version__


def versions() -> Iterator[tuple[str, str]]:
    """The names and versions of heaptui, Python, the system and the libraries; none of them is imported."""
    yield "heaptui", __version__
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "system", platform.platform()
    for name in sorted(_libraries()):
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "not installed"


def _libraries() -> Iterator[str]:
    """What heaptui itself needs."""
    for requirement in metadata.requires("heaptui") or ():
        if "extra ==" not in requirement:
            yield re.split(r"[^\w.-]", requirement)[0]


class ShowVersions(argparse.Action):
    """`--version`: print them and leave."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help="versions for a bug report")

    def __call__(self, parser: ArgumentParser, namespace: Namespace, values: object, option: str | None = None) -> None:
        del namespace, values, option
        sys.stdout.write("".join(f"{name} {version}\n" for name, version in versions()))
        parser.exit()

"""Compiled kernels between runs: one file each, in a folder for this processor and these versions."""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from heaptui.kernels.cache import private_folder
from heaptui.kernels.native import MachineCode, machine

_HASH = 32
_MOST_FOLDERS = 4


def place() -> Path | None:
    """What `$HEAPTUI_CACHE_DIR` must say for another process to keep kernels where this one does; None for nowhere."""
    folder = _folder()
    return folder.parent.parent.absolute() if folder else None


def has(function: Callable[..., Any], signature: str) -> bool:
    """Whether a kernel lies there."""
    path = _path(function, signature)
    return path is not None and path.exists()


def read(function: Callable[..., Any], signature: str) -> MachineCode | None:
    """A kernel's code; None where it is not there, or not as it was written."""
    path = _path(function, signature)
    try:
        content = path.read_bytes() if path else b""
    except OSError:
        return None
    told, rest = content[:_HASH], content[_HASH:]
    # What LLVM cannot read ends the process.
    if len(told) < _HASH or hashlib.sha256(rest).digest() != told:
        return None
    symbol, _, code = rest.partition(b"\0")
    return MachineCode(symbol.decode(), code)


def write(function: Callable[..., Any], signature: str, code: MachineCode) -> None:
    """Keep a kernel's code, where that is possible."""
    path = _path(function, signature)
    if path is None:
        return
    content = code.symbol.encode() + b"\0" + code.code
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with open(descriptor, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        _tidy(path.parent)


def _tidy(folder: Path) -> None:
    """Remove what older versions and other processors kept, but for the newest few."""
    folders = sorted(filter(Path.is_dir, folder.parent.iterdir()), key=lambda path: path.stat().st_mtime)
    for old in folders[:-_MOST_FOLDERS]:
        shutil.rmtree(old, ignore_errors=True)


def _path(function: Callable[..., Any], signature: str) -> Path | None:
    folder = _folder()
    if folder is None:
        return None
    source = _digest(function.__code__.co_filename)
    made_of = hashlib.sha256(f"{function.__module__} {signature} {source}".encode()).hexdigest()
    return folder / f"{function.__name__}-{made_of[:16]}"


@cache
def _folder() -> Path | None:
    """The folder for all that makes one compilation differ from another, but for the kernel itself."""
    kernels = private_folder("kernels")
    if kernels is None:
        return None
    names = ("numba", "llvmlite")
    here = [
        sys.version,
        machine(),
        *map(metadata.version, names),
        *map(_digest, sorted(Path(__file__).parent.glob("*.py"))),
    ]
    here += (f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("NUMBA_"))
    return kernels / hashlib.sha256("\n".join(here).encode()).hexdigest()[:16]


@cache
def _digest(path: str | Path) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""

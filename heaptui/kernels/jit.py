"""Compilation: one signature a kernel, cached where the user may write."""

import importlib
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def _private(folder: Path) -> Path | None:
    """The folder, made with mode 0700, if this user owns it and may write there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.stat()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    # Cached kernels are code: a folder others can write to could run theirs.
    return folder if info.st_uid == os.getuid() and not info.st_mode & 0o022 else None


def cache_folder() -> Path | None:
    """Where compiled kernels are kept, or None where nothing can be written.

    `$HEAPTUI_CACHE_DIR`, else the user's cache directory, else a private one in the
    temporary directory.
    """
    candidates: list[Path] = []
    if chosen := os.environ.get("HEAPTUI_CACHE_DIR"):
        candidates.append(Path(chosen))
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if os.path.isabs(home):
        candidates.append(Path(home) / "heaptui")
    candidates.append(Path(tempfile.gettempdir()) / f"heaptui-{os.getuid()}")
    for folder in candidates:
        if private := _private(folder / "kernels"):
            return private
    return None


_folder = cache_folder()
if _folder is not None:
    # numba reads this when it is imported, so it is set before.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_folder))

# Imported by name, as it must be after the folder is known.
numba: Any = importlib.import_module("numba")

_registry: "list[Kernel[..., Any]]" = []
_compiling = threading.Lock()


class Kernel(Generic[P, R]):
    """A compiled function with one signature; compiled when first needed."""

    def __init__(self, function: Callable[P, R], signature: str, on_demand: bool) -> None:
        self.name = function.__name__
        self.on_demand = on_demand
        self._signature = signature
        self._compiled = False
        self.dispatcher: Any = numba.njit(
            nogil=True, cache=_folder is not None, error_model="numpy", boundscheck=False
        )(function)
        # With NUMBA_DISABLE_JIT=1 numba hands the function back as it is.
        self._can_compile = hasattr(self.dispatcher, "compile")
        self.__doc__ = function.__doc__
        _registry.append(self)

    def compile(self) -> None:
        """Compile, or load from the cache. Safe to call from several threads."""
        with _compiling:
            if self._compiled:
                return
            if self._can_compile:
                self._compile_or_retry()
            self._compiled = True

    def _compile_or_retry(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.dispatcher.compile(self._signature)
            except (OSError, EOFError, ValueError):
                # A cache that is full, damaged or half written: compile without it.
                self.dispatcher = numba.njit(nogil=True, error_model="numpy", boundscheck=False)(
                    self.dispatcher.py_func
                )
                self.dispatcher.compile(self._signature)
        self.dispatcher.disable_compile()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not self._compiled:
            self.compile()
        # As plain Python (NUMBA_DISABLE_JIT), hashes that wrap around would warn.
        with nullcontext() if self._can_compile else np.errstate(over="ignore"):
            result: R = self.dispatcher(*args, **kwargs)
        return result


def kernel(signature: str, *, on_demand: bool = False) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Mark a function as a kernel of that numba signature.

    One that loading a file does not need is compiled `on_demand`, so that a first run waits less.

    Short names in the signature: `u1 u4 u8 i4 i8` are scalars, `u4[]` an array that is
    only read, `u4[w]` one that is written to.
    """
    return lambda function: Kernel(function, _numba_signature(signature), on_demand)


def inline(function: Callable[P, R]) -> Callable[P, R]:
    """A helper that kernels call; compiled into each of them."""
    helper: Callable[P, R] = numba.njit(nogil=True, error_model="numpy", boundscheck=False)(function)
    return helper


_TYPES = {
    "u1": "uint8", "u4": "uint32", "u8": "uint64", "i4": "int32", "i8": "int64", "b1": "boolean",
}  # fmt: skip


def _numba_signature(signature: str) -> Any:
    result, arguments = signature.rstrip(")").split("(")
    types = [_numba_type(word.strip()) for word in arguments.split(",")]
    return _numba_type(result)(*types)


def _numba_type(word: str) -> Any:
    if word == "void":
        return numba.void
    base = getattr(numba, _TYPES[word[:2]])
    match word[2:]:
        case "":
            return base
        case "[]":
            return numba.types.Array(base, 1, "C", readonly=True)
        case "[w]":
            return numba.types.Array(base, 1, "C")
    raise ValueError(word)


def kernels() -> "list[Kernel[..., Any]]":
    """Every kernel of the modules imported so far that is not compiled on demand, in order of definition."""
    return [kernel for kernel in _registry if not kernel.on_demand]


def cached() -> bool:
    """Whether compiled kernels of this machine were found in the cache folder."""
    if _folder is None or "numba" not in sys.modules:
        return False
    return any(_folder.rglob("*.nbi"))

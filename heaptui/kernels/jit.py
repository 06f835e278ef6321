"""Compilation: one signature a kernel, cached where the user may write.

numba takes longer to import than a small file takes to read. So it is imported when the first
kernel is compiled: who calls none, because all is known already, never waits for it.
"""

import importlib
import os
import threading
import types
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from heaptui.kernels.cache import private_folder

P = ParamSpec("P")
R = TypeVar("R")

_folder = private_folder("kernels")
_registry: "list[Kernel[..., Any]]" = []
_inlined: "set[Callable[..., Any]]" = set()
_compiling = threading.RLock()


@cache
def _numba() -> Any:
    if _folder is not None:
        # numba reads this when it is imported, so it is set before.
        os.environ.setdefault("NUMBA_CACHE_DIR", str(_folder))
    return importlib.import_module("numba")


class Kernel(Generic[P, R]):
    """A compiled function with one signature; compiled when first needed."""

    def __init__(self, function: Callable[P, R], signature: str, on_demand: bool) -> None:
        self.name = function.__name__
        self.on_demand = on_demand
        self._function = function
        self._signature = signature
        self._dispatcher: Any = None
        self.__doc__ = function.__doc__
        _registry.append(self)

    def compile(self) -> None:
        """Compile, or load from the cache. Safe to call from several threads."""
        with _compiling:
            if self._dispatcher is None:
                self._dispatcher = self._compiled()

    def _compiled(self) -> Any:
        dispatcher = _dispatcher(self._function, cached=_folder is not None)
        # With NUMBA_DISABLE_JIT=1 numba hands the function back as it is.
        if not hasattr(dispatcher, "compile"):
            return _as_python(dispatcher)
        signature = _numba_signature(self._signature)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                dispatcher.compile(signature)
            except Exception:
                # A cache that is full, damaged or half written, which unpickling tells in any way: compile without it.
                dispatcher = _dispatcher(self._function, cached=False)
                dispatcher.compile(signature)
        dispatcher.disable_compile()
        return dispatcher

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._dispatcher is None:
            self.compile()
        result: R = self._dispatcher(*args, **kwargs)
        return result


def _as_python(function: Callable[P, R]) -> Callable[P, R]:
    """As plain Python, hashes that wrap around would warn."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with np.errstate(over="ignore"):
            return function(*args, **kwargs)

    return call


def kernel(signature: str, *, on_demand: bool = False) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Mark a function as a kernel of that numba signature.

    One that loading a file does not need is compiled `on_demand`, so that a first run waits less.

    Short names in the signature: `u1 u4 u8 i4 i8` are scalars, `u4[]` an array that is
    only read, `u4[w]` one that is written to.
    """
    return lambda function: Kernel(function, signature, on_demand)


def inline(function: Callable[P, R]) -> Callable[P, R]:
    """A helper that kernels call; compiled into each of them."""
    _inlined.add(function)
    return function


def _dispatcher(function: Callable[..., Any], *, cached: bool, inlined: bool = False) -> Any:
    """numba's version of a function, which calls numba's versions of its helpers."""
    # Kernels make no arrays. Counting the references to those they get (`_nrt`) takes longer than most loops.
    njit = _numba().njit(
        nogil=True, cache=cached, error_model="numpy", boundscheck=False, forceinline=inlined,
        no_cpython_wrapper=inlined, no_cfunc_wrapper=True, _nrt=False,
    )  # fmt: skip
    helpers = {
        name: _helper(value)
        for name in function.__code__.co_names
        if isinstance(value := function.__globals__.get(name), types.FunctionType) and value in _inlined
    }
    if helpers:
        linked = types.FunctionType(function.__code__, {**function.__globals__, **helpers}, function.__name__)
        linked.__module__, linked.__qualname__ = function.__module__, function.__qualname__
        function = linked
    return njit(function)


@cache
def _helper(function: Callable[..., Any]) -> Any:
    return _dispatcher(function, cached=False, inlined=True)


_TYPES = {
    "u1": "uint8", "u4": "uint32", "u8": "uint64", "i4": "int32", "i8": "int64", "b1": "boolean",
}  # fmt: skip


def _numba_signature(signature: str) -> Any:
    result, arguments = signature.rstrip(")").split("(")
    return _numba_type(result)(*(_numba_type(word.strip()) for word in arguments.split(",")))


def _numba_type(word: str) -> Any:
    numba = _numba()
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
    return _folder is not None and any(_folder.rglob("*.nbi"))

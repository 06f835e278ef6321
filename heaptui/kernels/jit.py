"""Functions that are compiled: one signature a kernel, kept where the user may write.

numba is imported when a kernel is compiled that was not kept; LLVM, when the first one is called.
"""

import os
import threading
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")

_registry: "list[Kernel[..., Any]]" = []
_compiling = threading.RLock()

inlined: "set[Callable[..., Any]]" = set()
"""The helpers that are compiled into the kernels which call them."""


class Kernel(Generic[P, R]):
    """A compiled function with one signature; compiled or loaded when first needed."""

    def __init__(self, function: Callable[P, R], signature: str, on_demand: bool) -> None:
        self.name = function.__name__
        self.on_demand = on_demand
        self._function = function
        self._signature = signature
        self._compiled: Callable[..., R] | None = None
        self.__doc__ = function.__doc__
        _registry.append(self)

    def is_kept(self) -> bool:
        """Whether it was compiled before, on this machine."""
        from heaptui.kernels import store

        return store.has(self._function, self._signature)

    def compile(self) -> None:
        """Compile, or load what was compiled before. Safe to call from several threads."""
        with _compiling:
            if self._compiled is None:
                self._compiled = self._as_python() if plain() else self._as_machine_code()

    def _as_machine_code(self) -> Callable[..., R]:
        from heaptui.kernels import native, store

        code = store.read(self._function, self._signature)
        if code is None:
            from heaptui.kernels.compiling import compile_function

            code = compile_function(self._function, self._signature)
            store.write(self._function, self._signature, code)
        return native.load(code, self.name, self._signature)

    def _as_python(self) -> Callable[..., R]:
        """As plain Python, hashes that wrap around would warn."""

        def call(*arguments: P.args, **named: P.kwargs) -> R:
            with np.errstate(over="ignore"):
                return self._function(*arguments, **named)

        return call

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        if self._compiled is None:
            self.compile()
            assert self._compiled is not None
        return self._compiled(*arguments, **named)


def plain() -> bool:
    """Whether kernels run as Python, as `NUMBA_DISABLE_JIT=1` asks for: an index out of bounds is an error then."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def kernel(signature: str, *, on_demand: bool = False) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Mark a function as a kernel of that signature.

    One that loading a file does not need is compiled `on_demand`, so that a first run waits less.

    In the signature `u1 u4 u8 i4 i8` are scalars, `u4[]` an array that is only read, `u4[w]` one
    that is written to.
    """
    return lambda function: Kernel(function, signature, on_demand)


def inline(function: Callable[P, R]) -> Callable[P, R]:
    """A helper that kernels call; compiled into each of them."""
    inlined.add(function)
    return function


def kernels() -> "list[Kernel[..., Any]]":
    """Every kernel of the modules imported so far that is not compiled on demand, in order of their names."""
    return sorted((kernel for kernel in _registry if not kernel.on_demand), key=lambda kernel: kernel.name)


def missing() -> "list[Kernel[..., Any]]":
    """Those of them that were not compiled on this machine yet."""
    return [] if plain() else [kernel for kernel in kernels() if not kernel.is_kept()]

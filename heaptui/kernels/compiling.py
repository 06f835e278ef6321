"""Kernels become machine code, by numba: a matter of seconds, on a machine's first run."""

import types
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numba

from heaptui.kernels.jit import inlined
from heaptui.kernels.native import TYPES, MachineCode, words


def compile_function(function: Callable[..., Any], signature: str) -> MachineCode:
    """Compile a function of that signature, with those it calls that are marked as `inline`."""
    dispatcher = _dispatcher(function)
    result, arguments = words(signature)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dispatcher.compile(_type(result)(*map(_type, arguments)))
    (compiled,) = dispatcher.overloads.values()
    _, _, (code, _) = compiled.library.serialize_using_object_code()
    return MachineCode(compiled.fndesc.llvm_func_name, code)


def _dispatcher(function: Callable[..., Any], *, helper: bool = False) -> Any:
    """numba's version of a function, which calls numba's versions of its helpers."""
    options: dict[str, Any] = {
        "nogil": True, "error_model": "numpy", "boundscheck": False, "forceinline": helper,
        "no_cpython_wrapper": True, "no_cfunc_wrapper": True,
        # Kernels make no arrays. Counting the references to those they get takes longer than most loops.
        "_nrt": False,
    }  # fmt: skip
    helpers = {
        name: _helper(value)
        for name in function.__code__.co_names
        if isinstance(value := function.__globals__.get(name), types.FunctionType) and value in inlined
    }
    if helpers:
        linked = types.FunctionType(function.__code__, {**function.__globals__, **helpers}, function.__name__)
        linked.__module__, linked.__qualname__ = function.__module__, function.__qualname__
        function = linked
    return numba.njit(**options)(function)


@cache
def _helper(function: Callable[..., Any]) -> Any:
    return _dispatcher(function, helper=True)


def _type(word: str) -> Any:
    if word == "void":
        return numba.void
    base = getattr(numba, TYPES[word[:2]])
    return numba.types.Array(base, 1, "C", readonly=word[2:] == "[]") if word[2:] else base

"""Machine code in memory: LLVM loads it, ctypes calls it, which frees the interpreter's lock meanwhile.

numba has compiled it before, and is not needed any more: it takes longer to import than a small
file takes to read.
"""

import ctypes
import operator
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np

TYPES: Mapping[str, str] = {"u1": "uint8", "u4": "uint32", "u8": "uint64", "i4": "int32", "i8": "int64"}
"""What the short names in signatures stand for, in numpy and numba; ctypes has a `c_` in front."""

_ARRAY = (
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64,
)  # fmt: skip
"""How numba passes a one-dimensional array: owner, parent, size, bytes of an item, data, length, stride."""

_linking = threading.Lock()


@dataclass(frozen=True)
class MachineCode:
    """An object file as bytes, and the symbol of the function in it."""

    symbol: str
    code: bytes


def words(signature: str) -> tuple[str, list[str]]:
    """A signature's result and arguments."""
    result, arguments = signature.rstrip(")").split("(")
    return result, [word.strip() for word in arguments.split(",")]


def machine() -> str:
    """The processor, as far as code that is made for it depends on it."""
    features = llvm.get_host_cpu_features().flatten()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features}"


def load(code: MachineCode, name: str, signature: str) -> Callable[..., Any]:
    """A function that checks its arguments as `signature` tells, and runs the code."""
    with _linking:
        engine = _engine()
        engine.add_object_file(llvm.ObjectFileRef.from_data(code.code))
        engine.finalize_object()
        address = engine.get_function_address(code.symbol)
    if not address:
        raise ValueError(f"there is no {code.symbol} in the code of {name}")
    return _Function(name, address, signature)


@cache
def _engine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(reloc="default", codemodel="jitdefault", jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)


class _Function:
    """Calls numba's convention: a place for the result, one for an exception, then the arguments, arrays in parts."""

    def __init__(self, name: str, address: int, signature: str) -> None:
        result, arguments = words(signature)
        self._name = name
        self._takes = [_taker(word) for word in arguments]
        # What a function without a result writes there is a null pointer.
        self._result = ctypes.c_void_p if result == "void" else _scalar(result)
        self._has_result = result != "void"
        types = [kind for word in arguments for kind in (_ARRAY if word[2:] else (_scalar(word),))]
        self._call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *types)(address)

    def __call__(self, *arguments: Any) -> Any:
        if len(arguments) != len(self._takes):
            raise TypeError(f"{self._name} takes {len(self._takes)} arguments, not {len(arguments)}")
        passed: list[Any] = []
        for i, (take, argument) in enumerate(zip(self._takes, arguments, strict=True)):
            try:
                passed += take(argument)
            except TypeError as error:
                raise TypeError(f"{self._name}: argument {i}: {error}") from None
        result, exception = self._result(), ctypes.c_void_p()
        if self._call(ctypes.byref(result), ctypes.byref(exception), *passed):
            raise RuntimeError(f"the kernel {self._name} failed")
        return result.value if self._has_result else None


def _scalar(word: str) -> Any:
    return getattr(ctypes, f"c_{TYPES[word]}")


def _taker(word: str) -> Callable[[Any], Sequence[Any]]:
    """What turns an argument into what the code gets; raises TypeError for another type."""
    if not word[2:]:
        return lambda value: (operator.index(value),)
    dtype, written = np.dtype(TYPES[word[:2]]), word[2:] == "[w]"

    def take(array: Any) -> Sequence[Any]:
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != 1:
            raise TypeError(f"no one-dimensional array of {dtype}")
        flags = array.flags
        if not (flags.c_contiguous and flags.aligned and (flags.writeable or not written)):
            raise TypeError(f"an array that is {'written to' if written else 'read'} must lie in one piece, aligned")
        return None, None, array.size, array.itemsize, array.ctypes.data, array.size, array.itemsize

    return take

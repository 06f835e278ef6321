"""Kernels are compiled when they are first called, by whoever comes first."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from heaptui.kernels.jit import inline, kernel, plain

Values = npt.NDArray[np.int64]

PROGRAM = """
import os, sys, tempfile
import numpy as np
tempfile.tempdir = os.environ.get("TMPDIR")
from heaptui.kernels import graph
before = {"numba", "llvmlite"} & set(sys.modules)
first = np.zeros(4, np.uint32)
graph.count_retainers(np.array([0, 2, 2], np.uint32), 0, 3, first)
print(*before, first.tolist(), *sorted({"numba", "llvmlite"} & set(sys.modules)))
"""


@inline
def _squared(value: int) -> int:
    return value * value


@inline
def _with_its_square(value: int) -> int:
    return value + _squared(value)


@kernel("i8(i8[], i8[w])")
def _spread(values: Values, out: Values) -> int:
    """Calls a helper that calls a helper."""
    total = 0
    for i in range(values.shape[0]):
        out[i] = _with_its_square(values[i])
        total += out[i]
    return total


@kernel("i8(i8, i8)")
def _sum(one: int, other: int) -> int:
    return one + other


compiled_only = pytest.mark.skipif(plain(), reason="plain Python takes anything")


def run(**environment: str) -> str:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env={**mine, **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_several_threads_may_call_a_kernel_first() -> None:
    def call(_: int) -> tuple[int, list[int]]:
        out = np.zeros(3, np.int64)
        return _spread(np.array([1, 2, 3]), out), out.tolist()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, range(8))) == [(20, [2, 6, 12])] * 8


def test_helpers_are_plain_functions_for_python() -> None:
    assert _with_its_square(5) == 30


def test_numba_is_imported_to_compile_and_not_to_call_what_was_compiled_before(tmp_path: Path) -> None:
    assert run(HEAPTUI_CACHE_DIR=str(tmp_path)) == "[1, 0, 2, 0] llvmlite numba"
    assert run(HEAPTUI_CACHE_DIR=str(tmp_path)) == "[1, 0, 2, 0] llvmlite"


def test_kernels_run_as_plain_python_where_numba_is_told_to() -> None:
    assert run(NUMBA_DISABLE_JIT="1") == "[1, 0, 2, 0]"


def test_kernels_run_where_nothing_can_be_kept(tmp_path: Path) -> None:
    nothing = tmp_path / "file"
    nothing.write_bytes(b"")
    folders = dict.fromkeys(("HEAPTUI_CACHE_DIR", "XDG_CACHE_HOME", "TMPDIR"), str(nothing))
    assert run(**folders) == "[1, 0, 2, 0] llvmlite numba"


@compiled_only
@pytest.mark.parametrize(
    ("argument", "told"),
    [
        (np.array([1, 2], np.int32), "argument 0: no one-dimensional array of int64"),
        (np.array([[1, 2]]), "argument 0: no one-dimensional array of int64"),
        (np.arange(4)[::2], "argument 0: an array that is read must lie in one piece, aligned"),
        ([1, 2], "argument 0: no one-dimensional array of int64"),
    ],
    ids=["other type", "two dimensions", "with gaps", "no array"],
)
def test_an_argument_of_another_kind_is_refused(argument: Values, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        _spread(argument, np.zeros(2, np.int64))


@compiled_only
def test_an_array_that_is_written_to_must_be_writable() -> None:
    out = np.zeros(2, np.int64)
    out.flags.writeable = False
    with pytest.raises(TypeError, match="argument 1: an array that is written to"):
        _spread(np.zeros(2, np.int64), out)


@compiled_only
@pytest.mark.parametrize("arguments", [(), (1.5, 2), (1, 2, 3)])
def test_scalars_are_whole_numbers_and_all_there(arguments: tuple[float, ...]) -> None:
    with pytest.raises(TypeError, match="_sum"):
        _sum(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("numbers", [(2, 3), (np.int64(-7), np.uint32(9)), (-(2**63), 2**63 - 1)])
def test_scalars_of_numpy_and_of_python_are_taken(numbers: tuple[int, int]) -> None:
    assert _sum(*numbers) == int(numbers[0]) + int(numbers[1])

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

from heaptui.kernels.jit import inline, kernel

Values = npt.NDArray[np.int64]

PROGRAM = """
import sys
import numpy as np
from heaptui.kernels import graph
before = "numba" in sys.modules
first = np.zeros(4, np.uint32)
graph.count_retainers(np.array([0, 2, 2], np.uint32), 0, 3, first)
print(before, "numba" in sys.modules, first.tolist(), hasattr(graph.count_retainers._dispatcher, "py_func"))
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


def test_numba_is_imported_with_the_first_call() -> None:
    assert run() == "False True [1, 0, 2, 0] True"


def test_kernels_run_as_plain_python_where_numba_is_told_to() -> None:
    assert run(NUMBA_DISABLE_JIT="1") == "False True [1, 0, 2, 0] False"


def test_kernels_run_where_nothing_can_be_kept(tmp_path: Path) -> None:
    nothing = tmp_path / "file"
    nothing.write_bytes(b"")
    folders = dict.fromkeys(("HEAPTUI_CACHE_DIR", "XDG_CACHE_HOME", "TMPDIR"), str(nothing))
    assert run(**folders) == "False True [1, 0, 2, 0] True"


@pytest.mark.parametrize("content", [b"", b"no index"], ids=["empty", "damaged"])
def test_a_damaged_cache_is_not_used(tmp_path: Path, content: bytes) -> None:
    expected = run(HEAPTUI_CACHE_DIR=str(tmp_path))
    kept = list(tmp_path.rglob("*.nbi"))
    assert kept
    for file in kept:
        file.write_bytes(content)
    assert run(HEAPTUI_CACHE_DIR=str(tmp_path)) == expected

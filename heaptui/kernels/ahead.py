"""All kernels of this package compiled on two cores: numba's own work holds the interpreter's lock.

python -m heaptui.kernels.ahead     # compiles what is missing, the last one first
"""

import contextlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from heaptui.kernels import jit, store

_PACKAGE = Path(__file__).parent
_FOUND_IN = _PACKAGE.parents[1]


@contextlib.contextmanager
def help_beside() -> Iterator[None]:
    """Let another process compile kernels from the last one on, while this one begins with the first."""
    place = store.place()
    if place is None or len(_cores()) < 2:
        yield
        return
    environment = {**os.environ, "HEAPTUI_CACHE_DIR": str(place)}
    with contextlib.ExitStack() as stack:
        # Without a helper it takes longer. The folder is where Python would look for modules first.
        with contextlib.suppress(OSError):
            nothing = subprocess.DEVNULL
            helper = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=_FOUND_IN,
                env=environment,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
            )
            stack.callback(helper.wait)
            stack.callback(helper.terminate)
        yield


def _cores() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


def main() -> None:
    """Compile what nobody has compiled yet."""
    for module in pkgutil.iter_modules([str(_PACKAGE)]):
        import_module(f"{__package__}.{module.name}")
    for kernel in reversed(jit.kernels()):
        if not kernel.is_kept():
            kernel.compile()


if __name__ == "__main__":
    main()

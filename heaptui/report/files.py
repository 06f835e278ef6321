"""Files that only the user can read, and that are there only once they are whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def private_file(path: str, *, binary: bool = False) -> Iterator[Any]:
    """Open a file to be written, of mode 0600; a device or pipe is written as it is."""
    how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "errors": "backslashreplace"}
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, **how) as out:
            yield out
        return
    folder = os.path.dirname(os.path.abspath(path))
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".heaptui-", dir=folder)
    except OSError as error:
        # The temporary name would tell nobody anything.
        error.filename = folder
        raise
    try:
        with open(descriptor, **how) as out:
            yield out
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

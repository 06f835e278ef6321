"""The terminal app. Importing this package imports no Textual; `run` does."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import NoReturn

from heaptui.opening.manner import PLAIN, Manner

PATIENCE = 1.0
"""Seconds that threads have to end when the user leaves."""

_THREADS = "heaptui-app"
CAPTURES = "heaptui-capture"
"""The thread that takes a snapshot."""
_CLOSING = 12.0
"""Seconds that it has to remove what came, and to close the inspector that it opened."""


def run(
    paths: Sequence[str],
    *,
    titles: Sequence[str] | None = None,
    mouse: bool = True,
    low_bandwidth: bool = False,
    theme: str = "",
    manner: Manner = PLAIN,
) -> int:
    """Open the app on these snapshots and return its exit status.

    `titles` are shown instead of the file names. `low_bandwidth` writes less: no
    mouse, the terminal's own colours, fewer frames a second. `theme` is one of
    `heaptui.tui.config.THEMES`, and goes before the user's own. `manner`
    is how the files are opened.
    """
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        print("heaptui: the screen is drawn on standard error, which is not a terminal here", file=sys.stderr)
        return 2
    if "-" in paths and not sys.stdin.isatty():
        from heaptui.snapshot.standard_input import standard_input

        try:
            standard_input.move_aside()
        except OSError:
            print("heaptui: standard input is the snapshot, and there is no terminal for the keys", file=sys.stderr)
            return 2
        titles = titles or ["standard input" if path == "-" else os.path.basename(path) for path in paths]
    # Textual reads these when it is imported. Nothing here moves by itself, so nothing need be animated.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if low_bandwidth:
        os.environ.setdefault("TEXTUAL_FPS", "15")
        # On a slow line the bytes of an arrow key can come apart, and their first one is Esc.
        os.environ.setdefault("ESCDELAY", "400")

    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from heaptui.tui import config
    from heaptui.tui.app import HeaptuiApp

    settings = config.load()
    theme = theme or ("ansi" if low_bandwidth else settings.theme)
    app = HeaptuiApp(paths, titles=titles, settings=settings, manner=manner)
    app.theme = config.THEMES[theme]
    # The app's own threads, so that leaving need not wait for what they still compute.
    pool = ThreadPoolExecutor(thread_name_prefix=_THREADS)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(pool)
    # What the modules have made stays for good: the collector need not walk it.
    gc.freeze()
    gc.enable()
    app.run(mouse=mouse and settings.mouse and not low_bandwidth, loop=loop)
    pool.shutdown(wait=False, cancel_futures=True)
    if app._exception is not None:
        raise app._exception
    status = app.return_code or 0
    for thread in threading.enumerate():
        if thread.name == CAPTURES:
            thread.join(_CLOSING)
    end = time.monotonic() + PATIENCE
    for thread in threading.enumerate():
        if thread.name.startswith(_THREADS):
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                _leave(status)
    return status


def _leave(status: int) -> NoReturn:
    """End the process although a thread still computes something that nobody waits for."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

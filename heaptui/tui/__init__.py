"""The terminal app. Importing this package imports no Textual; `run` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def run(
    paths: Sequence[str],
    *,
    titles: Sequence[str] | None = None,
    mouse: bool = True,
    low_bandwidth: bool = False,
) -> int:
    """Open the app on these snapshots and return its exit status.

    `titles` are shown instead of the file names. `low_bandwidth` writes less: no
    mouse, the terminal's own colours, fewer frames a second.
    """
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        print("heaptui: the screen is drawn on standard error, which is not a terminal here", file=sys.stderr)
        return 2
    # Textual reads these when it is imported. Nothing here moves by itself, so nothing need be animated.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if low_bandwidth:
        os.environ.setdefault("TEXTUAL_FPS", "15")
        # On a slow line the bytes of an arrow key can come apart, and their first one is Esc.
        os.environ.setdefault("ESCDELAY", "400")

    from heaptui.tui.app import HeaptuiApp

    app = HeaptuiApp(paths, titles=titles)
    if low_bandwidth:
        app.theme = "ansi-dark"
    app.run(mouse=mouse and not low_bandwidth)
    return app.return_code or 0

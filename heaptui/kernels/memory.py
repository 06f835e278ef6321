"""What is freed goes back to the system."""

import contextlib
import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE, _SPARE = 4 << 20, 16 << 20


def return_what_is_freed() -> None:
    """Let glibc give blocks of 4 MB and more back when they are freed; it would keep those below 32 MB for later."""
    with contextlib.suppress(OSError, AttributeError):  # another C library, which has rules of its own
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _SPARE)

"""What is freed goes back to the system."""

import contextlib
import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE, _SPARE = 4 << 20, 16 << 20


# Other C libraries have rules of their own, and none of these functions.
_OTHERS = (OSError, AttributeError)


def return_what_is_freed() -> None:
    """Let glibc give blocks of 4 MB and more back when they are freed; it would keep those below 32 MB for later."""
    with contextlib.suppress(*_OTHERS):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _SPARE)


def return_the_rest() -> None:
    """Give back what glibc still keeps of smaller blocks, at the end of a long job."""
    with contextlib.suppress(*_OTHERS):
        ctypes.CDLL(None).malloc_trim(0)

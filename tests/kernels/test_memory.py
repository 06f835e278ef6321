"""What is freed leaves the process, whatever lies beside it."""

from __future__ import annotations

import subprocess
import sys

# A block of 30 MB that was freed makes glibc keep smaller ones; what stays between them holds the heap's end.
PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from heaptui.kernels import memory

def anonymous():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) // 1024

if "return" in sys.argv:
    memory.return_what_is_freed()
np.ones(30 << 20, np.uint8)
before = anonymous()
blocks, between = [], []
for _ in range(20):
    blocks.append(np.ones(5 << 20, np.uint8))
    between.append(bytes(1000))
blocks.clear()
print(anonymous() - before)
if "rest" in sys.argv:
    memory.return_the_rest()
print(anonymous() - before)
"""


def kept(*how: str) -> list[int]:
    """Megabytes that a process keeps of 100 that it freed, at once and in the end."""
    run = subprocess.run([sys.executable, "-c", PROGRAM, *how], capture_output=True, text=True, check=True)
    return [int(line) for line in run.stdout.split()]


def test_large_blocks_are_given_back_when_they_are_freed() -> None:
    assert kept("return")[0] < 10


def test_the_rest_is_given_back_in_the_end() -> None:
    at_once, in_the_end = kept("rest")
    assert in_the_end < 10 < at_once

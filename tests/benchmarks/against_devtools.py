"""heaptui beside DevTools' own engine on the same file, in the same run.

    (cd tests/goldens && npm install)
    python tests/benchmarks/against_devtools.py FILE [RUNS]

Prints wall seconds, CPU seconds and peak memory of each, and the ratios of the medians. Both read a
file that the page cache holds and run with compiled code.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

GOLDENS = Path(__file__).parent.parent / "goldens"


def measure(command: Sequence[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB of one run."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main(file: str, runs: int = 3) -> None:
    """Measure and print."""
    with tempfile.NamedTemporaryFile() as out:
        commands = {
            "heaptui": [
                sys.executable,
                "-m",
                "heaptui",
                "summary",
                file,
                "--no-index",
                "--format",
                "json",
                "-o",
                out.name,
            ],
            "DevTools": ["node", str(GOLDENS / "devtools.mjs"), "time", file, "-o", out.name],
        }
        measure(commands["heaptui"])
        found = {name: [measure(command) for _ in range(runs)] for name, command in commands.items()}
    medians = {}
    for name, results in found.items():
        medians[name] = [statistics.median(column) for column in zip(*results, strict=True)]
        wall, cpu, memory = medians[name]
        print(f"{name:10} {wall:7.2f} s wall {cpu:7.2f} s CPU {memory:7.0f} MB peak")
    ratios = [a / b for a, b in zip(medians["heaptui"], medians["DevTools"], strict=True)]
    print("ratio      {:7.3f}        {:7.3f}       {:7.3f}".format(*ratios))
    size = os.path.getsize(file) / 1e6
    print(f"{size:.0f} MB, {os.cpu_count()} cores, page {resource.getpagesize()}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))

"""Mutates small valid snapshots and holds the reader to its promise: a heap, or one SnapshotError.

    python -m tests.fuzz.fuzz_reader                    100,000 mutations with seed 0 on two processes
    python -m tests.fuzz.fuzz_reader --count 5000 --seed 7 --first 20000
    python -m tests.fuzz.fuzz_reader --seed 7 --case 20123      one case again, here, with its traceback

A failure is any other exception, a process that dies, a case that takes longer than ten
seconds, or peak memory that grows by more than 200 MB plus three times the file. The case is
written to a file (`--keep` says where), the command to repeat it is printed, and the exit
status is 1.

Kernels are compiled without checks of bounds. Two more runs look for reads and writes outside
their arrays:

    NUMBA_DISABLE_JIT=1 python -m tests.fuzz.fuzz_reader --count 3000      as plain Python
    NUMBA_BOUNDSCHECK=1 HEAPTUI_CACHE_DIR=$(mktemp -d) python -m tests.fuzz.fuzz_reader --count 10000
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.fuzz.mutations import bases, mutant

# Large files are read in pieces; small ones as well, with these bytes a piece.
PIECES = (64, 4096, 1 << 19)
CASE_SECONDS = 10.0
WARM_UP_SECONDS = 300.0
MEMORY = 200 << 20
MEMORY_PER_BYTE = 3
_NOTHING = -1


@dataclass(slots=True)
class Tally:
    """What became of the cases."""

    loaded: int = 0
    rejected: int = 0
    most_memory: int = 0

    def add(self, other: Tally) -> None:
        """Count another worker's cases too."""
        self.loaded += other.loaded
        self.rejected += other.rejected
        self.most_memory = max(self.most_memory, other.most_memory)


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that broke the promise."""

    number: int
    what: str


def peak_memory() -> int:
    """Bytes that this process had resident at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def load(data: bytes, file: Path) -> bool:
    """Whether the reader takes the bytes; whatever it raises but SnapshotError is a failure."""
    from heaptui.heap import load_heap
    from heaptui.snapshot import layout, strings
    from heaptui.snapshot.errors import SnapshotError
    from heaptui.snapshot.peek import peek

    layout._PIECE = strings._PIECE = PIECES[len(data) % len(PIECES)]
    file.write_bytes(data)
    with contextlib.suppress(SnapshotError):
        peek(file)
    try:
        heap = load_heap(file)
    except SnapshotError as error:
        if "\n" in str(error):
            raise ValueError("an error of more than one line") from error
        return False
    table = heap.snapshot.strings
    table.decode(range(len(table)))
    return True


def work(pipe: Connection, seed: int, numbers: range) -> None:
    """Run cases in a process of its own, saying which one before each."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="heaptui-fuzz-") as folder:
        file = Path(folder) / "case.heapsnapshot"
        pipe.send(_NOTHING)
        for base in bases():
            load(base, file)
        before = peak_memory()
        for number in numbers:
            pipe.send(number)
            data = mutant(seed, number)
            try:
                accepted = load(data, file)
            except Exception:
                pipe.send(Failure(number, traceback.format_exc()))
                return
            tally.loaded += accepted
            tally.rejected += not accepted
            tally.most_memory = max(tally.most_memory, peak_memory() - before)
            if tally.most_memory > MEMORY + MEMORY_PER_BYTE * len(data):
                pipe.send(Failure(number, f"peak memory grew by {tally.most_memory >> 20} MB"))
                return
    pipe.send(tally)


class Worker:
    """A process at work, watched from outside."""

    def __init__(self, seed: int, numbers: range) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(target=work, args=(other, seed, numbers), daemon=True)
        self.number = _NOTHING
        self.since = time.monotonic()
        self.process.start()
        other.close()

    def listen(self) -> Tally | Failure | None:
        """Read what the process says; its end, or None while it is at work."""
        try:
            while self.pipe.poll():
                said = self.pipe.recv()
                if not isinstance(said, int):
                    end: Tally | Failure = said
                    return end
                self.number, self.since = said, time.monotonic()
        except EOFError:
            self.process.join()
            return Failure(self.number, f"the process died with status {self.process.exitcode}")
        patience = WARM_UP_SECONDS if self.number == _NOTHING else CASE_SECONDS
        if time.monotonic() - self.since > patience:
            return Failure(self.number, f"no end after {patience:.0f} seconds")
        return None

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def fuzz(seed: int, numbers: range, workers: int) -> Tally | Failure:
    """Run the cases of those numbers; stops at the first failure."""
    tally = Tally()
    at_work = [Worker(seed, numbers[i::workers]) for i in range(workers)]
    try:
        while at_work:
            wait([worker.pipe for worker in at_work], timeout=1)
            for worker in list(at_work):
                said = worker.listen()
                if isinstance(said, Failure):
                    return said
                if said is not None:
                    tally.add(said)
                    at_work.remove(worker)
                    worker.stop()
    finally:
        for worker in at_work:
            worker.stop()
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.fuzz_reader", description="Fuzzes the snapshot reader.")
    parser.add_argument("--count", type=int, default=100_000, help="how many mutations; default 100,000")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path(), help="folder for cases that fail; default: this one")
    parser.add_argument("--case", type=int, help="run this one case here")
    options = parser.parse_args(argv)
    if options.case is not None:
        file = options.keep / f"fuzz-{options.seed}-{options.case}.heapsnapshot"
        print(f"{file}:", "loads" if load(mutant(options.seed, options.case), file) else "is rejected")
        return 0
    begin = time.monotonic()
    result = fuzz(options.seed, range(options.first, options.first + options.count), options.workers)
    if isinstance(result, Failure):
        file = options.keep / f"fuzz-{options.seed}-{result.number}.heapsnapshot"
        file.write_bytes(mutant(options.seed, result.number))
        print(f"case {result.number}, written to {file}: {result.what}")
        print(f"to repeat it: python -m tests.fuzz.fuzz_reader --seed {options.seed} --case {result.number}")
        return 1
    print(
        f"{options.count:,} mutations with seed {options.seed} from {options.first:,}: {result.loaded:,} loaded, "
        f"{result.rejected:,} rejected, no failure; peak memory grew by {result.most_memory >> 20} MB; "
        f"{time.monotonic() - begin:.0f} s"
    )
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONFAULTHANDLER", "1")  # a worker that crashes says where
    sys.exit(main())

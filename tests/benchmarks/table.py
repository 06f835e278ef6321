"""How quick and how small heaptui is, beside the others and over sizes: prints the table of the README.

    python -m tests.benchmarks.table FOLDER                    # everything: half an hour, 20 GB of disk, 8 GB of memory
    python -m tests.benchmarks.table FOLDER --rows peers start --runs 3
    python -m tests.benchmarks.table FOLDER --rows growth --sizes 5 25 100 500 2000 5000

Needs node and npm. Snapshots and the other programs are made in FOLDER once and kept, and so is every
figure: a run measures the rows it is told to (all without --rows) and prints all that are known.
Every figure is of a whole process, the median of --runs; processes that are compared take turns. The
snapshots are in the page cache, and heaptui's kernels are compiled, where it does not say otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from heaptui.snapshot.peek import peek
from tests.benchmarks.measuring import Failed, Usage, measure, median
from tests.benchmarks.peers import Missing, Peer, install

GENERATOR = Path(__file__).with_name("snapshots.js")
PEERS = ("devtools", "memlab", "tool")
SIZES = (5, 25, 100, 500, 2000)
MAIN = 500
MEGABYTE = 1e6
_EMPTY = 4.0  # megabytes of a snapshot of nothing
_UNIT, _UNIT_OF_LARGE = 0.0009, 0.00102  # megabytes of one unit more, whose numbers are longer in large files
_LARGE = 100
_MOST_AT_ONCE = 1000

Row = Sequence[str]
HEADINGS: Mapping[str, Row] = {
    "peers": ("{size} MB beside", "its time", "CPU", "peak", "heaptui's time", "CPU", "peak"),
    "memory": ("memory without the file", "measured", "promised"),
    "growth": ("snapshot", "objects", "edges", "time", "CPU", "objects a second", "bytes an object at the peak"),
    "ways": ("of {size} MB", "time", "of the full one", "memory", "of the full one"),
    "start": ("4 MB, start to Summary", "time", "CPU"),
}


class Bench:
    """The folder with all that is made once, and what was measured."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        folder.mkdir(parents=True, exist_ok=True)
        self._known = folder / "figures.json"
        self.rows: dict[str, dict[str, Row]] = json.loads(self._known.read_text()) if self._known.exists() else {}

    def keep(self, kind: str, row: Row) -> None:
        """Take in a row, in place of one that begins alike."""
        self.rows.setdefault(kind, {})[row[0]] = row
        self._known.write_text(json.dumps(self.rows, indent=1))
        print("measured:", *row, sep="  ", file=sys.stderr)

    def snapshot(self, megabytes: float, kind: str = "mixed") -> Path:
        """A snapshot of about that size, made when it is not there; of a list or hub that many thousands long."""
        file = self.folder / f"{kind}-{megabytes:g}.heapsnapshot"
        if not file.exists():
            print(f"making {file.name}", file=sys.stderr)
            made = file.with_suffix(".part")
            arguments: list[str | Path] = [kind, made]
            if kind != "mixed":
                arguments += [str(int(megabytes * 1000))]
            elif megabytes > _MOST_AT_ONCE:
                times = round(megabytes / MAIN)
                arguments = ["multiply", made, self.snapshot(megabytes / times), str(times)]
            else:
                unit = _UNIT if megabytes < _LARGE else _UNIT_OF_LARGE
                arguments += [str(max(0, round((megabytes - _EMPTY) / unit)))]
            subprocess.run(["node", "--expose-gc", "--max-old-space-size=8000", GENERATOR, *arguments], check=True)
            made.rename(file)
        with file.open("rb") as read:
            while read.read(1 << 24):
                pass
        return file

    def peer(self, name: str) -> Peer:
        """One of the others, installed when it is not there; raises Missing."""
        return install(name, self.folder / "peers" / name)

    def heaptui(self, *arguments: str | Path, index: bool = False, cache: str | Path | None = None) -> Usage:
        """Run a command of heaptui, with a folder of its own for what it keeps."""
        with tempfile.NamedTemporaryFile() as out:
            command = [sys.executable, "-m", "heaptui", *arguments, *([] if index else ["--no-index"]), "-o", out.name]
            return measure(command, {"HEAPTUI_CACHE_DIR": str(cache or self.folder / "cache")})

    def loaded(self, file: Path) -> dict[str, float]:
        """What `loaded.py` tells, the median of each figure."""
        command = [sys.executable, "-m", "tests.benchmarks.loaded", str(file)]
        environment = {**os.environ, "HEAPTUI_CACHE_DIR": str(self.folder / "cache")}
        told = [
            json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)
            for _ in range(self.runs)
        ]
        return {name: statistics.median(run[name] for run in told) for name in told[0]}

    def compare(self, *commands: Callable[[], Usage]) -> list[Usage]:
        """The medians of several things that take turns."""
        found = [[command() for command in commands] for _ in range(self.runs)]
        return [median(column) for column in zip(*found, strict=True)]


def peers(bench: Bench, options: argparse.Namespace) -> None:
    """Each of the others in turn with heaptui."""
    file = bench.snapshot(options.size)
    for name in options.peers:
        try:
            peer = bench.peer(name)
            with tempfile.TemporaryDirectory(dir=bench.folder) as out:
                command = peer.command(file, Path(out) / "out.json")
                theirs, ours = bench.compare(partial(measure, command), partial(bench.heaptui, "summary", file))
        except (Missing, Failed) as error:
            print(error, file=sys.stderr)
            bench.keep("peers", (name, str(error).splitlines()[-1], "", "", "", "", ""))
            continue
        bench.keep(
            "peers",
            (
                peer.name, _seconds(theirs.wall), _seconds(theirs.cpu), _megabytes(theirs.peak),
                f"{_seconds(ours.wall)} ({ours.wall / theirs.wall:.3f})",
                f"{_seconds(ours.cpu)} ({ours.cpu / theirs.cpu:.2f})",
                f"{_megabytes(ours.peak)} ({ours.peak / theirs.peak:.2f})",
            ),
        )  # fmt: skip


def memory(bench: Bench, options: argparse.Namespace) -> None:
    """Memory at the peak and afterwards, against what the design promises a node and an edge."""
    file = bench.snapshot(options.size)
    held = bench.loaded(file)
    (peak,) = bench.compare(lambda: bench.heaptui("summary", file))
    for name, found, node, base in (("at the peak", peak.anonymous, 64, 200), ("afterwards", held["held"], 46, 150)):
        most = held["nodes"] * node + held["edges"] * 13 + base * MEGABYTE
        bench.keep("memory", (name, _megabytes(found), f"at most {_megabytes(most)}"))


def growth(bench: Bench, options: argparse.Namespace) -> None:
    """Time and memory over sizes, and of two shapes that are hard for others."""
    for kind, size in [*(("mixed", size) for size in options.sizes), ("list", 1000), ("hub", 1000)]:
        file = bench.snapshot(size, kind)
        name = _megabytes(file.stat().st_size)
        if kind != "mixed":
            name += f", a {kind} of a million"
        header = peek(file).header
        nodes, edges = header.node_count or 0, header.edge_count or 0
        (found,) = bench.compare(partial(bench.heaptui, "summary", file))
        bench.keep(
            "growth",
            (
                name, f"{nodes:,}", f"{edges:,}", _seconds(found.wall), _seconds(found.cpu),
                f"{nodes / found.wall:,.0f}", f"{found.anonymous / nodes:,.0f}",
            ),
        )  # fmt: skip


def ways(bench: Bench, options: argparse.Namespace) -> None:
    """Two snapshots, light mode and a file that was opened before, against the full summary of one."""
    file, other = bench.snapshot(options.size), bench.snapshot(options.size - 10)
    bench.heaptui("summary", file, index=True)
    names = ("the full summary", "two snapshots", "--light", "opened before")
    full, *others = bench.compare(
        lambda: bench.heaptui("summary", file),
        lambda: bench.heaptui("compare", other, file),
        lambda: bench.heaptui("summary", file, "--light"),
        lambda: bench.heaptui("summary", file, index=True),
    )
    for name, found in zip(names, (full, *others), strict=True):
        time, space = found.wall / full.wall, found.anonymous / full.anonymous
        bench.keep("ways", (name, _seconds(found.wall), f"{time:.2f}", _megabytes(found.anonymous), f"{space:.2f}"))
    told = bench.loaded(file)
    first, whole = told["first"], told["whole"]
    bench.keep(
        "ways", ("the first useful screen", _seconds(first), f"{first / whole:.2f} of {_seconds(whole)}", "", "")
    )


def start(bench: Bench, _: argparse.Namespace) -> None:
    """A small file from the command to its end, with kernels compiled before and on a machine's first run."""
    file = bench.snapshot(_EMPTY)

    def first() -> Usage:
        with tempfile.TemporaryDirectory() as empty:
            return bench.heaptui("summary", file, cache=empty)

    compiled, new = bench.compare(lambda: bench.heaptui("summary", file), first)
    for name, found in (("compiled", compiled), ("first run", new)):
        bench.keep("start", (name, _seconds(found.wall), _seconds(found.cpu)))


ROWS: Mapping[str, Callable[[Bench, argparse.Namespace], None]] = {
    "peers": peers, "memory": memory, "growth": growth, "ways": ways, "start": start,
}  # fmt: skip


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _megabytes(size: float) -> str:
    return f"{size / MEGABYTE:,.0f} MB"


def show(bench: Bench, size: float) -> None:
    """Print all that is known as Markdown."""
    with open("/proc/cpuinfo") as cpuinfo:
        model = next((line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    python = sys.version.split()[0]
    print(f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, Python {python}; medians of whole processes\n")
    for kind, heading in HEADINGS.items():
        if kind in bench.rows:
            names = [name.format(size=f"{size:g}") for name in heading]
            print("|", " | ".join(names), "|")
            print("|", " | ".join("---" for _ in names), "|")
            for row in bench.rows[kind].values():
                print("|", " | ".join(row), "|")
            print()


def main() -> None:
    """Measure what is asked for and print all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="for snapshots, other programs and figures")
    parser.add_argument("--rows", nargs="*", choices=ROWS, default=list(ROWS), help="what to measure; none: print only")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--size", type=float, default=MAIN, help="megabytes of the snapshot of most rows")
    parser.add_argument("--sizes", nargs="+", type=float, default=SIZES, help="megabytes of the rows of growth")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    bench = Bench(options.folder, options.runs)
    bench.heaptui("summary", bench.snapshot(_EMPTY))  # compiles the kernels
    for row in options.rows:
        ROWS[row](bench, options)
    show(bench, options.size)


if __name__ == "__main__":
    main()

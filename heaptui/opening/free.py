"""How much memory this process may still take: what the machine, its cgroups and ulimit leave it."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Version 1 writes a number of pages that no machine has where there is no limit.
_NO_LIMIT = 1 << 60
_HIGHEST = ("memory.max", "memory.high", "memory.limit_in_bytes")
_LIBRARY_SPACE, _LIBRARY_DATA = 600_000_000, 200_000_000
_USED = ("memory.current", "memory.usage_in_bytes")


@dataclass(frozen=True, slots=True)
class Free:
    """What one limit leaves.

    Attributes:
        size: bytes, never less than 0.
        whose: the limit in words.
        mapped: whether files that are mapped into memory count too.
    """

    size: int
    whose: str
    mapped: bool = False


def free_memory(root: Path = Path("/")) -> list[Free]:
    """What each limit leaves, as far as the system under `root` tells; the tightest first."""
    found = [*_machine(root), *_cgroups(root), *_ulimits(root)]
    return sorted(found, key=lambda free: free.size)


def _machine(root: Path) -> Iterator[Free]:
    for line in _text(root / "proc/meminfo").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable" and (kilobytes := _number(rest.split()[:1])) is not None:
            yield Free(kilobytes << 10, "this machine")


def check_start() -> None:
    """Raise MemoryError, with words for the user, where not even the libraries can be loaded.

    They end the process in ways of their own when they are not given memory.
    """
    for limit in _ulimits(Path("/")):
        needed = _LIBRARY_SPACE if limit.mapped else _LIBRARY_DATA
        if limit.size < needed:
            raise MemoryError(
                f"not enough memory to start: {limit.whose} leaves {limit.size / 1e6:.0f} MB, and the libraries alone "
                f"need {needed / 1e6:.0f} MB; raise it"
            )


def data_used(root: Path = Path("/")) -> int | None:
    """What `ulimit -d` counts of this process, in bytes."""
    return _pages(root, 5)


def _pages(root: Path, column: int) -> int | None:
    pages = _number(_text(root / "proc/self/statm").split()[column : column + 1])
    return None if pages is None else pages * resource.getpagesize()


def _ulimits(root: Path) -> Iterator[Free]:
    for limit, name, column, mapped in (
        (resource.RLIMIT_AS, "ulimit -v", 0, True),
        (resource.RLIMIT_DATA, "ulimit -d", 5, False),
    ):
        most, used = resource.getrlimit(limit)[0], _pages(root, column)
        if most != resource.RLIM_INFINITY and used is not None:
            yield Free(max(0, most - used), name, mapped)


def _cgroups(root: Path) -> Iterator[Free]:
    """The limits of the process's cgroups and of all above them, versions 1 and 2."""
    mounts = list(_mounts(root))
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        for version, top, where in mounts:
            if version == "cgroup2" and number == "0" and not controllers:
                yield from _upwards(root, path, top, where)
            if version == "cgroup" and "memory" in controllers.split(","):
                yield from _upwards(root, path, top, where)


def _mounts(root: Path) -> Iterator[tuple[str, PurePosixPath, PurePosixPath]]:
    """Where cgroups are mounted: the version, which of them is seen there, and the place."""
    for line in _text(root / "proc/self/mountinfo").splitlines():
        before, _, behind = line.partition(" - ")
        fields, kind = before.split(), behind.split()
        if len(fields) < 5 or len(kind) < 3:
            continue
        if kind[0] == "cgroup2" or (kind[0] == "cgroup" and "memory" in kind[2].split(",")):
            yield kind[0], PurePosixPath(_unescaped(fields[3])), PurePosixPath(_unescaped(fields[4]))


def _unescaped(path: str) -> str:
    return path.replace(r"\040", " ").replace(r"\011", "\t").replace(r"\134", "\\")


def _upwards(root: Path, path: str, top: PurePosixPath, where: PurePosixPath) -> Iterator[Free]:
    own = PurePosixPath(path)
    # A container may see its own group only, mounted as if there were none above it.
    below = own.relative_to(top) if own.is_relative_to(top) and ".." not in own.parts else PurePosixPath()
    for group in (below, *below.parents):
        folder = root / (where / group).relative_to("/")
        limits = [_number(_text(folder / name).split()) for name in _HIGHEST]
        known = [limit for limit in limits if limit is not None and limit < _NO_LIMIT]
        used = next((n for name in _USED if (n := _number(_text(folder / name).split())) is not None), None)
        if known and used is not None:
            yield Free(max(0, min(known) - used + _reclaimable(folder)), f"the cgroup {top / group}")


def _reclaimable(folder: Path) -> int:
    """Bytes of files that are kept in memory only as long as nobody needs it."""
    numbers = dict(line.split()[:2] for line in _text(folder / "memory.stat").splitlines() if len(line.split()) == 2)
    kinds = ("inactive_file", "active_file")
    # Version 1 tells of the group alone, and in total of those below it too.
    found = [_number([numbers.get(f"total_{kind}", numbers.get(kind, ""))]) for kind in kinds]
    return sum(number or 0 for number in found)


def _text(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes())
    except OSError:
        return ""


def _number(words: list[str]) -> int | None:
    """A number from 0 that stands alone; None for `max` and all else."""
    return int(words[0]) if len(words) == 1 and words[0].isascii() and words[0].isdigit() else None

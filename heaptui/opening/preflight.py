"""Will it fit? From header and file size alone: memory and time that files need, against what is free."""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass

from heaptui.opening.free import Free, data_used, free_memory
from heaptui.opening.index import keeping
from heaptui.opening.manner import Manner
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.peek import Peek, glance

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes of memory a node and an edge, and the program's own; measured, without the mapped file."""

    node: float
    edge: float
    base: int

    def of(self, nodes: int, edges: int) -> int:
        """Bytes for so many."""
        return int(nodes * self.node + edges * self.edge) + self.base


LOADED = Cost(52, 14, 85 * _MB)
"""What a loaded heap keeps."""
PEAK = Cost(72, 13, 110 * _MB)
"""What it takes at most while it is loaded."""
PARTIAL = Cost(46, 9.5, 90 * _MB)
"""The same where nothing asks for dominators."""
LIGHT = Cost(26, 0, 80 * _MB)
"""The same in light mode, which keeps the columns on disk."""

_MODULES = 250 * _MB
"""Address space of the libraries, and of threads' stacks; little of it is memory."""

# What two cores of 2.4 GHz do, kernels compiled and the file in the page cache.
_START = 1.0
_NODE_SECONDS, _EDGE_SECONDS = 3.3e-7, 1e-7

# How long nodes and edges are in a file, strings included; for compressed ones, whose length nobody knows.
_NODE_BYTES, _EDGE_BYTES = 35, 15

_ALLOWED = resource.getrlimit(resource.RLIMIT_DATA)
"""What the user allows; this program allows itself less."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes to open some files at the same time; bytes, and seconds on a usual machine.

    Attributes:
        loaded: memory once they are open; peak: at most until then.
        partial: at most where nothing asks for dominators; light: at most in light mode.
        mapped: the files themselves, which are memory only as long as nobody else needs it.
    """

    loaded: int
    peak: int
    partial: int
    light: int
    mapped: int
    seconds: float

    def most(self, *, light: bool = False, whole: bool = True) -> tuple[int, int]:
        """Memory at most, and mapped files, for that way to open them."""
        # In light mode the columns are a file too, about half as long as the snapshot.
        return (self.light, self.mapped * 3 // 2) if light else (self.peak if whole else self.partial, self.mapped)


def needs(found: Sequence[Peek]) -> Needs | None:
    """What files need, by their headers; None where one has no counts."""
    headers = [peek.header for peek in found]
    if not headers or any(header.node_count is None or header.edge_count is None for header in headers):
        return None
    nodes, edges = sum(h.node_count or 0 for h in headers), sum(h.edge_count or 0 for h in headers)
    mapped = max(sum(peek.size for peek in found), nodes * _NODE_BYTES + edges * _EDGE_BYTES)
    seconds = _START + nodes * _NODE_SECONDS + edges * _EDGE_SECONDS
    # The program itself is there once.
    loaded, peak, partial, light = (cost.of(nodes, edges) for cost in (LOADED, PEAK, PARTIAL, LIGHT))
    return Needs(loaded, peak, partial, light, mapped, seconds)


def lacking(size: int, mapped: int, free: Sequence[Free]) -> Free | None:
    """The first limit that does not leave so much; None where all do."""
    return next((limit for limit in free if _asked(size, mapped, limit) > limit.size), None)


def _asked(size: int, mapped: int, limit: Free) -> int:
    """What a limit will be asked for."""
    return size + mapped + _MODULES if limit.mapped else size


def check(paths: Sequence[str | os.PathLike[str]], manner: Manner, *, whole: bool = True) -> None:
    """Raise ShortOfMemory as `weigh` does, and from here on give this process no more memory than is free now.

    What the estimate misses becomes an error of its own, and no neighbour is killed for it.
    """
    resource.setrlimit(resource.RLIMIT_DATA, _ALLOWED)
    _keep_within(weigh(paths, manner, whole=whole))


def weigh(paths: Sequence[str | os.PathLike[str]], manner: Manner, *, whole: bool = True) -> Sequence[Free]:
    """Raise ShortOfMemory where the files will not fit, whole or in the manner asked for; returns what is free.

    Says nothing of what cannot be told from the beginning of a file, nor where the user forces it.
    """
    free = free_memory()
    # What comes from a pipe has not come yet, and what is in the index is only mapped.
    read = [path for path in paths if os.fspath(path) != "-" and not keeping.has(path, manner)]
    wanted = needs([peek for path in read if (peek := glance(path)) is not None])
    if wanted is not None and not manner.force:
        size, mapped = wanted.most(light=manner.light, whole=whole)
        limit = lacking(size, mapped, free)
        if limit is not None:
            asked = _written(_asked(size, mapped, limit)) + (" with the file mapped" if limit.mapped else "")
            words = f"not enough memory: it needs about {asked}, and {limit.whose} leaves {_written(limit.size)}"
            error = ShortOfMemory(words, path=os.fspath(paths[0]) if len(paths) == 1 else None)
            asked = _written(_asked(size, mapped, limit))
            error.short = f"it needs about {asked}, and {_written(limit.size)} are free ({limit.whose})"
            _advise(error, wanted, limit, free, manner)
            raise error
    return free


def exhausted() -> bool:
    """Whether a limit leaves so little that libraries may fail to load, and threads to start."""
    return any(limit.size < _MODULES for limit in free_memory())


def ran_out(path: str | os.PathLike[str], manner: Manner, *, whole: bool = True) -> ShortOfMemory:
    """The error for a file that was not read to its end for want of memory."""
    # What this program does not allow itself is not what is short.
    resource.setrlimit(resource.RLIMIT_DATA, _ALLOWED)
    found, free = glance(path) if os.fspath(path) != "-" else None, free_memory()
    wanted = needs([found]) if found else None
    what = f"not enough memory: it ran out, for {free[0].whose} leaves no more" if free else "not enough memory"
    error = ShortOfMemory(what, path=os.fspath(path))
    if wanted is not None and free:
        error.what += f"; it needs about {_written(_asked(*wanted.most(light=manner.light, whole=whole), free[0]))}"
        _advise(error, wanted, free[0], free, manner)
    return error


def _advise(error: ShortOfMemory, wanted: Needs, limit: Free, free: Sequence[Free], manner: Manner) -> None:
    """Add what can be done."""
    if not manner.light:
        light = wanted.most(light=True)
        asked = _written(_asked(*light, limit))
        error.light = asked if lacking(*light, free) is None else ""
        error.what += f"; --light needs about {asked}"
    if not error.light:
        error.what += "; open it where there is more" + ("" if manner.force else ", or try all the same with --force")


def _keep_within(free: Sequence[Free]) -> None:
    """Take no more memory than is free: an allocation past that fails."""
    most = min((limit.size for limit in free if not limit.mapped), default=None)
    used = data_used()
    if most is not None and used is not None:
        wanted, allowed = used + most, _ALLOWED[0]
        soft = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, _ALLOWED[1]))


def _written(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{round(size / 1e6)} MB"

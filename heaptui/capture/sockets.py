"""Who listens on which port of this machine's loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator

from heaptui.capture.processes import PROC

_CONNECTED, _LISTENS = "01", "0A"
_LOOPBACK = {
    "0100007F": "127.0.0.1",
    "00000000": "127.0.0.1",
    "0000000000000000FFFF00000100007F": "127.0.0.1",
    "00000000000000000000000001000000": "::1",
    "00000000000000000000000000000000": "127.0.0.1",
}
"""Addresses as the kernel writes them, and the one by which they are reached from here."""
_EVERYWHERE = ("00000000", "0" * 32)

Address = tuple[str, int]
"""A host, 127.0.0.1 or ::1, and a port."""


def listening(pid: int) -> dict[Address, bool]:
    """Where a process listens within reach of the loopback; the value is whether it listens elsewhere too."""
    own = _sockets(pid)
    return {address: wide for inode, address, wide in _listeners() if inode in own}


def listener(port: int) -> int | None:
    """The process that listens on a port; None where it is nobody, or cannot be seen by this user."""
    inodes = {inode for inode, (_, at), _ in _listeners() if at == port}
    if not inodes:
        return None
    pids = (int(name) for name in os.listdir(PROC) if name.isdigit())
    return next((pid for pid in pids if inodes & _sockets(pid)), None)


def _sockets(pid: int) -> set[str]:
    """The inodes of a process's sockets."""
    found = set()
    try:
        for entry in os.scandir(f"{PROC}/{pid}/fd"):
            try:
                name = os.readlink(entry.path)
            except OSError:
                continue  # closed meanwhile
            if name.startswith("socket:["):
                found.add(name[8:-1])
    except OSError:
        pass
    return found


def _listeners() -> Iterator[tuple[str, Address, bool]]:
    """Inode, address and whether it is every address, of each socket that listens."""
    for fields in _table():
        host, _, port = fields[1].partition(":")
        if fields[3] == _LISTENS and host in _LOOPBACK:
            yield fields[9], (_LOOPBACK[host], int(port, 16)), host in _EVERYWHERE


def _table() -> Iterator[list[str]]:
    """The kernel's fields of each socket."""
    for name in ("tcp", "tcp6"):
        try:
            with open(f"{PROC}/net/{name}", encoding="ascii") as table:
                lines = table.read().splitlines()[1:]
        except OSError:
            continue
        yield from map(str.split, lines)


def is_listened(port: int) -> bool:
    """Whether anybody listens on a port."""
    return any(at == port for _, (_, at), _ in _listeners())


def is_connected(port: int) -> bool:
    """Whether anybody is connected to who listens on a port."""
    return any(fields[3] == _CONNECTED and int(fields[1].rpartition(":")[2], 16) == port for fields in _table())

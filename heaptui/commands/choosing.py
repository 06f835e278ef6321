"""Lists of what can be captured, and the question which one."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heaptui.capture.endpoints import Endpoint
    from heaptui.capture.processes import Process
    from heaptui.capture.reaching import Reached


def choose_process() -> str | None:
    """List the Node processes of this user; returns the id of the one that is chosen on a terminal, else None."""
    from heaptui.capture.errors import CaptureError
    from heaptui.capture.processes import node_processes

    found = node_processes()
    if not found:
        raise CaptureError("no Node process of this user runs here; heaptui capture HOST:PORT takes other ones")
    _write_processes(found)
    if not _can_ask():
        sys.stderr.write(f"heaptui: type which one: heaptui capture {found[0].pid}\n")
        return None
    only = str(found[0].pid) if len(found) == 1 else ""
    typed = asked(f"Which pid? [{only}] " if only else "Which pid? (Enter: none) ") or only
    return typed or None


def choose_page(pages: Sequence[Endpoint]) -> str | None:
    """List the pages of a browser; returns the address of the one that is chosen on a terminal, else None."""
    from heaptui.views.text import escape, fit

    for number, page in enumerate(pages, start=1):
        sys.stdout.write(f"{number:>3}  {page.kind:<14}  {fit(escape(page.title or page.url), 60)}\n")
        sys.stdout.write(f"     {escape(page.address)}\n")
    sys.stdout.flush()
    if not _can_ask():
        return None
    typed = asked("Which one? ")
    return pages[int(typed) - 1].address if typed.isdecimal() and 0 < int(typed) <= len(pages) else None


def write_workers(found: Reached) -> None:
    """List the worker threads of a process."""
    from heaptui.capture.workers import workers_of
    from heaptui.views.text import escape

    workers = workers_of(found.session)
    for worker in workers:
        sys.stdout.write(f"{worker.number:>3}  {escape(worker.title)}  {escape(worker.url)}\n")
    sys.stdout.flush()
    place = shlex.quote(found.target.address)
    hint = f"heaptui capture {place} --worker {workers[0].number}" if workers else "there are none"
    sys.stderr.write(f"heaptui: {escape(hint)}\n")


def asked(question: str) -> str:
    """What the user answers; nothing at the end of input."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _write_processes(processes: Sequence[Process]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from heaptui.capture.reaching import heap_of
    from heaptui.views import text

    with ThreadPoolExecutor(min(8, len(processes))) as pool:
        heaps = list(pool.map(heap_of, processes))
    sys.stdout.write(f"{'pid':>8}  {'heap':>8}  {'RSS':>8}  command\n")
    for process, heap in zip(processes, heaps, strict=True):
        used = text.MINUS if heap is None else text.size(heap)
        command = text.fit(text.escape(process.command), 100)
        sys.stdout.write(f"{process.pid:>8}  {used:>8}  {text.size(process.rss):>8}  {command}\n")
    sys.stdout.flush()
    if None in heaps:
        sys.stderr.write(
            f"heaptui: {text.MINUS} the heap is known where the inspector is open and nobody is connected to it\n"
        )

"""Work that a widget does beside answering keys."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def begin_task(
    node: DOMNode,
    task: Callable[[], Coroutine[Any, Any, None]],
    group: str = "default",
    *,
    exclusive: bool = False,
    exit_on_error: bool = False,
) -> None:
    """Run a coroutine function in a worker of `node`, which is cancelled with it.

    The function is called when its turn comes and not here: a coroutine that
    is cancelled before its first step would be told as one never awaited.
    """
    # A worker keeps what it runs when it is done, in a cycle; a heap must not stay with it.
    waiting = [task]

    async def run() -> None:
        await waiting.pop()()

    # Without a description Textual would write one from all arguments, whole heaps among them.
    _: Worker[None] = node.run_worker(
        run, group=group, description=group, exclusive=exclusive, exit_on_error=exit_on_error
    )

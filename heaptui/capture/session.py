"""A conversation in the inspector's protocol: commands, their answers, and events in between."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.foreign import brief, members, understood

PATIENCE = 15.0
"""Seconds that the process has for an answer to a small command."""
TICK = 0.1
"""Seconds between looks at whether the user wants to stop."""
_OPENING, _CLOSING = 5.0, 1.0
_UNKNOWN_METHOD = -32601
_LARGEST = 32 << 20
"""Bytes of a message; a piece of a snapshot has some hundred thousand."""

Params = dict[str, Any]
Check = Callable[[], None]


def unchecked() -> None:
    """Nobody can stop what is going on."""


class Session:
    """One end of a conversation.

    `send` writes a message; `pump` waits at most so many seconds for the next one and has it
    `take`n. Both raise TargetGone when there is nobody any more.
    """

    def __init__(self, send: Callable[[str], None], pump: Callable[[float], None]) -> None:
        self._send = send
        self.pump = pump
        self._numbers = itertools.count(1)
        self._answers: dict[int, Params] = {}
        self._waiting: set[int] = set()
        self._hearers: dict[str, Callable[[Params], None]] = {}

    def hear(self, event: str, hearer: Callable[[Params], None]) -> None:
        """Call a function with the parameters of each such event from now on."""
        self._hearers[event] = hearer

    @contextmanager
    def hearing(self, hearers: Mapping[str, Callable[[Params], None]]) -> Iterator[None]:
        """Call functions with the parameters of events, by their names, as long as the block lasts."""
        self._hearers.update(hearers)
        try:
            yield
        finally:
            for event in hearers:
                del self._hearers[event]

    def call(
        self, method: str, params: Params | None = None, *, patience: float | None = PATIENCE, check: Check = unchecked
    ) -> Params:
        """Send a command and wait for its result; without patience for as long as it takes.

        `check` is called in between, and may raise. Raises CaptureError where the other side refuses.
        """
        number = next(self._numbers)
        self._waiting.add(number)
        end = None if patience is None else time.monotonic() + patience
        try:
            self._send(json.dumps({"id": number, "method": method, "params": params or {}}))
            while number not in self._answers:
                check()
                if end is not None and time.monotonic() > end:
                    raise CaptureError(
                        f"no answer to {method} within {patience:.0f} s: the process is stopped, or busy with one "
                        "long call"
                    )
                self.pump(TICK)
        finally:
            self._waiting.discard(number)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise _refused(method, answer["error"])
        return members(answer.get("result"))

    def evaluate(self, expression: str, *, patience: float = PATIENCE) -> object:
        """The value of a JavaScript expression in the process; Node's `require` is at hand."""
        params = {"expression": expression, "returnByValue": True, "includeCommandLineAPI": True, "silent": True}
        answer = self.call("Runtime.evaluate", params, patience=patience)
        if "exceptionDetails" in answer:
            raise CaptureError(f"the process could not evaluate {expression}")
        return members(answer.get("result")).get("value")

    def rest(self, seconds: float, check: Check = unchecked) -> None:
        """Let time pass, hearing what comes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            check()
            self.pump(min(TICK, left))

    def take(self, text: str | bytes) -> None:
        """Understand a message."""
        try:
            message = understood(text)
        except ValueError:
            raise CaptureError("what came is no message of the inspector's protocol") from None
        if not isinstance(message, dict):
            return
        number = message.get("id")
        if isinstance(number, int) and number in self._waiting:
            self._answers[number] = message
        hearer = self._hearers.get(str(message.get("method")))
        if hearer is not None:
            hearer(members(message.get("params")))


@contextmanager
def connected(address: str) -> Iterator[Session]:
    """A conversation with what is at a `ws://` address; raises CaptureError where there is nothing."""
    with contextlib.ExitStack() as stack:
        try:
            # A connection of our own: to this host and no other one, whatever a proxy or the answer says.
            wire = stack.enter_context(_wire(address))
            # Nothing is asked of the process in between: while it writes a snapshot it may be silent for minutes.
            speaking = connect(
                address,
                sock=wire,
                proxy=None,
                compression=None,
                max_size=_LARGEST,
                ping_interval=None,
                open_timeout=_OPENING,
                close_timeout=_CLOSING,
            )
            line: Connection = stack.enter_context(speaking)
        except (OSError, EOFError, ValueError, WebSocketException) as error:
            raise CaptureError(f"{address} cannot be connected to: {brief(error) or type(error).__name__}") from None

        def pump(seconds: float) -> None:
            try:
                text = line.recv(timeout=max(0.0, seconds))
            except TimeoutError:
                return
            except ConnectionClosed:
                raise _gone() from None
            session.take(text)

        def send(text: str) -> None:
            try:
                line.send(text)
            except ConnectionClosed:
                raise _gone() from None

        session = Session(send, pump)
        yield session


def _wire(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme not in ("ws", "wss") or parts.hostname is None:
        raise ValueError("it is no ws:// address")
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    wire = socket.create_connection((parts.hostname, port), _OPENING)
    wire.settimeout(None)
    return wire


def _refused(method: str, error: object) -> CaptureError:
    told = members(error)
    if told.get("code") == _UNKNOWN_METHOD:
        return CaptureError(
            f'{method} is not known there, so it is not V8; in Bun, Bun.generateHeapSnapshot("v8") makes a snapshot'
        )
    return CaptureError(f"{method} was refused: {brief(told.get('message', error))}")


def _gone() -> TargetGone:
    return TargetGone("the process ended, or closed its inspector")

"""A Node process is made to listen for us, and told to stop again."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from urllib.parse import urlsplit

from heaptui.capture import sockets
from heaptui.capture.endpoints import DEFAULT_PORT, Endpoint, endpoints_at
from heaptui.capture.errors import CaptureError
from heaptui.capture.processes import Process, elsewhere, named_options, process_of, why_deaf
from heaptui.capture.session import Check, connected, unchecked

PATIENCE = 8.0
"""Seconds that a process has to open its inspector."""
_LOOK, _ASK = 0.05, 1.0
_CLOSING = 6.0
_NAMED = re.compile(r"--(?:inspect(?:-brk|-wait|-port)?|debug-port)[= ](?:(?:\[[^\]]*\]|[^\s:=]+):)?(\d{1,5})(?!\S)")
_CLOSE = '(typeof require === "function" ? require : process.getBuiltinModule)("inspector").close()'
"""It answers no more: the connection ends."""


def listening_inspector(process: Process) -> Endpoint | None:
    """The inspector of a process that listens already; None where there is none."""
    named = set(map(int, _NAMED.findall(named_options(process)))) | {DEFAULT_PORT}
    # Servers for everybody are not bothered with questions; an inspector hardly ever is one.
    asked = [at for at, wide in sockets.listening(process.pid).items() if not wide or at[1] in named]
    for host, port in sorted(asked, key=lambda at: at[1] not in named):
        with contextlib.suppress(CaptureError):
            return endpoints_at(host, port, _ASK)[0]
    return None


def wake(process: Process, check: Check) -> Endpoint:
    """Have a Node process open its inspector on the loopback (SIGUSR1); raises CaptureError where it does not."""
    _refuse_elsewhere(process)
    problem = why_deaf(process)
    if problem:
        raise CaptureError(problem)
    port = _port(process)
    _refuse_taken(process, port)
    before = set(sockets.listening(process.pid))
    # The id may have gone to another process since it was looked up.
    now = process_of(process.pid)
    if now is None or now.started != process.started:
        raise CaptureError(f"process {process.pid} has ended")
    os.kill(process.pid, signal.SIGUSR1)
    try:
        found = _opened(process, before, PATIENCE, check)
    except BaseException:
        # It is on its way, and what closes it must find it there.
        _opened(process, before, _ASK)
        raise
    if found is not None:
        return found
    _refuse_taken(process, port)
    raise CaptureError(
        f"process {process.pid} did not open its inspector within {PATIENCE:.0f} s of SIGUSR1: it has a handler of its "
        "own for that signal (--inspect opens one when it is started), or is busy with one long call, after which the "
        "inspector will be open"
    )


def _opened(
    process: Process, before: set[sockets.Address], patience: float, check: Check = unchecked
) -> Endpoint | None:
    """Wait for an inspector that was not there before."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process_of(process.pid) is not None:
        check()
        for host, port in set(sockets.listening(process.pid)) - before:
            with contextlib.suppress(CaptureError):
                return endpoints_at(host, port, _ASK)[0]
        time.sleep(_LOOK)
    return None


def put_to_sleep(process: Process) -> bool:
    """Close the inspector of a process; whether it does not listen any more.

    A process that is busy with a snapshot does it when it is done.
    """
    endpoint = listening_inspector(process)
    if endpoint is None:
        return True
    parts = urlsplit(endpoint.address)
    end = time.monotonic() + _CLOSING
    with contextlib.suppress(CaptureError), connected(endpoint.address) as session:
        session.evaluate(_CLOSE, patience=_CLOSING)
    while (parts.hostname, parts.port) in sockets.listening(process.pid):
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK)
    return True


def _refuse_elsewhere(process: Process) -> None:
    if elsewhere(process.pid):
        raise CaptureError(
            f"process {process.pid} is in another network, that of a container: run heaptui in there "
            f"(docker exec, kubectl exec), or in its network: nsenter -t {process.pid} -n heaptui capture {process.pid}"
        )


def _refuse_taken(process: Process, port: int) -> None:
    if not port or not sockets.is_listened(port):
        return
    holder = sockets.listener(port)
    if holder == process.pid:
        return
    other = process_of(holder) if holder is not None else None
    who = f"process {other.pid} ({other.command})" if other else "another process"
    hint = f"; heaptui capture 127.0.0.1:{port} captures that one" if other and other.is_node else ""
    raise CaptureError(
        f"process {process.pid} cannot open its inspector: port {port} is taken by {who}; end or close that first{hint}"
    )


def _port(process: Process) -> int:
    """Where Node will listen; 0 for a port that is free."""
    named = _NAMED.findall(named_options(process))
    return int(named[-1]) if named else DEFAULT_PORT

"""What can be connected to at an address: a process, or the pages of a browser."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from heaptui.capture.errors import CaptureError
from heaptui.capture.foreign import brief, members, understood

DEFAULT_PORT = 9229
PATIENCE = 3.0
_MOST = 4 << 20
# Of an address only what cannot become part of the host, wherever it is put behind one.
_PATH = re.compile(r"wss?://[^/?#]*(/[!-~]{0,1000})")
_CAPTURED = ("node", "deno", "page", "worker", "shared_worker", "service_worker", "background_page", "webview", "app")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A heap that can be captured.

    Attributes:
        address: the `ws://` address to connect to.
        title, kind, url: what the other side says of it; not escaped.
        browser: whether it is one of several heaps in a browser.
    """

    address: str
    title: str = ""
    kind: str = ""
    url: str = ""
    browser: bool = False


def endpoints_at(host: str, port: int, patience: float = PATIENCE) -> list[Endpoint]:
    """What an inspector offers there; raises CaptureError where there is none.

    Only this address is asked, whatever the answer says; no proxy is used.
    """
    place = f"{bracketed(host)}:{port}"
    browser = "chrome" in _name(_ask(host, port, "/json/version", patience))
    found = _ask(host, port, "/json/list", patience)
    if not isinstance(found, list):
        raise CaptureError(f"{place} is no inspector: it gave no list")
    endpoints = []
    for entry in found:
        told = members(entry)
        kind, found_path = str(told.get("type", "node")), _PATH.fullmatch(str(told.get("webSocketDebuggerUrl", "")))
        if found_path and kind in _CAPTURED:
            # The host in the answer is how the process knows itself, which need not be how it is reached.
            endpoints.append(
                Endpoint(
                    f"ws://{place}{found_path[1]}", str(told.get("title", "")), kind, str(told.get("url", "")), browser
                )
            )
    if not endpoints:
        raise CaptureError(f"{place}: the inspector there has nothing to capture, or somebody else is connected")
    return endpoints


def split_address(text: str) -> tuple[str, int] | None:
    """Host and port of `host:port` or `[::1]:port`; None for what is neither."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})", text)
    if found is None or not 0 < int(found[3]) < 65536:
        return None
    return found[1] or found[2], int(found[3])


def bracketed(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def _name(version: object) -> str:
    return str(members(version).get("Browser", "")).lower()


def _ask(host: str, port: int, path: str, patience: float) -> object:
    connection = http.client.HTTPConnection(host, port, timeout=patience)
    place = f"{bracketed(host)}:{port}"
    try:
        connection.connect()
        with _cut_off(connection.sock, patience):
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read(_MOST)
    except ConnectionRefusedError:
        raise CaptureError(f"nothing listens on {place}") from None
    except (OSError, http.client.HTTPException) as error:
        raise CaptureError(f"{place} does not answer as an inspector: {brief(error) or type(error).__name__}") from None
    finally:
        connection.close()
    if b"Host header" in body or answer.status == http.client.BAD_REQUEST:
        raise CaptureError(
            f"{place}: the inspector there only answers to an IP address or localhost; "
            f"ssh -L {port}:127.0.0.1:{port} HOST makes it 127.0.0.1:{port}"
        )
    try:
        return understood(body)
    except ValueError:
        raise CaptureError(f"{place} is no inspector (HTTP status {answer.status})") from None


@contextmanager
def _cut_off(wire: socket.socket, seconds: float) -> Iterator[None]:
    """End a connection that is not done after so long, however much of an answer trickles in."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(seconds, cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()

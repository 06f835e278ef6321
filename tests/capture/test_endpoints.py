"""What an address offers, asked of servers that say what they like."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from heaptui.capture.endpoints import endpoints_at, split_address
from heaptui.capture.errors import CaptureError

NODE = {"type": "node", "title": "app.js", "webSocketDebuggerUrl": "ws://203.0.113.9:9229/1234-abcd"}


class RawJson(str):
    """An answer as it is sent."""


@contextmanager
def serving(answer: object, version: object, status: int = 200) -> Iterator[int]:
    """A server on the loopback with these answers; its port."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = version if self.path == "/json/version" else answer
            body = (told if isinstance(told, RawJson) else json.dumps(told)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_the_host_that_was_asked_is_connected_to_whatever_it_says() -> None:
    with serving([NODE], {"Browser": "node.js/v20"}) as port:
        (found,) = endpoints_at("127.0.0.1", port)
    assert found.address == f"ws://127.0.0.1:{port}/1234-abcd"
    assert (found.title, found.kind, found.browser) == ("app.js", "node", False)


@pytest.mark.parametrize(
    "told",
    [
        "@203.0.113.9:80/x",
        "x@203.0.113.9:80/x",
        "1/x",
        "ws://h/a b",
        "ws://h/\x1b[31m",
        "ws://h",
        "ws://h/" + "a" * 2000,
        5,
        None,
    ],
)
def test_an_address_that_would_lead_elsewhere_or_nowhere_is_none(told: object) -> None:
    with serving([{**NODE, "webSocketDebuggerUrl": told}], {}) as port, pytest.raises(CaptureError, match="nothing to"):
        endpoints_at("127.0.0.1", port)


def test_who_goes_on_answering_is_not_listened_to_for_long() -> None:
    def trickle(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.recv(1 << 16)
            while True:
                line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(0.01)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: trickle(server.accept()[0]))
        thread.start()
        port = server.getsockname()[1]
        with pytest.raises(CaptureError, match="does not answer as an inspector"):
            endpoints_at("127.0.0.1", port, patience=0.3)
        thread.join()


def test_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    with serving([NODE], {}) as port:
        assert len(endpoints_at("127.0.0.1", port)) == 1


def test_what_cannot_be_captured_is_left_out() -> None:
    kinds = ("page", "iframe", "service_worker", "browser", "other")
    entries = [{**NODE, "type": kind} for kind in kinds] + [{"type": "page"}, "nonsense", None]
    with serving(entries, {"Browser": "Chrome/156.0"}) as port:
        found = endpoints_at("127.0.0.1", port)
    assert [page.kind for page in found] == ["page", "service_worker"]
    assert all(page.browser for page in found)


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"error": 1}, 200, "it gave no list"),
        (RawJson("[" * 100_000), 200, "is no inspector"),
        ([], 200, "nothing to capture"),
        ([NODE], 400, "only answers to an IP address or localhost"),
        ("Host header is specified and is not an IP address or localhost.", 500, "ssh -L"),
    ],
)
def test_what_is_no_inspector_is_told(answer: object, status: int, said: str) -> None:
    with serving(answer, {}, status) as port, pytest.raises(CaptureError, match=said):
        endpoints_at("127.0.0.1", port)


def test_nobody_there_is_told() -> None:
    with serving([], {}) as port:
        pass
    with pytest.raises(CaptureError, match=f"nothing listens on 127.0.0.1:{port}"):
        endpoints_at("127.0.0.1", port)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("127.0.0.1:9229", ("127.0.0.1", 9229)),
        ("db-1.internal:9230", ("db-1.internal", 9230)),
        ("[::1]:9229", ("::1", 9229)),
        ("9229", None),
        ("host", None),
        ("host:0", None),
        ("host:70000", None),
        ("http://host:9229", None),
        ("user@host:9229", None),
    ],
)
def test_addresses(typed: str, meant: tuple[str, int] | None) -> None:
    assert split_address(typed) == meant

"""Who listens on which port."""

from __future__ import annotations

import os
import socket

import pytest

from heaptui.capture.sockets import is_listened, listener, listening


@pytest.mark.parametrize(
    ("family", "bound", "reached", "wide"),
    [
        (socket.AF_INET, "127.0.0.1", "127.0.0.1", False),
        (socket.AF_INET, "0.0.0.0", "127.0.0.1", True),
        (socket.AF_INET6, "::1", "::1", False),
        (socket.AF_INET6, "::ffff:127.0.0.1", "127.0.0.1", False),
    ],
)
def test_a_socket_that_listens_is_found(family: socket.AddressFamily, bound: str, reached: str, wide: bool) -> None:
    with socket.socket(family) as server:
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            server.bind((bound, 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        port = server.getsockname()[1]
        assert (reached, port) not in listening(os.getpid())
        server.listen()
        assert listening(os.getpid())[reached, port] is wide
        assert listener(port) == os.getpid()
    assert not is_listened(port)
    assert listener(port) is None


def test_a_process_that_is_gone_listens_nowhere() -> None:
    assert listening(999_999_999) == {}

"""The conversation with an inspector, one that says what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import ServerConnection, serve

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.session import connected

Answers = Callable[[ServerConnection, dict[str, object]], None]


@contextmanager
def inspector(answers: Answers) -> Iterator[str]:
    """An inspector on the loopback; its address."""

    def handle(line: ServerConnection) -> None:
        for text in line:
            answers(line, json.loads(text))

    with serve(handle, "127.0.0.1", 0, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        server.shutdown()
        thread.join()


def say(line: ServerConnection, **message: object) -> None:
    """Send a message."""
    line.send(json.dumps(message))


def test_events_are_heard_before_the_answer() -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        say(line, method="Some.event", params={"n": 1})
        say(line, id=999, result={"of": "somebody else"})
        line.send("[]")
        say(line, method="Other.event", params={})
        say(line, method="Some.event", params={"n": 2})
        say(line, id=asked["id"], result={"asked": asked["method"], "with": asked["params"]})

    heard: list[object] = []
    with inspector(answers) as address, connected(address) as session:
        with session.hearing({"Some.event": heard.append}):
            assert session.call("Some.method", {"x": 1}) == {"asked": "Some.method", "with": {"x": 1}}
        session.call("Again.method")
    assert heard == [{"n": 1}, {"n": 2}]


def test_messages_of_any_size_come_through() -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        for _ in range(300):
            say(line, method="Some.chunk", params={"chunk": "x" * 100_000})
        say(line, id=asked["id"], result={"big": "y" * (8 << 20)})

    sizes: list[int] = []
    with inspector(answers) as address, connected(address) as session:
        session.hear("Some.chunk", lambda params: sizes.append(len(params["chunk"])))
        assert len(session.call("Some.method")["big"]) == 8 << 20
    assert sizes == [100_000] * 300


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"code": -32601, "message": "'x' wasn't found"}, "it is not V8; in Bun"),
        ({"code": -32000, "message": "Not now"}, "Some.method was refused: Not now"),
        ("oops", "Some.method was refused: oops"),
    ],
)
def test_a_refusal_is_told(error: object, said: str) -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        say(line, id=asked["id"], error=error)

    with inspector(answers) as address, connected(address) as session, pytest.raises(CaptureError, match=said):
        session.call("Some.method")


def test_an_end_is_told() -> None:
    with (
        inspector(lambda line, _: line.close()) as address,
        connected(address) as session,
        pytest.raises(TargetGone, match="the process ended, or closed its inspector"),
    ):
        session.call("Some.method")


def test_what_is_no_message_is_told() -> None:
    with (
        inspector(lambda line, _: line.send("{nonsense")) as address,
        connected(address) as session,
        pytest.raises(CaptureError, match="no message of the inspector's protocol"),
    ):
        session.call("Some.method")


def test_who_never_answers_is_not_waited_for() -> None:
    with (
        inspector(lambda *_: None) as address,
        connected(address) as session,
        pytest.raises(CaptureError, match=r"no answer to Some.method within 0 s"),
    ):
        session.call("Some.method", patience=0.2)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "ws://", "ws://127.0.0.1:1/", "ws://127.0.0.1:99999/"])
def test_what_cannot_be_connected_to_is_told(address: str) -> None:
    with pytest.raises(CaptureError, match="cannot be connected to"), connected(address):
        pytest.fail("there is nobody")

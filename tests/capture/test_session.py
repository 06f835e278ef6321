"""The conversation with an inspector, one that says what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import ServerConnection, serve

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.memory import used_heap
from heaptui.capture.session import connected
from heaptui.capture.workers import workers_of

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
        line.send('{"id": [1]}')
        say(line, method="Some.event", params=["of another shape"])
        say(line, method="Other.event", params={})
        say(line, method="Some.event", params={"n": 2})
        say(line, id=asked["id"], result={"asked": asked["method"], "with": asked["params"]})

    heard: list[object] = []
    with inspector(answers) as address, connected(address) as session:
        with session.hearing({"Some.event": heard.append}):
            assert session.call("Some.method", {"x": 1}) == {"asked": "Some.method", "with": {"x": 1}}
        session.call("Again.method")
    assert heard == [{"n": 1}, {}, {"n": 2}]


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


def test_long_words_of_the_other_side_are_cut() -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        say(line, id=asked["id"], error={"message": "x" * 100_000})

    with inspector(answers) as address, connected(address) as session, pytest.raises(CaptureError) as told:
        session.call("Some.method")
    assert len(str(told.value)) < 500


@pytest.mark.parametrize("used", ["NaN", "Infinity", "-5", "1e400", "1" * 4000, '"7"', "null"])
def test_a_size_that_no_heap_has_is_none(used: str) -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        line.send(f'{{"id": {asked["id"]}, "result": {{"usedSize": {used}}}}}')

    with inspector(answers) as address, connected(address) as session:
        assert used_heap(session) == 0


def test_workers_are_told_by_whoever_says_anything() -> None:
    def answers(line: ServerConnection, asked: dict[str, object]) -> None:
        for told in ([1], {"workerInfo": 5}, {"workerInfo": {"title": "x" * 100_000}, "sessionId": [1]}):
            say(line, method="NodeWorker.attachedToWorker", params=told)
        say(line, id=asked["id"], result={})

    with inspector(answers) as address, connected(address) as session:
        assert [(worker.number, len(worker.title) < 500) for worker in workers_of(session)] == [
            (number, True) for number in (1, 2, 3)
        ]


def test_an_end_is_told() -> None:
    with (
        inspector(lambda line, _: line.close()) as address,
        connected(address) as session,
        pytest.raises(TargetGone, match="the process ended, or closed its inspector"),
    ):
        session.call("Some.method")


@pytest.mark.parametrize("message", ["{nonsense", "[" * 100_000])
def test_what_is_no_message_is_told(message: str) -> None:
    with (
        inspector(lambda line, _: line.send(message)) as address,
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

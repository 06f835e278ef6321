"""Real processes become files, and are as they were afterwards."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

import heaptui
from heaptui.capture import sockets, waking
from heaptui.capture.capturing import capture
from heaptui.capture.endpoints import endpoints_at
from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.processes import known
from heaptui.capture.reaching import SeveralPages, Target, heap_of, reached
from heaptui.capture.taking import Wish
from heaptui.capture.workers import workers_of
from heaptui.heap import load_heap
from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.suspects.growth import ids_match
from tests.capture.running import LARGE, PATIENCE, SERVER, WORKERS, Start, wait_until

PLAIN = Wish()


def taken(target: object, path: Path, wish: Wish = PLAIN, worker: int | None = None) -> heaptui.OpenHeap:
    """The heap of a process, by way of a file that is checked to be private and alone in its folder."""
    told: list[str] = []
    path.parent.mkdir()
    with reached(Target(str(target), worker), Progress(), told.append) as found:
        done = capture(found, str(path), wish, Progress())
    assert told == []
    assert done.size == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    return heaptui.open(path)


def count(heap: heaptui.OpenHeap, name: str) -> int:
    """How many objects of a class there are."""
    classes = heap.summary()
    return int(classes["count"][classes["name"] == name].sum())


def test_a_process_that_does_not_listen_is_woken_and_put_to_sleep_again(start: Start, tmp_path: Path) -> None:
    node = start(SERVER)
    assert count(taken(node.pid, tmp_path / "a" / "x.heapsnapshot"), "Visitor") == 300
    port = node.inspector_port()
    assert not sockets.is_listened(port)
    assert node.errors().count("Debugger listening") == 1
    server = http.client.HTTPConnection("127.0.0.1", int(node.said[1]))
    server.request("GET", "/")
    assert server.getresponse().read() == b"ok"
    server.close()


def test_a_plain_process_is_woken_at_the_default_port(start: Start, tmp_path: Path, default_port: int) -> None:
    node = start(SERVER, "--no-warnings")
    assert count(taken(node.pid, tmp_path / "a" / "x.heapsnapshot"), "Visitor") == 300
    assert node.inspector_port() == default_port
    assert not sockets.is_listened(default_port)


def test_a_process_that_listens_already_does_so_afterwards(start: Start, tmp_path: Path) -> None:
    node = start(SERVER, "--inspect=0")
    port = node.inspector_port()
    assert count(taken(node.pid, tmp_path / "a" / "x.heapsnapshot"), "Visitor") == 300
    assert count(taken(f"127.0.0.1:{port}", tmp_path / "b" / "x.heapsnapshot"), "Visitor") == 300
    assert sockets.listener(port) == node.pid
    assert node.errors().count("Debugger listening") == 1


def test_a_ws_address_is_used_as_it_is(start: Start, tmp_path: Path) -> None:
    node = start(SERVER, "--inspect=0")
    node.inspector_port()
    address = node.errors().split("Debugger listening on ")[1].split()[0]
    assert count(taken(address, tmp_path / "a" / "x.heapsnapshot"), "Visitor") == 300
    with pytest.raises(CaptureError, match="cannot be connected to"):
        taken(address + "0", tmp_path / "b" / "x.heapsnapshot")


def test_what_listens_for_a_program_is_no_inspector(start: Start, tmp_path: Path) -> None:
    node = start(SERVER)
    with pytest.raises(CaptureError, match="is no inspector"):
        taken(f"127.0.0.1:{node.said[1]}", tmp_path / "a" / "x.heapsnapshot")


def test_a_worker_has_a_heap_of_its_own(start: Start, tmp_path: Path) -> None:
    node = start(WORKERS)
    with reached(Target(str(node.pid)), Progress(), pytest.fail) as found:
        assert [worker.number for worker in workers_of(found.session)] == [1]
    assert count(taken(node.pid, tmp_path / "worker" / "x.heapsnapshot", worker=1), "Cook") == 77
    assert count(taken(node.pid, tmp_path / "main" / "x.heapsnapshot"), "Cook") == 0
    with pytest.raises(CaptureError, match="there is no worker 5; there are: 1"):
        taken(node.pid, tmp_path / "none" / "x.heapsnapshot", worker=5)
    assert not sockets.is_listened(node.inspector_port())


def test_a_recording_has_times_and_stacks(start: Start, tmp_path: Path) -> None:
    node = start("setInterval(function churn() { globalThis.last = new Array(100) }, 5); console.log('ready')")
    heap = taken(node.pid, tmp_path / "a" / "x.heaptimeline", Wish(timeline=0.5))
    assert len(heap.allocations()) > 0
    assert len(heap.timeline()) > 0


def test_numbers_are_there_when_asked_for(start: Start, tmp_path: Path) -> None:
    node = start("globalThis.pi = { value: Number('123' + '45.5') }; setInterval(() => {}, 1000); console.log('ready')")
    for wish, has in ((Wish(collect=True, numbers=True), True), (Wish(), False)):
        path = tmp_path / str(has) / "x.heapsnapshot"
        taken(node.pid, path, wish)
        assert (b'"12345.5"' in path.read_bytes()) is has


def test_of_a_process_that_is_killed_what_came_is_kept(start: Start, tmp_path: Path) -> None:
    node = start(LARGE)
    killing = Killing(node.pid)
    path = tmp_path / "a.heapsnapshot"
    with (
        pytest.raises(
            TargetGone, match=r"ended or was killed; dmesg .*a\.heapsnapshot\.partial, which heaptui --salvage opens"
        ),
        reached(Target(str(node.pid)), Progress(), pytest.fail) as found,
    ):
        capture(found, str(path), Wish(), killing)
    assert not path.exists()
    heap = heaptui.open(f"{path}.partial", salvage=True)
    assert heap.salvaged
    assert heap.node_count > 1000


def test_a_process_that_comes_to_its_end_is_not_held_up(start: Start, tmp_path: Path) -> None:
    node = start("setTimeout(() => process.exit(7), 500); console.log('ready')")
    path = tmp_path / "taken" / "a.heaptimeline"
    path.parent.mkdir()
    with (
        pytest.raises(TargetGone, match=r"the process has come to its end; nothing had come yet"),
        reached(Target(str(node.pid)), Progress(), pytest.fail) as found,
    ):
        capture(found, str(path), Wish(timeline=60), Progress())
    assert node.process.wait(PATIENCE) == 7
    assert list(path.parent.iterdir()) == []


def test_who_stops_it_leaves_nothing_behind(start: Start, tmp_path: Path) -> None:
    node = start(LARGE)
    told: list[str] = []
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(Cancelled), reached(Target(str(node.pid)), Progress(), told.append) as found:
        capture(found, str(folder / "a.heapsnapshot"), Wish(), Stopping())
    assert list(folder.iterdir()) == []
    port = node.inspector_port()
    # Where the machine is busy, the process may take a while until it does as it was told.
    wait_until(lambda: not sockets.is_listened(port))


def test_who_stops_it_before_the_inspector_is_open_has_it_closed(start: Start) -> None:
    node = start(SERVER)
    stopping = Stopping("waiting for the inspector to open")
    with pytest.raises(Cancelled), reached(Target(str(node.pid)), stopping, pytest.fail):
        pytest.fail("it was not stopped")
    assert not sockets.is_listened(node.inspector_port())


def test_a_port_that_is_taken_is_told_before_the_process_is_disturbed(start: Start, default_port: int) -> None:
    node = start(SERVER, "--no-warnings")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", default_port))
        taken.listen()
        with (
            pytest.raises(CaptureError, match=rf"port {default_port} is taken by process {os.getpid()} \("),
            reached(Target(str(node.pid)), Progress(), pytest.fail),
        ):
            pytest.fail("it was reached")
    assert node.errors() == ""


def test_a_handler_for_the_signal_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "PATIENCE", 1.0)
    node = start("process.on('SIGUSR1', () => {}); setInterval(() => {}, 1000); console.log('ready')")
    with (
        pytest.raises(CaptureError, match="a handler of its own"),
        reached(Target(str(node.pid)), Progress(), pytest.fail),
    ):
        pytest.fail("it was reached")


def test_a_process_that_never_rests_is_captured_and_put_to_sleep(start: Start, tmp_path: Path) -> None:
    node = start("class Turn {}; globalThis.turn = new Turn(); console.log('ready'); for (;;) {}")
    assert count(taken(node.pid, tmp_path / "taken" / "x.heapsnapshot"), "Turn") == 1
    assert not sockets.is_listened(node.inspector_port())


def test_a_process_that_stands_still_is_told(start: Start) -> None:
    node = start(SERVER)
    os.kill(node.pid, signal.SIGSTOP)
    with (
        pytest.raises(CaptureError, match="is stopped; kill -CONT"),
        reached(Target(str(node.pid)), Progress(), pytest.fail),
    ):
        pytest.fail("it was reached")


def test_the_heap_of_a_process_that_listens_is_known(start: Start) -> None:
    listens, deaf = start(SERVER, "--inspect=0"), start(SERVER)
    listens.inspector_port()
    heap = heap_of(known(listens.pid))
    assert heap is not None
    assert 1_000_000 < heap < 100_000_000
    assert heap_of(known(deaf.pid)) is None
    assert deaf.errors() == ""


def test_who_is_connected_to_a_process_is_not_disturbed_by_a_look_at_its_heap(start: Start) -> None:
    node = start(SERVER, "--inspect=0")
    node.inspector_port()
    with reached(Target(str(node.pid)), Progress(), pytest.fail) as found:
        found.session.evaluate("1")
        assert heap_of(known(node.pid)) is None
        assert node.errors().count("attached") == 1


def test_objects_match_in_snapshots_of_one_session_alone(start: Start, tmp_path: Path) -> None:
    node = start(SERVER)
    grow = "globalThis.more = Array.from({ length: 2000 }, (_, i) => ({ i, toString() { return String(i) } })); 0"
    paths = [str(tmp_path / f"{i}.heapsnapshot") for i in range(3)]
    for taken in (paths[:2], paths[2:]):
        with reached(Target(str(node.pid)), Progress(), pytest.fail) as found:
            for path in taken:
                capture(found, path, Wish(), Progress())
                found.session.evaluate(grow)
    first, second, third = map(load_heap, paths)
    assert ids_match(first, second)
    assert not ids_match(second, third)


def test_pages_of_a_browser(chromium: Callable[[str], int], tmp_path: Path) -> None:
    script = "class Visitor {}; kept = Array.from({length: 50}, () => new Visitor()); document.title = 'a shop'"
    port = chromium(f"data:text/html,<script>{script}</script>")
    wait_until(lambda: [page.title for page in endpoints_at("127.0.0.1", port)] == ["a shop"])
    target = f"127.0.0.1:{port}"
    assert count(taken(target, tmp_path / "a" / "x.heapsnapshot"), "Visitor") == 50
    opening = http.client.HTTPConnection("127.0.0.1", port)
    opening.request("PUT", "/json/new?about:blank")
    opening.getresponse().read()
    opening.close()
    with pytest.raises(SeveralPages) as several, reached(Target(target), Progress(), pytest.fail):
        pytest.fail("one was chosen")
    (shop,) = [page.address for page in several.value.pages if page.title == "a shop"]
    assert count(taken(shop, tmp_path / "b" / "x.heapsnapshot"), "Visitor") == 50


class Killing(Progress):
    """Kills a process when the first piece of its snapshot has come."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self._pid = pid

    def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
        """The same, and kill."""
        super().begin(phase, total, unit)
        if phase == "writing the snapshot":
            os.kill(self._pid, signal.SIGKILL)


class Stopping(Progress):
    """Stops when a phase has begun, as the user does."""

    def __init__(self, phase: str = "writing the snapshot") -> None:
        super().__init__()
        self._last = phase

    def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
        """The same, and stop."""
        super().begin(phase, total, unit)
        if phase == self._last:
            self.cancel()

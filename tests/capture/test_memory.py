"""What a process uses and what is left for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from heaptui.capture import memory
from heaptui.capture.memory import Room, room_for
from heaptui.capture.processes import known
from heaptui.capture.reaching import Target, reached
from heaptui.report.room import describe, warnings
from heaptui.snapshot.progress import Progress
from tests.capture.running import Start

SAYS = "setInterval(() => {}, 1000); globalThis.kept = 'x'.repeat(1e6).split(''); console.log('ready')"
GB = 10**9


def room(left: int | None = None, disk: int = 100 * GB, heap: int = GB) -> Room:
    """So much of everything."""
    return Room(heap, 2 * heap, None, left, disk)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /proc and a tree of cgroups made of files, for process 7."""
    (tmp_path / "proc" / "7").mkdir(parents=True)
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 999 kB\nMemAvailable: 9000000 kB\nSwapFree: 1000000 kB\n")
    monkeypatch.setattr(memory, "PROC", str(tmp_path / "proc"))
    monkeypatch.setattr(memory, "CGROUPS", str(tmp_path / "cgroup"))
    return tmp_path


def group(machine: Path, path: str, **files: object) -> None:
    """A cgroup with these files: memory_max is memory.max."""
    folder = machine / "cgroup" / path
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("memory_", "memory.", 1)).write_text(f"{content}\n")


def test_the_tightest_cgroup_counts(machine: Path) -> None:
    (machine / "proc" / "7" / "cgroup").write_text("0::/kube/pod/box\n")
    group(machine, "kube/pod/box", memory_max="max", memory_current=300)
    group(machine, "kube/pod", memory_max=1000, memory_current=900, memory_stat="anon 1\ninactive_file 250")
    group(machine, "kube", memory_max=5000, memory_current=4900)
    assert memory._cgroup_room(7) == (1000, 100)


def test_the_first_version_of_cgroups(machine: Path) -> None:
    (machine / "proc" / "7" / "cgroup").write_text("9:cpu:/x\n4:memory:/box\n0::/\n")
    group(
        machine,
        "memory/box",
        memory_limit_in_bytes=2000,
        memory_usage_in_bytes=1500,
        memory_stat="total_inactive_file 100",
    )
    group(machine, "memory", memory_limit_in_bytes=9223372036854771712, memory_usage_in_bytes=1)
    assert memory._cgroup_room(7) == (2000, 600)


@pytest.mark.parametrize("line", ["0::/", "0::/../../other", "0::/not/there", ""])
def test_no_limit(machine: Path, line: str) -> None:
    (machine / "proc" / "7" / "cgroup").write_text(line)
    assert memory._cgroup_room(7) == (None, None)


def test_of_a_real_process(start: Start, tmp_path: Path) -> None:
    node = start(SAYS)
    with reached(Target(str(node.pid)), Progress(), pytest.fail) as found:
        used = room_for(found.session, found.process, str(tmp_path))
        itself = found.session.evaluate("process.memoryUsage().heapUsed")
        far = room_for(found.session, None, str(tmp_path))
    assert isinstance(itself, int)
    assert abs(used.heap - itself) < 0.2 * itself
    assert used.rss is not None
    assert used.left is not None
    assert known(node.pid).rss == pytest.approx(used.rss, rel=0.5)
    assert used.left < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 2
    assert used.disk == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.2)
    assert (far.rss, far.limit, far.left) == (None, None, None)
    assert far.heap > 0


def test_only_what_may_kill_it_is_warned_of() -> None:
    assert warnings(room(left=100 * GB)) == []
    assert warnings(room(left=None)) == []
    (tight,) = warnings(room(left=3 * GB))
    assert "8.00 GB perhaps, and 3.00 GB are left: the process may be killed" in tight
    (full,) = warnings(room(disk=GB))
    assert "may not fit: 1.00 GB are free" in full
    assert len(warnings(room(left=0, disk=0))) == 2


def test_the_line_says_what_is_known() -> None:
    assert describe(Room(GB, 2 * GB, 4 * GB, 3 * GB, 9 * GB)) == (
        "heap 1.00 GB, RSS 2.00 GB, memory limit 4.00 GB, 3.00 GB of memory left, 9.00 GB of disk free"
    )
    assert describe(Room(GB, None, None, None, 9 * GB)) == "heap 1.00 GB, 9.00 GB of disk free"

"""What is free is the least of what the machine, cgroups of both versions and ulimit leave."""

from __future__ import annotations

import resource
from collections.abc import Mapping
from pathlib import Path

import pytest

from heaptui.opening import free
from heaptui.opening.free import Free, free_memory

MEMINFO = "MemTotal:       24684092 kB\nMemFree:          100000 kB\nMemAvailable:    2000000 kB\n"
V1_MOUNT = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n36 31 0:32 {top} {place} rw - cgroup cgroup rw,memory\n"
V2_MOUNT = "30 23 0:26 {top} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
UNLIMITED = "9223372036854771712"


def system(root: Path, files: Mapping[str, str]) -> list[Free]:
    """What is free of a made-up system, cgroups alone."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return [found for found in free_memory(root) if found.whose.startswith("the cgroup")]


def group(folder: str, highest: str, used: int, stat: str = "", *, version: int = 2) -> dict[str, str]:
    """The files of one cgroup."""
    names = ("memory.max", "memory.current") if version == 2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    top = "sys/fs/cgroup" if version == 2 else "sys/fs/cgroup/memory"
    base = f"{top}/{folder}".rstrip("/")
    return {f"{base}/{names[0]}": highest + "\n", f"{base}/{names[1]}": f"{used}\n", f"{base}/memory.stat": stat}


def own(path: str, *, version: int = 2, top: str = "/") -> dict[str, str]:
    """What /proc says of the process."""
    mount = (V2_MOUNT if version == 2 else V1_MOUNT).format(top=top, place="/sys/fs/cgroup/memory")
    line = f"0::{path}\n" if version == 2 else f"9:name=systemd:/x\n4:cpu,memory:{path}\n0::/\n"
    return {"proc/self/cgroup": line, "proc/self/mountinfo": mount}


def test_the_machine_has_what_is_available_not_what_is_unused(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text(MEMINFO)
    assert free_memory(tmp_path) == [Free(2_000_000 * 1024, "this machine")]


def test_version_2_leaves_what_is_not_used_and_what_files_take(tmp_path: Path) -> None:
    stat = "anon 300\ninactive_file 100\nactive_file 50\n"
    files = {**own("/app.slice/job"), **group("app.slice/job", "1000", 600, stat)}
    assert system(tmp_path, files) == [Free(550, "the cgroup /app.slice/job")]


def test_version_1_leaves_what_is_not_used_and_what_files_take_below_it_too(tmp_path: Path) -> None:
    stat = "inactive_file 1\nactive_file 1\ntotal_inactive_file 100\ntotal_active_file 50\n"
    files = {**own("/job", version=1), **group("job", "1000", 600, stat, version=1)}
    files |= group("", UNLIMITED, 70_000, version=1)
    assert system(tmp_path, files) == [Free(550, "the cgroup /job")]


@pytest.mark.parametrize("version", [1, 2])
def test_the_tightest_of_nested_groups_comes_first(tmp_path: Path, version: int) -> None:
    files = own("/a/b/c", version=version)
    for folder, highest, used in (("a", "5000", 4900), ("a/b", "800", 100), ("a/b/c", "3000", 50)):
        files |= group(folder, highest, used, version=version)
    assert system(tmp_path, files) == [
        Free(100, "the cgroup /a"), Free(700, "the cgroup /a/b"), Free(2950, "the cgroup /a/b/c")
    ]  # fmt: skip


def test_a_group_without_a_limit_limits_nothing(tmp_path: Path) -> None:
    assert system(tmp_path, {**own("/a"), **group("a", "max", 100)}) == []
    assert system(tmp_path, {**own("/b", version=1), **group("b", UNLIMITED, 100, version=1)}) == []


def test_the_soft_limit_of_version_2_counts_where_it_is_lower(tmp_path: Path) -> None:
    files = {**own("/a"), **group("a", "1000", 100), "sys/fs/cgroup/a/memory.high": "400\n"}
    assert system(tmp_path, files) == [Free(300, "the cgroup /a")]


def test_a_group_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    assert system(tmp_path, {**own("/a"), **group("a", "1000", 1500)}) == [Free(0, "the cgroup /a")]


@pytest.mark.parametrize("version", [1, 2])
def test_a_container_finds_its_group_where_its_own_part_is_mounted(tmp_path: Path, version: int) -> None:
    files = {
        **own("/docker/0123/job", version=version, top="/docker/0123"),
        **group("job", "900", 100, version=version),
    }
    assert [found.size for found in system(tmp_path, files)] == [800]


@pytest.mark.parametrize("path", ["/", "/../../elsewhere", "/docker/of-the-host"])
def test_a_container_finds_its_group_where_the_path_is_of_outside(tmp_path: Path, path: str) -> None:
    files = {**own(path, top="/docker/0123"), **group("", "900", 100)}
    assert [found.size for found in system(tmp_path, files)] == [800]


@pytest.mark.parametrize(
    "damage",
    [
        {"sys/fs/cgroup/a/memory.max": "much"},
        {"sys/fs/cgroup/a/memory.max": ""},
        {"sys/fs/cgroup/a/memory.max": "-5"},
        {"sys/fs/cgroup/a/memory.current": "\xff"},
        {"proc/self/mountinfo": "nonsense - \n30 - cgroup2\n"},
        {"proc/self/cgroup": "nonsense\n::::\n"},
    ],
    ids=str,
)
def test_what_is_not_understood_limits_nothing(tmp_path: Path, damage: dict[str, str]) -> None:
    assert system(tmp_path, {**own("/a"), **group("a", "1000", 100), **damage}) == []


def test_statistics_that_are_not_understood_are_left_out(tmp_path: Path) -> None:
    files = {**own("/a"), **group("a", "1000", 100, "inactive_file\nactive_file x\n\n")}
    assert [found.size for found in system(tmp_path, files)] == [900]


def test_a_system_that_tells_nothing_limits_nothing(tmp_path: Path) -> None:
    assert free_memory(tmp_path) == []


@pytest.mark.parametrize(
    ("limit", "whose", "mapped", "used"),
    [(resource.RLIMIT_AS, "ulimit -v", True, 1000), (resource.RLIMIT_DATA, "ulimit -d", False, 300)],
    ids=["address space", "data"],
)
def test_ulimit_leaves_what_this_process_has_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, whose: str, mapped: bool, used: int
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/statm").write_text("1000 200 100 1 0 300 0\n")
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    page = resource.getpagesize()
    monkeypatch.setattr(resource, "getrlimit", lambda which: (5000 * page, -1) if which == limit else unlimited)
    assert free_memory(tmp_path) == [Free((5000 - used) * page, whose, mapped)]


def test_the_libraries_are_not_loaded_where_they_have_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    free.check_start()
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1 << 20, 1 << 20))
    with pytest.raises(MemoryError, match="not enough memory to start: ulimit -v leaves 0 MB"):
        free.check_start()

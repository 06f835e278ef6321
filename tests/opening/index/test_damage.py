"""Whatever happens to an index: what is shown is what the file says, or the file is read again."""

from __future__ import annotations

import json
import os
import random
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.opening.free import Free
from heaptui.opening.index import container, keeping, store
from heaptui.opening.manner import PLAIN, Manner
from heaptui.opening.opening import open_heap
from heaptui.snapshot.progress import Cancelled, Progress
from tests.building import Draft
from tests.conftest import DATA
from tests.opening.index.comparing import differences

SMALL, OTHER = DATA / "rare-page.heapsnapshot.gz", DATA / "rare-walks.heapsnapshot.gz"
NOBODY = 65534
Change = Callable[[Path], None]


def keep(path: Path = SMALL, limit: int = PLAIN.index_limit) -> bool:
    """Read a file and keep it."""
    return keeping.keep(load(path), limit, Progress())


def load(path: Path) -> Heap:
    """Read a file, past what is kept of it."""
    heap, place = load_heap(path), keeping.place_of(path, PLAIN)
    assert place is not None
    keeping.remember(heap, place)
    return heap


@pytest.fixture(scope="module")
def expected() -> Heap:
    """What the file says."""
    return load_heap(SMALL)


@pytest.fixture
def index(folder: Path) -> Path:
    """The index of a small file."""
    assert keep()
    (path,) = folder.iterdir()
    assert is_used()
    return path


def is_used(path: Path = SMALL) -> bool:
    """Whether the index is used for a file, and is one that says what the file does."""
    place = keeping.place_of(path, PLAIN)
    assert place is not None
    return keeping.find(path, place, Progress()) is not None


def rewrite(path: Path, content: bytes) -> None:
    """Change an index so that its times do not tell."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_flipped_bit_anywhere_is_noticed(index: Path, expected: Heap) -> None:
    whole = index.read_bytes()
    directory = struct.unpack_from("<Q", whole, 24)[0]
    chance = random.Random(6)
    places = [*range(64), *range(directory, directory + 32), *(chance.randrange(4096, len(whole)) for _ in range(400))]
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        rewrite(index, bytes(changed))
        if is_used():
            # Between the prefix's end and the first array nothing is kept.
            assert differences(expected, open_heap(SMALL)) == []
            assert 56 <= at < 4096, at
    rewrite(index, whole)
    assert is_used()


def test_an_index_of_any_other_length_is_not_used(index: Path) -> None:
    whole = index.read_bytes()
    chance = random.Random(7)
    for length in [0, 1, 16, 55, 56, 4095, 4096, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(100))]:
        rewrite(index, whole[:length])
        assert not is_used(), length
    for more in (b"\0", bytes(4096), whole):
        rewrite(index, whole + more)
        assert not is_used()


def test_zeros_in_place_of_any_page_are_noticed(index: Path) -> None:
    whole = index.read_bytes()
    for low in range(4096, len(whole), 4096):
        page = whole[low : low + 4096]
        if any(page):
            rewrite(index, whole[:low] + bytes(len(page)) + whole[low + 4096 :])
            assert not is_used(), low


def test_who_writes_to_an_index_is_noticed_by_the_time(index: Path) -> None:
    with index.open("r+b") as file:
        first = file.read(1)
        file.seek(0)
        file.write(first)
    assert not is_used()


def test_of_a_large_index_all_is_looked_at_after_a_new_start(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_SUMMED_WHOLE", 0)
    monkeypatch.setattr(container, "_SAMPLES", 1)
    monkeypatch.setattr(container, "_BLOCK", 4096)
    assert keep()
    whole = index.read_bytes()
    end = struct.unpack_from("<Q", whole, 24)[0]
    rewrite(index, whole[: end - 64] + b"\xff" + whole[end - 63 :])
    assert is_used()
    monkeypatch.setattr(container, "_boot", lambda: "another")
    assert not is_used()
    monkeypatch.setattr(container, "_boot", lambda: None)
    assert not is_used()


def test_the_index_of_another_file_is_not_used(index: Path, folder: Path) -> None:
    assert keep(OTHER)
    (other,) = {*folder.iterdir()} - {index}
    aside = folder / "aside"
    for source, target in ((index, aside), (other, index), (aside, other)):
        source.rename(target)
    assert not is_used(SMALL)
    assert not is_used(OTHER)
    assert open_heap(SMALL).node_count == load_heap(SMALL).node_count


def test_sizes_of_the_file_are_not_taken_for_others(index: Path) -> None:
    raw = Manner(raw=True)
    index.rename(index.with_name(index.name.replace(".heaptui", "-raw.heaptui")))
    place = keeping.place_of(SMALL, raw)
    assert place is not None
    assert keeping.find(SMALL, place, Progress()) is None


def _link(to: str) -> Change:
    def change(index: Path) -> None:
        index.rename(index.with_name("moved"))
        index.symlink_to(to)

    return change


def _directory(index: Path) -> None:
    index.unlink()
    index.mkdir()


def _fifo(index: Path) -> None:
    index.unlink()
    os.mkfifo(index)


def _readable_by_others(index: Path) -> None:
    index.chmod(0o644)


def _writable_by_others(index: Path) -> None:
    index.chmod(0o620)


def _folder_writable_by_others(index: Path) -> None:
    index.parent.chmod(0o770)


@pytest.mark.parametrize(
    "change",
    [
        _link("moved"),
        _link("/dev/zero"),
        _link("nowhere"),
        _directory,
        _fifo,
        _readable_by_others,
        _writable_by_others,
        _folder_writable_by_others,
    ],
)
def test_only_a_file_of_the_user_alone_is_used(index: Path, expected: Heap, change: Change) -> None:
    change(index)
    assert not is_used()
    assert differences(expected, open_heap(SMALL)) == []


@pytest.mark.parametrize("change", [_link("moved"), _link("/dev/null"), _fifo, _readable_by_others])
def test_what_is_not_used_is_replaced(index: Path, change: Change) -> None:
    change(index)
    assert keep()
    assert stat.S_ISREG(index.lstat().st_mode)
    assert is_used()
    assert not Path("/dev/null").is_file()


def test_what_cannot_be_replaced_stays(index: Path, folder: Path) -> None:
    _directory(index)
    assert not keep()
    assert list(folder.iterdir()) == [index]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("what", ["index", "folder"])
def test_what_belongs_to_another_user_is_not_used(index: Path, folder: Path, what: str) -> None:
    os.chown(index if what == "index" else folder, NOBODY, NOBODY)
    assert not is_used()
    assert keep() == (what == "index")


@pytest.mark.parametrize("place", ["file/index", "/proc/index", "relative"])
def test_where_nothing_can_be_kept_all_else_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Heap, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "relative").mkdir(mode=0o700)
    (tmp_path / "relative").chmod(0o777)
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", place)
    heap = open_heap(SMALL)
    assert differences(expected, heap) == []
    assert not keeping.keep(heap, PLAIN.index_limit, Progress())
    assert keeping.kept() == []
    assert keeping.clear() == (0, 0)


@pytest.mark.parametrize(("at", "byte"), [(16, 99), (20, ord("x"))], ids=["version", "byte order"])
def test_the_index_of_another_version_or_kind_of_machine(index: Path, at: int, byte: int) -> None:
    content = bytearray(index.read_bytes())
    content[at] = byte
    rewrite(index, bytes(content))
    assert not is_used()


def test_the_index_of_another_program(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "program", lambda: "another")
    assert not is_used()


def test_a_directory_that_makes_no_sense(index: Path, expected: Heap) -> None:
    """As no version of the program writes one, with a hash that is right."""
    whole = index.read_bytes()
    prefix = struct.Struct("<16sI4sQQ16s")
    magic, version, order, end, _, _ = prefix.unpack_from(whole)
    true = json.loads(whole[end:])

    def with_directory(value: object) -> bytes:
        text = json.dumps(value).encode()
        head = prefix.pack(magic, version, order, end, len(text), container._hash(text))
        return head + whole[prefix.size : end] + text

    assert with_directory(true)[: prefix.size] == whole[: prefix.size]
    variants: list[object] = [[], {}, None, 1, {**true, "more": 1}, {**true, "arrays": []}, {**true, "sums": []}]
    facts: list[object] = [{}, None, [], {**true["facts"], "kept": {}}]
    variants += [{**true, "facts": fact} for fact in facts]
    variants += [{**true, "facts": {**true["facts"], "key": {}}}, {**true, "arrays": [["<u4", [1 << 40], 4096]]}]
    for variant in variants:
        rewrite(index, with_directory(variant))
        assert not is_used(), variant
        keeping.kept()
    assert differences(expected, open_heap(SMALL)) == []


# Room


def test_the_oldest_goes_first(folder: Path) -> None:
    paths = [path for path in sorted(DATA.iterdir()) if path.name.startswith("rare-")][:4]
    for path in paths:
        assert keep(path)
    size = sum(entry.size for entry in store.Store(folder).entries())
    # The first one is used again, and is not the oldest then.
    assert is_used(paths[0])
    assert [entry.path for entry in keeping.kept()] == [str(paths[i]) for i in (0, 3, 2, 1)]
    assert keep(SMALL, limit=size)
    kept = {entry.path for entry in keeping.kept()}
    assert kept >= {str(SMALL), str(paths[0])}
    assert str(paths[1]) not in kept
    assert sum(entry.size for entry in keeping.kept()) <= size


def test_more_than_all_may_take_is_not_kept(folder: Path) -> None:
    assert keep(OTHER)
    assert not keep(SMALL, limit=10_000)
    assert [entry.path for entry in keeping.kept()] == [str(OTHER)]


def test_listing_is_no_use(folder: Path) -> None:
    assert keep(OTHER)
    assert keep(SMALL)
    before = [entry.used for entry in store.Store(folder).entries()]
    keeping.kept()
    assert [entry.used for entry in store.Store(folder).entries()] == before


def test_a_part_of_the_disk_stays_free(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heap = load(SMALL)
    usage = type("Usage", (), {"free": 64 << 20})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert not keeping.keep(heap, PLAIN.index_limit, Progress())
    assert not list(folder.iterdir())


def test_where_memory_is_short_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "free_memory", lambda: [Free(100_000_000, "a cgroup")])
    assert not keep()
    monkeypatch.setattr(keeping, "free_memory", lambda: [Free(1_000_000_000, "a cgroup")])
    assert keep()


def test_a_disk_that_is_full_is_nobodys_business(folder: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from tests.opening.index.test_damage import keep, load\n"
        f"heap = load(Path({str(SMALL)!r}))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))\n"
        "from heaptui.opening.index import keeping\n"
        "from heaptui.snapshot.progress import Progress\n"
        "print(keeping.keep(heap, 10**9, Progress()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=DATA.parent.parent)
    assert (done.stdout, done.stderr) == ("False\n", "")
    assert not list(folder.iterdir())


# Several at once


def test_a_writer_that_was_stopped_leaves_nothing(folder: Path) -> None:
    class Stopped(Progress):
        def advance(self, amount: int) -> None:
            self.cancel()
            super().advance(amount)

    heap = load(SMALL)
    with pytest.raises(Cancelled):
        keeping.keep(heap, PLAIN.index_limit, Stopped())
    assert not list(folder.iterdir())


def test_mapping_can_be_stopped(index: Path) -> None:
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        open_heap(SMALL, stopped)


def test_what_a_killed_writer_left_is_removed(index: Path, folder: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from heaptui.opening.index import container\n"
        "from tests.opening.index.test_damage import keep\n"
        "def killed(file, *_): file.write(b'x' * 9999); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
        "container.write = killed\n"
        "keep()"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=DATA.parent.parent)
    assert len(list(folder.iterdir())) == 2
    assert [entry.path for entry in keeping.kept()] == [str(SMALL)]
    assert keep()
    assert list(folder.iterdir()) == [index]


def test_what_another_is_writing_is_left_to_it(folder: Path) -> None:
    shelf = store.Store(folder)
    place = keeping.place_of(SMALL, PLAIN)
    assert place is not None
    assert store.folder() == folder
    with shelf.new(store.name_of(place.key, raw=False), 100, 10**9) as out:
        assert out is not None
        assert keep(OTHER)
        assert keeping.clear()[0] == 1
        assert len(list(folder.iterdir())) == 1
        out.write(b"damaged")
    assert not is_used()
    assert keep()
    assert is_used()


def test_a_file_that_changes_while_it_is_read_is_not_kept(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.gz"
    file.write_bytes(SMALL.read_bytes())
    heap = load(file)
    file.write_bytes(OTHER.read_bytes())
    assert not keeping.keep(heap, PLAIN.index_limit, Progress())
    assert keeping.kept() == []


@pytest.fixture
def writers(folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that write the same indexes again and again until they are told to stop."""
    code = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from tests.opening.index.test_damage import OTHER, SMALL, keep\n"
        "threading.Thread(target=sys.stdin.read, daemon=True).start()\n"
        "turns = 0\n"
        "while threading.active_count() > 1 or turns < 3:\n"
        "    assert keep(SMALL) and keep(OTHER)\n"
        "    turns += 1\n"
        "print('done')"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=DATA.parent.parent,
        )
        for _ in range(2)
    ]
    yield started
    for process in started:
        process.kill()


def test_two_may_write_and_others_read_at_once(
    writers: list[subprocess.Popen[str]], folder: Path, expected: Heap
) -> None:
    used = 0
    while used < 100:
        place = keeping.place_of(SMALL, PLAIN)
        assert place is not None
        heap = keeping.find(SMALL, place, Progress())
        if heap is not None:
            used += 1
            assert np.array_equal(heap.retained_size, expected.retained_size)
        assert all(process.poll() is None for process in writers)
    assert differences(expected, open_heap(SMALL)) == []
    for process in writers:
        assert process.communicate("", timeout=60) == ("done\n", "")
    assert len(list(folder.iterdir())) == 2
    assert is_used(SMALL)
    assert is_used(OTHER)


def test_a_heap_without_strings_or_names(folder: Path, tmp_path: Path) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    file = tmp_path / "x.heapsnapshot"
    file.write_bytes(draft.encode())
    assert keep(file)
    assert is_used(file)
    assert differences(load_heap(file), open_heap(file)) == []

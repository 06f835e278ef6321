"""The wheel and the source distribution have everything, and the one can be made from the other."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent.parent
# Besides modules.
NEEDED = {
    "heaptui/py.typed",
    "heaptui/demo/after.heapsnapshot.gz",
    "heaptui/demo/before.heapsnapshot.gz",
    "heaptui/help/python.md",
    "heaptui/tui/heaptui.tcss",
}


def built(source: Path, into: Path) -> Path:
    return Path(next(WheelBuilder(str(source)).build(directory=str(into), versions=["standard"])))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_has_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "heaptui").rglob("*") if path.is_file()}
    package = {name for name in package if "__pycache__" not in name}
    assert package > NEEDED
    assert {name for name in names if ".dist-info/" not in name} == package


def test_the_wheel_installs_the_program(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert "heaptui = heaptui.cli:entry" in archive.read(entry).decode()


def test_the_source_distribution_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = Path(next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (unpacked / "tests/test_quality.py").is_file()
    again = built(unpacked, tmp_path / "again")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert one.namelist() == other.namelist()
        assert all(one.read(name) == other.read(name) for name in one.namelist())

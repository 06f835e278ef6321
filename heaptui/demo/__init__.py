"""The bundled pair of snapshots: a server before and after a hundred requests that each leave a listener."""

from pathlib import Path

_FOLDER = Path(__file__).parent
FILES = (str(_FOLDER / "before.heapsnapshot.gz"), str(_FOLDER / "after.heapsnapshot.gz"))
TITLES = ("before", "after")

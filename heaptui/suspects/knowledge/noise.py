"""What grows in every program that runs, and is no leak: ranked behind the suspects, with the reason, never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["path", "holder", "keeper", "piled", "all piled"]


MODULES = "loaded modules"


@dataclass(frozen=True)
class Noise:
    """One kind of noise.

    Attributes:
        name: what it is.
        part: where its sign stands: on the path, at the holder, at the object that this is part of ("keeper"), or at
            (all of) what piled up there.
        edge, edge_type, node, node_type, owner: patterns, fully matched; empty for any. `owner` is what the edge
            leads from.
        unless: pattern for an edge on the path by which programs get there all the same.
        sentence: why it is no leak.
        fewer_than: counts only for piles smaller than that, 0 for any.
        alone: counts only where there is no older snapshot to compare with.
        idle: its bytes are no growth of the program's either, though their types look like the program's own.
    """

    name: str
    part: Part
    sentence: str
    edge: str = ""
    node: str = ""
    node_type: str = ""
    edge_type: str = ""
    owner: str = ""
    unless: str = ""
    idle: bool = False
    alone: bool = False
    fewer_than: int = 0


NOISE: tuple[Noise, ...] = (
    Noise(
        "compiled code",
        "path",
        "V8 compiles functions and collects feedback while a program warms up",
        edge=r"shared|code|feedback_cell|function_data|raw_feedback_cell|feedback_vector|scope_info|script",
        edge_type="internal",
    ),
    Noise("compiled code", "holder", "V8 compiles functions while a program warms up", node_type="code"),
    Noise("compiled code", "all piled", "V8 compiles functions while a program warms up", node_type="code"),
    Noise("hidden classes", "holder", "V8 describes the shapes of objects", node_type="object shape"),
    Noise("hidden classes", "all piled", "V8 describes the shapes of objects", node_type="object shape"),
    Noise(
        "hidden classes",
        "path",
        "V8 describes the shapes of objects",
        edge="map|initial_map|descriptors|transitions",
        edge_type="internal",
    ),
    Noise(
        "the engine's own",
        "path",
        "it hangs from tables of the engine itself",
        node=r"\((?:Strong root list|Internalized strings|Builtins|Compilation cache|Read-only roots|Extensions|"
        r"External strings|Micro tasks|Stack roots|Handle scope|Eternal handles|Relocatable|Debugger|Bootstrapper|"
        r"Code flusher|Client heap|Startup object cache|Wrapper tracing|Weak roots|Weak list|Identity map)\)",
        unless="public_symbol_table",
    ),
    Noise(
        "the runtime's own",
        "holder",
        "the runtime keeps buffers and tables of its own",
        node=r"Node / .*|Isolate|cppgc.*|BindingData|FixedQueue|FixedCircularBuffer|FreeList|AliasedFloat64Array",
        fewer_than=64,
    ),
    Noise(
        "handles",
        "holder",
        "the runtime has so many connections and timers open at the moment",
        node_type="synthetic",
        fewer_than=64,
    ),
    Noise(
        "layout and styles",
        "all piled",
        "the browser lays out and styles the page",
        node=r"blink::(?:Layout|ComputedStyle|Style|CSS|Paint|PhysicalFragment|PhysicalBoxFragment|Inline|NG|Font|"
        r"InspectorDOM|Rule|Media|Property|Selector|Element(?:Rule|Data)|Shared|Unique).*",
    ),
    Noise(
        "functions of modules",
        "all piled",
        "modules and built-in objects consist of functions",
        node="Function",
        edge_type="property",
        alone=True,
    ),
    Noise(MODULES, "piled", "modules stay loaded once they were asked for", node=r"Module|ModuleWrap|ModuleJob"),
    Noise(
        MODULES,
        "path",
        "modules stay loaded once they were asked for",
        edge=r"_cache|_pathCache|#?loadCaches?|#?resolveCache|moduleMap",
        owner=r"Module|(?:Default|Customized)?ModuleLoader|(?:ESM)?Loader",
    ),
    Noise(
        "names of modules",
        "path",
        "the runtime remembers where the modules lie that were asked for",
        edge="relativeResolveCache|realpathCache|packageJsonCache|statCache",
        edge_type="context",
    ),
    Noise(
        "timings of fetches",
        "holder",
        "the runtime keeps the timings of 250 fetches at most",
        edge="resourceTimingBuffer",
        edge_type="context",
        fewer_than=250,
    ),
    Noise(
        "timers of undici",
        "holder",
        "undici sweeps the list of its timers twice a second",
        edge="fastTimers",
        edge_type="context",
    ),
    Noise(
        "console and inspector",
        "all piled",
        "a console or debugger keeps what it was shown",
        edge=r".*DevTools console.*",
    ),
    Noise(
        "console and inspector",
        "path",
        "a console or debugger keeps what it was shown",
        node=r"V8InspectorImpl|InspectorSession|\(Inspector\)|.*console-api.*",
    ),
    Noise(
        "weak bookkeeping",
        "keeper",
        "weak collections keep room for their entries",
        node=r"FinalizationRegistry|WeakMap|WeakSet|WeakRef",
        idle=True,
    ),
)

CHURN = "it replaces its entries: {gone} objects left while {new} came, which is what a bounded cache does at its limit"
AGAIN = "{script} was loaded {times} times"
RUNTIME = "it belongs to a module of the runtime itself"
REPLACED = "it took the place of another that held {held} B where it holds {holds} B"
TURNED = "nothing that it held before is there still: its contents change, and may be filling up to a limit"
REFILLED = (
    "in each snapshot it is another one, and what it held before is gone: it may be emptied and filled again, and be "
    "fuller by chance"
)
ONCE = "it grew once and then stayed, which is what loading or filling up does"
PENDING = (
    "as many objects are gone whose FinalizationRegistry has not run yet: it may still take these out; wait a moment "
    "before the snapshot"
)
SLOWING = "it is small and grew less in the last step than before: it may be filling up to a limit"
FRESH = "its holder is itself new, so that one step of growth is all there is to see"
FEW = "a handful of objects, not a pile"
SMALL = "a small part of the growth, too little to tell a leak from the work of the moment"
INVISIBLE_TYPES = ("code", "object shape", "hidden", "synthetic")
"""Types of what V8 makes for itself while a program runs: no growth of the program's own."""
INVISIBLE_CLASSES = ("(compiled code)", "(object shape)", "(system)", "(synthetic)")
"""The classes of these."""

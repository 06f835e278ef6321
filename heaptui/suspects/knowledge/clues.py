"""How causes of leaks look in a snapshot: small recognisers, each with its pattern and its sentence.

A clue is matched against the steps that lead to a suspect and on into what piled up there.
The first clue that fits gives the cause; the others that fit stand beside it as evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Part = Literal["path", "keeper", "piled", "below", "chunks", "among"]
"""Where on the way: up to the holder, the holder itself, what piled up there, or what that holds; "chunks" are
ArrayBuffers of one size, "among" are classes of the pile that many objects have."""

STREAMS = (
    r"(?:Net|TLS)?Socket|TLSSocket|Server|IncomingMessage|ServerResponse|ClientRequest|OutgoingMessage|"
    r"(?:Read|Write|File(?:Read|Write))Stream|Readable|Writable|Duplex|Transform|PassThrough|ReadableState|"
    r"WritableState|ReadableStream|WritableStream|TransformStream|BufferList|Gzip|Gunzip|Deflate|Inflate|"
    r"(?:Deflate|Inflate)Raw|Brotli(?:Compress|Decompress)|Unzip|Zlib|TCP|UDP|Pipe|TTY|TLSWrap|FileHandle|"
    r"(?:(?:Client|Server)?Http2|Http2)(?:Session|Stream)(?:Handle)?|WebSocket|Agent|HTTPParser|Client|"
    r"MessagePort|MessageChannel|BroadcastChannel|Worker|FSWatcher|FSEvent|StatWatcher|ChildProcess|"
    r"(?:Detached )?Node / (?:(?!Module)\w+Wrap|MessagePort|Http2Session|Http2Stream|Process|FSEvent|StatWatcher|"
    r"Worker|HTTPParser|ZlibStream|BrotliEncoderStream|FileHandle)"
)
VIEWS = (
    r"Buffer|DataView|(?:Big)?(?:Uint|Int)(?:8|16|32|64)(?:Clamped)?Array|Float(?:16|32|64)Array|(?:Shared)?ArrayBuffer"
)
COLLECTIONS = r"Map|Set|WeakMap|WeakSet"


@dataclass(frozen=True)
class Clue:
    """One thing to recognise.

    Attributes:
        cause: what it speaks for.
        name: what is recognised, for the evidence.
        part: on which part of the way it must lie.
        edge, edge_type: patterns for the step's edge, fully matched; empty for any.
        node: pattern for the class or the raw name of the node it leads to; owner: of the one it leads from.
        unless: pattern for an edge on the path that makes it something else.
        share: at least this part of the suspect's bytes is in objects of classes that match `node`.
        sure: counts also where an ordinary collection holds the pile; others are then what collections hold anyway.
        sentence: the evidence; {edge} and {node} are filled in.
        title, advice: those of the suspect where this clue decides; empty for those of the cause.
    """

    cause: str
    name: str
    part: Part
    sentence: str
    edge: str = ""
    edge_type: str = ""
    node: str = ""
    owner: str = ""
    unless: str = ""
    share: float = 0.0
    sure: bool = False
    title: str = ""
    advice: str = ""


CLUES: tuple[Clue, ...] = (
    Clue(
        "event listener",
        "listeners of an EventEmitter",
        "path",
        "`_events` of an EventEmitter leads to the listeners for “{next}”",
        edge="_events",
        edge_type="property",
    ),
    Clue(
        "event listener",
        "listeners of an EventTarget",
        "path",
        "a listener list of an EventTarget leads there",
        edge=r"Symbol\(kEvents\)|<symbol kEvents>|kEvents",
    ),
    Clue(
        "event listener",
        "a listener of an EventTarget",
        "path",
        "{node} is part of the listeners of an EventTarget",
        node=r"(?:blink::)?(?:Registered)?EventListener|V8EventListener|blink::EventTargetData|"
        r"blink::JSEventListener|JSEventListener",
    ),
    Clue(
        "event listener",
        "a listener of an EventTarget",
        "piled",
        "{node} is part of the listeners of an EventTarget",
        node=r"(?:blink::)?(?:Registered)?EventListener|V8EventListener|blink::JSEventListener|Listener|WeakListener",
    ),
    Clue(
        "timer",
        "timers of a page",
        "path",
        "{node} is a timer of the page",
        node=r"blink::(?:DOMTimer(?:Coordinator)?|ScheduledAction)|ScheduledAction|DOMTimer",
    ),
    Clue(
        "timer",
        "timers of a page",
        "piled",
        "{node} is a timer of the page",
        node=r"blink::(?:DOMTimer|ScheduledAction)|ScheduledAction|DOMTimer",
    ),
    Clue(
        "detached DOM",
        "detached elements",
        "below",
        "{share} of it are elements that are in no document",
        node=r"Detached (?!Node / ).*",
        share=0.2,
    ),
    Clue(
        "async context",
        "a store of AsyncLocalStorage",
        "path",
        "{edge} is how an AsyncLocalStorage keeps its store",
        edge=r".*kResourceStore.*",
    ),
    Clue(
        "async context",
        "a frame of AsyncLocalStorage",
        "path",
        "{node} is how an AsyncLocalStorage keeps its store",
        node=r"AsyncContextFrame",
    ),
    Clue(
        "async context",
        "a store of AsyncLocalStorage",
        "piled",
        "{edge} is how an AsyncLocalStorage keeps its store",
        edge=r".*kResourceStore.*",
    ),
    Clue(
        "async context",
        "a frame of AsyncLocalStorage",
        "piled",
        "{node} is how an AsyncLocalStorage keeps its store",
        node=r"AsyncContextFrame|AsyncResource",
    ),
    Clue(
        "timer",
        "timers in Node's list",
        "piled",
        "{node} is a timer that waits in Node's list of timers",
        node=r"Timeout|Immediate",
    ),
    Clue(
        "timer",
        "timers in Node's list",
        "path",
        "{node} is a timer that waits in Node's list of timers",
        node=r"Timeout|Immediate|TimersList|ImmediateList",
    ),
    Clue(
        "promise",
        "reactions of a promise",
        "path",
        "callbacks wait in `{edge}` for a promise to settle",
        edge="reactions_or_result",
        edge_type="internal",
    ),
    Clue(
        "promise",
        "reactions of a promise",
        "piled",
        "callbacks wait for a promise to settle",
        node=r"system / PromiseReaction|PromiseReaction",
    ),
    Clue(
        "promise",
        "functions that settle a promise",
        "below",
        "the functions that piled up are those that would settle promises",
        edge="extension",
        node="Promise",
    ),
    Clue(
        "promise",
        "suspended async functions",
        "below",
        "async functions wait there, suspended, with all their variables",
        node=r"Generator|AsyncGenerator|system / JSAsyncFunctionObject|AsyncFunction",
        share=0.04,
    ),
    Clue(
        "promise",
        "pending promises",
        "below",
        "promises that nothing settled have callbacks waiting",
        edge="reactions_or_result",
        edge_type="internal",
        node=r"system / PromiseReaction|PromiseReaction|\(system\)",
    ),
    Clue(
        "async context",
        "a store of AsyncLocalStorage",
        "below",
        "each keeps the store of an AsyncLocalStorage by its `{edge}`",
        edge=r".*kResourceStore.*",
    ),
    Clue(
        "async context",
        "a frame of AsyncLocalStorage",
        "below",
        "each keeps the store of an AsyncLocalStorage by its {node}",
        node=r"AsyncContextFrame|AsyncResource",
    ),
    Clue(
        "string",
        "ropes",
        "piled",
        "{node} is a rope: a string added to again and again keeps every piece",
        node=r"\(concatenated string\)",
    ),
    Clue(
        "string",
        "slices",
        "below",
        "slices keep the whole long strings that they were cut from: {share} of it is strings",
        edge="parent",
        edge_type="internal",
        node=r"\(string\)|\(concatenated string\)",
        share=0.5,
        sure=True,
    ),
    Clue(
        "stream or socket",
        "streams that are not ended",
        "below",
        "each keeps a stream with its `{edge}`",
        edge=r"_readableState|_writableState",
    ),
    Clue(
        "stream or socket",
        "streams that piled up",
        "piled",
        "{node} is a stream or a connection",
        node=STREAMS,
    ),
    Clue(
        "stream or socket",
        "data waiting in a stream",
        "path",
        "`{edge}` of a stream holds what nobody has read",
        edge=r"_readableState|_writableState|buffered|outputData|_pendingData",
        unless="pipes",
    ),
    Clue(
        "buffer",
        "views of chunks",
        "chunks",
        "{share} of it is ArrayBuffers of one size, {size} B, as pools and read chunks have it: views keep them whole",
        node=r"(?:Shared)?ArrayBuffer|system / (?:JS)?ArrayBuffer.*",
        share=0.6,
        sure=True,
    ),
    Clue(
        "buffer",
        "memory of views",
        "below",
        "{share} of it is memory of ArrayBuffers, kept whole by any view on it",
        node=r"(?:Shared)?ArrayBuffer|system / (?:JS)?ArrayBuffer.*",
        share=0.6,
    ),
    Clue(
        "closure",
        "closures",
        "piled",
        "the functions that piled up keep the variables of the scope they were made in",
        node="Function",
    ),
)

CAUSES: dict[str, tuple[str, str]] = {
    "detached DOM": (
        "{count} elements removed from the page are still referred to by {holder}",
        "Forget the reference when the element is removed, or hold it by a WeakRef or as the key of a WeakMap.",
    ),
    "event listener": (
        "{count} listeners{more}: {holder}",
        "Remove the listener when its owner is done (`removeListener`, `off`, an AbortSignal), use `once`, or "
        "register one listener for all.",
    ),
    "timer": (
        "{count} timers are still waiting in {holder}",
        "Keep what `setInterval` or `setTimeout` returns and clear it when its owner is done.",
    ),
    "promise": (
        "{count} callbacks wait for promises that nothing settles: {holder}",
        "See that every path resolves or rejects, with a timeout where an answer can fail to come; do not `race` "
        "against a promise that lives for ever.",
    ),
    "async context": (
        "{count} stores of an AsyncLocalStorage are kept: {holder}",
        "Leave the context before starting what outlives it (`exit`, or `AsyncResource.bind` at start-up), and keep "
        "ids rather than whole objects in the store.",
    ),
    "stream or socket": (
        "{count} streams or connections are kept by {holder}",
        "Read, end or destroy every stream, also when the other side fails, and forget it on `close`.",
    ),
    "string": (
        "{count} strings{more} piled up: {holder}",
        "Of a slice that is to stay make a copy (`Buffer.from(s).toString()`); collect pieces in an array, and write "
        "them out.",
    ),
    "buffer": (
        "{count} views keep whole ArrayBuffers: {holder}",
        "Copy the part that is to stay (`Buffer.from(slice)`), so that the large buffer can go.",
    ),
    "closure": (
        "{count} closures are kept with the scope they were made in: {holder}",
        "Drop the function when it has served, or keep large objects out of the scope it was made in: all closures "
        "of a scope share its variables.",
    ),
    "collection": (
        "{count} entries{more} in {holder}",
        "Bound it (an LRU, an age limit), delete entries when they have served, or use a WeakMap keyed by the object "
        "that they belong to.",
    ),
    "global variable": (
        "{count} objects{more} in {holder}",
        "What hangs from the global object stays for ever: keep it in a scope that ends, or bound it.",
    ),
    "module state": (
        "{count} objects{more} in {holder}",
        "A module's variables stay as long as the program: empty it when the work is done, or bound it.",
    ),
    "unknown": (
        "{count} objects{more} in {holder}",
        "Open one of the objects and follow its retainers: nothing that heaptui knows explains why it is kept.",
    ),
}
"""By cause, the title ({more} where there was less before) and what is usually done about it."""

BUILT_IN = re.compile(
    r"Object|Array|Function|Arguments|(?:Weak)?(?:Map|Set)|WeakRef|Promise|(?:Async)?Generator|(?:Shared)?ArrayBuffer|"
    r"DataView|Buffer|(?:Big)?(?:Uint|Int)(?:8|16|32|64)(?:Clamped)?Array|Float(?:16|32|64)Array|RegExp|Date|"
    r"(?:Type|Range|Syntax|Reference)?Error|Symbol|Number|String|Boolean|BigInt|Module|AsyncContextFrame|Timeout|Immediate"
)
"""Classes that any program has: named after those of the program itself."""

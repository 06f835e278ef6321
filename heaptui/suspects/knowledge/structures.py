"""Where Node and popular libraries keep what programs give them: looked at before the general clues.

Each is a place with a remedy of its own, such as `unsubscribe` for the observers of a Subject.
"""

from __future__ import annotations

from heaptui.suspects.knowledge.clues import Clue

_LISTENERS = "{count} listeners{more}: {holder}"
_ENTRIES = "{count} entries{more} in {holder}"
_MODULES = "{count} modules{more} in {holder}"
_CHUNKS = "{count} chunks wait in {holder}"

STRUCTURES: tuple[Clue, ...] = (
    Clue(
        "collection",
        "held values of a FinalizationRegistry",
        "keeper",
        "a FinalizationRegistry keeps the held values of all objects that are still there",
        node="FinalizationRegistry",
        title="{count} registrations{more} in {holder}",
        advice="The held value must not lead to the object itself, as a closure over `this` does: the object then "
        "never goes. Give an id, or just the resource that is to be freed.",
    ),
    Clue(
        "collection",
        "symbols of Symbol.for",
        "path",
        "`{edge}` has every symbol that `Symbol.for` ever made",
        edge="public_symbol_table",
        edge_type="internal",
        title="{count} symbols{more} of `Symbol.for`: {holder}",
        advice="Give `Symbol.for` fixed names only, for its symbols are never freed: use `Symbol()` for one of your "
        "own, and a Map for keys that are made up of data.",
    ),
    Clue(
        "event listener",
        "observers of a page",
        "piled",
        "a {node} stays as long as what it observes is there",
        node="(?:blink::)?(?:MutationObserverRegistration|ResizeObservation|IntersectionObservation)",
        title="{count} observers{more}: {holder}",
        advice="Call `disconnect` of the observer when its owner is done, or `unobserve` for an element that is "
        "removed.",
    ),
    Clue(
        "event listener",
        "signals with listeners that stay for their sources",
        "keeper",
        "a signal of `AbortSignal.any` or `timeout` that has listeners stays there as long as its sources may abort",
        edge="gcPersistentSignals",
        edge_type="context",
        title="{count} signals with listeners{more}: {holder}",
        advice="Remove the listener from a signal of `AbortSignal.any` when the work is done, or do not derive signals "
        "from one that lives as long as the program.",
    ),
    Clue(
        "collection",
        "signals that depend on one",
        "keeper",
        "the signal keeps an entry for each that `AbortSignal.any` made from it",
        edge=r"Symbol\(kDependantSignals\)|<symbol kDependantSignals>",
        title="{count} dependent signals{more}: {holder}",
        advice="Do not call `AbortSignal.any` for every piece of work with a signal that lives as long as the program; "
        "newer versions of Node remove the entries of signals that are gone.",
    ),
    Clue(
        "event listener",
        "subscribers of a diagnostics channel",
        "keeper",
        "`{edge}` of a diagnostics channel is the list of its subscribers",
        edge="_subscribers",
        owner="(?:Active)?Channel",
        title=_LISTENERS,
        advice="Call `unsubscribe` with the same function when its owner is done, or subscribe once for all.",
    ),
    Clue(
        "event listener",
        "observers of an rxjs Subject",
        "keeper",
        "`{edge}` is the list of an rxjs Subject's subscribers",
        edge="observers|currentObservers",
        owner="(?:Behavior|Replay|Async)?Subject",
        title=_LISTENERS,
        advice="Keep what `subscribe` returns and `unsubscribe` when its owner is done, or end the stream by "
        "`takeUntil`.",
    ),
    Clue(
        "collection",
        "the buffer of an rxjs ReplaySubject",
        "keeper",
        "a ReplaySubject keeps all values that it may have to replay",
        edge="_buffer",
        owner="ReplaySubject",
        title=_ENTRIES,
        advice="Give `ReplaySubject` or `shareReplay` a buffer size, such as `shareReplay({ bufferSize: 1, refCount: "
        "true })`.",
    ),
    Clue(
        "event listener",
        "observers of a mobx value",
        "keeper",
        "`{edge}` is the set of the reactions to a mobx value",
        edge="observers_",
        node="Set",
        title="{count} reactions{more}: {holder}",
        advice="Keep what `autorun`, `reaction` or `observe` returns and call it when its owner is done.",
    ),
    Clue(
        "event listener",
        "subscribers of a reactive value of Vue",
        "path",
        "`{edge}` leads to the effects and watchers of a reactive value",
        edge="subs|subsHead",
        owner="Dep",
        title="{count} subscriptions{more}: {holder}",
        advice="Stop what was made by `effect`, `watch` or `computed` outside of a component, or make it in an "
        "`effectScope` and `stop` that when its owner is done.",
    ),
    Clue(
        "collection",
        "the cache of a DataLoader",
        "keeper",
        "a DataLoader remembers each key that it ever loaded",
        edge="_cacheMap|_promiseCache",
        owner="DataLoader",
        title=_ENTRIES,
        advice="Make a DataLoader for each request, or give it a `cacheMap` with a limit.",
    ),
    Clue(
        "collection",
        "pools by origin",
        "keeper",
        "undici keeps a pool of connections for each origin",
        edge=r"Symbol\(clients\)|<symbol clients>",
        owner="Agent|RetryAgent|ProxyAgent|EnvHttpProxyAgent",
        title="{count} pools{more} in {holder}",
        advice="Close the pool of an origin that is not asked again, or set a shorter `keepAliveTimeout`.",
    ),
    Clue(
        "module state",
        "modules that another one loaded",
        "keeper",
        "`{edge}` of a module lists what it was the first to load, also what was deleted from `require.cache` since",
        edge="children",
        owner="Module",
        title=_MODULES,
        advice="Load each file once. Where it has to be loaded anew, take the old module out of the `children` of the "
        "one that required it too, or read data by `fs` instead.",
    ),
    Clue(
        "module state",
        "ES modules that were loaded",
        "keeper",
        "an ES module stays loaded under each URL that it was imported by",
        edge="loadCache",
        node="LoadCache",
        title=_MODULES,
        advice="Import each module once: a query that changes makes another module of the same file each time, and "
        "none is ever unloaded. Read data by `fs` instead, or load code that changes in a worker.",
    ),
    Clue(
        "module state",
        "marks and measures",
        "keeper",
        "`{edge}` keeps what `performance.mark`, `measure` or a fetch recorded",
        edge="markEntryBuffer|measureEntryBuffer|resourceTimingBuffer|markTimings",
        edge_type="context",
        title=_ENTRIES,
        advice="Call `performance.clearMarks`, `clearMeasures` or `clearResourceTimings` once they are read.",
    ),
    Clue(
        "module state",
        "routes and middleware of Express",
        "keeper",
        "`{edge}` of a router lists its routes and middleware",
        edge="stack",
        owner="router",
        title="{count} routes or middleware{more} in {holder}",
        advice="Call `use`, `get` and the like once at the start, never while a request is handled.",
    ),
    Clue(
        "collection",
        "events that nobody takes",
        "path",
        "`{edge}` are those that `events.on` collected and nobody asked for",
        edge="unconsumedEvents",
        edge_type="context",
        title="{count} events wait in {holder}",
        advice="Leave the loop over `events.on` so that its iterator ends (`break`, `return()`, an AbortSignal), also "
        "when handling an event fails.",
    ),
    Clue(
        "stream or socket",
        "targets of pipes",
        "keeper",
        "`{edge}` of a stream lists all that it is piped into",
        edge="pipes",
        owner="ReadableState",
        sure=True,
        title="{count} targets{more} of a pipe: {holder}",
        advice="Call `unpipe` for a target that has served. Of a logger, add its transports once at the start, never "
        "for each request, or `remove` them again.",
    ),
    Clue(
        "stream or socket",
        "data waiting to be written",
        "keeper",
        "`{edge}` of a stream holds what is yet to be written",
        edge=r"buffered|Symbol\(kBufferedValue\)|<symbol kBufferedValue>|outputData",
        owner="WritableState|OutgoingMessage|ServerResponse|ClientRequest",
        sure=True,
        title=_CHUNKS,
        advice="Wait for `drain` when `write` returns false, and close connections whose other side does not read.",
    ),
    Clue(
        "stream or socket",
        "data waiting in a ReadableStream",
        "path",
        "the queue of a ReadableStream holds what nobody has read",
        node="ReadableStreamDefaultController|ReadableByteStreamController",
        sure=True,
        title=_CHUNKS,
        advice="Read or cancel every stream, and both branches of `tee`: what one of them does not read waits there.",
    ),
    Clue(
        "stream or socket",
        "ports of messages that are open",
        "piled",
        "a {node} with a listener stays until one of its sides closes it",
        node="MessagePort|(?:Detached )?Node / MessagePort|BroadcastChannel",
        sure=True,
        title="{count} ports of messages are open: {holder}",
        advice="Call `close` on one of the two ports when the last message has come.",
    ),
    Clue(
        "stream or socket",
        "agents of their own",
        "among",
        "{number} http Agents are among it: each keeps idle sockets of its own",
        node="Agent",
        sure=True,
        advice="Make one keep-alive Agent for all requests, or `destroy` each: its idle sockets keep themselves open.",
    ),
)

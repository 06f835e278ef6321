"""What the words on the screen mean, in a sentence or two, found by what stands in a row."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.views.model import Row

Term = tuple[str, str]

TERMS: dict[str, str] = {
    "shallow size": "Bytes of the object itself: its header and fields, without what the fields refer to.",
    "retained size": "Bytes that would be freed if the object were gone: its own, and those of everything that can "
    "be reached only through it.",
    "distance": "References on the shortest way from the roots. A minus sign means that only V8 itself leads there.",
    "constructor": "The function that made the objects, or in parentheses the kind of thing they are.",
    "retainer": "An object that refers to this one, and so keeps it alive.",
    "dominator": "The object without which this one would be freed: every way from the roots goes through it.",
    "root": "Where V8 begins to look for what is alive: globals, the stack, handles of the host.",
    "(system)": "Things V8 keeps for itself, such as maps, feedback and descriptor arrays.",
    "(array)": "Arrays inside V8: the elements of an Array, the table of a Map, the properties of a large object.",
    "(string)": "Texts. Equal texts can be there many times; the Strings tab lists those.",
    "(concatenated string)": "A text made by + that is kept as its two halves until somebody reads it.",
    "(sliced string)": "A part of another text: it keeps the whole of that text alive.",
    "(compiled code)": "Bytecode and machine code of functions, and what V8 keeps beside them.",
    "(object shape)": "Hidden classes: which properties the objects of one shape have, and where.",
    "(number)": "Numbers that do not fit into a field, each with memory of its own.",
    "(symbol)": "Symbols, with their descriptions.",
    "(bigint)": "Integers of any length.",
    "(synthetic)": "Not in the heap: made by the snapshot to group roots.",
    "(regexp)": "Regular expressions.",
    "(native)": "Memory outside V8's heap that belongs to the host: DOM nodes, sockets, add-ons.",
    "Function": "Closures: a function together with the context of the variables it uses. Its rows end in ().",
    "Object": "Plain objects; those with the same properties stand as {a, b} in rows of their own.",
    "system / Context": "The variables of a scope that closures still need. One closure keeps all of them alive.",
    "system / NativeContext": "A page or realm: its globals and built-in functions.",
    "system / PropertyCell": "Holds the value of a global variable or of an inlined property.",
    "system / JSArrayBufferData": "The bytes of an ArrayBuffer, a Buffer or a typed array.",
    "system / WeakCell": "What a FinalizationRegistry notes of an object; it does not keep it alive.",
    "ArrayBuffer": "Bytes that Buffers and typed arrays are views of; one small view keeps all of them.",
    "Detached": "DOM nodes that left their page but are still referred to by JavaScript.",
    "global": "The global object: what hangs from it lives as long as the program.",
    "weak": "A reference that keeps nothing alive: the collector may take its target.",
    "shortcut": "A reference that is not in the heap: it leads past V8's own objects to what they stand for.",
    "internal": "A reference inside V8, which JavaScript cannot see.",
    "hidden": "A numbered reference inside V8, which JavaScript cannot see.",
    "element": "A reference by number: an element of an array.",
    "context": "A reference from a scope to the value of one of its variables.",
    "property": "A reference by a property's name.",
    "native": "Memory of the host, outside V8's heap.",
    "unreachable": "No root leads to it any more; the next collection frees it.",
    "window": "Scripts can get to it from their window or global object by properties, elements and variables alone. "
    "Objects without the sign are V8's or the host's own, or known only to those.",
    "cycle": "An object that stands above itself already: opening it would go round in a circle.",
    "ignored": "A retainer that you asked to leave out: distances are as if it kept nothing.",
    "closure": "A function together with the variables around it that it uses.",
    "__proto__": "The object's prototype, where properties are looked for that it does not have itself.",
    "map": "The object's hidden class: which properties it has, and where.",
    "elements": "The array with the values of an object's numbered properties.",
    "properties": "The array with the values of properties that have no place in the object itself.",
    "shared": "What all closures of one function share: its name, its script, its code.",
    "feedback_cell": "What V8 has learnt of a function while running it.",
    "table": "The array in which a Map or Set keeps its entries; the rows => show them as key and value.",
    "backing_store": "The bytes of an ArrayBuffer.",
    "previous": "The context of the scope around this one.",
    "scope_info": "Which variables a scope has.",
    "allocation stack": "Which function made an object, and who had called it. Only recordings with stacks have it.",
    "live": "Still in the heap when the snapshot was taken; what was allocated and is gone is not.",
    "held by": "What would free the most of some objects if it were gone: their dominators.",
    "suspect": "A place in the heap where bytes piled up. Not every suspect leaks: where the evidence speaks against "
    "it, it stands further down, with the reason.",
    "verdict": "What is to be said of the whole: a leak, growth that these snapshots do not prove to be a leak, or no "
    "growth. One snapshot alone shows only what is large.",
    "holder": "The object from which what piled up hangs: a Map, an Array, a scope of variables.",
    "what piled up": "The objects that hang from a suspect's holder and that the oldest snapshot lacks, by class.",
    "confidence": "High where many objects, a large share of the growth and a known cause, or three snapshots, agree; "
    "low where little does. One more snapshot after the same load raises it.",
    "fingerprint": "Twelve digits made of names alone, the same for the same leak in another run or process: look for "
    "them in other tickets.",
    "trace": "A suspect as text for a ticket: from the root to the leak, ~~~ under the steps between which it lies.",
    "filter": "Chooses objects: lists, counts and sums are then of these alone. A query is the most exact one.",
    "match": "Narrows a list to the rows whose names fit; what they count stays as it is.",
    "new": "The base of the comparison does not have this object.",
    "deleted": "Only the base has this object.",
}

_KINDS = {
    "()": "closure",
    "[]": "(array)",
}


def explain(row: Row) -> Sequence[Term]:
    """What there is to know of a row: of its name, of the reference that leads there, of its marks."""
    found: dict[str, str] = {}
    name = row.label.name
    parts = name.split(" / ")
    for term in (name, " / ".join(parts[:2]), parts[0], name.partition(" ")[0]):
        if term in TERMS:
            found[term] = TERMS[term]
    for ending, term in _KINDS.items():
        if name.endswith(ending) and row.ordinal is not None:
            found[term] = TERMS[term]
    if name.startswith('"') and row.ordinal is not None:
        found["(string)"] = TERMS["(string)"]
    if name.startswith("{") and name.endswith("}"):
        found["Object"] = TERMS["Object"]
    if row.label.relation and row.label.edge in TERMS:
        found[row.label.edge] = TERMS[row.label.edge]
    for mark in sorted(row.marks):
        word = "Detached" if mark == "detached" else mark
        if word in TERMS:
            found[word] = TERMS[word]
    if row.ordinal is not None and row.label.relation == "in":
        found["retainer"] = TERMS["retainer"]
    return list(found.items())

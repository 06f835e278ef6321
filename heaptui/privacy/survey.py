"""Which strings of a file are kept, decided block by block; of each only a byte is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.kernels import redaction, spelling, text
from heaptui.privacy import vocabulary
from heaptui.privacy.placeholders import LONGEST_RANKED, Key
from heaptui.privacy.rules import LEAST_OBJECTS, Rules, Why
from heaptui.privacy.uses import Uses
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.strings import StringTable

Hashes = npt.NDArray[np.uint64]
Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BLOCK = 1 << 16
_MOST_BYTES = 16 << 20
_OPENING, _MIDDLE, _CLOSING = (
    np.frombuffer(part, np.uint8) for part in (b" / part of key (", b") -> value (", b") pair in WeakMap (table @")
)
_ACCESSORS = tuple(b"gs<")


def get_kernels_ready(progress: Progress) -> None:
    """Load the kernels of this package, or compile them on a machine's first run; raises Cancelled."""
    progress.begin("getting kernels ready to hide values")
    for kernel in (
        spelling.mark_uses,
        spelling.find_bounds,
        spelling.look_at_strings,
        redaction.measure_spans,
        redaction.write_strings,
    ):
        progress.check()
        kernel.compile()


class Block:
    """Some strings that follow each other: their indexes `low` to `high`, and where each begins and ends."""

    def __init__(self, strings: StringTable, low: int, high: int) -> None:
        self.strings, self.low = strings, low
        start, stop = np.empty(high - low, np.int64), np.empty(high - low, np.int64)
        spelling.find_bounds(strings.source.data, strings.base, strings.offset, strings.end, low, high, start, stop)
        # A block of long strings is a shorter one.
        fits = max(1, int(np.searchsorted(stop - start[0], _MOST_BYTES))) if len(start) else 0
        self.start, self.stop = start[:fits], stop[:fits]
        self.high = low + fits

    @property
    def here(self) -> slice:
        """Its strings among all."""
        return slice(self.low, self.high)

    def looks(self, start: Int64s, stop: Int64s) -> tuple[npt.NDArray[np.uint8], Hashes]:
        """What parts of the file look like, and their hashes."""
        return looks_of(self.strings, start, stop)


def blocks(strings: StringTable, progress: Progress) -> Iterator[Block]:
    """All strings in blocks; a block's bytes are given back to the system after it."""
    low = 0
    while low < len(strings):
        block = Block(strings, low, min(len(strings), low + BLOCK))
        yield block
        strings.source.give_back(int(block.start[0]), int(block.stop[-1]))
        progress.advance(block.high - low)
        low = block.high


def looks_of(strings: StringTable, start: Int64s, stop: Int64s) -> tuple[npt.NDArray[np.uint8], Hashes]:
    """What parts of the file look like, as bits of `kernels.redaction`, and their plain hashes."""
    look, hashes = np.empty(len(start), np.uint8), np.empty(len(start), np.uint64)
    spelling.look_at_strings(strings.source.data, start, stop, look, hashes)
    return look, hashes


class Survey:
    """What becomes of every string of a file.

    Attributes:
        why: uint8, by string, values of `Why`.
        part_index, part_start, part_stop: the strings hidden in part, in order, and the bytes of those parts.
        kept: sorted keyed hashes of the names that are kept.
    """

    def __init__(self, strings: StringTable, uses: Uses, rules: Rules, key: Key, progress: Progress) -> None:
        self.strings, self.uses, self._rules, self._key = strings, uses, rules, key
        self.why = np.zeros(len(strings), np.uint8)
        self.part_index, self.part_start, self.part_stop = (np.empty(0, np.int64) for _ in range(3))
        self._scripts: set[bytes] = set()
        self._candidates: list[Int64s] = []
        progress.begin("looking at strings", len(strings), "strings")
        kept = [self._look(block) for block in blocks(strings, progress)]
        self.kept = np.unique(np.concatenate(kept)) if kept else np.empty(0, np.uint64)
        if rules.scripts:
            self._keep_scripts(progress)

    def _look(self, block: Block) -> Hashes:
        """Decide about the strings of a block by themselves; returns the hashes of the names that are kept."""
        role, users, why = self.uses.role[block.here], self.uses.users[block.here], self.why[block.here]
        look, hashes = block.looks(block.start, block.stop)
        named = role != 0
        word = _words(look)
        only_script = named & ((role & ~np.uint8(vocabulary.CODE | vocabulary.SCRIPT)) == 0)
        only_script &= (role & vocabulary.SCRIPT) != 0

        def used_as(roles: int) -> Mask:
            mask: Mask = (role & roles) != 0
            return mask

        def keep(mask: Mask, reason: Why) -> None:
            why[mask & (why == Why.HIDDEN)] = reason

        keep((look & spelling.SINGLE) != 0, Why.SHORT)
        keep(_among(hashes, vocabulary.language_names()), Why.LANGUAGE)
        keep((look & spelling.SIGNS) != 0, Why.SHORT)
        keep(named & _among(hashes, vocabulary.known_names()), Why.KNOWN)
        # The engine's own may be longer than what people write.
        keep(used_as(vocabulary.INTERNAL) & _words(look & ~np.uint8(spelling.LONG)), Why.INTERNAL)
        keep(used_as(vocabulary.INTERNAL) & ((look & spelling.DIGITS) != 0), Why.INTERNAL)
        keep(used_as(vocabulary.OBJECT | vocabulary.NATIVE) & word, Why.CLASS)
        keep(used_as(vocabulary.CODE) & word & ~only_script, Why.FUNCTION)
        keep(used_as(vocabulary.PROPERTY) & word & (users >= LEAST_OBJECTS), Why.PROPERTY)
        self._find_pairs(block)
        if self._rules.names:
            for i in np.flatnonzero(named & (why == Why.HIDDEN)).tolist():
                said = self.strings[block.low + i]
                if any(pattern.search(said) for pattern in self._rules.names):
                    why[i] = Why.ASKED
        spaced = named & (why == Why.HIDDEN) & ((look & spelling.SPACED) != 0)
        # A name that only properties have is put together in two ways, which begin so.
        spaced &= (role != vocabulary.PROPERTY) | np.isin(self.strings.source.data[block.start], _ACCESSORS)
        self._candidates.append(block.low + np.flatnonzero(spaced))
        names = named & (why > Why.PAIR)
        return self._key.measure(self.strings, block.start[names], block.stop[names]).hashes

    def _find_pairs(self, block: Block) -> None:
        strings, count = self.strings, block.high - block.low
        index = np.empty(count, np.uint32)
        found = text.find_weak_pairs(
            strings.source.data, strings.base, strings.offset, strings.end, _OPENING, _MIDDLE, _CLOSING,
            block.low, block.high, index, np.empty(count, np.int64), np.empty(count, np.uint64),
        )  # fmt: skip
        of_edges = index[:found][(self.uses.role[index[:found]] & vocabulary.INTERNAL) != 0]
        self.why[of_edges] = Why.PAIR

    def _keep_scripts(self, progress: Progress) -> None:
        """Keep what names scripts, wherever it stands: V8 has the same text as a string."""
        prefix = b"system / Script / "
        named = self.uses.role & vocabulary.SCRIPT != 0
        candidates = np.concatenate([np.flatnonzero(named), *self._candidates])
        texts = [
            self.strings.raw(int(i)).removeprefix(prefix) for i in candidates if self._names_script(int(i), prefix)
        ]
        wanted = np.unique(self._key.hashes_of(texts))
        progress.begin("looking for scripts", len(self.strings), "strings")
        for block in blocks(self.strings, progress):
            why = self.why[block.here]
            hidden = np.flatnonzero(why == Why.HIDDEN)
            found = self._key.measure(self.strings, block.start[hidden], block.stop[hidden]).hashes
            why[hidden[_among(found, wanted)]] = Why.SCRIPT
        for i in candidates.tolist():
            if self.why[i] == Why.HIDDEN and self._names_script(i, prefix):
                self.why[i] = Why.SCRIPT

    def _names_script(self, index: int, prefix: bytes) -> bool:
        return bool(self.uses.role[index] & vocabulary.SCRIPT) or self.strings.raw(index).startswith(prefix)

    def agree(self, kept: Hashes, progress: Progress) -> None:
        """Keep the names too that other files of the run keep, so that the same name looks the same in all."""
        progress.begin("comparing names", len(self.strings), "strings")
        for block in blocks(self.strings, progress):
            why = self.why[block.here]
            hidden = np.flatnonzero((why == Why.HIDDEN) & (self.uses.role[block.here] != 0))
            found = self._key.measure(self.strings, block.start[hidden], block.stop[hidden]).hashes
            why[hidden[_among(found, kept)]] = Why.ELSEWHERE
        self.kept = kept

    def take_apart(self) -> None:
        """Decide about the names that are put together of others, once it is known which of those are kept."""
        candidates = np.concatenate(self._candidates) if self._candidates else np.empty(0, np.int64)
        candidates = candidates[self.why[candidates] == Why.HIDDEN]
        parts: dict[vocabulary.Judge, list[tuple[int, int, int]]] = {"word": [], "kept": [], "never": []}
        for index in candidates.tolist():
            found = _first_template(self.strings.raw(index), int(self.uses.role[index]))
            if found is None:
                continue
            judge, start, stop = found
            if start == stop:
                self.why[index] = Why.INTERNAL
            else:
                at = self.strings.start(index)
                parts[judge].append((index, at + start, at + stop))
        hidden = [_columns(parts["never"])]
        for judge in ("word", "kept"):
            columns = _columns(parts[judge])
            fine = self._is_fine(judge, columns[1], columns[2])
            self.why[columns[0][fine]] = Why.INTERNAL
            hidden.append(columns[:, ~fine])
        joined = np.concatenate(hidden, axis=1)
        self.part_index, self.part_start, self.part_stop = joined[:, np.argsort(joined[0])]
        self.why[self.part_index] = Why.PARTLY

    def _is_fine(self, judge: vocabulary.Judge, start: Int64s, stop: Int64s) -> Mask:
        look, hashes = looks_of(self.strings, start, stop)
        word = _words(look)
        known = _among(hashes, vocabulary.known_names())
        if judge == "word":
            return word | known
        return known | _among(self._key.measure(self.strings, start, stop).hashes, self.kept)

    def parts(self, block: Block) -> tuple[Int64s, Int64s, Int64s]:
        """The strings of a block of which something is hidden, by their positions in it, and the bytes of that."""
        start, stop = block.start.copy(), block.stop.copy()
        low, high = np.searchsorted(self.part_index, (block.low, block.high))
        at = self.part_index[low:high] - block.low
        start[at], stop[at] = self.part_start[low:high], self.part_stop[low:high]
        which = np.flatnonzero(self.why[block.here] <= Why.PARTLY)
        return which, start[which], stop[which]

    def short_parts(self, progress: Progress) -> Sequence[Hashes]:
        """Of what is hidden and short, by its length: the sorted keyed hashes."""
        found: list[list[Hashes]] = [[] for _ in range(LONGEST_RANKED + 1)]
        progress.begin("measuring strings", len(self.strings), "strings")
        for block in blocks(self.strings, progress):
            which, start, stop = self.parts(block)
            measured = self._key.measure(self.strings, start, stop, self.is_property(block)[which])
            for room in range(1, LONGEST_RANKED + 1):
                found[room].append(np.unique(measured.hashes[measured.room == room]))
        return [np.unique(np.concatenate(some)) if some else np.empty(0, np.uint64) for some in found]

    def is_property(self, block: Block) -> Mask:
        """Which strings of a block name properties, whose length in quotes DevTools counts."""
        mask: Mask = (self.uses.role[block.here] & vocabulary.PROPERTY) != 0
        return mask


def _among(hashes: Hashes, wanted: Hashes) -> Mask:
    """Whether each is one of some sorted hashes."""
    if not len(wanted):
        return np.zeros(len(hashes), bool)
    at = np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)
    mask: Mask = wanted[at] == hashes
    return mask


def _words(look: npt.NDArray[np.uint8]) -> Mask:
    """Which looks are those of a name that somebody wrote."""
    mask: Mask = (look & (spelling.WORD | spelling.TOKEN | spelling.LONG)) == spelling.WORD
    return mask


def _columns(rows: list[tuple[int, int, int]]) -> Int64s:
    return np.ascontiguousarray(np.array(rows, np.int64).reshape(-1, 3).T)


def _first_template(raw: bytes, role: int) -> tuple[vocabulary.Judge, int, int] | None:
    """How a name is put together: the judge of its changing part and where that is (-1 where it has none)."""
    for template in vocabulary.TEMPLATES:
        if template.roles & role and (match := template.pattern.fullmatch(raw)):
            start, stop = match.span("name") if "name" in template.pattern.groupindex else (-1, -1)
            return template.judge, start, stop
    return None

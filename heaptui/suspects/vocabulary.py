"""Which of a snapshot's strings are words with a meaning of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from heaptui.kernels import text
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

Bytes = npt.NDArray[np.uint8]

_RUN = 1 << 20


class Vocabulary:
    """The strings of one snapshot that are one of at most 254 ASCII words.

    Attributes:
        word: uint8, by string: the number of the word that it is, or begins with before " / "; 0 for none.
    """

    def __init__(self, snapshot: Snapshot, words: Iterable[str], progress: Progress) -> None:
        self._numbers = {word: number for number, word in enumerate(sorted(set(words)), start=1)}
        encoded = [word.encode("ascii") for word in self._numbers]
        ends = np.cumsum([len(word) for word in encoded]).astype(np.uint32)
        first = np.searchsorted([word[0] for word in encoded], np.arange(257)).astype(np.uint32)
        strings = snapshot.strings
        self.word = np.zeros(len(strings), np.uint8)
        for low in range(0, len(strings), _RUN):
            progress.check()
            text.find_words(
                strings.source.data, strings.base, strings.offset, strings.end,
                np.frombuffer(b"".join(encoded), np.uint8), ends, first,
                low, min(len(strings), low + _RUN), self.word,
            )  # fmt: skip

    def number(self, word: str) -> int:
        """The number of a word of this vocabulary."""
        return self._numbers[word]

    def table(self, values: Mapping[str, int]) -> Bytes:
        """Values by word, 0 for the words without one."""
        found = np.zeros(len(self._numbers) + 1, np.uint8)
        for word, value in values.items():
            found[self._numbers[word]] = value
        return found

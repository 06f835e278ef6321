"""How a file is to be opened; imports nothing heavy, since options and screens make one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """How to open a file.

    Attributes:
        raw: the file's own shallow sizes, without DevTools' transfer.
        salvage: a file that ends too early is read as far as it goes.
        light: no dominators, and as little memory as possible.
        hide_values: placeholders stand for the user's data, as in a redacted file.
        force: also where memory seems too short.
        index_limit: bytes that all that is kept for the next opening may take; 0 where nothing is kept or looked up.
    """

    raw: bool = False
    salvage: bool = False
    light: bool = False
    hide_values: bool = False
    force: bool = False
    index_limit: int = 5 * 10**9

    @property
    def words(self) -> list[str]:
        """The options that make a command show the same as what was opened so."""
        switches = (("--raw", self.raw), ("--light", self.light), ("--salvage", self.salvage))
        return [word for word, on in (*switches, ("--hide-values", self.hide_values)) if on]


PLAIN = Manner()

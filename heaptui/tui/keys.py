"""From the list of actions: bindings, the footer's hints, and letters to sort by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.binding import Binding, BindingType

from heaptui.tui.actions import ACTIONS, Action, Owner, cap
from heaptui.tui.hints import HINTS, Hint, Place
from heaptui.views.model import Column


def bindings(owner: Owner) -> list[BindingType]:
    """Textual's bindings for what `owner` does."""
    return [
        Binding(
            ",".join(action.keys),
            action.call or action.id,
            action.words,
            show=False,
            id=action.id,
            # Textual binds ctrl+c to copying a selection, which nothing here has.
            priority=action.id == "interrupt",
        )
        for action in ACTIONS
        if action.owner == owner
    ]


_ACTIONS = {action.id: action for action in ACTIONS}


def hints(place: Place, works: Callable[[str], bool] = lambda _: True) -> list[tuple[str, str]]:
    """Key and words of what the footer mentions, the most useful first, of the actions that work there."""
    return [cap_and_words(hint) for hint in HINTS[place] if works(hint[0])]


def cap_and_words(hint: Hint) -> tuple[str, str]:
    """The key of a hint, and what it says."""
    action, words = _ACTIONS[hint[0]], hint[1]
    return caps(action)[0], words or action.words


_own: dict[str, str] = {}


def use(keymap: Mapping[str, str]) -> None:
    """Write other keys wherever keys are shown: those the user has set, apart by commas, by action."""
    _own.clear()
    _own.update(keymap)


def caps(action: Action) -> list[str]:
    """The keys of an action as they are written on a keyboard."""
    return [cap(key) for key in (_own[action.id].split(",") if action.id in _own else action.keys)]


def sort_letters(columns: Sequence[Column]) -> dict[str, Column]:
    """A letter for every column, taken from its title; `n` is the name in every view."""
    letters: dict[str, Column] = {}
    for column in columns:
        candidates = "n" if column.kind == "name" else _letters(column.title)
        free = next((letter for letter in candidates if letter not in letters), None)
        if free is not None:
            letters[free] = column
    return letters


def _letters(title: str) -> str:
    """Letters to choose from: those that begin a word, the other ones of the title, then any."""
    words = [word for word in title.lower().split() if word[0].isalpha()]
    return "".join(word[0] for word in words) + "".join(words) + "abcdefghijklmnopqrstuvwxyz"

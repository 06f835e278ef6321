"""The light theme: Textual's, with colours that can be read on its background."""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES

LIGHT = replace(BUILTIN_THEMES["textual-light"], accent="#b86b00", warning="#b86b00", success="#1f8a45")
"""Stands in for the theme of the same name, whose accents have a contrast of only 3 to 1."""

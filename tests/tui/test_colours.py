"""What is written in a colour can be read on the background of its theme."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.color import Color
from textual.widgets import Input

from heaptui.tui.app import HeaptuiApp
from heaptui.tui.config import THEMES
from heaptui.tui.menu import Menu
from tests.tui.driving import until

WRITTEN = ("foreground", "text-accent", "text-success", "text-error", "text-primary", "text-secondary", "text-warning")
READABLE = 4.5
"""The contrast that WCAG 2 asks of text."""


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_colours_of_text_stand_out(theme: str) -> None:
    app = HeaptuiApp()
    app.theme = theme
    colours = app.get_css_variables()
    background = Color.parse(colours["background"])
    for name in WRITTEN:
        assert contrast(Color.parse(colours[name]), background) >= READABLE, name


async def test_cursors_are_seen_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = HeaptuiApp()
    async with app.run_test() as pilot:
        await pilot.press("o", "x")
        await pilot.pause()
        assert underlined(app) == [" "]
        await pilot.press("escape")
        app.push_screen(Menu("Menu", [("a", "first", ""), ("b", "second", "")]))
        await pilot.press("down")
        await pilot.pause()
        assert "second" in "".join(underlined(app))
        assert "first" not in "".join(underlined(app))
        await pilot.press("escape", "colon")
        await until(pilot, lambda: "all commands" in "".join(underlined(app)))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_the_explanation_below_the_cursor_of_the_palette_stands_out(theme: str) -> None:
    app = HeaptuiApp()
    app.theme = theme
    async with app.run_test() as pilot:
        await pilot.press("colon")
        await until(pilot, lambda: bool(about(app)))
        for style in about(app):
            assert style.color is not None
            assert style.bgcolor is not None
            assert contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)) >= READABLE


async def test_the_letter_below_the_cursor_of_a_question_is_not_dim_in_16_colours() -> None:
    app = HeaptuiApp()
    app.theme = THEMES["ansi"]
    async with app.run_test() as pilot:
        await pilot.press("o")
        await pilot.pause()
        app.query_one(Input).value = ""
        app.query_one(Input).placeholder = "files"
        await pilot.pause()
        *_, line = app.screen._compositor.render_strips()
        (style,) = [style for text, style, _ in line if text == "f"]
        assert style is not None
        assert not style.dim


def about(app: HeaptuiApp) -> list[Style]:
    """How the explanation of the first of all commands is written."""
    strips = app.screen._compositor.render_strips()
    return [style for strip in strips for text, style, _ in strip if style is not None and "Find any" in text]


def underlined(app: HeaptuiApp) -> list[str]:
    """What on the screen is underlined."""
    strips = app.screen._compositor.render_strips()
    return [text for strip in strips for text, style, _ in strip if style is not None and style.underline]


def contrast(one: Color, other: Color) -> float:
    """The ratio of two colours' relative luminances, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

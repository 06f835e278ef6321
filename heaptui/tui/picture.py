"""The screen as a picture that needs nothing from elsewhere."""

from __future__ import annotations

import re

from textual.app import App

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def picture(app: App[None]) -> str:
    """The screen as SVG, in the viewer's own fonts: Textual's would be fetched from the network."""
    drawn = _FONT_FACE.sub("", app.export_screenshot(title="heaptui"))
    # Some programs that draw SVG leave out the blanks at the beginning of a text otherwise.
    return drawn.replace("<svg ", '<svg xml:space="preserve" ', 1)

"""ASCII in place of signs that a terminal may lack, such as the Linux console with its 256 characters."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

POOR = ("linux", "vt100", "vt102", "vt220")
"""Values of TERM that stand for terminals with few characters."""

_SIGNS = str.maketrans(
    {
        "▸": ">", "▾": "v", "▼": "v", "▲": "^", "↻": "@", "▫": "'", "…": "~", "−": "-", "×": "x", "›": ">", "→": ">",
        "“": '"', "”": '"', "🔎": "/ ",
        "←": "<", "↑": "^", "↓": "v", "┃": "#", "│": "|", "─": "-", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
        "░": ".", "█": "#", "▉": "#", "▊": "#", "▋": "#", "▌": "=", "▍": "-", "▎": "-", "▏": "-",
        "▔": "-", "▁": "_", "▂": "_", "▃": "_", "▄": "=", "▅": "=", "▆": "#", "▇": "#", "▀": "=", "▐": "=",
        **{chr(0x2800 + dots): "#" if bin(dots).count("1") > 4 else "." if dots else " " for dots in range(256)},
    }
)  # fmt: skip


def is_poor(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one of those that lack signs."""
    return environment.get("TERM", "") in POOR


class PlainSigns(LineFilter):
    """Writes every sign of the program in ASCII, cell for cell; what the heap has stays as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with other signs."""
        return [Segment(piece.translate(_SIGNS), style, control) for piece, style, control in segments]

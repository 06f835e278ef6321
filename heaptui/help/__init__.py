"""Pages about the program that are too long for `--help`: one Markdown file a topic, its title first."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files


def topics() -> Mapping[str, str]:
    """The title of each topic, in the order of the alphabet."""
    pages = (page for page in files(__name__).iterdir() if page.name.endswith(".md"))
    return {
        page.name.removesuffix(".md"): page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        for page in sorted(pages, key=lambda page: page.name)
    }


def page(topic: str) -> str:
    """The text of a topic; raises KeyError where there is none."""
    if topic not in topics():
        raise KeyError(topic)
    return files(__name__).joinpath(f"{topic}.md").read_text(encoding="utf-8")

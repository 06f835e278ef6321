"""The examples of the help pages, run as they stand there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from heaptui.demo import FILES
from heaptui.help import page


def test_the_python_page_runs_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(FILES[0]).parent)
    examples = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page("python"), re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, "python.md", None, None)
    said: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert found.attempted > 20
    assert not found.failed, "".join(said)

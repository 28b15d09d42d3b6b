"""The command line, run in this process on a small folder of documents."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from webapp.cli import main

ARTICLE = """date 2024-05-01 The lighthouse of Skarvan was lit again on Friday. Mayor Ilse Brandt pressed the switch.

The repair cost 2.4 million crowns.

FAQ:

Q: Who paid for the repair of the lighthouse?
A: The harbour board paid for the whole repair.

Q: When may visitors climb the tower?
A: Visitors may climb the tower on Sundays from noon.
"""


@dataclass
class Ran:
    """What a command printed and returned."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one article."""
    seeds = tmp_path / "documents"
    seeds.mkdir()
    (seeds / "lighthouse.txt").write_text(ARTICLE, "utf-8")
    return seeds


@pytest.fixture
def newsstand(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs ``newsstand`` with arguments and, if given, standard input."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run

"""Writes problems with documents: for people, for programs, and for GitHub."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from pathlib import Path
from typing import TextIO

from webapp.cli.showing import count, dumps
from webapp.corpus.file_records import Library
from webapp.corpus.model import Problem, Severity

FORMATS = ("text", "json", "github")
_WHOLE_FOLDER = frozenset(("no-folder", "no-documents"))
"""Problems whose path is the folder's own."""
_JOINERS = "\u200c\u200d"
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def write(library: Library, folder: Path, form: str, out: TextIO) -> None:
    """Write what a folder holds and what there is to mend.

    Args:
        library: the documents, and their problems in the order to show.
        folder: as it was named.
        form: one of `FORMATS`.
        out: where to; a terminal gets colours and a heading a file, unless ``NO_COLOR`` is set.
    """
    if form == "json":
        print(dumps(as_dict(library), indent=2), file=out)
    elif form == "github":
        for problem in library.problems:
            print(github_command(problem, folder), file=out)
    elif _for_terminal(out):
        _write_to_terminal(library, out)
    else:
        for problem in library.problems:
            print(line(str(problem)), file=out)
        print(summary(library), file=out)


def summary(library: Library) -> str:
    """Return how much can be served and how much there is to mend, as one line."""
    documents = library.corpus.documents
    passages = sum(len(document.passages) for document in documents)
    errors, warnings = _counts(library.problems)
    return (
        f"{count(len(documents), 'document')} with {count(passages, 'passage')} can be served; "
        f"{count(errors, 'error')}, {count(warnings, 'warning')}."
    )


def as_dict(library: Library) -> dict[str, object]:
    """Return what ``--format json`` prints."""
    errors, warnings = _counts(library.problems)
    return {
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "code": problem.code,
                "severity": problem.severity.value,
                "message": problem.message,
                "advice": problem.advice,
            }
            for problem in library.problems
        ],
        "documents": len(library.corpus.documents),
        "passages": sum(len(document.passages) for document in library.corpus.documents),
        "errors": errors,
        "warnings": warnings,
    }


def github_command(problem: Problem, folder: Path) -> str:
    """Return the workflow command that makes GitHub show a problem beside its line.

    Escaped as https://github.com/actions/toolkit (packages/core, command.ts) does it.
    """
    path = folder if problem.code in _WHOLE_FOLDER else folder / problem.path
    properties = {"file": str(path), "line": problem.line, "title": problem.code}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{problem.severity.value} {written}::{_data(f'{problem.message} {problem.advice}')}"


def line(text: str) -> str:
    """Return `text` on one line, with what a terminal would obey or not show written as an escape."""
    return "".join(_shown(char) for char in text)


def waiting(message: str) -> AbstractContextManager[object]:
    """Return a context in which a terminal shows that something goes on; what is redirected shows nothing."""
    from rich.console import Console

    return Console(stderr=True).status(message) if _for_terminal(sys.stderr) else nullcontext()


def _write_to_terminal(library: Library, out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, highlight=False)
    for path, problems in groupby(library.problems, key=lambda problem: problem.path):
        console.print(Text(line(path), "bold underline"))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right", min_width=5)
        table.add_column()
        table.add_column(overflow="fold")
        for problem in problems:
            said = Text.assemble(
                line(problem.message), " ", (line(problem.advice), "dim"), " ", (f"[{problem.code}]", "dim")
            )
            severity = Text(problem.severity.value, _STYLES[problem.severity])
            table.add_row("" if problem.line is None else str(problem.line), severity, said)
        console.print(table)
        console.print()
    console.print(Text(summary(library), "bold"))


def _for_terminal(out: TextIO) -> bool:
    """Return whether colours can be shown and are wanted (https://no-color.org/)."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _counts(problems: Sequence[Problem]) -> tuple[int, int]:
    """Return how many problems are errors, and how many warnings."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return errors, len(problems) - errors


def _data(text: str) -> str:
    return line(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _shown(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    return " " if unicodedata.category(char) == "Zs" else char.encode("unicode_escape").decode("ascii")

"""Asks recorded questions of two versions of the documents, for a publisher's checks before a change goes out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.authoring.comparing import Change, compare
from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.differences import FORMATS, Differences, Line
from webapp.cli.questions import read_questions
from webapp.corpus.library import read_folder
from webapp.settings import Settings


def diff(settings: Settings, old: Path, new: Path, name: str, *, form: str) -> int:
    """Print what became of the answers to the questions in the file `name`; return 1 when answers were lost.

    Args:
        settings: those that answers are given by.
        old: folder of the documents before.
        new: folder of the documents after.
        name: file of questions; ``-`` is standard input.
        form: one of `FORMATS`.
    """
    for folder in (old, new):
        if not folder.is_dir():
            print(f"newsstand diff: {folder} is no folder. Give the folder that holds the documents.", file=sys.stderr)
            return USAGE
    try:
        rows, problems = read_questions(name, settings)
    except OSError as error:
        print(f"newsstand diff: {name} cannot be read ({error.strerror}).", file=sys.stderr)
        return USAGE
    if problems or not rows:
        for problem in problems or ["It holds no question. Write one a line."]:
            print(f"newsstand diff: {name}: {problem}", file=sys.stderr)
        return USAGE
    before, after = _answerer(settings, old), _answerer(settings, new)
    lines = tuple(Line(row, compare(before, after, row.question, row.context)) for row in rows)
    FORMATS[form](Differences(name, lines))
    return CONTENT_LOST if any(line.comparison.change is Change.LOST for line in lines) else OK


def _answerer(settings: Settings, folder: Path) -> Answerer | ManyLanguages:
    library = read_folder(folder, max_bytes=settings.document_max_bytes)
    for problem in library.problems:
        # Two folders hold files of the same name.
        print(replace(problem, path=str(folder / problem.path)), file=sys.stderr)
    return answering_from(library.corpus, target_precision=settings.target_precision)

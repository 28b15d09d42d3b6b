"""Tells authors what to mend in a folder of documents."""

from __future__ import annotations

import sys
from pathlib import Path

from webapp.authoring.checking import checked
from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.problems import waiting, write
from webapp.corpus.model import Severity
from webapp.settings import Settings


def check(folder: Path, settings: Settings, *, form: str = "text", strict: bool = False) -> int:
    """Print every problem and a summary; return the exit code.

    Args:
        folder: where the documents are.
        settings: the limit for files, and the precision that answers are given outright with.
        form: one of `webapp.cli.problems.FORMATS`.
        strict: whether a warning is as bad as lost content.

    Returns:
        0 when nothing is lost, 1 when content is (or, if strict, when there is any problem), 2 without a folder.
    """
    if not folder.is_dir():
        print(f"newsstand check: {folder} is no folder. Give the folder that holds the documents.", file=sys.stderr)
        return USAGE
    with waiting("Reading the documents and asking their questions ..."):
        library = checked(folder, max_bytes=settings.document_max_bytes, target_precision=settings.target_precision)
    write(library, folder, form, sys.stdout)
    lost = any(strict or problem.severity is Severity.ERROR for problem in library.problems)
    return CONTENT_LOST if lost else OK

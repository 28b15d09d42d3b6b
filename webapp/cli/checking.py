"""Tells authors what to mend in a folder of documents."""

from __future__ import annotations

import sys
from pathlib import Path

from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.showing import count
from webapp.corpus.library import read_folder
from webapp.corpus.model import Severity


def check(folder: Path, max_bytes: int) -> int:
    """Print every problem and a summary; return 1 when content is lost, 2 when there is no such folder."""
    if not folder.is_dir():
        print(f"newsstand check: {folder} is no folder. Give the folder that holds the documents.", file=sys.stderr)
        return USAGE
    library = read_folder(folder, max_bytes=max_bytes)
    for problem in library.problems:
        print(problem)
    errors = sum(problem.severity is Severity.ERROR for problem in library.problems)
    documents = library.corpus.documents
    passages = sum(len(document.passages) for document in documents)
    print(
        f"{count(len(documents), 'document')} with {count(passages, 'passage')} can be served; "
        f"{count(errors, 'error')}, {count(len(library.problems) - errors, 'warning')}."
    )
    return CONTENT_LOST if errors else OK

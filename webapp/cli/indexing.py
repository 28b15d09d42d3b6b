"""Builds and saves an index, telling how far it is."""

from __future__ import annotations

import sys
from pathlib import Path

from webapp.answering.polyglot import answering_from
from webapp.answering.saved import SavedIndexError, open_index, save_index, verify_index
from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.showing import count
from webapp.corpus.library import read_folder
from webapp.settings import Settings

SUFFIX = ".index"


def index(settings: Settings, folder: Path, output: Path | None) -> int:
    """Build the index of a folder of documents and save it; return 1 when no document can be served."""
    if not folder.is_dir():
        print(f"newsstand index: {folder} is no folder. Give the folder that holds the documents.", file=sys.stderr)
        return USAGE
    target = output or folder.resolve().with_name(folder.resolve().name + SUFFIX)
    try:
        library = read_folder(folder, max_bytes=settings.document_max_bytes)
        for problem in library.problems:
            print(problem, file=sys.stderr)
        if not library.corpus.documents:
            return CONTENT_LOST
        save_index(target, answering_from(library.corpus), library)
    except SavedIndexError as error:
        print(f"newsstand index: {error}", file=sys.stderr)
        return USAGE
    documents = count(len(library.corpus.documents), "document")
    print(f"{documents} indexed in {target}. Serve them with “newsstand serve --index {target}”.")
    return OK


def verify(folder: Path) -> int:
    """Compare every byte of a saved index with its checksum."""
    try:
        verify_index(folder)
        found = open_index(folder, target_precision=Settings().target_precision)
    except SavedIndexError as error:
        print(f"newsstand index: {error}", file=sys.stderr)
        return CONTENT_LOST
    print(f"The index in {folder} is whole: {count(len(found.library.corpus.documents), 'document')}.")
    return OK

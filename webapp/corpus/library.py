"""A folder to a corpus and a list of problems; one bad file never hides the others."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from webapp.corpus.identity import identified
from webapp.corpus.model import Corpus, Document, Problem, Severity
from webapp.corpus.readers.feeds import read_feed
from webapp.corpus.readers.json_files import read_json, read_json_lines
from webapp.corpus.readers.markdown import read_markdown
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile, Unreadable
from webapp.corpus.readers.tables import read_table
from webapp.corpus.readers.web_pages import read_page
from webapp.corpus.readers.workbooks import read_workbook

logger = logging.getLogger(__name__)

DOCUMENT_MAX_BYTES = 10_000_000
TOLD_EVERY = 100
"""Files between two reports of how far it is."""

Reader = Callable[[SourceFile], list[Document]]
"""Returns a file's documents, the id of each being what tells it from the others (or empty), and records problems.

May raise `Unreadable`.
"""

READERS: dict[str, Reader] = {
    ".txt": read_seed,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
    ".csv": read_table,
    ".tsv": read_table,
    ".xlsx": read_workbook,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
"""By the ending of a file's name; what a reader needs is imported when the first such file is met."""


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder held."""

    corpus: Corpus
    problems: tuple[Problem, ...]


def read_folder(
    folder: Path,
    *,
    max_bytes: int = DOCUMENT_MAX_BYTES,
    today: date | None = None,
    tell: Callable[[float], None] | None = None,
) -> Library:
    """Read every document below `folder`, in the order of their paths.

    Nothing is raised for what is in the folder: whatever cannot be served is among the problems, and the rest is.

    Args:
        folder: where the documents are; a missing folder is a problem and an empty corpus.
        max_bytes: larger files are refused unread.
        today: the day that documents must be valid on to be served, by default this one. It is looked at here only: a
            document whose day comes or passes is taken up or left out when the folder is read again.
        tell: hears now and then which share of the files is read.
    """
    if not folder.is_dir():
        problem = Problem(
            str(folder), None, "no-folder", "There is no such folder.", "Create it, or name another.", Severity.ERROR
        )
        return Library(Corpus(()), (problem,))
    documents: list[Document] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    # Validity is a matter of whole days where the editors are: the server's own calendar.
    today = today or date.today()  # noqa: DTZ011
    for file, shown in _files(folder, problems, tell):
        read, found = _read(folder, file, shown, max_bytes)
        problems.extend(found)
        for document in identified(read, shown, taken):
            if (lapsed := _lapsed(document, today)) is None:
                documents.append(document)
            else:
                problems.append(lapsed)
    if not documents:
        problems.append(
            Problem(
                str(folder),
                None,
                "no-documents",
                "No document in this folder can be served.",
                "Put a .txt file with an article in it.",
                Severity.ERROR,
            )
        )
    return Library(Corpus(tuple(documents)), tuple(problems))


def _read(folder: Path, file: Path, shown: str, max_bytes: int) -> tuple[list[Document], list[Problem]]:
    """Return the documents and the problems of one file."""
    problems: list[Problem] = []
    try:
        source = SourceFile(shown, _read_bytes(folder, file, shown, max_bytes), max_bytes, problems)
        return READERS[file.suffix.lower()](source), problems
    except Unreadable as unreadable:
        problems.append(unreadable.problem)
    except Exception:
        logger.exception("reader failed on %r", shown)
        problems.append(
            Problem(
                shown,
                None,
                "reader-failed",
                "Newsstand could not read this file.",
                "This is a fault of Newsstand: please report it with the file.",
                Severity.ERROR,
            )
        )
    return [], problems


def _lapsed(document: Document, today: date) -> Problem | None:
    """Return why `document` is not served on this day; None when it is."""
    if document.valid_from is not None and today < document.valid_from:
        code, message = "not-yet-valid", f"“{document.headline}” is valid from {document.valid_from} only."
        advice = "It is served when the documents are read again on that day or later."
    elif document.valid_until is not None and document.valid_until < today:
        code, message = "expired", f"“{document.headline}” was valid until {document.valid_until}."
        advice = "Remove it, or give it a later day."
    else:
        return None
    return Problem(document.path, None, code, message, advice, Severity.WARNING)


def _files(folder: Path, problems: list[Problem], tell: Callable[[float], None] | None) -> Iterator[tuple[Path, str]]:
    """Yield (file, path to show) for every file of a known format; report the other ones and unreadable folders."""

    def unreadable(error: OSError) -> None:
        shown = _shown(folder, Path(error.filename))
        problems.append(
            Problem(shown, None, "unreadable", "The folder cannot be opened.", "Give read permission.", Severity.ERROR)
        )

    found = []
    for where, names, files in os.walk(folder, onerror=unreadable):
        names[:] = sorted(name for name in names if not name.startswith("."))
        found += [Path(where, name) for name in files if not name.startswith(".")]
    for number, file in enumerate(sorted(found, key=lambda file: os.fsencode(file.relative_to(folder)))):
        if tell is not None and number % TOLD_EVERY == 0:
            tell(number / len(found))
        shown = _shown(folder, file)
        if file.suffix.lower() in READERS:
            yield file, shown
        else:
            problems.append(
                Problem(
                    shown,
                    None,
                    "unknown-format",
                    f"Files ending in “{file.suffix}” are not read.",
                    f"Save it in another format ({', '.join(READERS)}), or move it elsewhere.",
                    Severity.WARNING,
                )
            )


def _shown(folder: Path, file: Path) -> str:
    """Return the path relative to `folder` as printable text, whatever bytes its name has."""
    relative = os.path.relpath(file, folder)
    printable = relative.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in printable)


def _read_bytes(folder: Path, file: Path, shown: str, max_bytes: int) -> bytes:
    """Return the file's bytes.

    Raises:
        Unreadable: it is no regular file inside the folder, too large or may not be read.
    """
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise Unreadable(shown, None, "outside", "The link leads out of the folder.", "Copy the file itself here.")
        # O_NONBLOCK: opening a pipe must not wait for a writer.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as handle:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(shown, None, "not-a-file", "This is not a regular file.", "Put a document here.")
            if status.st_size > max_bytes:
                raise _too_large(shown, status.st_size, max_bytes)
            data = handle.read(max_bytes + 1)
    except PermissionError:
        raise Unreadable(shown, None, "unreadable", "The file may not be read.", "Give read permission.") from None
    except (OSError, RuntimeError) as error:
        # RuntimeError: links that lead in a circle, before Python 3.13.
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unreadable(shown, None, "unreadable", f"The file cannot be read: {reason}.", "Check the file.") from None
    if len(data) > max_bytes:
        raise _too_large(shown, len(data), max_bytes)
    return data


def _too_large(shown: str, size_bytes: int, max_bytes: int) -> Unreadable:
    return Unreadable(
        shown,
        None,
        "too-large",
        f"The file has {size_bytes:,} bytes, more than the limit of {max_bytes:,}.",
        "Split it, or raise NEWSSTAND_DOCUMENT_MAX_BYTES.",
    )

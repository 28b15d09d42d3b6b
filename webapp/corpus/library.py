"""A folder to a corpus and a list of problems; one bad file never hides the others.

Read again, it opens only the files that changed, and a file that broke keeps serving what it held before.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from webapp.corpus.days import server_day
from webapp.corpus.file_records import FileRecord, Library, ReadFile
from webapp.corpus.identity import ids_of
from webapp.corpus.model import Corpus, Document, Problem, Severity
from webapp.corpus.opening import read_bytes
from webapp.corpus.readers.feeds import read_feed
from webapp.corpus.readers.json_files import read_json, read_json_lines
from webapp.corpus.readers.markdown import read_markdown
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile, Unreadable
from webapp.corpus.readers.tables import read_table
from webapp.corpus.readers.web_pages import read_page
from webapp.corpus.readers.workbooks import read_workbook
from webapp.corpus.validity import lapsed
from webapp.corpus.walking import FoundFile, walk

logger = logging.getLogger(__name__)

DOCUMENT_MAX_BYTES = 10_000_000
AT_REST_NS = 2_000_000_000
"""File systems note times in steps of up to two seconds: within one step, a change may leave no trace."""
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


def read_folder(
    folder: Path,
    *,
    max_bytes: int = DOCUMENT_MAX_BYTES,
    today: date | None = None,
    before: Library | None = None,
    settled: Mapping[str, str | None] | None = None,
    tell: Callable[[float], None] | None = None,
) -> Library:
    """Read every document below `folder`, in the order of their paths.

    Nothing is raised for what is in the folder: whatever cannot be served is among the problems, and the rest is.

    Args:
        folder: where the documents are; a missing folder is a problem and an empty corpus.
        max_bytes: larger files are refused unread.
        today: the day that documents must be valid on to be served, by default this one.
        before: what the folder held when it was last read. Files that did not change since are not opened. A file that
            has become unreadable, or the whole folder, keeps the documents it had, and a problem says so. For all
            others the outcome is the same as without.
        settled: the signatures of files that nobody is writing, by path. A file that looks different, or is no longer
            there, is left as it was `before`, or out. Without it every file counts as written.
        tell: hears now and then which share of the files is read.
    """
    problems: list[Problem] = []
    files = _read_files(folder, _by_path(before) if before is not None else {}, settled, max_bytes, problems, tell)
    library = _library(files, problems, today or server_day())
    if library.corpus.documents or any(problem.code == "no-folder" for problem in problems):
        return library
    none = Problem(
        str(folder),
        None,
        "no-documents",
        "No document in this folder can be served.",
        "Put a .txt file with an article in it.",
        Severity.ERROR,
    )
    return replace(library, problems=(*library.problems, none))


def _library(files: Sequence[ReadFile], problems: list[Problem], today: date) -> Library:
    """Give documents their ids, and sort out those that are not valid today."""
    documents: list[Document] = []
    out_of_time: list[Document] = []
    records = []
    taken: set[str] = set()
    for file in files:
        problems.extend(file.record.problems)
        ids = tuple(ids_of(file.record.keys, file.record.path, taken))
        records.append(file.record if ids == file.record.ids else replace(file.record, ids=ids))
        for read, own in zip(file.documents, ids, strict=True):
            document = read if read.id == own else replace(read, id=own)
            if (why := lapsed(document, today)) is None:
                documents.append(document)
            else:
                out_of_time.append(document)
                problems.append(why)
    return Library(Corpus(tuple(documents)), tuple(problems), tuple(records), tuple(out_of_time))


def _by_path(library: Library) -> dict[str, ReadFile]:
    """Return the files of a library with their documents; one whose documents are not all there is left out."""
    by_id = {document.id: document for document in (*library.corpus.documents, *library.out_of_time)}
    return {
        record.path: ReadFile(record, tuple(by_id[own] for own in record.ids))
        for record in library.files
        if all(own in by_id for own in record.ids)
    }


def _read_files(
    folder: Path,
    earlier: dict[str, ReadFile],
    settled: Mapping[str, str | None] | None,
    max_bytes: int,
    problems: list[Problem],
    tell: Callable[[float], None] | None,
) -> list[ReadFile]:
    """Return every file of the folder, read now or taken over from `earlier`; record which folders cannot be opened."""
    closed: list[str] = []

    def unreadable(shown: str, error: OSError) -> None:
        # What is gone by now is simply gone.
        if not isinstance(error, FileNotFoundError):
            closed.append("" if shown == "." else f"{shown}/")
            problems.append(
                Problem(
                    shown, None, "unreadable", "The folder cannot be opened.", "Give read permission.", Severity.ERROR
                )
            )

    is_there = _is_folder(folder)
    if not is_there:
        message, advice = "There is no such folder.", "Create it, or name another."
        problems.append(Problem(str(folder), None, "no-folder", message, advice, Severity.ERROR))
        closed.append("")
    files = []
    there = walk(folder, unreadable) if is_there else []
    for number, found in enumerate(there):
        if tell is not None and number % TOLD_EVERY == 0:
            tell(number / len(there))
        was = earlier.pop(found.shown, None)
        if settled is not None and settled.get(found.shown, "") != found.signature:
            # It is being written.
            files += [was] if was is not None else []
        elif was is not None and was.still_tells(found.signature):
            files.append(was)
        else:
            files.append(_read_again(folder, found, was, max_bytes))
    # A file that has only just gone may be on its way back: some editors save so.
    hidden = [file for path, file in earlier.items() if path.startswith(tuple(closed)) or path in (settled or ())]
    for shown in closed:
        if any(file.documents for file in hidden if file.record.path.startswith(shown)):
            message, advice = (
                "What was in the folder before is still served.",
                "Mend the folder; it is then read again.",
            )
            name = shown.rstrip("/") or str(folder)
            problems.append(Problem(name, None, "earlier-version", message, advice, Severity.WARNING))
    return sorted(files + hidden, key=lambda file: file.record.path.encode()) if hidden else files


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False


def _read_again(folder: Path, found: FoundFile, was: ReadFile | None, max_bytes: int) -> ReadFile:
    """Read a file that is new or has changed; when nothing can be served of it, keep what it held before."""
    shown = found.shown
    at_rest = abs(time.time_ns() - found.modified_ns) > AT_REST_NS
    if (passed_over := _passed_over(found)) is not None:
        return ReadFile(FileRecord(shown, found.signature, (), (), (passed_over,), found.modified_ns, at_rest))
    documents, problems = _read(folder, folder / found.name, shown, max_bytes)
    record = FileRecord(
        shown, found.signature, tuple(read.id for read in documents), (), tuple(problems), found.modified_ns, at_rest
    )
    is_lost = not documents and any(problem.severity is Severity.ERROR for problem in problems)
    if is_lost and was is not None and was.documents:
        kept = was.record
        told = (*problems, _earlier_version(shown, kept.served_ns))
        record = replace(record, keys=kept.keys, ids=kept.ids, problems=told, served_ns=kept.served_ns)
        return ReadFile(record, was.documents)
    return ReadFile(record, tuple(documents))


def _passed_over(found: FoundFile) -> Problem | None:
    """Return why nobody looks into a file; None when a reader does."""
    suffix = Path(found.name).suffix
    if found.is_folder:
        message, advice = "Links to folders are not followed.", "Copy or move the folder itself here."
        return Problem(found.shown, None, "linked-folder", message, advice, Severity.ERROR)
    if suffix.lower() in READERS:
        return None
    message = f"Files ending in “{suffix}” are not read." if suffix else "Files without an ending are not read."
    advice = f"Save it in another format ({', '.join(READERS)}), or move it elsewhere."
    return Problem(found.shown, None, "unknown-format", message, advice, Severity.WARNING)


def _earlier_version(shown: str, written_ns: int) -> Problem:
    written = datetime.fromtimestamp(written_ns / 1e9).astimezone()
    return Problem(
        shown,
        None,
        "earlier-version",
        f"The version of {written:%Y-%m-%d %H:%M} is still served.",
        "Mend the file, or remove it: its documents are then no longer served.",
        Severity.WARNING,
    )


def _read(folder: Path, file: Path, shown: str, max_bytes: int) -> tuple[list[Document], list[Problem]]:
    """Return the documents and the problems of one file."""
    problems: list[Problem] = []
    try:
        source = SourceFile(shown, read_bytes(folder, file, shown, max_bytes), max_bytes, problems)
        if not source.data.strip():
            raise source.unreadable(None, "empty", "The file is empty.", "Write a document in it, or remove it.")
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

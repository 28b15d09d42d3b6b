"""A folder to a corpus and a list of problems; one bad file never hides the others."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webapp.corpus.model import Corpus, Document, Problem, Severity
from webapp.corpus.readers.seed import read_seed

logger = logging.getLogger(__name__)

DOCUMENT_MAX_BYTES = 10_000_000

Reader = Callable[..., tuple[Document | None, list[Problem]]]

READERS: dict[str, Reader] = {".txt": read_seed}

_NOT_SLUG = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder held."""

    corpus: Corpus
    problems: tuple[Problem, ...]


class _Unreadable(Exception):
    """A file cannot be served; carries the problem to report."""

    def __init__(self, path: str, line: int | None, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.problem = Problem(path, line, code, message, advice, Severity.ERROR)


def read_folder(folder: Path, *, max_bytes: int = DOCUMENT_MAX_BYTES) -> Library:
    """Read every document below `folder`, in the order of their paths.

    Nothing is raised for what is in the folder: whatever cannot be served is among the problems, and the rest is.

    Args:
        folder: where the documents are; a missing folder is a problem and an empty corpus.
        max_bytes: larger files are refused unread.
    """
    if not folder.is_dir():
        problem = Problem(
            str(folder), None, "no-folder", "There is no such folder.", "Create it, or name another.", Severity.ERROR
        )
        return Library(Corpus(()), (problem,))
    documents: list[Document] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for file, shown in _files(folder, problems):
        try:
            source = _read_text(folder, file, shown, max_bytes)
            document_id = _document_id(shown, taken)
            document, found = READERS[file.suffix.lower()](source, document_id=document_id, path=shown)
        except _Unreadable as unreadable:
            problems.append(unreadable.problem)
            continue
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
            continue
        problems.extend(found)
        if document is not None:
            taken.add(document_id)
            documents.append(document)
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


def _files(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
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
    for file in sorted(found, key=lambda file: os.fsencode(file.relative_to(folder))):
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
                    "Save it as .txt in the seed format, or move it elsewhere.",
                    Severity.WARNING,
                )
            )


def _shown(folder: Path, file: Path) -> str:
    """Return the path relative to `folder` as printable text, whatever bytes its name has."""
    relative = os.path.relpath(file, folder)
    printable = relative.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in printable)


def _read_text(folder: Path, file: Path, shown: str, max_bytes: int) -> str:
    """Return the file's text with line ends made ``\\n``.

    Raises:
        _Unreadable: it is no regular file inside the folder, too large, unreadable or not text in UTF-8.
    """
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise _Unreadable(shown, None, "outside", "The link leads out of the folder.", "Copy the file itself here.")
        # O_NONBLOCK: opening a pipe must not wait for a writer.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as handle:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _Unreadable(shown, None, "not-a-file", "This is not a regular file.", "Put a text file here.")
            if status.st_size > max_bytes:
                raise _Unreadable(
                    shown,
                    None,
                    "too-large",
                    f"The file has {status.st_size:,} bytes, more than the limit of {max_bytes:,}.",
                    "Split it, or raise NEWSSTAND_DOCUMENT_MAX_BYTES.",
                )
            data = handle.read(max_bytes + 1)
    except PermissionError:
        raise _Unreadable(shown, None, "unreadable", "The file may not be read.", "Give read permission.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _Unreadable(shown, None, "unreadable", f"The file cannot be read: {reason}.", "Check the file.") from None
    return _decoded(data, shown)


def _decoded(data: bytes, shown: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unreadable(shown, 1, "not-utf8", "The file is in UTF-16.", "Save it as UTF-8.")
    if (nul := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise _Unreadable(shown, line, "binary", "The file holds NUL bytes; it is not text.", "Put a text file here.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable(
            shown, line, "not-utf8", f"Byte 0x{data[error.start]:02x} is not UTF-8.", "Save the file as UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _document_id(shown: str, taken: set[str]) -> str:
    """Return a URL-safe id made from the file's path; a digest of the path keeps it unique where letters are lost."""
    stem = shown.rsplit(".", 1)[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    slug = _NOT_SLUG.sub("-", plain).strip("-")[:80]
    if not slug or slug in taken:
        slug = f"{slug or 'document'}-{hashlib.sha256(shown.encode()).hexdigest()[:8]}"
    return slug

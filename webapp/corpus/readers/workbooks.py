"""FAQ tables in XLSX workbooks; every sheet with the columns of a table is read, and lines are row numbers.

A workbook is a packed file, so a small one can hold a huge one. What it expands to is measured, without keeping it,
before anything is read from it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from webapp.corpus.model import Document
from webapp.corpus.readers.rows import drafts_of
from webapp.corpus.readers.source_file import EXPANDED_TIMES, SourceFile
from webapp.corpus.readers.tables import COLUMNS_MAX, Line, table_rows
from webapp.corpus.readers.writing import Draft, documents_of

MEMBERS_MAX = 10_000
ROWS_MAX = 1_048_576
"""Excel has no more."""
_CHUNK_BYTES = 1 << 20
_DOCTYPE_OVERLAP = len(b"<!DOCTYPE") - 1


def read_workbook(file: SourceFile) -> list[Document]:
    """Return the documents of a workbook."""
    _measure(file)
    drafts: list[Draft] = []
    found = False
    before = len(file.problems)
    try:
        for title, lines in _sheets(file.data):
            rows = table_rows(lines, file)
            if rows is not None:
                # The first table has the file's name, further ones that of their sheet.
                drafts += drafts_of(rows, file, title if found else "")
                found = True
    except MemoryError:
        raise
    except Exception as error:
        # The library raises whatever a broken part of a workbook leads it to.
        raise _broken(file, error) from None
    if found:
        # Sheets without a table are notes, charts, pictures.
        file.problems[before:] = [problem for problem in file.problems[before:] if problem.code != "no-columns"]
    return documents_of(drafts, file)


def _sheets(data: bytes) -> Iterator[tuple[str, Iterator[Line]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            # What the sheet says of its size may be wrong.
            sheet.reset_dimensions()
            yield sheet.title, _lines(sheet)
    finally:
        book.close()


def _lines(sheet: Any) -> Iterator[Line]:
    rows = sheet.iter_rows(max_row=ROWS_MAX, max_col=COLUMNS_MAX, values_only=True)
    yield from enumerate(rows, start=1)


def _measure(file: SourceFile) -> None:
    """Check that the workbook is one, expands to no more than it may, and has no document type.

    Raises:
        Unreadable: it is not, does or has.
    """
    limit = file.max_bytes * EXPANDED_TIMES
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > limit:
                raise _too_large(file, limit)
            left = limit
            for member in members:
                left -= _measured(archive, member, file, left)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _broken(file, error) from None


def _measured(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: SourceFile, left: int) -> int:
    """Return how many bytes a part expands to, whatever it says of itself."""
    member.file_size = left + 1
    size = 0
    tail = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > left:
                raise _too_large(file, left)
            if b"<!DOCTYPE" in tail + chunk:
                raise file.unreadable(
                    None, "entities", "A part of the workbook declares a document type.", "Save it anew as XLSX."
                )
            tail = chunk[-_DOCTYPE_OVERLAP:]
    return size


def _too_large(file: SourceFile, limit: int) -> Exception:
    return file.unreadable(
        None,
        "too-large",
        f"The workbook expands to more than {limit:,} bytes.",
        f"Split it, or raise NEWSSTAND_DOCUMENT_MAX_BYTES, {EXPANDED_TIMES} times of which is the limit.",
    )


def _broken(file: SourceFile, error: Exception) -> Exception:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return file.unreadable(None, "bad-workbook", f"This is no readable XLSX workbook ({reason}).", "Save it anew.")

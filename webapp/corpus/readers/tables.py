"""FAQ tables: CSV and TSV here, XLSX in `workbooks`; a heading row, then an entry a row.

A column ``Question`` (or several: ``question1``, ``question2`` ...) and a column ``Answer`` are enough; see `rows` for
the others. CSV may be parted by commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.corpus.model import Document
from webapp.corpus.readers.fields import plain_name, value_text
from webapp.corpus.readers.rows import Row, drafts_of, is_answer, is_question, row_of
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import documents_of

COLUMNS_MAX = 200

Line = tuple[int, Sequence[Any]]
"""The line a row begins on (or its number), and its cells."""


def read_table(file: SourceFile) -> list[Document]:
    """Return the documents of a CSV or TSV file."""
    if not file.text.strip():
        file.report(None, "empty", "The file is empty.", "Write a table with questions and answers in it.")
        return []
    rows = table_rows(_lines(file), file)
    return documents_of(drafts_of(rows or [], file), file)


def table_rows(lines: Iterable[Line], file: SourceFile) -> list[Row] | None:
    """Return the entries of a table; None when its first row does not name its columns."""
    names: list[str] | None = None
    rows: list[Row] = []
    for line, cells in lines:
        if not any(value_text(cell).strip() for cell in cells):
            continue
        if names is None:
            names = [plain_name(value_text(cell)) for cell in cells[:COLUMNS_MAX]]
            if not (any(map(is_question, names)) and any(map(is_answer, names))):
                file.report(
                    line,
                    "no-columns",
                    "The first row names no column “Question” or no column “Answer”.",
                    "Write the names of the columns into the first row.",
                )
                return None
            continue
        if (row := row_of(list(zip(names, cells, strict=False)), file.report, line)) is not None:
            rows.append(row)
    return rows


def _lines(file: SourceFile) -> Iterator[Line]:
    """Yield each row with the line it begins on, up to the first that cannot be read."""
    # A cell may be as long as the file, whose own size is limited; the module's limit is one for the process.
    csv.field_size_limit(max(csv.field_size_limit(), len(file.text)))
    reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=_delimiter(file), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        file.report(
            line,
            "bad-row",
            f"This row cannot be read ({error}).",
            "Put a cell with quotes, line ends or separators into double quotes, and double the quotes in it; "
            "until then neither this row nor those below it are served.",
        )


def _delimiter(file: SourceFile) -> str:
    if file.path.lower().endswith(".tsv"):
        return "\t"
    heading = file.text.lstrip("\n").split("\n", 1)[0]
    return max(",;\t", key=heading.count)

"""JSON and JSON Lines: FAQ entries, as QnABot and Azure's custom question answering export them, and articles.

JSON Lines has one object a line. JSON has one object, a list of them, or an object with such a list under ``qna``
(QnABot), ``qnaDocuments`` (Azure), ``items`` or ``documents``. An object with a question and an answer is an FAQ entry
(see `rows`); one with ``text`` or a ``faq`` of its own is an article: ``{"headline", "date", "text", "faq": [...]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webapp.corpus.model import Document
from webapp.corpus.readers.fields import facts_of, value_text
from webapp.corpus.readers.markup import html_lines, looks_like_html, rich_of
from webapp.corpus.readers.rows import Cell, Row, cells_of, drafts_of, is_answer, is_question, row_of
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import Draft, Paragraph, documents_of

_LISTS = frozenset({"qna", "qnadocuments", "items", "documents"})
_TEXTS = ("text", "body", "content", "articlebody", "article")
_TITLES = ("headline", "title", "name")
_KEYS = ("id", "qid", "slug", "identifier")
_FAQS = ("faq", "faqs")
_SPACE = re.compile(r"[ \t\n\r]*")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True, slots=True)
class _Item:
    """A value of the file and the line it begins on."""

    value: Any
    line: int


class _Syntax(Exception):
    """The file is no JSON from an offset on."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


def read_json(file: SourceFile) -> list[Document]:
    """Return the documents of a JSON file."""
    items: list[_Item] = []
    line = _Lines(file.text)
    try:
        for offset, value in _values(file.text):
            items.append(_Item(value, line.of(offset)))
    except _Syntax as error:
        file.report(
            line.of(error.offset),
            "bad-json",
            f"From here on the file is no JSON that can be read ({error}).",
            "Mend it; until then nothing from here on is served.",
        )
    return _documents(items, file)


def read_json_lines(file: SourceFile) -> list[Document]:
    """Return the documents of a JSON Lines file; a line that cannot be read hides no other."""
    items = []
    for number, text in enumerate(file.text.split("\n"), start=1):
        if not text.strip():
            continue
        try:
            items.append(_Item(json.loads(text), number))
        except (ValueError, RecursionError) as error:
            file.report(number, "bad-json", f"This line is no JSON that can be read ({_why(error)}).", "Mend it.")
    return _documents(items, file)


def _documents(items: list[_Item], file: SourceFile) -> list[Document]:
    rows: list[Row] = []
    drafts: list[Draft] = []
    for item in items:
        if not isinstance(item.value, dict):
            file.report(item.line, "not-an-object", "This is no JSON object.", "Write {…} with names and values.")
            continue
        cells = cells_of(item.value)
        names = {name for name, _ in cells}
        if names & {*_TEXTS, *_FAQS} and not any(map(is_answer, names)):
            drafts.append(_article(cells, file, item.line))
        elif any(map(is_question, names)) or any(map(is_answer, names)):
            if (row := row_of(cells, file.report, item.line)) is not None:
                rows.append(row)
        else:
            file.report(
                item.line,
                "no-content",
                "This object has neither a question and its answer nor a text.",
                "Name them “question” and “answer”, or “text”.",
            )
    return documents_of([*drafts_of(rows, file), *drafts], file)


def _article(cells: list[Cell], file: SourceFile, line: int) -> Draft:
    entries = next((value for name, value in cells if name in _FAQS and isinstance(value, list)), [])
    rows = [
        row
        for entry in entries
        if isinstance(entry, dict) and (row := row_of(cells_of(entry), file.report, line)) is not None
    ]
    headline = _first(cells, _TITLES) or (None if _first(cells, _TEXTS) else file.title)
    return Draft(
        headline=headline,
        facts=facts_of([(name, value, line) for name, value in cells], file.report),
        paragraphs=[
            Paragraph(text, line=line) for text in _paragraphs(_first(cells, _TEXTS), _first(cells, ("format",)))
        ],
        exchanges=[row.exchange for row in rows],
        key=_first(cells, _KEYS),
        line=line,
    )


def _paragraphs(text: str, form: str) -> list[str]:
    if form == "html" or (not form and looks_like_html(text)):
        return html_lines(text)
    if form == "markdown":
        text = rich_of(text, form).text
    return _BLANK_LINES.split(text)


def _first(cells: list[Cell], names: tuple[str, ...]) -> str:
    return next(
        (text for wanted in names for name, v in cells if name == wanted and (text := value_text(v).strip())), ""
    )


def _values(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each object of the file with the offset it begins at: those of the list, or the one there is.

    Raises:
        _Syntax: the file is no JSON, or too deep, from some offset on.
    """
    start = _after_space(text, 0)
    if text[start : start + 1] == "[":
        yield from _elements(text, start)
    elif text[start : start + 1] == "{" and (inner := _list_in(text, start)) is not None:
        yield from _elements(text, inner)
    else:
        yield start, _value(text, start)[0]


def _list_in(text: str, start: int) -> int | None:
    """Return where the first list that may hold entries begins in the object at `start`; None in an article."""
    at = _after_space(text, start + 1)
    while text[at : at + 1] == '"':
        name, at = _value(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] != ":":
            raise _Syntax(at, "a colon is missing")
        at = _after_space(text, at + 1)
        plain = str(name).casefold()
        if plain in _TEXTS:
            return None
        if plain in _LISTS and text[at : at + 1] == "[":
            return at
        _, at = _value(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
    return None


def _elements(text: str, start: int) -> Iterator[tuple[int, Any]]:
    at = _after_space(text, start + 1)
    while text[at : at + 1] != "]":
        value, end = _value(text, at)
        yield at, value
        at = _after_space(text, end)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            raise _Syntax(at, "a comma or the end of the list is missing")


def _value(text: str, start: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _Syntax(error.pos, error.msg) from None
    except (ValueError, RecursionError) as error:
        raise _Syntax(start, _why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return error.msg if isinstance(error, json.JSONDecodeError) else "a value out of range"


def _after_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return match.end() if match else start


class _Lines:
    """Counts lines up to offsets that only grow, so that each part of the text is counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 1

    def of(self, offset: int) -> int:
        """Return the line that `offset` stands on."""
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = max(self._offset, offset)
        return self._line

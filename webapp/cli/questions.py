"""Questions from files: JSON Lines, or one question a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from webapp.answering.reply import Context
from webapp.settings import Settings

JSON_LINES = (".jsonl", ".ndjson", ".json")


class BadLine(ValueError):
    """A line that cannot be asked; the message says how to write it."""

    def __init__(self, message: str, row_id: Any = None) -> None:
        super().__init__(message)
        self.row_id = row_id


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a file."""

    line: int
    """From 1."""
    id: Any
    """Whatever JSON value the file gives it, or None."""
    question: str
    context: Context


@contextmanager
def lines_of(name: str) -> Iterator[BinaryIO]:
    """Open the file `name` for its lines; ``-`` is standard input."""
    if name == "-":
        yield sys.stdin.buffer
    else:
        with open(name, "rb") as lines:
            yield lines


def read_questions(name: str, settings: Settings) -> tuple[list[Row], list[str]]:
    """Return the questions of a file, and what to tell of each line that cannot be asked.

    It is JSON Lines when its name or its first line says so, and else has one question a line.

    Raises:
        OSError: the file cannot be read.
    """
    with lines_of(name) as lines:
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    as_json = name.lower().endswith(JSON_LINES) or any(
        line.lstrip(b"\xef\xbb\xbf \t")[:1] == b"{" for _, line in numbered[:1]
    )
    rows, problems = [], []
    for number, line in numbered:
        try:
            rows.append(read_row(line, number, settings) if as_json else _plain_row(line, number, settings))
        except BadLine as error:
            problems.append(f"Line {number}: {error}")
    return rows, problems


def read_row(line: bytes, number: int, settings: Settings) -> Row:
    """Return the question of one line of JSON; fields it does not know are passed over.

    Raises:
        BadLine: it is no JSON, or has no question that can be asked.
    """
    try:
        row = json.loads(_text(line))
    except BadLine:
        raise
    except ValueError as error:
        raise BadLine(f"it is no JSON ({error}).") from None
    except RecursionError:
        raise BadLine("it is nested too deeply.") from None
    if not isinstance(row, dict) or not isinstance(row.get("q"), str):
        row_id = row.get("id") if isinstance(row, dict) else None
        raise BadLine('write {"id": ..., "q": "the question", "previous": "the question before" or null}.', row_id)
    row_id, previous = row.get("id"), row.get("previous")
    before = [] if previous is None else [previous] if isinstance(previous, str) else previous
    if not isinstance(before, list) or not all(isinstance(one, str) for one in before):
        raise BadLine("“previous” is a text, a list of texts (oldest first) or null.", row_id)
    if problem := unaskable(row["q"], settings):
        raise BadLine(problem, row_id)
    return Row(number, row_id, row["q"], Context(previous=tuple(one for one in before if one)))


def unaskable(question: str, settings: Settings) -> str | None:
    """Return why a question is refused, as the pages and the API refuse it."""
    if not question.strip():
        return "The question is empty."
    if len(question) > settings.question_max_chars:
        return f"The question has {len(question):,} characters; at most {settings.question_max_chars:,} can be read."
    return None


def _plain_row(line: bytes, number: int, settings: Settings) -> Row:
    question = _text(line).strip()
    if problem := unaskable(question, settings):
        raise BadLine(problem)
    return Row(number, None, question, Context())


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadLine("write it in UTF-8.") from None

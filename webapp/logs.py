"""The log: lines for people or JSON for machines, every line with the request it belongs to.

What a visitor asked and where they are is no business of the log. Our own messages never hold it; messages of
exceptions that others wrote may, so those of a request are left out above the level ``debug``.
No text can forge a line.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

CONSOLE, JSON = "console", "json"
FORMATS = frozenset({CONSOLE, JSON})
LEVELS = frozenset({"debug", "info", "warning", "error"})

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Names the request that is under way; empty outside of one."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin_log(form: str, level: str, stream: TextIO | None = None) -> None:
    """Have everything of this process logged in one form, from one level on.

    Args:
        form: one of `FORMATS`.
        level: one of `LEVELS`.
        stream: where to; standard error when not given.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(form))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # Each of these tells every step it takes.
    for name in ("alembic", "urllib3"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class ConsoleFormatter(logging.Formatter):
    """A line a message; what belongs to it follows, indented, so that no other line can pass for a message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of one record."""
        belongs = f" [{named}]" if (named := request_id.get()) else ""
        lines = [f"{record.levelname} {record.name}{belongs}: {one_line(record.getMessage())}"]
        if record.exc_info and not record.exc_text:
            lines += [f"  {one_line(line)}" for line in exception_lines(record.exc_info)]
        if record.exc_text:
            lines += [f"  {one_line(line)}" for line in record.exc_text.splitlines()]
        if record.stack_info:
            lines += [f"  {one_line(line)}" for line in record.stack_info.splitlines()]
        return "\n".join(lines)


def _formatter(form: str) -> logging.Formatter:
    if form == CONSOLE:
        return ConsoleFormatter()
    from pythonjsonlogger.json import JsonFormatter

    class OneObject(JsonFormatter):
        """A JSON object a line, in ASCII: whatever stands in it, it is one line."""

        def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's
            return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

        def formatException(self, exc_info: ExcInfo) -> str:  # noqa: N802 - logging's
            return "\n".join(exception_lines(exc_info))

        def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
            log_data["level"] = str(log_data["level"]).lower()
            if named := request_id.get():
                log_data["request"] = named
            return log_data

    return OneObject(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "exception"},
    )


def one_line(text: str) -> str:
    """Return `text` with what ends a line, moves a cursor or turns the direction of reading written as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def exception_lines(exc_info: ExcInfo, *, of_visitor: bool = False) -> list[str]:
    """Return where an exception came from, its causes first.

    Within a request, or when it is `of_visitor`, the words of an exception are shown only when they are known to hold
    nothing of a visitor: those of a class that says so by `is_for_operators`, and an `OSError`'s that names no file.
    """
    of_visitor = of_visitor or bool(request_id.get())
    lines: list[str] = []
    for place, one in enumerate(_chain(exc_info[1])):
        if place:
            lines.append("Then, because of this or while it was handled:")
        lines += [line for frame in traceback.format_tb(one.__traceback__) for line in frame.splitlines()]
        name = f"{type(one).__module__}.{type(one).__qualname__}".removeprefix("builtins.")
        told = str(one) if not of_visitor or _may_be_told(one) else "(its words are told at the level debug)"
        lines += f"{name}: {told}".splitlines() or [name]
    return lines


def _may_be_told(error: BaseException) -> bool:
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        return True
    if getattr(type(error), "is_for_operators", False):
        return True
    return isinstance(error, OSError) and error.strerror is not None and error.filename is None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception after those that led to it, as Python shows them."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from reversed(chain)

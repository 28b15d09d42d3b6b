"""The log: one record a line for machines, no forged lines for people, nothing of a visitor."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from webapp.conversations.errors import StorageError
from webapp.gunicorn_log import WithoutVisitors
from webapp.logs import FORMATS, begin_log, one_line, request_id

FORGED = "harmless\nERROR webapp: forged\r\n\x1b[2Jgone\u2028\u202egnal"

Read = Callable[[], str]


@pytest.fixture
def begin() -> Iterator[Callable[..., Read]]:
    """Begins a log, and gives what reads it; the one before comes back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def one(form: str, at: str = "info") -> Read:
        stream = io.StringIO()
        begin_log(form, at, stream)
        return stream.getvalue

    yield one
    root.handlers[:] = handlers
    root.setLevel(level)
    request_id.set("")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nobody_can_forge_a_line(begin: Callable[..., Read], form: str) -> None:
    """In a message, in its arguments and in an exception: no line begins as a record does, none steers a terminal."""
    read = begin(form)
    try:
        raise StorageError(FORGED)
    except StorageError:
        logging.getLogger("newsstand.%s").exception("told %s", FORGED)
    lines = read().splitlines()
    if form == "json":
        assert len(lines) == 1
    else:
        assert [line[:1] for line in lines[1:]] == [" "] * (len(lines) - 1)
    assert read().replace("\n", "").isprintable()


def test_a_json_line_has_time_level_logger_message_and_request(begin: Callable[..., Read]) -> None:
    """And what else was said of it, each by its name."""
    read = begin("json")
    request_id.set("request-1")
    logging.getLogger("a.b").warning("told %s", "this", extra={"status": 503})
    told = json.loads(read())
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "warning",
        "logger": "a.b",
        "message": "told this",
        "request": "request-1",
        "status": 503,
    }


def test_a_console_line_names_the_request(begin: Callable[..., Read]) -> None:
    """Where there is one."""
    read = begin("console")
    logging.getLogger("a").info("started")
    request_id.set("request-1")
    logging.getLogger("a").info("asked")
    assert read() == "INFO a: started\nINFO a [request-1]: asked\n"


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_words_of_exceptions_stay_out_of_a_request_except_for_debugging(begin: Callable[..., Read], form: str) -> None:
    """They may quote a question; kinds and places are told, and what operators need."""

    asked = "where is my zebra?".replace("zebra", "lost zebra")

    def fail() -> None:
        try:
            raise KeyError(asked)
        except KeyError as error:
            raise StorageError("The disk is full. Make room.") from error

    def told(level: str) -> str:
        read = begin(form, level)
        request_id.set("request-1")
        try:
            fail()
        except StorageError:
            logging.getLogger("a").exception("it could not be kept")
        return read()

    assert asked not in told("info")
    assert "Make room." in told("info") and "KeyError" in told("info") and "in fail" in told("info")
    assert asked in told("debug")


@pytest.mark.parametrize(
    "message",
    [
        "Invalid request from ip=203.0.113.7: Invalid HTTP request line: 'GET /?q=zebra'",
        "Error handling request /api/v1/suggest?q=zebra",
        "Ignored premature client disconnection. zebra 203.0.113.7",
    ],
)
def test_what_gunicorn_tells_of_a_visitor_is_left_out(begin: Callable[..., Read], message: str) -> None:
    """Addresses, and what was asked for."""
    read = begin("console")
    logger = logging.getLogger("gunicorn.test")
    logger.addFilter(WithoutVisitors())
    try:
        raise ValueError(message)
    except ValueError:
        logger.exception(message)
    assert read().startswith("ERROR gunicorn.test: A ")
    assert "zebra" not in read() and "203.0.113.7" not in read()
    assert "ValueError" in read()


def test_letters_of_all_languages_are_shown_as_they_are() -> None:
    """Only what is not seen is written as an escape."""
    assert one_line("Привет, 世界 — naïve") == "Привет, 世界 — naïve"
    assert one_line("a\tb\x00") == "a\\tb\\x00"

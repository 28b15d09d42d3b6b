"""Reads what a visitor or a client typed: questions and the ids that clients make."""

from __future__ import annotations

import re
import secrets

from webapp.web.languages import decimal, gettext

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class QuestionProblem(ValueError):
    """A question that cannot be asked; the message says it to the visitor."""


def clean(typed: str) -> str:
    """Return `typed` as text that can be stored and shown: no control characters, no half of a character pair."""
    if typed.isascii() and typed.isprintable():
        # As most questions are.
        return typed.strip()
    text = typed.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_question(typed: str, max_chars: int) -> str:
    """Return the question in `typed`.

    Raises:
        QuestionProblem: it is empty, or longer than `max_chars` characters.
    """
    question = clean(typed)
    if not question:
        raise QuestionProblem(gettext("Type a question first, such as one of those suggested."))
    if len(question) > max_chars:
        raise QuestionProblem(
            gettext(
                "That question has %(length)s characters; at most %(limit)s can be read. Please shorten it.",
                length=decimal(len(question)),
                limit=decimal(max_chars),
            )
        )
    return question


def is_id(text: object) -> bool:
    """Tell whether `text` may name a turn or a conversation: 8 to 64 characters that need no escaping in a URL."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def new_turn_id() -> str:
    """Return a fresh id for a turn."""
    return secrets.token_hex(16)

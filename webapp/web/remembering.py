"""What everybody asks is worked out once: replies to the documents' own questions, and what becomes of them.

Suggestions are such questions, so most visitors begin with one. A reply is remembered when its question opens a
conversation and is, to the letter, one that a document asks itself: what visitors type in words of their own is never
kept here, and how long an answer takes says nothing about it. When the documents change, there is a new memory; when
the day changes, it is empty, because passages are valid for so many days.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from webapp.answering.reply import Context, Reply, Scope
from webapp.corpus.days import server_day

if TYPE_CHECKING:
    from webapp.web.services import Answering

REMEMBERED = 256
"""How many replies, of a few kilobytes each; the oldest goes first."""
FORMS = 16
"""How many forms of a reply: of one in each language, say."""


@dataclass(frozen=True, slots=True)
class Known:
    """A reply that is the same for everybody, with the forms that were made of it."""

    reply: Reply
    forms: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def keep(self, key: tuple[object, ...], form: Any) -> None:
        """Remember a form, if there is room."""
        if len(self.forms) < FORMS:
            self.forms[key] = form


class Memory:
    """Remembers replies of one answerer; its threads share it."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._known: dict[tuple[str, Scope], Known] = {}
        self._writing = threading.Lock()

    def ask(self, answerer: Answering, question: str, context: Context) -> tuple[Reply, Known | None]:
        """Return the reply to a question; with its forms, if it is one that everybody asks."""
        if context.previous or context.told:
            return answerer.ask(question, context), None
        day, key = server_day(), (question, context.scope)
        known = self._known.get(key)
        if known is not None and day == self._day:
            return known.reply, known
        reply = answerer.ask(question, context)
        if reply.answer is None or reply.answer.question != question:
            return reply, None
        known = Known(reply)
        with self._writing:
            if day != self._day:
                self._day, self._known = day, {}
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = known
        return reply, known

"""What is asked again and again is worked out once: replies, and what becomes of them.

Two kinds of replies are remembered, of questions that open a conversation. Those to the documents' own questions, from
the second time on: suggestions are such questions, so most visitors begin with one, but documents have many more. And
those to what has been asked often, to the letter. How often that is, is drawn for each question, so that how long an
answer takes may say that many ask a question, but not whether somebody else has asked it. Until then nothing is kept
here of a question but a number that nobody can turn back. When the documents change, there is a new memory; when the
day changes, it is empty, because passages are valid for so many days.
"""

from __future__ import annotations

import secrets
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
OWN = 2, 2
OFTEN = 4, 8
"""From how many askings on a question may be remembered, and from how many it is: the documents' own, and any other."""
COUNTED = 4096
"""Of how many questions it is known how often they were asked; the one that was new first goes first."""
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
        self._missing: dict[int, int] = {}
        """By the hash of a question, which has another seed in each server: how many more times it has to be asked."""
        self._writing = threading.Lock()

    def ask(self, answerer: Answering, question: str, context: Context) -> tuple[Reply, Known | None]:
        """Return the reply to a question; with its forms, if it is one that is remembered."""
        if context.previous or context.told:
            return answerer.ask(question, context), None
        day, key = server_day(), (question, context.scope)
        known = self._known.get(key)
        if known is not None and day == self._day:
            return known.reply, known
        reply = answerer.ask(question, context)
        own = reply.answer is not None and reply.answer.question == question
        with self._writing:
            if day != self._day:
                self._day, self._known, self._missing = day, {}, {}
            if not self._asked_often(hash(key), OWN if own else OFTEN):
                return reply, None
            known = Known(reply)
            _make_room(self._known, REMEMBERED)
            self._known[key] = known
        return reply, known

    def _asked_often(self, question: int, enough: tuple[int, int]) -> bool:
        """Count a question that was asked; tell whether it has been often enough."""
        missing = self._missing.pop(question, None)
        if missing is None:
            least, most = enough
            missing = least + secrets.randbelow(most - least + 1)
            _make_room(self._missing, COUNTED)
        if missing > 1:
            self._missing[question] = missing - 1
        return missing <= 1


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Let the oldest go where there are as many as may be."""
    if len(kept) >= most:
        del kept[next(iter(kept))]

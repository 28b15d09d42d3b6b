"""Asks a question within a conversation: what was said before goes in, the turn is kept, a repeat brings it back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from webapp.answering.reply import EVERYTHING, Context, Scope
from webapp.conversations.conversation import Recent
from webapp.conversations.feedback import Feedback
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.tally import QUESTION_SECONDS, QUESTIONS
from webapp.web.questions import new_turn_id
from webapp.web.remembering import Known
from webapp.web.services import Services, Turns

logger = logging.getLogger(__name__)

REPEATED = "repeated"
WRITTEN = ("written",)
CONTEXT_TURNS = 12
"""How many turns before a question may help to understand it."""


class TurnTaken(ValueError):
    """The turn id already stands for another question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it."""

    turn: Turn
    saved: bool
    """False when the database could not be reached; the turn's number is 0 then."""
    scope: Scope = EVERYTHING
    """What its conversation asks about."""
    feedback: Feedback | None = None
    """What the visitor thinks of the answer."""
    before: tuple[str, ...] | None = None
    """What was asked before, and the documents' questions that were answered; None where that was not read."""
    known: Known | None = None
    """The reply's forms, when it is one that is remembered."""
    related: tuple[str, ...] = ()
    """What to ask next; empty when the conversation went on already."""


def ask(
    about: Services,
    conversation_id: str,
    turn_id: str | None,
    question: str,
    previous: Sequence[str] | None = None,
    *,
    visitor: str | None = None,
    scope: Scope = EVERYTHING,
    new: bool = False,
) -> Asked:
    """Answer `question` in a conversation and keep the turn.

    A `turn_id` that was kept before brings back what was answered then. `previous` stands for the kept turns as what
    was asked before. `visitor` and `scope` say whose the conversation is and what it asks about, when it begins;
    `new` that it does: nothing is read then. A store that fails costs the keeping, never the answer.

    Raises:
        TurnTaken: `turn_id` was kept with another question.
    """
    began = perf_counter()
    try:
        asked, outcome = _ask(
            about, conversation_id, turn_id, question, previous, visitor=visitor, scope=scope, new=new
        )
    except TurnTaken:
        raise
    except Exception:
        about.tally.count(QUESTIONS, "failed")
        raise
    about.tally.count(QUESTIONS, outcome)
    about.tally.observe(QUESTION_SECONDS, perf_counter() - began)
    return asked


def _ask(
    about: Services,
    conversation_id: str,
    turn_id: str | None,
    question: str,
    previous: Sequence[str] | None,
    *,
    visitor: str | None,
    scope: Scope,
    new: bool,
) -> tuple[Asked, str]:
    """Return what was asked with what came of it, and under what it is counted."""
    store, reachable = about.store, True
    recent: Recent | None = None
    try:
        recent = None if new else store.recent(conversation_id, CONTEXT_TURNS)
        if recent is not None:
            scope = recent.scope
            kept = next((turn for turn in recent.turns if turn.id == turn_id), None)
            if kept is None and turn_id and not recent.whole:
                kept = store.find_turn(conversation_id, turn_id)
            if kept is not None:
                return Asked(_same(kept, question), saved=True, scope=scope), REPEATED
    except StorageError as error:
        # The store says it louder, once.
        logger.info("the conversation could not be read; answering without it: %s", error)
        reachable = False
    turns = recent.turns if recent is not None else ()
    before = _questions(turns) if recent is None or recent.whole else None
    context = _context(turns, scope) if previous is None else Context(previous=tuple(previous), scope=scope)
    reply, known = about.memory.ask(about.answerer, question, context)
    turn_id = turn_id or new_turn_id()
    if reachable:
        try:
            written = _written(known, store) if known is not None else None
            turn = store.append(
                conversation_id, turn_id, reply, visitor=visitor, scope=scope, written=written, begins=new
            )
            turn = _same(turn, question)
            same = known if turn.reply is reply else None
            return Asked(turn, saved=True, scope=scope, before=before, known=same), reply.outcome.value
        except StorageError as error:
            logger.info("the turn could not be kept: %s", error)
    unsaved = Turn(turn_id, conversation_id, 0, reply, datetime.now(UTC))
    return Asked(unsaved, saved=False, scope=scope, before=before), reply.outcome.value


def _same(turn: Turn, question: str) -> Turn:
    if turn.reply.question != question:
        raise TurnTaken(turn.id)
    return turn


def _written(known: Known, store: Turns) -> str:
    written: str | None = known.forms.get(WRITTEN)
    if written is None:
        written = store.written(known.reply)
        known.keep(WRITTEN, written)
    return written


def _questions(turns: Sequence[Turn]) -> tuple[str, ...]:
    replies = [turn.reply for turn in turns]
    own = (reply.answer.question for reply in replies if reply.answer is not None)
    return (*(reply.question for reply in replies), *(question for question in own if question is not None))


def _context(turns: Sequence[Turn], scope: Scope) -> Context:
    if not turns:
        return Context(scope=scope)
    cited = (turn.reply.answer.citation for turn in turns if turn.reply.answer is not None)
    told = tuple((citation.document_id, citation.passage) for citation in cited if citation is not None)
    return Context(previous=tuple(turn.reply.question for turn in turns), told=told, scope=scope)

"""What the chat page shows: a conversation, or what can be asked before there is one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.answering.reply import EVERYTHING, Scope
from webapp.conversations.feedback import Feedback
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.asking import Asked
from webapp.web.dates import DateView
from webapp.web.frame import Frame, Section
from webapp.web.questions import new_turn_id
from webapp.web.related import with_related
from webapp.web.services import Services
from webapp.web.tags import tag_url
from webapp.web.turn_view import TurnView, turn_view
from webapp.web.visitors import conversation_id, visitor_id

logger = logging.getLogger(__name__)

CURRENT = "current"
"""Stands in addresses for the conversation in which the visitor asked last; too short to be an id."""
STARTERS_SHOWN = 4
NEWEST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Newest:
    """A document named on the empty page."""

    headline: str
    url: str
    date: DateView | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a visitor sees before the first question."""

    starters: tuple[str, ...]
    turn: str
    """The id of the turn that a starter would make."""
    newest: tuple[Newest, ...]
    document_count: int


@dataclass(frozen=True, slots=True)
class Limit:
    """What a conversation asks about, when that is not everything."""

    scope: Scope
    name: str
    """The document's headline, or the tag."""
    url: str | None
    """None when there is no such document any more: questions go to all documents then."""


@dataclass(frozen=True, slots=True)
class ChatPage:
    """What the chat page shows."""

    frame: Frame
    turns: tuple[TurnView, ...]
    conversation: str
    """The id of the conversation; empty before there is one."""
    address: str
    """Its id, or what stands for it, in addresses."""
    returning: bool
    """True for a visitor who has asked before."""
    limit: Limit | None
    earlier_url: str | None
    """Leads to the turns before those shown; None when there are none."""
    later_url: str | None
    """Leads back to the newest turns; None when they are shown."""
    unreadable: bool
    """True when the conversation could not be read from the database."""
    welcome: Welcome | None
    """None once something was asked."""
    turn: str
    """The id of the turn that the form would make."""
    typed: str
    error: str | None
    question_max_chars: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a conversation that is shown."""

    asked: tuple[Asked, ...] = ()
    scope: Scope = EVERYTHING
    unreadable: bool = False


def chat_page(
    about: Services,
    named: str | None,
    scope: Scope = EVERYTHING,
    *,
    before: int | None = None,
    typed: str = "",
    error: str | None = None,
    unsaved: Asked | None = None,
) -> ChatPage:
    """Return the page of a conversation of this visitor.

    Args:
        about: what the pages stand on.
        named: the conversation's id, or None before there is one.
        scope: what a new conversation asks about.
        before: show the turns with a number under this, instead of the newest.
        typed: what stands in the field.
        error: what is wrong with it.
        unsaved: a turn that could not be kept, shown as the last.
    """
    shown = read_turns(about, named, before)
    asked = shown.asked if unsaved is None else (*shown.asked, unsaved)
    if asked:
        asked = (*asked[:-1], with_related(about, asked[-1]))
    limit = limit_of(about, shown.scope if shown.scope != EVERYTHING else scope)
    return ChatPage(
        frame=Frame.of(about, section=Section.CHAT),
        turns=tuple(turn_view(one, about.answerer.corpus) for one in asked),
        conversation=named or "",
        address=named or CURRENT,
        returning=visitor_id() is not None,
        limit=limit,
        earlier_url=_earlier_url(shown.asked),
        later_url=_later_url(named) if before is not None else None,
        unreadable=shown.unreadable,
        welcome=None if asked else welcome_to(about, limit),
        turn=new_turn_id(),
        typed=typed,
        error=error,
        question_max_chars=about.settings.question_max_chars,
    )


def read_turns(about: Services, named: str | None, before: int | None = None) -> Shown:
    """Return the newest turns of a conversation, or those before a number, as many as a page shows."""
    if named is None:
        return Shown()
    try:
        turns = about.store.turns(named, about.settings.turns_shown, before)
        known = about.store.conversation(named) if turns else None
        thoughts = about.store.feedback(named, [turn.id for turn in turns])
    except StorageError:
        logger.exception("the conversation could not be shown")
        return Shown(unreadable=True)
    scope = known.scope if known else EVERYTHING
    return Shown(_with_thoughts(turns, thoughts, scope), scope)


def read_newer(about: Services, named: str, after: int) -> tuple[Asked, ...]:
    """Return the turns after a number, as many as a page shows; none when they cannot be read."""
    try:
        turns = about.store.turns_after(named, after, about.settings.turns_shown)
        known = about.store.conversation(named) if turns else None
        thoughts = about.store.feedback(named, [turn.id for turn in turns])
    except StorageError:
        logger.exception("newer turns could not be read")
        return ()
    asked = _with_thoughts(turns, thoughts, known.scope if known else EVERYTHING)
    return (*asked[:-1], with_related(about, asked[-1])) if asked else ()


def _with_thoughts(turns: Sequence[Turn], thoughts: Mapping[str, Feedback], scope: Scope) -> tuple[Asked, ...]:
    """Return `turns` with what the visitor thinks of them."""
    return tuple(Asked(turn, True, scope, thoughts.get(turn.id)) for turn in turns)


def _earlier_url(asked: Sequence[Asked]) -> str | None:
    if not asked or asked[0].turn.number <= 1:
        return None
    first = asked[0].turn
    return url_for("conversations.one", conversation_id=first.conversation_id, before=first.number)


def _later_url(named: str | None) -> str:
    if named is None or named == conversation_id():
        return url_for("chat.page")
    return url_for("conversations.one", conversation_id=named)


def limit_of(about: Services, scope: Scope) -> Limit | None:
    """Return what a conversation asks about; None when it asks about everything."""
    corpus = about.answerer.corpus
    if scope.document_id is not None:
        document = corpus.by_id.get(scope.document_id)
        if document is None:
            return Limit(scope, "", None)
        return Limit(scope, document.headline, url_for("reading.article", document_id=document.id))
    if scope.tag is None:
        return None
    return Limit(scope, scope.tag, tag_url(scope.tag) if scope.tag.casefold() in corpus.tags else None)


def welcome_to(about: Services, limit: Limit | None) -> Welcome:
    """Return what can be asked before anything was."""
    corpus = about.answerer.corpus
    newest = corpus.newest_first[:NEWEST_SHOWN] if limit is None else ()
    return Welcome(
        starters=about.answerer.suggestions(STARTERS_SHOWN, limit.scope if limit else EVERYTHING),
        turn=new_turn_id(),
        newest=tuple(
            Newest(d.headline, url_for("reading.article", document_id=d.id), DateView.of(d.published)) for d in newest
        ),
        document_count=len(corpus.documents),
    )

"""Who visits, as far as that is known: the cookie holds two random ids, of the visitor and of their conversation.

It is signed, kept from scripts, and lasts as long as conversations are kept. The visitor's id stands beside their
conversations in the database, so that they can be listed, and nowhere else; nothing more is known of a visitor.
"""

from __future__ import annotations

from flask import url_for

from webapp.conversations.conversation import Conversation
from webapp.conversations.turn import Turn
from webapp.web import here
from webapp.web.questions import is_id
from webapp.web.services import Services
from webapp.web.surface import Surface, surface, ticket_visitor

VISITOR = "visitor"
CONVERSATION = "conversation"


def visitor_id() -> str | None:
    """Return this visitor's id, or None before the first question.

    A cookie of the first version names a conversation only, and that conversation belongs to a visitor of its own id.
    Who has no cookie yet, since the answer to their first question was lost, is known by the ticket of their page.
    """
    if surface() is not Surface.SITE:
        return ticket_visitor()
    visit = here.session()
    for named in (visit.get(VISITOR), visit.get(CONVERSATION)):
        if is_id(named):
            return str(named)
    return ticket_visitor()


def conversation_id() -> str | None:
    """Return the id of the conversation in which this visitor asked last, or None before there is one.

    Where there is no cookie, pages name their conversation themselves.
    """
    if surface() is not Surface.SITE:
        return None
    named = here.session().get(CONVERSATION)
    return named if is_id(named) else None


def remember(about: Services, conversation: str, visitor: str | None) -> str:
    """Have the cookie, where there is one, name a visitor's current conversation; return the visitor's id.

    Args:
        about: makes an id.
        conversation: the conversation's id.
        visitor: who it is, None for one that is new.
    """
    visitor = visitor or about.store.new_conversation_id()
    if surface() is Surface.SITE:
        visit = here.session()
        if (visit.get(VISITOR), visit.get(CONVERSATION)) != (visitor, conversation):
            visit.update({VISITOR: visitor, CONVERSATION: conversation}, _permanent=True)
    return visitor


def leave() -> None:
    """Have the cookie name no conversation; the visitor stays the same."""
    visitor = visitor_id()
    visit = here.session()
    visit.pop(CONVERSATION, None)
    if visitor is not None:
        visit[VISITOR] = visitor


def own_conversation(about: Services, named: str) -> Conversation | None:
    """Return the conversation with that id if it is this visitor's.

    Raises:
        StorageError: the database cannot be read.
    """
    visitor = visitor_id()
    if visitor is None or not is_id(named):
        return None
    known = about.store.conversation(named)
    return known if known is not None and known.visitor == visitor else None


def address_of(turn: Turn) -> str:
    """Return where this visitor sees a turn of theirs in its conversation."""
    anchor = f"turn-{turn.number}"
    if turn.conversation_id == conversation_id():
        return url_for("chat.page", _anchor=anchor)
    return url_for("conversations.one", conversation_id=turn.conversation_id, _anchor=anchor)

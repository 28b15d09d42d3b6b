"""Where a question goes: into the conversation that its page shows, or a new one, of all documents or of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from flask import current_app

from webapp.answering.reply import EVERYTHING, Scope
from webapp.conversations.store import StorageError
from webapp.web import here
from webapp.web.questions import new_turn_id
from webapp.web.services import Services
from webapp.web.visitors import conversation_id, own_conversation

CONVERSATION_FIELD = "conversation"
"""Names the conversation that the page shows, so that every tab goes on with its own; empty on a page without one."""
DOCUMENT_FIELD = "document"
"""Names the one document that a new conversation is to ask about."""
TAG_FIELD = "tag"
"""Names the tag whose documents a new conversation is to ask about."""


UNIQUE_CHARS = 22
"""A turn id of this length or more may hold 128 random bits, as a UUID or `secrets.token_urlsafe(16)` does."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question goes."""

    conversation: str
    scope: Scope
    new: bool = False
    """True when the conversation begins with this question."""
    moved: bool = False
    """True when it begins because the one that the page shows is gone."""


def place(about: Services) -> Place:
    """Return where the question of this request goes."""
    form = here.request().form
    named = form.get(CONVERSATION_FIELD, "")
    scope = known_scope(about, form)
    current = conversation_id()
    if named and named != current:
        try:
            own, moved = own_conversation(about, named), True
        except StorageError:
            # Whose it is cannot be said; what is asked now cannot be kept either, so the page stays.
            own, moved = None, False
        if own is not None:
            return Place(named, own.scope)
        return Place(about.store.new_conversation_id(), scope, new=True, moved=moved)
    if current is None or (scope != EVERYTHING and not named):
        return Place(about.store.new_conversation_id(), scope, new=True)
    return Place(current, scope)


def without_repeats(
    about: Services, where: Place, turn_id: str, question: str, visitor: str | None
) -> tuple[Place, str]:
    """Return where a question goes and the id of its turn, when that id may be known from another conversation.

    A question that was to begin a conversation and comes again, as after a lost connection, goes where it went first.
    Any other one, as from a page that was gone back to, makes a turn of its own.
    """
    try:
        turn = about.store.own_turn(visitor, turn_id) if visitor is not None else None
    except StorageError:
        turn = None
    if turn is None or turn.conversation_id == where.conversation:
        return where, turn_id
    if where.new and turn.reply.question == question:
        return Place(turn.conversation_id, where.scope, moved=where.moved), turn_id
    return where, new_turn_id()


def begun_by(about: Services, turn_id: str | None, question: str) -> str:
    """Return the id of the conversation that a program begins with a question.

    A turn id that nobody else can have made names it, so that the question, when it is sent again because the answer
    was lost, finds its turn and is not kept twice. The id is a digest with the server's key: it cannot be guessed.
    """
    if turn_id is None or len(turn_id) < UNIQUE_CHARS:
        return about.store.new_conversation_id()
    named = f"conversation begun by {turn_id} {question}".encode()
    return blake2b(named, key=_key(str(current_app.config["SECRET_KEY"])), digest_size=16).hexdigest()


@cache
def _key(secret: str) -> bytes:
    """Return a key of the length that the digest takes."""
    return blake2b(secret.encode(), digest_size=blake2b.MAX_KEY_SIZE).digest()


def known_scope(about: Services, values: Mapping[str, str]) -> Scope:
    """Return what the fields of an address or a form ask about, as far as there are such documents."""
    corpus = about.answerer.corpus
    document_id, tag = values.get(DOCUMENT_FIELD, ""), values.get(TAG_FIELD, "")
    if document_id in corpus.by_id:
        return Scope(document_id)
    return Scope(tag=tag) if tag.casefold() in corpus.tags else EVERYTHING

"""Where a question goes: into the conversation that its page shows, or a new one, of all documents or of one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from webapp.conversations.store import StorageError
from webapp.web.services import Services
from webapp.web.visitors import conversation_id, own_conversation

CONVERSATION_FIELD = "conversation"
"""Names the conversation that the page shows, so that every tab goes on with its own; empty on a page without one."""
DOCUMENT_FIELD = "document"
"""Names the one document that a new conversation is to ask about."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question goes."""

    conversation: str
    document_id: str | None
    new: bool = False
    """True when the conversation begins with this question."""
    moved: bool = False
    """True when it begins because the one that the page shows is gone."""


def place(about: Services) -> Place:
    """Return where the question of this request goes."""
    named = request.form.get(CONVERSATION_FIELD, "")
    document_id = known_document(about, request.form.get(DOCUMENT_FIELD))
    current = conversation_id()
    if named and named != current:
        try:
            own, moved = own_conversation(about, named), True
        except StorageError:
            # Whose it is cannot be said; what is asked now cannot be kept either, so the page stays.
            own, moved = None, False
        if own is not None:
            return Place(named, own.document_id)
        return Place(about.store.new_conversation_id(), document_id, new=True, moved=moved)
    if current is None or (document_id is not None and not named):
        return Place(about.store.new_conversation_id(), document_id, new=True)
    return Place(current, document_id)


def known_document(about: Services, document_id: str | None) -> str | None:
    """Return the id if a document has it, else None."""
    return document_id if document_id in about.answerer.corpus.by_id else None

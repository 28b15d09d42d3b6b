"""Opens the conversation that an address names."""

from __future__ import annotations

import logging

from flask import request

from webapp.conversations.conversation import Conversation
from webapp.conversations.store import StorageError
from webapp.web.chat_page import CURRENT
from webapp.web.problems import Unavailable, UnknownConversation
from webapp.web.services import Services
from webapp.web.visitors import conversation_id, own_conversation, visitor_id

logger = logging.getLogger(__name__)

NUMBER_MAX = 10**9


def opened(about: Services, named: str) -> Conversation:
    """Return this visitor's conversation with that id, or the current one.

    Raises:
        UnknownConversation: there is none, or it is somebody else's.
        Unavailable: the database cannot be read.
    """
    try:
        own = own_conversation(about, (conversation_id() or "") if named == CURRENT else named)
    except StorageError:
        logger.exception("a conversation could not be read")
        raise Unavailable from None
    if own is None:
        raise UnknownConversation
    return own


def open_to_programs(about: Services, named: str) -> None:
    """Let a program go on with a conversation that programs began, or that nobody began yet.

    A visitor's own is theirs alone, although its address, which people pass on, tells its id.

    Raises:
        UnknownConversation: it is a visitor's.
    """
    try:
        known = about.store.conversation(named)
    except StorageError:
        # Nothing can be read or kept either, which is told where it is tried.
        return
    # Conversations of the first version have their own id for a visitor, whoever began them.
    if known is not None and known.visitor not in (None, named, visitor_id()):
        raise UnknownConversation


def number_in_address(name: str, default: int = 0) -> int:
    """Return a whole number that the address gives, from 0; what is no number counts as not given."""
    return min(max(request.args.get(name, default, type=int), 0), NUMBER_MAX)

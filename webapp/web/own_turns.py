"""The turns that a visitor may act on: those of the conversation that their cookie names."""

from __future__ import annotations

import logging

from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.chat import conversation_id
from webapp.web.problems import Unavailable, UnknownTurn
from webapp.web.questions import is_id
from webapp.web.services import Services

logger = logging.getLogger(__name__)


def own_turn(about: Services, turn_id: str | None) -> Turn:
    """Return a turn of this visitor's conversation.

    Raises:
        UnknownTurn: there is none with this id.
        Unavailable: the database cannot be read.
    """
    named = conversation_id()
    if named is None or turn_id is None or not is_id(turn_id):
        raise UnknownTurn
    return kept_turn(about, named, turn_id)


def kept_turn(about: Services, named: str, turn_id: str) -> Turn:
    """Return a turn of the conversation with that id.

    Raises:
        UnknownTurn: there is none with this id.
        Unavailable: the database cannot be read.
    """
    try:
        turn = about.store.find_turn(named, turn_id)
    except StorageError:
        logger.exception("a turn could not be read")
        raise Unavailable from None
    if turn is None:
        raise UnknownTurn
    return turn

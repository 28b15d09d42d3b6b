"""The turns that a visitor may act on: those of their own conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable

from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.problems import Unavailable, UnknownTurn
from webapp.web.questions import is_id
from webapp.web.services import Services
from webapp.web.visitors import visitor_id

logger = logging.getLogger(__name__)


def own_turn(about: Services, turn_id: str | None) -> Turn:
    """Return a turn of one of this visitor's conversations.

    Raises:
        UnknownTurn: there is none with this id.
        Unavailable: the database cannot be read.
    """
    visitor = visitor_id()
    if visitor is None or turn_id is None or not is_id(turn_id):
        raise UnknownTurn
    return _found(lambda: about.store.own_turn(visitor, turn_id))


def kept_turn(about: Services, named: str, turn_id: str) -> Turn:
    """Return a turn of the conversation with that id.

    Raises:
        UnknownTurn: there is none with this id.
        Unavailable: the database cannot be read.
    """
    return _found(lambda: about.store.find_turn(named, turn_id))


def _found(find: Callable[[], Turn | None]) -> Turn:
    try:
        turn = find()
    except StorageError:
        logger.exception("a turn could not be read")
        raise Unavailable from None
    if turn is None:
        raise UnknownTurn
    return turn

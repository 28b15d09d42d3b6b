"""A visitor's own conversations: listed, opened, read on page by page."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, make_response, render_template, request, url_for

from webapp.conversations.conversation import Conversation
from webapp.conversations.store import StorageError
from webapp.web.chat_page import chat_page, limit_of, read_newer, read_turns
from webapp.web.citing import shortened
from webapp.web.dates import MomentView
from webapp.web.frame import Frame, Section
from webapp.web.htmx import wants_fragment
from webapp.web.languages import gettext
from webapp.web.opening import number_in_address, opened
from webapp.web.problems import Unavailable, UnknownConversation
from webapp.web.services import Services, services
from webapp.web.turn_view import turn_view
from webapp.web.varying import vary
from webapp.web.visitors import conversation_id as current_id
from webapp.web.visitors import visitor_id

logger = logging.getLogger(__name__)

PAGE_SIZE = 30
TITLE_MAX_CHARS = 160

blueprint = Blueprint("conversations", __name__, url_prefix="/conversations")


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation in the list."""

    id: str
    title: str
    last_asked_at: MomentView
    turns: int
    about: str
    """The headline of the one document that it asks about; empty when it asks about all."""
    current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """What the list shows."""

    frame: Frame
    entries: tuple[Entry, ...]
    newer_url: str | None
    older_url: str | None
    done: str
    """What was just deleted, in words; empty when nothing was."""
    days: int
    """How long a conversation is kept after its last question."""


def register(app: Flask) -> None:
    """Serve conversations."""
    app.register_blueprint(blueprint)


@blueprint.before_request
def tell() -> None:
    """Keep caches from mixing pages with fragments, or visitors with each other."""
    vary("HX-Request", "Cookie")


@blueprint.get("/")
def index() -> str:
    """List this visitor's conversations, the last used first."""
    about = services()
    number = max(number_in_address("page", 1), 1)
    visitor = visitor_id()
    try:
        # One more than is shown tells whether there is another page.
        found = about.store.conversations(visitor, PAGE_SIZE + 1, (number - 1) * PAGE_SIZE) if visitor else ()
    except StorageError:
        logger.exception("conversations could not be listed")
        raise Unavailable from None
    page = ListPage(
        frame=Frame.of(about, gettext("Your conversations"), Section.CHAT),
        entries=tuple(_entry(about, one) for one in found[:PAGE_SIZE]),
        newer_url=url_for(".index", page=number - 1) if number > 1 else None,
        older_url=url_for(".index", page=number + 1) if len(found) > PAGE_SIZE else None,
        done=_done(request.args.get("deleted", "")),
        days=about.settings.conversation_days,
    )
    return render_template("conversations/index.html", page=page)


@blueprint.get("/<conversation_id>")
def one(conversation_id: str) -> str:
    """Open a conversation, which then goes on; `before` a number shows older turns, to htmx nothing but those."""
    about = services()
    named = opened(about, conversation_id).id
    before = number_in_address("before") or None
    if wants_fragment():
        turns = tuple(turn_view(asked, about.answerer.corpus) for asked in read_turns(about, named, before).asked)
        return render_template("conversations/turns.html", turns=turns)
    return render_template("chat/page.html", page=chat_page(about, named, before=before))


@blueprint.get("/<conversation_id>/turns")
def newer(conversation_id: str) -> Response:
    """Give the turns `after` a number, such as those asked in another tab; 204 when there are none."""
    about = services()
    try:
        asked = read_newer(about, opened(about, conversation_id).id, number_in_address("after"))
    except UnknownConversation:
        asked = ()
    if not asked:
        return Response(status=204)
    turns = tuple(turn_view(each, about.answerer.corpus) for each in asked)
    return make_response(render_template("conversations/turns.html", turns=turns))


def _entry(about: Services, known: Conversation) -> Entry:
    limit = limit_of(about, known.scope)
    return Entry(
        id=known.id,
        title=shortened(known.title, TITLE_MAX_CHARS) or gettext("A conversation of an earlier version"),
        last_asked_at=MomentView.of(known.last_asked_at),
        turns=known.turns,
        about=limit.name if limit else "",
        current=known.id == current_id(),
    )


def _done(deleted: str) -> str:
    return {
        "one": gettext("The conversation is deleted."),
        "all": gettext("All your conversations are deleted."),
    }.get(deleted, "")

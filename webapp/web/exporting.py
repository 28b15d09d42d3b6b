"""A conversation to take away: files, and a clean page to print."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, render_template, url_for

from webapp.conversations.conversation import Conversation
from webapp.conversations.feedback import Feedback
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.addresses import absolute
from webapp.web.frame import Frame, Section
from webapp.web.opening import opened
from webapp.web.problems import Unavailable
from webapp.web.services import Services, services
from webapp.web.transcript import Transcript, as_json, as_markdown, as_text, transcript
from webapp.web.varying import vary

logger = logging.getLogger(__name__)

READ_AT_ONCE = 200
"""How many turns are read from the database in one go."""

blueprint = Blueprint("exporting", __name__, url_prefix="/conversations")


@dataclass(frozen=True, slots=True)
class PrintPage:
    """What the print page shows."""

    frame: Frame
    whole: Transcript
    back: str


def register(app: Flask) -> None:
    """Serve exports."""
    app.register_blueprint(blueprint)


@blueprint.before_request
def tell() -> None:
    """Keep caches from mixing visitors with each other."""
    vary("Cookie")


@blueprint.get("/<conversation_id>/text")
def text(conversation_id: str) -> Response:
    """Give a conversation as plain text."""
    known = opened(services(), conversation_id)
    return _file(known, as_text(_transcript(services(), known)), "text/plain", "txt")


@blueprint.get("/<conversation_id>/markdown")
def markdown(conversation_id: str) -> Response:
    """Give a conversation as Markdown."""
    known = opened(services(), conversation_id)
    return _file(known, as_markdown(_transcript(services(), known)), "text/markdown", "md")


@blueprint.get("/<conversation_id>/json")
def as_data(conversation_id: str) -> Response:
    """Give a conversation as JSON."""
    about = services()
    known = opened(about, conversation_id)
    turns, feedback = _turns(about, known)
    content = json.dumps(as_json(known, turns, feedback, about.settings.title), ensure_ascii=False, indent=2)
    return _file(known, content + "\n", "application/json", "json")


@blueprint.get("/<conversation_id>/print")
def printable(conversation_id: str) -> str:
    """Show a conversation without anything around it."""
    about = services()
    known = opened(about, conversation_id)
    whole = _transcript(about, known)
    back = url_for("conversations.one", conversation_id=known.id)
    page = PrintPage(Frame.of(about, whole.title, Section.CHAT), whole, back)
    return render_template("conversations/print.html", page=page)


def _transcript(about: Services, known: Conversation) -> Transcript:
    turns, _ = _turns(about, known)
    return transcript(known, turns, about.answerer.corpus, about.settings.title, absolute("/"))


def _turns(about: Services, known: Conversation) -> tuple[list[Turn], Mapping[str, Feedback]]:
    turns: list[Turn] = []
    feedback: dict[str, Feedback] = {}
    try:
        while some := about.store.turns_after(known.id, turns[-1].number if turns else 0, READ_AT_ONCE):
            turns += some
            feedback |= about.store.feedback(known.id, [turn.id for turn in some])
    except StorageError:
        logger.exception("a conversation could not be exported")
        raise Unavailable from None
    return turns, feedback


def _file(known: Conversation, content: str, mimetype: str, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=conversation-{known.began_at:%Y-%m-%d}.{ending}"
    return response

"""Not what you meant: an alternative that a visitor chooses becomes the answer of a turn."""

from __future__ import annotations

import logging

from flask import Blueprint, Flask, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.answering.quoting import stands
from webapp.answering.reply import EVERYTHING, Answer, Reply
from webapp.conversations.store import StorageError
from webapp.web.asking import Asked
from webapp.web.choices import chosen
from webapp.web.htmx import wants_fragment
from webapp.web.languages import gettext
from webapp.web.own_turns import own_turn
from webapp.web.problems import InvalidField, Unavailable
from webapp.web.related import with_related
from webapp.web.services import Services, services
from webapp.web.turn_view import turn_view
from webapp.web.visitors import address_of

logger = logging.getLogger(__name__)

blueprint = Blueprint("choosing", __name__)


def register(app: Flask) -> None:
    """Serve the choice."""
    app.register_blueprint(blueprint)


@blueprint.post("/chat/choose")
def choose() -> BaseResponse:
    """Show the chosen passage as the answer of a turn of its own: what is asked next builds on it."""
    about = services()
    asked = own_turn(about, request.form.get("of"))
    turn_id, reply = chosen(asked, _alternative(about, asked.reply, request.form.get("choice", "")))
    try:
        turn = about.store.append(asked.conversation_id, turn_id, reply)
        known = about.store.conversation(asked.conversation_id)
    except StorageError:
        logger.exception("the chosen passage could not be kept")
        raise Unavailable from None
    if wants_fragment():
        asked_now = with_related(about, Asked(turn, saved=True, scope=known.scope if known else EVERYTHING))
        view = turn_view(asked_now, about.answerer.corpus)
        return make_response(render_template("chat/turn.html", turn=view))
    return redirect(address_of(turn), 303)


def _alternative(about: Services, reply: Reply, number: str) -> Answer:
    among = reply.alternatives
    if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(among)):
        raise InvalidField(gettext("Choose one of the passages that are offered."), "choice")
    answer = among[int(number)]
    if not stands(about.answerer.corpus, answer):
        raise InvalidField(gettext("The article has changed and no longer says this. Ask once more."), "choice")
    return answer

"""Thumbs up or down, with a reason if one likes; it can be changed."""

from __future__ import annotations

import logging

from flask import Blueprint, Flask, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.conversations.feedback import Feedback, Vote
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.feedback_view import REASON_MAX_CHARS, FeedbackView, feedback_view
from webapp.web.htmx import wants_fragment
from webapp.web.languages import decimal, gettext
from webapp.web.own_turns import own_turn
from webapp.web.problems import InvalidField, Unavailable
from webapp.web.questions import clean
from webapp.web.services import Services, services
from webapp.web.visitors import address_of

logger = logging.getLogger(__name__)

blueprint = Blueprint("feedback", __name__)


def register(app: Flask) -> None:
    """Serve the form."""
    app.register_blueprint(blueprint)


@blueprint.post("/feedback")
def give() -> BaseResponse:
    """Keep what the visitor thinks of an answer: the form again for htmx, the page for everyone else."""
    about = services()
    turn = own_turn(about, request.form.get("turn"))
    typed = request.form.get("reason")
    try:
        vote, reason = read_vote(request.form.get("vote")), read_reason(typed)
    except InvalidField as problem:
        if problem.field != "reason" or not wants_fragment():
            raise
        view = FeedbackView(turn.id, request.form["vote"], typed or "", error=problem.message)
        return make_response(render_template("chat/feedback.html", feedback=view), 422)
    kept = keep(about, turn, vote, reason)
    if wants_fragment():
        return make_response(render_template("chat/feedback.html", feedback=feedback_view(turn.id, kept)))
    return redirect(address_of(turn), 303)


def keep(about: Services, turn: Turn, vote: Vote, reason: str | None) -> Feedback:
    """Keep a vote; a reason of None leaves the one that was given before.

    Raises:
        Unavailable: the database cannot be written.
    """
    try:
        if reason is None:
            before = about.store.feedback(turn.conversation_id, (turn.id,)).get(turn.id)
            reason = before.reason if before else ""
        feedback = Feedback(vote, reason)
        about.store.set_feedback(turn.conversation_id, turn.id, feedback)
    except StorageError:
        logger.exception("feedback could not be kept")
        raise Unavailable from None
    return feedback


def read_vote(value: object) -> Vote:
    """Return the vote that a form or a client sent.

    Raises:
        InvalidField: it is neither up nor down.
    """
    try:
        return Vote(value if isinstance(value, str) else "")
    except ValueError:
        raise InvalidField(gettext("vote is either up or down."), "vote") from None


def read_reason(value: object) -> str | None:
    """Return the reason that a form or a client sent; None when it sent none.

    Raises:
        InvalidField: it is no text, or too long.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidField(gettext("Send the reason as text."), "reason")
    reason = clean(value)
    if len(reason) > REASON_MAX_CHARS:
        raise InvalidField(
            gettext(
                "That reason has %(length)s characters; at most %(limit)s can be kept. Please shorten it.",
                length=decimal(len(reason)),
                limit=decimal(REASON_MAX_CHARS),
            ),
            "reason",
        )
    return reason

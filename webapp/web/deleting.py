"""Deletes a visitor's conversations, one or all, after asking whether that is meant."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.conversations.store import StorageError
from webapp.web.citing import shortened
from webapp.web.conversations import TITLE_MAX_CHARS
from webapp.web.frame import Frame, Section
from webapp.web.htmx import wants_fragment
from webapp.web.languages import gettext, ngettext
from webapp.web.opening import opened
from webapp.web.problems import Unavailable
from webapp.web.services import services
from webapp.web.visitors import conversation_id as current_id
from webapp.web.visitors import leave, visitor_id

logger = logging.getLogger(__name__)

blueprint = Blueprint("deleting", __name__, url_prefix="/conversations")


@dataclass(frozen=True, slots=True)
class Confirming:
    """What is asked before something is deleted."""

    title: str
    what: str
    """What will be gone."""
    action: str
    """Where the form leads."""
    back: str
    """Where to go instead."""


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """The page that asks it."""

    frame: Frame
    confirming: Confirming


def register(app: Flask) -> None:
    """Serve the questions and what they lead to."""
    app.register_blueprint(blueprint)


@blueprint.get("/<conversation_id>/delete")
def confirm_one(conversation_id: str) -> str:
    """Ask before a conversation is deleted: a fragment for htmx, a page for everyone else."""
    known = opened(services(), conversation_id)
    what = ngettext(
        "“%(title)s” with its %(num)s question and answer will be gone for good, "
        "also for those to whom you gave a link.",
        "“%(title)s” with its %(num)s questions and answers will be gone for good, "
        "also for those to whom you gave a link.",
        known.turns,
        title=shortened(known.title, TITLE_MAX_CHARS),
    )
    action, back = (
        url_for(".delete_one", conversation_id=known.id),
        url_for("conversations.one", conversation_id=known.id),
    )
    return _asked(Confirming(gettext("Delete this conversation?"), what, action, back))


@blueprint.post("/<conversation_id>/delete")
def delete_one(conversation_id: str) -> BaseResponse:
    """Delete a conversation."""
    about = services()
    known = opened(about, conversation_id)
    _carry_out(lambda: about.store.delete_conversation(known.id))
    if known.id == current_id():
        leave()
    return redirect(url_for("conversations.index", deleted="one"), 303)


@blueprint.get("/delete")
def confirm_all() -> str:
    """Ask before every conversation is deleted."""
    what = gettext(
        "Everything you asked here and every answer to it will be gone for good, "
        "also for those to whom you gave a link."
    )
    return _asked(
        Confirming(
            gettext("Delete all your conversations?"), what, url_for(".delete_all"), url_for("conversations.index")
        )
    )


@blueprint.post("/delete")
def delete_all() -> BaseResponse:
    """Delete every conversation of this visitor, and forget the visitor."""
    about = services()
    visitor = visitor_id()
    if visitor is not None:
        _carry_out(lambda: about.store.delete_conversations(visitor))
    session.clear()
    return redirect(url_for("conversations.index", deleted="all"), 303)


def _asked(confirming: Confirming) -> str:
    if wants_fragment():
        return render_template("conversations/confirm_form.html", confirming=confirming)
    page = ConfirmPage(Frame.of(services(), confirming.title, Section.CHAT), confirming)
    return render_template("conversations/confirm.html", page=page)


def _carry_out(delete: Callable[[], object]) -> None:
    try:
        delete()
    except StorageError:
        logger.exception("a conversation could not be deleted")
        raise Unavailable(gettext("That could not be deleted right now. Try again in a moment.")) from None

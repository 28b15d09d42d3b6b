"""A link to one answer: a page with the question, the quote and its source, and nothing else of the conversation."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.answering.reply import Citation, Outcome, Reply
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.web.addresses import absolute
from webapp.web.citing import QuoteView, shortened
from webapp.web.frame import Frame
from webapp.web.languages import gettext
from webapp.web.own_turns import own_turn
from webapp.web.problems import InvalidField, Unavailable, UnknownShare
from webapp.web.questions import is_id
from webapp.web.services import Services, services
from webapp.web.turn_view import quoted
from webapp.web.varying import vary
from webapp.web.visitors import own_conversation

logger = logging.getLogger(__name__)

DESCRIPTION_MAX_CHARS = 200

blueprint = Blueprint("sharing", __name__, url_prefix="/a")


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What the page of a shared answer shows."""

    frame: Frame
    address: str
    """This page's own, with its host."""
    question: str
    quote: QuoteView
    description: str
    """The quote in short, for previews of the link."""
    own: bool
    """True for the visitor who shared it."""
    data: dict[str, Any] | None
    """As schema.org's QAPage; None when the documents no longer say this."""


def register(app: Flask) -> None:
    """Serve shared answers."""
    app.register_blueprint(blueprint)


@blueprint.after_request
def unlisted(response: Response) -> Response:
    """Keep shared answers out of search engines.

    A question is a visitor's own words, meant for those who are given the link; what it quotes is found in the
    reading room. Previews of the link, which read the same metadata, are not concerned.
    """
    response.headers["X-Robots-Tag"] = "noindex"
    vary("Cookie")
    return response


@blueprint.post("/")
def share() -> BaseResponse:
    """Make the link of an answer and lead to its page; the same link each time."""
    about = services()
    turn = own_turn(about, request.form.get("turn"))
    if quoted(turn.reply, about.answerer.corpus) is None:
        raise InvalidField(gettext("Only an answer that quotes a document can be shared."), "turn")
    try:
        share_id = about.store.share(turn.conversation_id, turn.id)
    except StorageError:
        logger.exception("an answer could not be shared")
        raise Unavailable from None
    return redirect(url_for(".page", share_id=share_id), 303)


@blueprint.get("/<share_id>")
def page(share_id: str) -> Response:
    """Show a shared answer."""
    about = services()
    turn = _shared(about, share_id)
    reply = turn.reply
    quote = quoted(reply, about.answerer.corpus)
    if quote is None or reply.answer is None or reply.answer.citation is None:
        raise UnknownShare
    address = absolute(url_for(".page", share_id=share_id))
    description = shortened(reply.answer.citation.quote, DESCRIPTION_MAX_CHARS)
    return make_response(
        render_template(
            "sharing/page.html",
            page=SharedPage(
                frame=Frame.of(about, shortened(reply.question, DESCRIPTION_MAX_CHARS), description=description),
                address=address,
                question=reply.question,
                quote=quote,
                description=description,
                own=_is_own(about, turn),
                data=None if quote.changed else _data(reply, reply.answer.citation, quote, address),
            ),
        )
    )


def _shared(about: Services, share_id: str) -> Turn:
    if not is_id(share_id):
        raise UnknownShare
    try:
        turn = about.store.shared(share_id)
    except StorageError:
        logger.exception("a shared answer could not be read")
        raise Unavailable from None
    if turn is None:
        raise UnknownShare
    return turn


def _is_own(about: Services, turn: Turn) -> bool:
    try:
        return own_conversation(about, turn.conversation_id) is not None
    except StorageError:
        return False


def _data(reply: Reply, citation: Citation, quote: QuoteView, address: str) -> dict[str, Any]:
    """Return the answer as schema.org describes a page with one question; https://schema.org/QAPage."""
    article = {
        "@type": "Article",
        "headline": citation.headline,
        "url": urljoin(address, quote.url),
        **({"datePublished": citation.date} if citation.date else {}),
    }
    said = {
        "@type": "Answer",
        "text": citation.quote,
        "url": f"{address}#answer",
        "inLanguage": quote.language,
        "isBasedOn": article,
    }
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "url": address,
        "mainEntity": {
            "@type": "Question",
            "name": reply.question,
            "text": reply.question,
            "answerCount": 1,
            # What was only the closest, nobody has accepted.
            "acceptedAnswer" if reply.outcome is Outcome.ANSWERED else "suggestedAnswer": said,
        },
    }

"""The widget: the chat in a frame on somebody else's page, of an origin that the operator listed.

Browsers keep cookies from such frames: the visitor is a ticket that the page makes (`webapp.web.surface`) and that the
browser's tab remembers, so that a conversation goes on from one page of the host to the next.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, make_response, render_template, request, url_for

from webapp.answering.reply import Scope
from webapp.conversations.store import StorageError
from webapp.web.addresses import absolute
from webapp.web.chat_page import Limit, Welcome, limit_of, read_turns, welcome_to
from webapp.web.frame import Frame
from webapp.web.languages import LANGUAGES
from webapp.web.look import brand
from webapp.web.place import known_scope
from webapp.web.problems import Unavailable
from webapp.web.questions import new_turn_id
from webapp.web.security import SELF, content_security_policy, framed_by
from webapp.web.services import services
from webapp.web.tags import tags_of_corpus
from webapp.web.turn_view import turn_view
from webapp.web.visitors import own_conversation, visitor_id

logger = logging.getLogger(__name__)

POSITIONS = ("right", "left")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
DEMO_DOCUMENTS = 50
"""Documents that the example page offers to speak about."""

blueprint = Blueprint("embed", __name__, url_prefix="/embed")


@dataclass(frozen=True, slots=True)
class FramedPage:
    """What the frame shows at first."""

    frame: Frame
    origins: tuple[str, ...]
    """Whose pages may show it, and are told what happens."""
    colors: str | None
    """The address of the style sheet with the host's colour; None for the operator's own."""
    limit: Limit | None
    welcome: Welcome
    turn: str
    conversation: str
    typed: str
    error: None
    question_max_chars: int


@dataclass(frozen=True, slots=True)
class Demo:
    """The example page: what was chosen, and the line that does it."""

    frame: Frame
    script: str
    """The script's address."""
    attributes: tuple[tuple[str, str], ...]
    """Of the script element: names and values."""
    documents: tuple[tuple[str, str], ...]
    """Id and headline."""
    tags: tuple[str, ...]
    positions: tuple[str, ...] = POSITIONS


def register(app: Flask) -> None:
    """Serve the widget's frame."""
    app.register_blueprint(blueprint)


@blueprint.get("")
def page() -> Response:
    """Show the chat for a frame; nothing of any visitor: the page asks for what was said before."""
    about = services()
    scope = known_scope(about, request.args)
    limit = limit_of(about, scope)
    color = request.args.get("color", "")
    settings = about.settings
    # In development this site's own example page shows it, too.
    own = (request.host_url.rstrip("/"),) if settings.development else ()
    shown = FramedPage(
        frame=Frame.of(about),
        origins=(*settings.origins_embedding, *own),
        colors=url_for(".colors", color=color) if _COLOR.fullmatch(color) else None,
        limit=limit,
        welcome=welcome_to(about, limit),
        turn=new_turn_id(),
        conversation="",
        typed="",
        error=None,
        question_max_chars=about.settings.question_max_chars,
    )
    response = make_response(render_template("embed/page.html", page=shown))
    return framed_by(response, (*settings.origins_embedding, *((SELF,) if settings.development else ())))


@blueprint.get("/colors.css")
def colors() -> Response:
    """Give the style sheet that turns pages to a colour of the host's, in shades that stay readable."""
    color = request.args.get("color", "")
    if not _COLOR.fullmatch(color):
        abort(404)
    response = make_response(brand(color).style())
    response.content_type = "text/css; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.post("/turns")
def turns() -> Response:
    """Give the newest turns of the visitor's conversation; 204 when there is none any more."""
    about = services()
    named = request.form.get("conversation", "")
    try:
        own = own_conversation(about, named)
    except StorageError:
        logger.exception("a conversation could not be read")
        raise Unavailable from None
    asked = read_turns(about, named).asked if own is not None else ()
    if not asked:
        return Response(status=204)
    views = tuple(turn_view(one, about.answerer.corpus) for one in asked)
    return make_response(render_template("conversations/turns.html", turns=views))


@blueprint.post("/leave")
def leave() -> Response:
    """Delete everything that was asked with the visitor's ticket."""
    visitor = visitor_id()
    if visitor is not None:
        try:
            services().store.delete_conversations(visitor)
        except StorageError:
            logger.exception("a visitor's conversations could not be deleted; they expire")
            raise Unavailable from None
    return Response(status=204)


@blueprint.get("/demo")
def demo() -> Response:
    """Show the widget on a page like a host's, in development only."""
    about = services()
    if not about.settings.development:
        abort(404)
    corpus = about.answerer.corpus
    response = make_response(
        render_template(
            "embed/demo.html",
            page=Frame.of(about, "The Harbour Gazette"),
            demo=Demo(
                frame=Frame.of(about),
                script=absolute(url_for("static.file", name="embed.js")),
                attributes=tuple(_attributes(known_scope(about, request.args))),
                documents=tuple((one.id, one.headline) for one in corpus.documents[:DEMO_DOCUMENTS]),
                tags=tags_of_corpus(corpus),
            ),
        )
    )
    response.headers["Content-Security-Policy"] = content_security_policy(frame_src=SELF)
    return response


def _attributes(scope: Scope) -> Iterator[tuple[str, str]]:
    color, position, language = (request.args.get(name, "") for name in ("color", "position", "lang"))
    if _COLOR.fullmatch(color):
        yield "data-color", color
    if position in POSITIONS:
        yield "data-position", position
    if language in LANGUAGES:
        yield "data-lang", language
    if scope.document_id is not None:
        yield "data-document", scope.document_id
    if scope.tag is not None:
        yield "data-tag", scope.tag

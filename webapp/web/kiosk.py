"""The kiosk in a lobby: one page that is never left, for visitors who come and go without closing it.

A visitor is a ticket that the page makes (`webapp.web.surface`) and no cookie; when they have gone, everything that was
asked with it is deleted. What they take along is a copy of one answer that belongs to nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

import segno
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup

from webapp.conversations.store import StorageError
from webapp.corpus.days import server_day
from webapp.web import cookie_names, languages, preferences
from webapp.web.addresses import absolute
from webapp.web.article import ArticleView, article_view
from webapp.web.frame import Frame
from webapp.web.heartbeats import Heartbeats, is_kiosk_name
from webapp.web.languages import LANGUAGES, Language, current
from webapp.web.own_turns import own_turn
from webapp.web.problems import InvalidField, Unavailable, UnknownDocument
from webapp.web.questions import new_turn_id
from webapp.web.services import Services, services
from webapp.web.turn_view import quoted
from webapp.web.visitors import visitor_id

logger = logging.getLogger(__name__)

COUNTDOWN_SECONDS = 20
"""How long a visitor can say that they are still there: WCAG 2.2, 2.2.1, asks for at least this."""
POSTERS = 24
"""Documents whose headlines and questions drift by."""
POSTERS_FROM = 200
"""They are looked for among so many of the newest documents."""
DEFAULT_NAME = "kiosk"

KEYBOARDS = {"en": "english", "de": "german", "es": "spanish", "ru": "russian", "hi": "hindi", "ar": "arabic"}
"""The layout of the on-screen keyboard for each language of the interface."""

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")


@dataclass(frozen=True, slots=True)
class Poster:
    """What drifts by while nobody asks: a headline with a question that its document answers."""

    headline: str
    question: str
    language: str


@dataclass(frozen=True, slots=True)
class KioskPage:
    """What the kiosk shows."""

    frame: Frame
    name: str
    """Of this kiosk, among several."""
    idle_seconds: int
    countdown_seconds: int
    posters: tuple[Poster, ...]
    turn: str
    conversation: str
    limit: None
    typed: str
    error: None
    question_max_chars: int
    keyboard: str
    """The layout of the on-screen keyboard."""
    version: str
    """Changes when pages, assets or documents do."""
    languages: tuple[Language, ...]
    language_chosen: bool
    """True when a visitor chose the language: the next one gets the browser's again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer for the visitor's own device."""

    address: str
    code: Markup
    """The address as a QR code, an SVG element."""


def register(app: Flask) -> None:
    """Serve the kiosk; templates get ``can_take_along()``."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["can_take_along"] = can_take_along


def close_to_programs(app: Flask) -> None:
    """Answer nobody under ``/api/``, but for what the page's own field asks while somebody types."""

    @app.before_request
    def closed() -> None:
        if request.path.startswith("/api/") and request.endpoint != "api.suggestions":
            abort(404)


def can_take_along() -> bool:
    """Tell whether a phone could open an address of this site: one that only this machine knows is of no use to it."""
    host = urlsplit(absolute("/")).hostname or ""
    return host != "localhost" and not host.startswith("127.") and host != "::1"


@blueprint.get("")
def page() -> str:
    """Show the kiosk; nothing of whoever was here before."""
    about = services()
    name = request.args.get("name", DEFAULT_NAME)
    if not is_kiosk_name(name):
        raise InvalidField("The name of a kiosk has up to 40 characters of a-z, 0-9 and -.", "name")
    return render_template(
        "kiosk/page.html",
        page=KioskPage(
            frame=Frame.of(about),
            name=name,
            idle_seconds=about.settings.kiosk_idle_seconds,
            countdown_seconds=COUNTDOWN_SECONDS,
            posters=tuple(islice(_posters(about), POSTERS)),
            turn=new_turn_id(),
            conversation="",
            limit=None,
            typed="",
            error=None,
            question_max_chars=about.settings.question_max_chars,
            keyboard=KEYBOARDS[current().tag],
            version=version(about),
            languages=tuple(LANGUAGES.values()),
            language_chosen=bool(cookie_names.kept(languages.COOKIE)),
        ),
    )


def _posters(about: Services) -> Iterator[Poster]:
    today = server_day()
    for document in about.answerer.corpus.newest_first[:POSTERS_FROM]:
        if document.is_over(today):
            continue
        questions = (document.question(passage) for passage in document.passages)
        question = next((question for question in questions if question), None)
        if question:
            yield Poster(document.headline, question, document.language)


@blueprint.get("/documents/<document_id>")
def article(document_id: str) -> str:
    """Give an article to be read inside the page."""
    corpus = services().answerer.corpus
    document = corpus.by_id.get(document_id)
    if document is None:
        raise UnknownDocument
    view: ArticleView = article_view(document, services().answerer.versions)
    return render_template("kiosk/article.html", article=view)


@blueprint.post("/take")
def take() -> str:
    """Give the QR code of an answer's page: of a copy, which stays when the visitor has gone."""
    about = services()
    turn = own_turn(about, request.form.get("turn"))
    if quoted(turn.reply, about.answerer.corpus) is None:
        raise InvalidField("Only an answer that quotes a document can be taken along.", "turn")
    try:
        copy = about.store.append(about.store.new_conversation_id(), new_turn_id(), turn.reply)
        share_id = about.store.share(copy.conversation_id, copy.id)
    except StorageError:
        logger.exception("an answer could not be taken along")
        raise Unavailable from None
    address = absolute(url_for("sharing.page", share_id=share_id))
    return render_template("kiosk/take.html", taken=Taken(address, qr_code(address)))


def qr_code(text: str) -> Markup:
    """Return `text` as a QR code (ISO/IEC 18004), an SVG element without a size of its own."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - segno's own drawing; the text is not in it


@blueprint.post("/leave")
def leave() -> Response:
    """Delete everything that was asked with the visitor's ticket, and what they chose."""
    visitor = visitor_id()
    if visitor is not None:
        try:
            services().store.delete_conversations(visitor)
        except StorageError:
            logger.exception("a visitor's conversations could not be deleted; they expire")
            raise Unavailable from None
    response = make_response("", 204)
    for cookie in (languages.COOKIE, preferences.APPEARANCE_COOKIE):
        # Browsers let a cookie be deleted as it was set only.
        response.delete_cookie(
            cookie_names.named(cookie), secure=services().settings.cookie_secure, httponly=True, samesite="Lax"
        )
    return response


@blueprint.post("/heartbeat")
def heartbeat() -> Response:
    """Note that a kiosk is alive; tell it whether its page is still the newest."""
    about = services()
    name = request.form.get("name", "")
    if not is_kiosk_name(name):
        raise InvalidField("The name of a kiosk has up to 40 characters of a-z, 0-9 and -.", "name")
    Heartbeats(about.settings.data_path).beat(name)
    return jsonify(version=version(about))


def version(about: Services) -> str:
    """Return a text that changes when the program, its assets or its documents do."""
    return f"{current_app.jinja_env.globals['assets_version']}-{about.answerer.corpus.fingerprint[:10]}"

"""The chat page: ask, see the sentence that answers and where it stands, ask on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.conversations.store import StorageError
from webapp.web.asking import Asked, TurnTaken, ask, logger, questions_of
from webapp.web.dates import DateView
from webapp.web.frame import Frame, Section
from webapp.web.htmx import into_error_place, wants_fragment
from webapp.web.questions import QuestionProblem, is_id, new_turn_id, read_question
from webapp.web.reading import newest_first
from webapp.web.services import Services, services
from webapp.web.turn_view import TurnView, turn_view

CONVERSATION = "conversation"
"""The only thing the cookie holds."""
STARTERS_SHOWN = 4
NEWEST_SHOWN = 3

blueprint = Blueprint("chat", __name__)


@dataclass(frozen=True, slots=True)
class Newest:
    """A document named on the empty page."""

    headline: str
    url: str
    date: DateView | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a visitor sees before the first question."""

    starters: tuple[str, ...]
    turn: str
    """The id of the turn that a starter would make."""
    newest: tuple[Newest, ...]
    document_count: int


@dataclass(frozen=True, slots=True)
class ChatPage:
    """What the chat page shows."""

    frame: Frame
    turns: tuple[TurnView, ...]
    earlier_hidden: bool
    """True when the conversation has turns before those shown."""
    unreadable: bool
    """True when the conversation could not be read from the database."""
    welcome: Welcome | None
    """None once something was asked."""
    turn: str
    """The id of the turn that the form would make."""
    typed: str
    error: str | None
    question_max_chars: int


def register(app: Flask) -> None:
    """Serve the chat."""
    app.register_blueprint(blueprint)


@blueprint.after_request
def vary(response: Response) -> Response:
    """Keep caches from mixing pages with fragments, or visitors with each other."""
    response.vary.update(("HX-Request", "Cookie"))
    return response


@blueprint.get("/")
def page() -> Response:
    """Show the conversation so far."""
    return _page()


@blueprint.post("/chat")
def answer() -> BaseResponse:
    """Answer the question that was typed: a fragment for htmx, the page again for everyone else."""
    about = services()
    typed = request.form.get("question", "")
    try:
        question = read_question(typed, about.settings.question_max_chars)
    except QuestionProblem as problem:
        return _refused(typed, str(problem))
    asked = _ask(about, question, request.form.get("turn"))
    if wants_fragment():
        turn = turn_view(asked, about.answerer)
        return make_response(render_template("chat/turn.html", turn=turn))
    if not asked.saved:
        return _page(unsaved=asked)
    return redirect(url_for(".page", _anchor=f"turn-{asked.turn.number}"), 303)


@blueprint.post("/conversation/new")
def new_conversation() -> BaseResponse:
    """Start afresh: the next question begins another conversation."""
    session.clear()
    return redirect(url_for(".page"), 303)


def _ask(about: Services, question: str, turn_id: str | None) -> Asked:
    named = conversation_id()
    if named is None:
        named = about.store.new_conversation_id()
        session[CONVERSATION] = named
    session.permanent = True
    try:
        return ask(about, named, turn_id if is_id(turn_id) else new_turn_id(), question)
    except TurnTaken:
        return ask(about, named, new_turn_id(), question)


def conversation_id() -> str | None:
    """Return the id of this visitor's conversation, or None before there is one."""
    named = session.get(CONVERSATION)
    return named if is_id(named) else None


def _refused(typed: str, message: str) -> Response:
    if wants_fragment():
        response = into_error_place(make_response(render_template("problems/fragment.html", message=message)))
    else:
        response = _page(typed=typed, error=message)
    response.status_code = 422
    return response


def _page(typed: str = "", error: str | None = None, unsaved: Asked | None = None) -> Response:
    about = services()
    turns, unreadable = _kept(about)
    shown = (*turns, unsaved) if unsaved is not None else turns
    return make_response(
        render_template(
            "chat/page.html",
            page=ChatPage(
                frame=Frame.of(about, section=Section.CHAT),
                turns=tuple(turn_view(asked, about.answerer) for asked in shown),
                earlier_hidden=bool(turns) and turns[0].turn.number > 1,
                unreadable=unreadable,
                welcome=None if shown else _welcome(about),
                turn=new_turn_id(),
                typed=typed,
                error=error,
                question_max_chars=about.settings.question_max_chars,
            ),
        )
    )


def _welcome(about: Services) -> Welcome:
    corpus = about.answerer.corpus
    newest = newest_first(corpus)[:NEWEST_SHOWN]
    return Welcome(
        starters=about.answerer.suggestions(STARTERS_SHOWN),
        turn=new_turn_id(),
        newest=tuple(
            Newest(d.headline, url_for("reading.article", document_id=d.id), DateView.of(d.published)) for d in newest
        ),
        document_count=len(corpus.documents),
    )


def _kept(about: Services) -> tuple[tuple[Asked, ...], bool]:
    """Return the turns of this visitor's conversation, and whether they could not be read."""
    named = conversation_id()
    if named is None:
        return (), False
    try:
        turns = about.store.turns(named, about.settings.turns_shown)
        thoughts = about.store.feedback(named, [turn.id for turn in turns])
    except StorageError:
        logger.exception("the conversation could not be shown")
        return (), True
    return tuple(
        Asked(turn, saved=True, before=questions_of(turns[:place]), feedback=thoughts.get(turn.id))
        for place, turn in enumerate(turns)
    ), False

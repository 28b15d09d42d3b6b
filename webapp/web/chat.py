"""The chat page: ask, see the sentence that answers and where it stands, ask on."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.answering.reply import EVERYTHING
from webapp.web import here
from webapp.web.asking import Asked, TurnTaken, ask
from webapp.web.blanks import turn_fragment
from webapp.web.chat_page import chat_page
from webapp.web.htmx import into_error_place, redirect_to, wants_fragment
from webapp.web.place import Place, known_scope, place, without_repeats
from webapp.web.questions import QuestionProblem, is_id, new_turn_id, read_question
from webapp.web.related import with_related
from webapp.web.services import Services, services
from webapp.web.surface import Surface, surface
from webapp.web.varying import vary
from webapp.web.visitors import address_of, conversation_id, leave, remember, visitor_id

blueprint = Blueprint("chat", __name__)


def register(app: Flask) -> None:
    """Serve the chat."""
    app.register_blueprint(blueprint)


@blueprint.before_request
def tell() -> None:
    """Keep caches from mixing pages with fragments, or visitors with each other."""
    vary("HX-Request", "Cookie")


@blueprint.get("/")
def page() -> str:
    """Show the conversation so far, or an empty page that asks about one document."""
    about = services()
    scope = known_scope(about, here.request().args)
    named = conversation_id() if scope == EVERYTHING else None
    return render_template("chat/page.html", page=chat_page(about, named, scope))


@blueprint.post("/chat")
def answer() -> BaseResponse:
    """Answer the question that was typed: a fragment for htmx, the page again for everyone else."""
    about = services()
    form = here.request().form
    typed = form.get("question", "")
    try:
        question = read_question(typed, about.settings.question_max_chars)
    except QuestionProblem as problem:
        return _refused(about, typed, str(problem))
    sent, visitor = form.get("turn", ""), visitor_id()
    turn_id = sent if is_id(sent) else new_turn_id()
    where, turn_id = without_repeats(about, place(about), turn_id, question, visitor)
    asked = _ask(about, where, question, turn_id, remember(about, where.conversation, visitor))
    if wants_fragment():
        if where.moved and asked.saved and surface() is Surface.SITE:
            # Without the turn's anchor, which alone would load nothing.
            return redirect_to(url_for(".page"))
        return turn_fragment(with_related(about, asked), about.answerer.corpus)
    if not asked.saved:
        page = chat_page(about, where.conversation, where.scope, unsaved=asked)
        return make_response(render_template("chat/page.html", page=page))
    return redirect(address_of(asked.turn), 303)


@blueprint.post("/conversation/new")
def new_conversation() -> BaseResponse:
    """Start afresh: the next question begins another conversation."""
    leave()
    about = services()
    remember(about, about.store.new_conversation_id(), visitor_id())
    return redirect(url_for(".page"), 303)


def _ask(about: Services, where: Place, question: str, turn_id: str, visitor: str) -> Asked:
    try:
        return ask(about, where.conversation, turn_id, question, visitor=visitor, scope=where.scope, new=where.new)
    except TurnTaken:
        return ask(about, where.conversation, new_turn_id(), question, visitor=visitor, scope=where.scope)


def _refused(about: Services, typed: str, message: str) -> Response:
    if wants_fragment():
        response = into_error_place(make_response(render_template("problems/fragment.html", message=message)))
    else:
        where = place(about)
        named = None if where.new else where.conversation
        page = chat_page(about, named, where.scope, typed=typed, error=message)
        response = make_response(render_template("chat/page.html", page=page))
    response.status_code = 422
    return response

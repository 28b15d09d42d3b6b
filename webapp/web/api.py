"""The JSON door: ask, judge an answer, list and read documents, suggest; described by ``/api/v1/openapi.json``."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from flask import Blueprint, Flask, Response, request

from webapp.stages import RENDER, stage
from webapp.web.asking import TurnTaken, ask
from webapp.web.feedback import keep
from webapp.web.openapi import description
from webapp.web.openapi_schemas import OFFSET_MAX, PAGE_SIZE, PAGE_SIZE_MAX
from webapp.web.opening import open_to_programs
from webapp.web.own_turns import kept_turn
from webapp.web.place import begun_by, known_scope
from webapp.web.problems import InvalidField, UnknownDocument
from webapp.web.questions import clean
from webapp.web.services import services
from webapp.web.suggesting import suggest
from webapp.web.wire import asked_response, document_json, full_document_json, read_ask_request, read_feedback_request

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def register(app: Flask) -> None:
    """Serve the API."""
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(blueprint)


@blueprint.post("/ask")
def ask_question() -> Response:
    """Answer one question."""
    about = services()
    asked = read_ask_request(about.settings.question_max_chars)
    if asked.conversation is not None:
        open_to_programs(about, asked.conversation)
    conversation_id = asked.conversation or begun_by(about, asked.turn, asked.question)
    began = perf_counter()
    try:
        result = ask(about, conversation_id, asked.turn, asked.question, asked.previous, new=asked.conversation is None)
    except TurnTaken:
        raise InvalidField("This turn id already stands for another question; make a new one.", "turn") from None
    took_ms = 1000 * (perf_counter() - began)
    with stage(RENDER):
        return asked_response(result, took_ms, asked.explain)


@blueprint.post("/feedback")
def give_feedback() -> dict[str, Any]:
    """Keep what is thought of an answer, in place of what was thought before."""
    about = services()
    said = read_feedback_request()
    open_to_programs(about, said.conversation)
    kept = keep(about, kept_turn(about, said.conversation, said.turn), said.vote, said.reason)
    return {"conversation": said.conversation, "turn": said.turn, "vote": kept.vote.value, "reason": kept.reason}


@blueprint.get("/documents")
def documents() -> dict[str, Any]:
    """List the documents."""
    offset, limit = _whole("offset", 0), _whole("limit", PAGE_SIZE)
    if not 1 <= limit <= PAGE_SIZE_MAX:
        raise InvalidField(f"limit is a number from 1 to {PAGE_SIZE_MAX}.", "limit")
    listed = services().answerer.corpus.documents
    return {
        "documents": [document_json(document) for document in listed[offset : offset + limit]],
        "total": len(listed),
        "offset": offset,
        "limit": limit,
    }


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> dict[str, Any]:
    """Give one document with its source text: ``source[start:end] == quote`` for every citation."""
    found = services().answerer.corpus.by_id.get(document_id)
    if found is None:
        raise UnknownDocument
    return full_document_json(found)


@blueprint.get("/suggest")
def suggestions() -> dict[str, Any]:
    """Suggest questions for what was typed so far."""
    about = services()
    typed = clean(request.args.get("q", ""))[: about.settings.question_max_chars]
    return {"suggestions": list(suggest(about.answerer.corpus, typed, scope=known_scope(about, request.args)))}


@blueprint.get("/openapi.json")
def openapi() -> dict[str, Any]:
    """Describe this API."""
    about = services()
    return description(about.settings.title, about.settings.question_max_chars)


def _whole(name: str, default: int) -> int:
    raw = request.args.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(OFFSET_MAX))):
        raise InvalidField(f"{name} is a whole number.", name)
    return int(raw)

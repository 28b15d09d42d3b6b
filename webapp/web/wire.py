"""The shapes that the API speaks: what a question may hold, what a reply becomes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request, url_for

from webapp.answering.wire import to_wire
from webapp.conversations.feedback import Vote
from webapp.corpus.model import Document, PassageKind
from webapp.web.addresses import address
from webapp.web.asking import Asked
from webapp.web.feedback import read_reason, read_vote
from webapp.web.feedback_view import REASON_MAX_CHARS
from webapp.web.openapi_schemas import PREVIOUS_MAX
from webapp.web.problems import InvalidField, MalformedBody, NotJson
from webapp.web.questions import QuestionProblem, clean, is_id, read_question


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question as a client sends it."""

    question: str
    conversation: str | None
    turn: str | None
    previous: tuple[str, ...] | None
    explain: bool


@dataclass(frozen=True, slots=True)
class FeedbackRequest:
    """What a client's visitor thinks of an answer."""

    conversation: str
    turn: str
    vote: Vote
    reason: str | None
    """None leaves the one that was given before."""


def read_feedback_request() -> FeedbackRequest:
    """Return what the request says of an answer.

    Raises:
        RequestProblem: it is no JSON object, or a field has a value that cannot be used.
    """
    body = _body()
    return FeedbackRequest(
        conversation=_needed_id(body, "conversation"),
        turn=_needed_id(body, "turn"),
        vote=read_vote(body.get("vote")),
        reason=read_reason(_short(body.get("reason"), REASON_MAX_CHARS, "reason")),
    )


def read_ask_request(max_chars: int) -> AskRequest:
    """Return what the request asks.

    Raises:
        RequestProblem: it is no JSON object, or a field has a value that cannot be used.
    """
    body = _body()
    question = body.get("question")
    if not isinstance(question, str):
        raise InvalidField("Send the question as text.", "question")
    try:
        question = read_question(_short(question, max_chars, "question"), max_chars)
    except QuestionProblem as problem:
        raise InvalidField(str(problem), "question") from None
    return AskRequest(
        question=question,
        conversation=_id(body, "conversation"),
        turn=_id(body, "turn"),
        previous=_previous(body, max_chars),
        explain=_flag(body, "explain"),
    )


def _body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise NotJson
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise MalformedBody from None
    if not isinstance(body, dict):
        raise MalformedBody
    return body


def _id(body: dict[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is not None and not is_id(value):
        raise InvalidField(f"A {field} id has 8 to 64 characters of A-Z, a-z, 0-9, _ and -.", field)
    return value


def _short(value: Any, max_chars: int, field: str) -> Any:
    """Return what was sent when it is as short as the description says, spaces around it counted."""
    if isinstance(value, str) and len(value) > max_chars:
        raise InvalidField(f"Send at most {max_chars:,} characters.", field)
    return value


def _needed_id(body: dict[str, Any], field: str) -> str:
    value = _id(body, field)
    if value is None:
        raise InvalidField(f"Send the {field} id that came with the answer.", field)
    return value


def _previous(body: dict[str, Any], max_chars: int) -> tuple[str, ...] | None:
    value = body.get("previous")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise InvalidField("Send the questions before this one as a list of texts, oldest first.", "previous")
    if len(value) > PREVIOUS_MAX or any(len(text) > max_chars for text in value):
        raise InvalidField(f"Send at most {PREVIOUS_MAX} earlier questions of {max_chars:,} characters.", "previous")
    return tuple(question for text in value if (question := clean(text)))


def _flag(body: dict[str, Any], field: str) -> bool:
    value = body.get(field, False)
    if not isinstance(value, bool):
        raise InvalidField(f"{field} is either true or false.", field)
    return value


def asked_response(asked: Asked, took_ms: float, explain: bool) -> Response:
    """Return what answers a question: the reply as everywhere, and the turn it became."""
    known, key = asked.known, ("json", explain, request.script_root)
    reply: str | None = known.forms.get(key) if known is not None else None
    if reply is None:
        reply = _json(to_wire(asked.turn.reply, explain=explain, urls=_document_url))
        if known is not None:
            known.keep(key, reply)
    turn = {
        "conversation": asked.turn.conversation_id,
        "turn": asked.turn.id,
        "saved": asked.saved,
        "took_ms": round(took_ms, 2),
    }
    # Two objects become one.
    return Response(f"{reply[:-1]},{_PLAIN.encode(turn)[1:]}\n", mimetype="application/json")


_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json(value: dict[str, Any]) -> str:
    return current_app.json.dumps(value, separators=(",", ":"))


def _document_url(document_id: str) -> str:
    return address("reading.article", document_id=document_id)


def document_json(document: Document) -> dict[str, Any]:
    """Return a document in few words."""
    return {
        "id": document.id,
        "headline": document.headline,
        "headline_derived": document.headline_derived,
        "date": document.published.isoformat() if document.published else None,
        "language": document.language,
        "tags": list(document.tags),
        "source_url": document.source_url,
        "url": url_for("reading.article", document_id=document.id),
    }


def full_document_json(document: Document) -> dict[str, Any]:
    """Return a document with its source text and where each passage stands in it."""
    passages = [
        {
            "number": passage.number,
            "kind": passage.kind.value,
            "start": passage.span.start,
            "end": passage.span.end,
            "questions": [question.of(document.source) for question in passage.questions]
            if passage.kind is PassageKind.FAQ
            else [],
        }
        for passage in document.passages
    ]
    return {**document_json(document), "source": document.source, "passages": passages}

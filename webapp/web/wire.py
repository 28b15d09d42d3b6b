"""The shapes that the API speaks: what a question may hold, what a reply becomes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from webapp.answering.reply import Answer, Outcome, Reply
from webapp.corpus.model import Document, PassageKind
from webapp.web.asking import Asked
from webapp.web.citing import citation_url
from webapp.web.problems import InvalidField, MalformedBody, NotJson
from webapp.web.questions import QuestionProblem, clean, is_id, read_question

PREVIOUS_MAX = 50


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question as a client sends it."""

    question: str
    conversation: str | None
    turn: str | None
    previous: tuple[str, ...] | None
    explain: bool


def read_ask_request(max_chars: int) -> AskRequest:
    """Return what the request asks.

    Raises:
        RequestProblem: it is no JSON object, or a field has a value that cannot be used.
    """
    if request.mimetype != "application/json":
        raise NotJson
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise MalformedBody from None
    if not isinstance(body, dict):
        raise MalformedBody
    question = body.get("question")
    if not isinstance(question, str):
        raise InvalidField("Send the question as text.", "question")
    try:
        question = read_question(question, max_chars)
    except QuestionProblem as problem:
        raise InvalidField(str(problem), "question") from None
    return AskRequest(
        question=question,
        conversation=_id(body, "conversation"),
        turn=_id(body, "turn"),
        previous=_previous(body, max_chars),
        explain=_flag(body, "explain"),
    )


def _id(body: dict[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is not None and not is_id(value):
        raise InvalidField(f"A {field} id has 8 to 64 characters of A-Z, a-z, 0-9, _ and -.", field)
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


def asked_json(asked: Asked, took_ms: float, explain: bool) -> dict[str, Any]:
    """Return the body that answers a question."""
    reply = asked.turn.reply
    refused = reply.outcome is Outcome.ABSTAINED
    body: dict[str, Any] = {
        "outcome": reply.outcome.value,
        "message": reply.message,
        **_answer_json(None if refused else reply.answer),
        "confidence": reply.confidence,
        "alternatives": [{**_answer_json(answer), "confidence": answer.confidence} for answer in reply.alternatives],
        "missing_terms": list(reply.missing_terms),
        "suggestions": list(reply.suggestions),
        "corrections": [{"typed": typed, "used": used} for typed, used in reply.corrections],
        "conversation": asked.turn.conversation_id,
        "turn": asked.turn.id,
        "saved": asked.saved,
        "took_ms": round(took_ms, 2),
    }
    if explain:
        body["explanation"] = _explanation_json(reply)
    return body


def _answer_json(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"answer": None, "citation": None}
    cited = answer.citation
    citation = cited and {
        "document": {
            "id": cited.document_id,
            "headline": cited.headline,
            "date": cited.date,
            "url": url_for("reading.article", document_id=cited.document_id),
        },
        "quote": cited.quote,
        "start": cited.start,
        "end": cited.end,
        "url": citation_url(cited, answer.kind),
    }
    return {
        "answer": {"text": answer.text, "kind": answer.kind.value, "question": answer.question},
        "citation": citation,
    }


def _explanation_json(reply: Reply) -> dict[str, Any] | None:
    why = reply.explanation
    if why is None:
        return None
    return {
        "score": why.score,
        "terms": [{"word": term.word, "matched": term.matched, "weight": term.weight} for term in why.terms],
        "evidence": [{"name": name, "weight": weight} for name, weight in why.evidence],
        "runner_up": why.runner_up,
    }


def document_json(document: Document) -> dict[str, Any]:
    """Return a document in few words."""
    return {
        "id": document.id,
        "headline": document.headline,
        "headline_derived": document.headline_derived,
        "date": document.published.isoformat() if document.published else None,
        "language": document.language,
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

"""The API's description in OpenAPI 3.1, true for what is served here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from webapp.web.feedback_view import REASON_MAX_CHARS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
VOTE: Schema = {"enum": ["up", "down"]}
CLIENT_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}


def _object(required: Schema, **optional: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


DOCUMENT: Schema = {
    "id": TEXT,
    "headline": TEXT,
    "headline_derived": {"type": "boolean", "description": "Made from the first sentence; the article had none."},
    "date": _maybe({"type": "string", "format": "date"}),
    "language": TEXT,
    "tags": _list(TEXT),
    "source_url": {**_maybe(TEXT), "description": "The page the document comes from."},
    "url": TEXT,
}

SCHEMAS: dict[str, Schema] = {
    "Error": _object({"error": _object({"code": TEXT, "message": TEXT, "field": _maybe(TEXT), "reference": TEXT})}),
    "Answer": _object(
        {
            "text": {"type": "string", "description": "Word for word from the document."},
            "kind": {"enum": ["faq", "sentence", "date", "smalltalk"]},
        },
        question=_maybe(TEXT),
    ),
    "Citation": _object(
        {
            "document": _object({"id": TEXT, "headline": TEXT, "date": _maybe(TEXT), "url": TEXT}),
            "quote": TEXT,
            "start": {**WHOLE, "description": "Unicode code points into the document's source."},
            "end": WHOLE,
            "url": {"type": "string", "description": "Opens the article with the passage marked."},
        }
    ),
    "Alternative": _object(
        {"answer": _maybe(_ref("Answer")), "citation": _maybe(_ref("Citation")), "confidence": SHARE}
    ),
    "Explanation": _object(
        {
            "score": {"type": "number"},
            "terms": _list(_object({"word": TEXT, "matched": {"type": "boolean"}, "weight": {"type": "number"}})),
            "evidence": _list(_object({"name": TEXT, "weight": {"type": "number"}})),
            "runner_up": _maybe(TEXT),
        }
    ),
    "Reply": _object(
        {
            "outcome": {"enum": ["answered", "hedged", "abstained", "smalltalk"]},
            "reason": {"type": "string", "description": "Short stable code of why the outcome is what it is."},
            "message": {"type": "string", "description": "Newsstand's own words; never part of a quote."},
            "answer": {**_maybe(_ref("Answer")), "description": "Null when the outcome is abstained."},
            "citation": {**_maybe(_ref("Citation")), "description": "Null when the outcome is abstained."},
            "confidence": SHARE,
            "alternatives": _list(_ref("Alternative")),
            "versions": {
                **WHOLE,
                "description": "How many alternatives, from the first on, are what older documents say to this.",
            },
            "missing_terms": _list(TEXT),
            "suggestions": _list(TEXT),
            "corrections": _list(_object({"typed": TEXT, "used": TEXT})),
            "receipt": {"type": "string", "description": "`newsstand replay` gives the same reply from it."},
            "conversation": CLIENT_ID,
            "turn": CLIENT_ID,
            "saved": {"type": "boolean", "description": "False when the turn could not be kept."},
            "took_ms": {"type": "number"},
        },
        explanation=_maybe(_ref("Explanation")),
    ),
    "Document": _object(DOCUMENT),
    "FullDocument": _object(
        {
            **DOCUMENT,
            "source": {"type": "string", "description": "source[start:end] == quote for every citation."},
            "passages": _list(
                _object(
                    {
                        "number": WHOLE,
                        "kind": {"enum": ["faq", "sentence"]},
                        "start": WHOLE,
                        "end": WHOLE,
                        "questions": _list(TEXT),
                    }
                )
            ),
        }
    ),
    "Documents": _object({"documents": _list(_ref("Document")), "total": WHOLE, "offset": WHOLE, "limit": WHOLE}),
    "Feedback": _object({"conversation": CLIENT_ID, "turn": CLIENT_ID, "vote": VOTE, "reason": TEXT}),
    "FeedbackRequest": _object(
        {"conversation": CLIENT_ID, "turn": CLIENT_ID, "vote": VOTE},
        reason={
            **_maybe({"type": "string", "maxLength": REASON_MAX_CHARS}),
            "description": "Left out or null, it stays what it was.",
        },
    ),
    "Suggestions": _object({"suggestions": _list(TEXT)}),
}


def _ask_request(question_max_chars: int) -> Schema:
    question = {"type": "string", "minLength": 1, "maxLength": question_max_chars}
    return _object(
        {"question": question},
        conversation={**_maybe(CLIENT_ID), "description": "What was said in it helps to understand the question."},
        turn={**_maybe(CLIENT_ID), "description": "Sent again, it brings the same answer and stores nothing twice."},
        previous={**_maybe(_list(TEXT)), "description": "The questions before, oldest first; instead of those kept."},
        explain={"type": "boolean", "default": False},
    )


def _content(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _operation(name: str, summary: str, schema: str, *errors: int, **more: Any) -> Schema:
    responses = {"200": {"description": "Done.", **_content(_ref(schema))}}
    for status in errors:
        responses[str(status)] = {"description": "An error.", **_content(_ref("Error"))}
    return {"operationId": name, "summary": summary, **more, "responses": responses}


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def description(title: str, question_max_chars: int) -> Schema:
    """Return the description of the API as it is served here."""
    body = {"required": True, **_content(_ref("AskRequest"))}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: questions answered with quotations", "version": _version()},
        "paths": {
            "/api/v1/ask": {
                "post": _operation(
                    "ask", "Answer one question.", "Reply", 400, 403, 404, 413, 415, 422, requestBody=body
                )
            },
            "/api/v1/feedback": {
                "post": _operation(
                    "giveFeedback",
                    "Judge an answer; what was said of it before is replaced.",
                    "Feedback",
                    *(400, 403, 404, 413, 415, 422, 503),
                    requestBody={"required": True, **_content(_ref("FeedbackRequest"))},
                )
            },
            "/api/v1/documents": {
                "get": _operation(
                    "listDocuments",
                    "List the documents.",
                    "Documents",
                    422,
                    parameters=[
                        _parameter("offset", "query", {**WHOLE, "default": 0}),
                        _parameter("limit", "query", {**WHOLE, "minimum": 1, "maximum": 1000, "default": 100}),
                    ],
                )
            },
            "/api/v1/documents/{document_id}": {
                "get": _operation(
                    "readDocument",
                    "Give one document with its source text.",
                    "FullDocument",
                    404,
                    parameters=[_parameter("document_id", "path", TEXT)],
                )
            },
            "/api/v1/suggest": {
                "get": _operation(
                    "suggest",
                    "Suggest questions for what was typed so far.",
                    "Suggestions",
                    parameters=[_parameter(name, "query", TEXT) for name in ("q", "document", "tag")],
                )
            },
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "Describe this API.",
                    "responses": {"200": {"description": "This.", **_content({"type": "object"})}},
                }
            },
        },
        "components": {"schemas": {**SCHEMAS, "AskRequest": _ask_request(question_max_chars)}},
    }


def _version() -> str:
    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "0"

"""The API's description in OpenAPI 3.1, true for what is served here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from webapp.web.openapi_schemas import (
    CLIENT_ID,
    OFFSET_MAX,
    PAGE_SIZE,
    PAGE_SIZE_MAX,
    SCHEMAS,
    TEXT,
    WHOLE,
    Schema,
    ask_request,
    ref,
)

# In every response, so that what happened can be found in the server's log.
HEADERS: Schema = {
    "X-Request-ID": {"description": "Names the request in the log.", "required": True, "schema": CLIENT_ID},
}
RETRY_AFTER: Schema = {
    "Retry-After": {
        "description": "Seconds after which the request may be sent again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}

ERRORS: dict[int, str] = {
    400: "The body is no JSON object, or the request could not be read.",
    403: "A page of another site sent this; programs send no Origin and no Sec-Fetch-Site.",
    404: "There is no such thing, or it belongs to a visitor.",
    413: "The body is too large.",
    415: "The body is not declared as application/json.",
    422: "A field or parameter has a value that cannot be used; `field` names it.",
    429: "Too many requests came from this address, or from all together.",
    500: "A fault of the server; `reference` names it in the log.",
    503: "The database cannot be read or written right now.",
}
"""What an error says by its status; the body is always an `Error`."""
ALWAYS = (429, 500)
"""What any request may bring."""
BODY = (400, 403, 413, 415, 422)
"""What a request with a body may bring."""


def _content(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _operation(
    name: str, summary: str, schema: Schema, *errors: int, links: Schema | None = None, **more: Any
) -> Schema:
    done: Schema = {"description": "Done.", "headers": HEADERS, **_content(schema)}
    if links is not None:
        done["links"] = links
    responses = {"200": done}
    for status in sorted({*errors, *ALWAYS}):
        headers = {**HEADERS, **RETRY_AFTER} if status == 429 else HEADERS
        responses[str(status)] = {"description": ERRORS[status], "headers": headers, **_content(ref("Error"))}
    return {"operationId": name, "summary": summary, **more, "responses": responses}


def _parameter(name: str, place: str, schema: Schema, told: str) -> Schema:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": told}


def _body(name: str) -> Schema:
    return {"required": True, **_content(ref(name))}


def _about_the_answer(operation: str) -> Schema:
    """Return how a reply leads to an operation on its turn."""
    return {
        "operationId": operation,
        "requestBody": {"conversation": "$response.body#/conversation", "turn": "$response.body#/turn", "vote": "up"},
    }


def _asking() -> Schema:
    return _operation(
        "ask",
        "Answer one question.",
        ref("Reply"),
        *BODY,
        404,
        requestBody=_body("AskRequest"),
        links={
            "judge": _about_the_answer("giveFeedback"),
            "read": {
                "operationId": "readDocument",
                "parameters": {"document_id": "$response.body#/citation/document/id"},
            },
        },
    )


def _judging() -> Schema:
    return _operation(
        "giveFeedback",
        "Judge an answer; what was said of it before is replaced.",
        ref("Feedback"),
        *BODY,
        404,
        503,
        requestBody=_body("FeedbackRequest"),
    )


def _listing() -> Schema:
    return _operation(
        "listDocuments",
        "List the documents.",
        ref("Documents"),
        422,
        parameters=[
            _parameter("offset", "query", {**WHOLE, "maximum": OFFSET_MAX, "default": 0}, "How many to leave out."),
            _parameter(
                "limit",
                "query",
                {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": PAGE_SIZE},
                "How many to list.",
            ),
        ],
    )


def _reading() -> Schema:
    return _operation(
        "readDocument",
        "Give one document with its source text.",
        ref("FullDocument"),
        404,
        parameters=[_parameter("document_id", "path", {**TEXT, "minLength": 1}, "Its id, as listed and as cited.")],
    )


def _suggesting(question_max_chars: int) -> Schema:
    return _operation(
        "suggest",
        "Suggest questions for what was typed so far.",
        ref("Suggestions"),
        parameters=[
            _parameter("q", "query", TEXT, f"What was typed; its first {question_max_chars} characters are read."),
            _parameter("document", "query", TEXT, "Suggest of the document with this id; an unknown one is ignored."),
            _parameter("tag", "query", TEXT, "Suggest of documents with this tag; an unknown one is ignored."),
        ],
    )


def description(title: str, question_max_chars: int) -> Schema:
    """Return the description of the API as it is served here."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: questions answered with quotations", "version": _version()},
        "paths": {
            "/api/v1/ask": {"post": _asking()},
            "/api/v1/feedback": {"post": _judging()},
            "/api/v1/documents": {"get": _listing()},
            "/api/v1/documents/{document_id}": {"get": _reading()},
            "/api/v1/suggest": {"get": _suggesting(question_max_chars)},
            "/api/v1/openapi.json": {"get": _operation("describe", "Describe this API.", {"type": "object"})},
        },
        "components": {"schemas": {**SCHEMAS, "AskRequest": ask_request(question_max_chars)}},
    }


def _version() -> str:
    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "0"

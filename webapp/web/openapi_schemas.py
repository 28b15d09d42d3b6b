"""The shapes of what the API takes and gives, as JSON Schema, with every limit."""

from __future__ import annotations

from typing import Any

from webapp.web.feedback_view import REASON_MAX_CHARS

Schema = dict[str, Any]

PREVIOUS_MAX = 50
"""How many questions before this one a client may send."""
PAGE_SIZE = 100
PAGE_SIZE_MAX = 1000
"""How many documents are listed at once: when nothing is said, and at most."""
OFFSET_MAX = 999_999_999

# What `str.strip` and `webapp.web.questions.clean` leave: of anything else, no question is made. JSON Schema's own
# class of white space is another one, so its characters are named.
_SAYS_SOMETHING = r"[^\u0000-\u0020\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
VOTE: Schema = {"enum": ["up", "down"]}
CLIENT_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}


def an_object(required: Schema, **optional: Schema) -> Schema:
    """Return an object of these fields."""
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def list_of(items: Schema) -> Schema:
    """Return a list of such items."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """Return this, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """Return one of `SCHEMAS`, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


DOCUMENT: Schema = {
    "id": TEXT,
    "headline": TEXT,
    "headline_derived": {"type": "boolean", "description": "Made from the first sentence; the article had none."},
    "date": maybe({"type": "string", "format": "date"}),
    "language": TEXT,
    "tags": list_of(TEXT),
    "source_url": {**maybe(TEXT), "description": "The page the document comes from."},
    "url": TEXT,
}

SCHEMAS: dict[str, Schema] = {
    "Error": an_object({"error": an_object({"code": TEXT, "message": TEXT, "field": maybe(TEXT), "reference": TEXT})}),
    "Answer": an_object(
        {
            "text": {"type": "string", "description": "Word for word from the document."},
            "kind": {"enum": ["faq", "sentence", "date", "smalltalk"]},
        },
        question=maybe(TEXT),
    ),
    "Citation": an_object(
        {
            "document": an_object({"id": TEXT, "headline": TEXT, "date": maybe(TEXT), "url": TEXT}),
            "quote": TEXT,
            "start": {**WHOLE, "description": "Unicode code points into the document's source."},
            "end": WHOLE,
            "url": {"type": "string", "description": "Opens the article with the passage marked."},
        }
    ),
    "Alternative": an_object({"answer": maybe(ref("Answer")), "citation": maybe(ref("Citation")), "confidence": SHARE}),
    "Explanation": an_object(
        {
            "score": {"type": "number"},
            "terms": list_of(an_object({"word": TEXT, "matched": {"type": "boolean"}, "weight": {"type": "number"}})),
            "evidence": list_of(an_object({"name": TEXT, "weight": {"type": "number"}})),
            "runner_up": maybe(TEXT),
        }
    ),
    "Reply": an_object(
        {
            "outcome": {"enum": ["answered", "hedged", "abstained", "smalltalk"]},
            "reason": {"type": "string", "description": "Short stable code of why the outcome is what it is."},
            "message": {"type": "string", "description": "Newsstand's own words; never part of a quote."},
            "answer": {**maybe(ref("Answer")), "description": "Null when the outcome is abstained."},
            "citation": {**maybe(ref("Citation")), "description": "Null when the outcome is abstained."},
            "confidence": SHARE,
            "alternatives": list_of(ref("Alternative")),
            "versions": {
                **WHOLE,
                "description": "How many alternatives, from the first on, are what older documents say to this.",
            },
            "missing_terms": list_of(TEXT),
            "suggestions": list_of(TEXT),
            "corrections": list_of(an_object({"typed": TEXT, "used": TEXT})),
            "receipt": {"type": "string", "description": "`newsstand replay` gives the same reply from it."},
            "conversation": CLIENT_ID,
            "turn": CLIENT_ID,
            "saved": {"type": "boolean", "description": "False when the turn could not be kept."},
            "took_ms": {"type": "number"},
        },
        explanation=maybe(ref("Explanation")),
    ),
    "Document": an_object(DOCUMENT),
    "FullDocument": an_object(
        {
            **DOCUMENT,
            "source": {"type": "string", "description": "source[start:end] == quote for every citation."},
            "passages": list_of(
                an_object(
                    {
                        "number": WHOLE,
                        "kind": {"enum": ["faq", "sentence"]},
                        "start": WHOLE,
                        "end": WHOLE,
                        "questions": list_of(TEXT),
                    }
                )
            ),
        }
    ),
    "Documents": an_object({"documents": list_of(ref("Document")), "total": WHOLE, "offset": WHOLE, "limit": WHOLE}),
    "Feedback": an_object({"conversation": CLIENT_ID, "turn": CLIENT_ID, "vote": VOTE, "reason": TEXT}),
    "FeedbackRequest": an_object(
        {"conversation": CLIENT_ID, "turn": CLIENT_ID, "vote": VOTE},
        reason={
            **maybe({"type": "string", "maxLength": REASON_MAX_CHARS}),
            "description": "Left out or null, it stays what it was.",
        },
    ),
    "Suggestions": an_object({"suggestions": list_of(TEXT)}),
}


def ask_request(question_max_chars: int) -> Schema:
    """Return what a question may hold."""
    text = {"type": "string", "maxLength": question_max_chars}
    question = {**text, "minLength": 1, "pattern": _SAYS_SOMETHING}
    return an_object(
        {"question": question},
        conversation={**maybe(CLIENT_ID), "description": "What was said in it helps to understand the question."},
        turn={**maybe(CLIENT_ID), "description": "Sent again, it brings the same answer and stores nothing twice."},
        previous={
            **maybe({**list_of(text), "maxItems": PREVIOUS_MAX}),
            "description": "The questions before, oldest first; instead of those kept.",
        },
        explain={"type": "boolean", "default": False},
    )

"""A reply as plain JSON types: the one shape that the API, the command line and batches give."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from webapp.answering.reply import Answer, Citation, Outcome, Reply


def to_wire(reply: Reply, *, explain: bool = False) -> dict[str, Any]:
    """Return what a client gets for a reply; an abstention has neither answer nor citation."""
    refused = reply.outcome is Outcome.ABSTAINED
    answer = None if refused else reply.answer
    wire: dict[str, Any] = {
        "outcome": reply.outcome.value,
        "message": reply.message,
        "reason": reply.reason,
        "answer": None if answer is None else {"text": answer.text, "kind": answer.kind.value},
        "citation": None if answer is None or answer.citation is None else citation_to_wire(answer.citation),
        "confidence": reply.confidence,
        "alternatives": [alternative_to_wire(alternative) for alternative in reply.alternatives],
        "missing_terms": list(reply.missing_terms),
        "suggestions": list(reply.suggestions),
        "corrections": dict(reply.corrections),
        "receipt": reply.receipt,
    }
    if explain:
        wire["explanation"] = None if reply.explanation is None else asdict(reply.explanation)
    return wire


def alternative_to_wire(answer: Answer) -> dict[str, Any]:
    """Return a further answer with its citation."""
    return {
        "answer": {"text": answer.text, "kind": answer.kind.value},
        "citation": None if answer.citation is None else citation_to_wire(answer.citation),
        "confidence": answer.confidence,
    }


def citation_to_wire(citation: Citation) -> dict[str, Any]:
    """Return where an answer stands."""
    url = document_url(citation.document_id)
    return {
        "document": {
            "id": citation.document_id,
            "headline": citation.headline,
            "date": citation.date,
            "url": url,
        },
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "url": f"{url}#p{citation.passage}",
    }


def document_url(document_id: str) -> str:
    """Return the reading room's address of a document."""
    return f"/documents/{quote(document_id, safe='')}"

"""A reply as plain JSON types: the one shape that the API, the command line and batches give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from webapp.answering.reply import Answer, AnswerKind, Explanation, Outcome, Reply

CONFIDENCE_DECIMALS = 4
"""More digits than a calibration can know would only look exact."""

Urls = Callable[[str], str]
"""Gives a document's address for its id."""


def document_url(document_id: str) -> str:
    """Return the reading room's address of a document, on a server that stands at the top of its host."""
    return f"/documents/{quote(document_id, safe='')}"


def to_wire(reply: Reply, *, explain: bool = False, urls: Urls = document_url) -> dict[str, Any]:
    """Return what a client gets for a reply; an abstention has neither answer nor citation.

    Args:
        reply: what the answerer said.
        explain: add why this answer was chosen.
        urls: where documents are served; the same server's top level by default.
    """
    refused = reply.outcome is Outcome.ABSTAINED
    wire: dict[str, Any] = {
        "outcome": reply.outcome.value,
        "reason": reply.reason,
        "message": reply.message,
        **_cited(None if refused else reply.answer, urls),
        "confidence": round(reply.confidence, CONFIDENCE_DECIMALS),
        "alternatives": [
            {**_cited(answer, urls), "confidence": round(answer.confidence, CONFIDENCE_DECIMALS)}
            for answer in reply.alternatives
        ],
        "versions": reply.versions,
        "missing_terms": list(reply.missing_terms),
        "suggestions": list(reply.suggestions),
        "corrections": [{"typed": typed, "used": used} for typed, used in reply.corrections],
        "receipt": reply.receipt,
    }
    if explain:
        wire["explanation"] = None if reply.explanation is None else _explained(reply.explanation)
    return wire


def _cited(answer: Answer | None, urls: Urls) -> dict[str, Any]:
    if answer is None:
        return {"answer": None, "citation": None}
    shown = {"text": answer.text, "kind": answer.kind.value, "question": answer.question}
    citation = answer.citation
    if citation is None:
        return {"answer": shown, "citation": None}
    url = urls(citation.document_id)
    anchor = "date" if answer.kind is AnswerKind.DATE else f"p{citation.passage}"
    return {
        "answer": shown,
        "citation": {
            "document": {
                "id": citation.document_id,
                "headline": citation.headline,
                "date": citation.date,
                "url": url,
            },
            "quote": citation.quote,
            "start": citation.start,
            "end": citation.end,
            "url": f"{url}#{anchor}",
        },
    }


def _explained(why: Explanation) -> dict[str, Any]:
    return {
        "score": why.score,
        "terms": [{"word": term.word, "matched": term.matched, "weight": term.weight} for term in why.terms],
        "evidence": [{"name": name, "weight": weight} for name, weight in why.evidence],
        "runner_up": why.runner_up,
    }

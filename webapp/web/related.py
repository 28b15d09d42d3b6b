"""Questions to ask next: near what was asked, answered by the documents, and not yet asked in this conversation."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.answering.reply import Outcome, Reply
from webapp.web.services import Answering

RELATED_SHOWN = 3
LOOKED_AT = 24
"""How many questions of the answer's document, and then of all documents, may be offered."""


def related(reply: Reply, answerer: Answering, before: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the nearest questions first, without those that were asked or answered, here or `before`."""
    known = {_folded(question) for question in before}
    known |= {_folded(question) for question in answered(reply)}
    offers: dict[str, str] = {}
    for source in _sources(reply, answerer):
        for question in source:
            if _folded(question) not in known:
                offers.setdefault(_folded(question), question)
        if len(offers) >= RELATED_SHOWN:
            break
    return tuple(offers.values())[:RELATED_SHOWN]


def answered(reply: Reply) -> tuple[str, ...]:
    """Return the question that was asked, and the documents' own question that its answer belongs to."""
    own = reply.answer.question if reply.answer else None
    return (reply.question,) if own is None else (reply.question, own)


def _sources(reply: Reply, answerer: Answering) -> Iterable[Iterable[str]]:
    if reply.outcome is Outcome.ABSTAINED:
        yield [answer.question for answer in reply.alternatives if answer.question]
    yield reply.suggestions
    cited = reply.answer.citation if reply.answer else None
    if cited is not None and cited.document_id in answerer.corpus.by_id:
        yield answerer.suggestions(LOOKED_AT, cited.document_id)
    yield answerer.suggestions(LOOKED_AT)


def _folded(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?!. ")

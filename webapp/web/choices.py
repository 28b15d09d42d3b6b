"""Other passages to choose when a quote is not what was meant; the one chosen becomes the answer of a turn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from webapp.answering.quoting import stands
from webapp.answering.reply import Answer, Outcome, Reply
from webapp.conversations.turn import Turn
from webapp.corpus.model import Corpus
from webapp.web.citing import citation_url, shortened

CHOICES_SHOWN = 3
LABEL_MAX_CHARS = 160
CHOSEN = "chosen"
"""The reason of a reply whose answer the visitor chose."""
READ_ON = frozenset({"overview", "more"})
"""The reasons of replies that read an article out: what comes next was not meant instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One passage to choose."""

    number: int
    """Which of the reply's alternatives it is."""
    label: str
    """The question it answers, or how it begins."""
    source: str
    """The document's headline; empty when it is the quote's own document."""
    url: str
    language: str


def choices(reply: Reply, corpus: Corpus) -> tuple[Choice, ...]:
    """Return the alternatives of a reply that still stand in their documents; older versions are shown as they are."""
    if reply.reason in READ_ON:
        return ()
    cited = reply.answer.citation if reply.answer else None
    found = []
    for number, answer in enumerate(reply.alternatives[reply.versions :], reply.versions):
        place = answer.citation
        if place is None or not stands(corpus, answer) or (reply.answer and answer.text == reply.answer.text):
            continue
        elsewhere = cited is None or cited.document_id != place.document_id
        found.append(
            Choice(
                number=number,
                label=shortened(answer.question or answer.text, LABEL_MAX_CHARS),
                source=place.headline if elsewhere else "",
                url=citation_url(place, answer.kind),
                language=corpus.by_id[place.document_id].language,
            )
        )
    return tuple(found[:CHOICES_SHOWN])


def chosen(turn: Turn, answer: Answer) -> tuple[str, Reply]:
    """Return the id and the reply of the turn that choosing one alternative of `turn` makes, each time the same."""
    place = answer.citation
    named = f"chosen {turn.conversation_id} {turn.id} {place and (place.document_id, place.start, place.end)}"
    reply = Reply(
        question=turn.reply.question,
        outcome=Outcome.ANSWERED,
        message="",
        confidence=answer.confidence,
        answer=answer,
        suggestions=turn.reply.suggestions,
        reason=CHOSEN,
    )
    return hashlib.sha256(named.encode()).hexdigest()[:32], reply

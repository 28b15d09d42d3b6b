"""A turn as the chat page shows it; the page and the fragment for htmx are made of the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from webapp.answering.reply import Answer, Outcome, Reply
from webapp.corpus.model import Corpus
from webapp.web.asking import Asked
from webapp.web.citing import QuoteView, quote_view
from webapp.web.languages import gettext
from webapp.web.why import WhyView, certainty, why_view
from webapp.web.wording import reply_message

SUGGESTIONS_SHOWN = 3
OTHERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A document to read on in."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """One question and what came of it."""

    anchor: str
    """The element's id."""
    question: str
    outcome: Outcome
    message: str
    quote: QuoteView | None
    """Always None when the outcome is `abstained` or `smalltalk`."""
    certainty: str
    others: tuple[QuoteView, ...]
    """Other passages to choose from, after "the closest I found"."""
    reading: tuple[Link, ...]
    """Where to read on, under a refusal."""
    missing: tuple[str, ...]
    """Words that no document holds and that the message does not name."""
    suggestions: tuple[str, ...]
    next_turn: str
    """The turn id of the suggestions' form: the same each time the turn is shown, so that a double click asks once."""
    corrections: tuple[str, ...]
    why: WhyView | None
    announcement: str
    """What a screen reader is told."""
    saved: bool


def turn_view(asked: Asked, corpus: Corpus) -> TurnView:
    """Return the view of one turn."""
    turn, reply = asked.turn, asked.turn.reply
    quoting = reply.outcome in {Outcome.ANSWERED, Outcome.HEDGED}
    quote = quote_view(reply.answer, corpus) if quoting and reply.answer else None
    return TurnView(
        anchor=f"turn-{turn.number}" if asked.saved else f"turn-{turn.id}",
        question=reply.question,
        outcome=reply.outcome,
        message=reply_message(reply),
        quote=quote,
        certainty=certainty(reply.confidence),
        others=_others(reply, corpus) if reply.outcome is Outcome.HEDGED else (),
        reading=_reading(reply.alternatives, corpus) if reply.outcome is Outcome.ABSTAINED else (),
        missing=_missing(reply),
        suggestions=_suggestions(reply),
        next_turn=hashlib.sha256(f"after {turn.conversation_id} {turn.id}".encode()).hexdigest()[:32],
        corrections=tuple(used for _, used in reply.corrections),
        why=why_view(reply.explanation, reply.confidence) if quote else None,
        announcement=_announcement(reply, quote),
        saved=asked.saved,
    )


def _missing(reply: Reply) -> tuple[str, ...]:
    """Return the words that no document holds, unless the message names them itself."""
    named = reply.message.casefold()
    return () if any(word in named for word in reply.missing_terms) else reply.missing_terms


def _others(reply: Reply, corpus: Corpus) -> tuple[QuoteView, ...]:
    views = (quote_view(answer, corpus) for answer in reply.alternatives[:OTHERS_SHOWN])
    return tuple(view for view in views if view is not None)


def _reading(alternatives: Iterable[Answer], corpus: Corpus) -> tuple[Link, ...]:
    links = {}
    for answer in alternatives:
        cited = answer.citation
        if cited is not None and cited.document_id in corpus.by_id:
            links[cited.document_id] = Link(cited.headline, url_for("reading.article", document_id=cited.document_id))
    return tuple(links.values())[:OTHERS_SHOWN]


def _suggestions(reply: Reply) -> tuple[str, ...]:
    """Return the nearest questions first, without those that were just asked or answered."""
    nearest = [answer.question for answer in reply.alternatives] if reply.outcome is Outcome.ABSTAINED else []
    known = {reply.question, reply.answer.question if reply.answer else None, None}
    offered = dict.fromkeys([*nearest, *reply.suggestions])
    return tuple(question for question in offered if question is not None and question not in known)[:SUGGESTIONS_SHOWN]


def _announcement(reply: Reply, quote: QuoteView | None) -> str:
    if quote is None:
        return reply_message(reply)
    return " ".join(
        (reply_message(reply), *quote.paragraphs, gettext("From: %(headline)s.", headline=quote.headline))
    ).strip()

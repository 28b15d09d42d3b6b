"""A turn as the chat page shows it; the page and the fragment for htmx are made of the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.answering.reply import Answer, Outcome, Reply
from webapp.conversations.turn import Turn
from webapp.corpus.model import Corpus
from webapp.web.asking import Asked
from webapp.web.choices import CHOSEN, READ_ON, Choice, choices
from webapp.web.citing import QuoteView, article_url, quote_view
from webapp.web.dates import MomentView
from webapp.web.feedback_view import FeedbackView, feedback_view
from webapp.web.languages import gettext
from webapp.web.why import WhyView, certainty, why_view
from webapp.web.wording import missing_words, reply_message

READING_SHOWN = 3
SURE_BY_THEMSELVES = READ_ON | {CHOSEN}
"""Reasons of replies for which nothing was weighed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A document to read on in."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class OlderView:
    """What an older document says to the same question."""

    lead_in: str
    """That it is older, and of which day."""
    quote: QuoteView


@dataclass(frozen=True, slots=True)
class TurnView:
    """One question and what came of it."""

    id: str
    conversation: str
    number: int
    """Place in the conversation; 0 when the turn could not be saved."""
    anchor: str
    """The element's id."""
    asked_at: MomentView
    question: str
    outcome: Outcome
    message: str
    quote: QuoteView | None
    """Always None when the outcome is `abstained` or `smalltalk`."""
    older: tuple[OlderView, ...]
    """What older documents say, newest first: the quote is the newest."""
    certainty: str
    """How sure the answer is, in words; empty where it was not Newsstand that chose the quote."""
    choices: tuple[Choice, ...]
    """Other passages, when the quote is not what was meant."""
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
    feedback: FeedbackView | None
    """What the visitor thinks of the answer; None where there is nothing to judge or to keep it in."""


def turn_view(asked: Asked, corpus: Corpus) -> TurnView:
    """Return the view of one turn."""
    turn, reply = asked.turn, asked.turn.reply
    quote = quoted(reply, corpus)
    older = _older(reply, corpus) if quote else ()
    sure = certainty(reply.confidence) if quote and reply.reason not in SURE_BY_THEMSELVES else ""
    return TurnView(
        id=turn.id,
        conversation=turn.conversation_id,
        number=turn.number,
        anchor=f"turn-{turn.number}" if asked.saved else f"turn-{turn.id}",
        asked_at=MomentView.of(turn.asked_at),
        question=reply.question,
        outcome=reply.outcome,
        message=_message(reply),
        quote=quote,
        older=older,
        certainty=sure,
        choices=choices(reply, corpus) if quote else (),
        reading=_reading(reply.alternatives, corpus) if reply.outcome is Outcome.ABSTAINED else (),
        missing=_missing(reply),
        suggestions=asked.related,
        next_turn=next_turn(turn),
        corrections=tuple(used for _, used in reply.corrections),
        why=why_view(reply.explanation, reply.confidence) if sure else None,
        announcement=_announcement(reply, quote, older, sure),
        saved=asked.saved,
        feedback=feedback_view(turn.id, asked.feedback)
        if asked.saved and reply.outcome is not Outcome.SMALLTALK
        else None,
    )


def next_turn(turn: Turn) -> str:
    """Return the turn id of the form that stands under a turn."""
    return hashlib.sha256(f"after {turn.conversation_id} {turn.id}".encode()).hexdigest()[:32]


def quoted(reply: Reply, corpus: Corpus) -> QuoteView | None:
    """Return the quote that a reply shows; None for a refusal and for small talk."""
    quoting = reply.outcome in {Outcome.ANSWERED, Outcome.HEDGED}
    return quote_view(reply.answer, corpus) if quoting and reply.answer else None


def _message(reply: Reply) -> str:
    return gettext("The passage you chose:") if reply.reason == CHOSEN else reply_message(reply)


def _missing(reply: Reply) -> tuple[str, ...]:
    """Return the words that no document holds, unless the message names them itself."""
    named = reply.message.casefold()
    missing = missing_words(reply)
    return () if any(word.casefold() in named for word in missing) else missing


def _reading(alternatives: Iterable[Answer], corpus: Corpus) -> tuple[Link, ...]:
    links = {}
    for answer in alternatives:
        cited = answer.citation
        if cited is not None and cited.document_id in corpus.by_id:
            links[cited.document_id] = Link(cited.headline, article_url(cited.document_id))
    return tuple(links.values())[:READING_SHOWN]


def _older(reply: Reply, corpus: Corpus) -> tuple[OlderView, ...]:
    quotes = (quote_view(answer, corpus) for answer in reply.alternatives[: reply.versions])
    return tuple(
        OlderView(gettext("An older document, of %(date)s, says:", date=quote.date.words), quote)
        for quote in quotes
        if quote and quote.date
    )


def _announcement(reply: Reply, quote: QuoteView | None, older: Iterable[OlderView], sure: str) -> str:
    if quote is None:
        return _message(reply)
    said = [_message(reply), *_read_out(quote), sure]
    for one in older:
        said += [one.lead_in, *_read_out(one.quote)]
    return " ".join(said).strip()


def _read_out(quote: QuoteView) -> tuple[str, ...]:
    return *quote.paragraphs, gettext("From: %(headline)s.", headline=quote.headline)

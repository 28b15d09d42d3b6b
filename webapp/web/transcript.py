"""A whole conversation to take away: as text, as Markdown, as JSON, and what its print page shows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from webapp.answering.wire import to_wire
from webapp.conversations.conversation import Conversation
from webapp.conversations.feedback import Feedback
from webapp.conversations.turn import Turn
from webapp.corpus.model import Corpus
from webapp.web.citing import shortened
from webapp.web.dates import DateView, MomentView
from webapp.web.languages import gettext
from webapp.web.turn_view import quoted
from webapp.web.wording import reply_message

TITLE_MAX_CHARS = 160
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$])")
_LIST_MARK = re.compile(r"^(\s*)([-+=])", re.MULTILINE)
_NUMBER_MARK = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn in words."""

    number: int
    asked_at: MomentView
    question: str
    message: str
    """What was said before the quote, or in its place; may be empty before a quote."""
    quote: tuple[str, ...]
    """Its paragraphs; empty without one."""
    language: str
    """Of the quote; empty when it is not known."""
    headline: str
    date: DateView | None
    url: str | None
    """Where the quote stands, with this site's host; None when it stands there no longer."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation in words."""

    title: str
    site: str
    began_at: MomentView
    said: tuple[Said, ...]


def transcript(known: Conversation, turns: Iterable[Turn], corpus: Corpus, site: str, root: str) -> Transcript:
    """Return a conversation in words; `root` is the address of this site."""
    title = shortened(known.title, TITLE_MAX_CHARS) or site
    return Transcript(title, site, MomentView.of(known.began_at), tuple(_said(turn, corpus, root) for turn in turns))


def as_text(whole: Transcript) -> str:
    """Return it as plain text."""
    return "\n".join(_text_lines(whole)) + "\n"


def as_markdown(whole: Transcript) -> str:
    """Return it as Markdown (CommonMark), in which whatever was written shows as it was written."""
    return "\n".join(_markdown_lines(whole)) + "\n"


def as_json(known: Conversation, turns: Iterable[Turn], feedback: Mapping[str, Feedback], site: str) -> dict[str, Any]:
    """Return it as it is kept; replies have the shape of the API.

    The conversation's id is left out: whoever knows it may go on with the conversation.
    """
    return {
        "site": site,
        "began_at": MomentView.of(known.began_at).iso,
        "last_asked_at": MomentView.of(known.last_asked_at).iso,
        "document": known.scope.document_id,
        "tag": known.scope.tag,
        "turns": [
            {
                "number": turn.number,
                "asked_at": MomentView.of(turn.asked_at).iso,
                "question": turn.reply.question,
                **to_wire(turn.reply),
                "feedback": _judged(feedback.get(turn.id)),
            }
            for turn in turns
        ],
    }


def _judged(feedback: Feedback | None) -> dict[str, str] | None:
    return None if feedback is None else {"vote": feedback.vote.value, "reason": feedback.reason}


def _said(turn: Turn, corpus: Corpus, root: str) -> Said:
    quote = quoted(turn.reply, corpus)
    return Said(
        number=turn.number,
        asked_at=MomentView.of(turn.asked_at),
        question=turn.reply.question,
        message=reply_message(turn.reply),
        quote=quote.paragraphs if quote else (),
        language=quote.language if quote else "",
        headline=quote.headline if quote else "",
        date=quote.date if quote else None,
        url=urljoin(root, quote.url) if quote and quote.url and not quote.changed else None,
    )


def _heading(whole: Transcript) -> str:
    return gettext(
        "Asked at %(site)s on %(moment)s. Quotes are word for word.", site=whole.site, moment=whole.began_at.words
    )


def _text_lines(whole: Transcript) -> Iterator[str]:
    yield whole.title
    yield "=" * min(len(whole.title), 72)
    yield _heading(whole)
    for said in whole.said:
        yield ""
        yield f"{said.number}. {said.question}"
        yield f"   ({said.asked_at.words})"
        if said.message:
            yield ""
            yield said.message
        if said.quote:
            yield ""
            yield textwrap.indent("\n\n".join(said.quote), "    ")
            yield ""
            yield f"    — {said.headline}{f', {said.date.words}' if said.date else ''}"
            if said.url:
                yield f"      {said.url}"


def _markdown_lines(whole: Transcript) -> Iterator[str]:
    yield f"# {_escaped(whole.title)}"
    yield ""
    yield _escaped(_heading(whole))
    for said in whole.said:
        yield ""
        yield f"## {said.number}. {_escaped(' '.join(said.question.split()))}"
        yield ""
        yield _escaped(said.asked_at.words)
        if said.message:
            yield ""
            yield _escaped(said.message)
        if said.quote:
            yield ""
            yield textwrap.indent("\n\n".join(map(_escaped, said.quote)), "> ", lambda _: True)
            yield ""
            headline = _escaped_within(said.headline)
            source = f"[{headline}](<{said.url}>)" if said.url else headline
            yield f"— {source}{f', {_escaped_within(said.date.words)}' if said.date else ''}"


def _escaped(text: str) -> str:
    """Return lines of Markdown that show `text`."""
    return _NUMBER_MARK.sub(r"\1\\\2", _LIST_MARK.sub(r"\1\\\2", _escaped_within(text)))


def _escaped_within(text: str) -> str:
    """Return Markdown that shows `text` where it does not begin a line."""
    return _MARKUP.sub(r"\\\1", text)

"""Questions to ask next: near what was asked, answered by the documents, and not yet asked in this conversation."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from webapp.answering.reply import EVERYTHING, Outcome, Reply, Scope
from webapp.conversations.store import StorageError
from webapp.corpus.model import Document
from webapp.web.asking import Asked
from webapp.web.services import Answering, Services

logger = logging.getLogger(__name__)

RELATED_SHOWN = 3
LOOKED_AT = 24
"""How many questions of the answer's document, and then of all documents, may be offered."""
REMEMBERED_TURNS = 1000
"""How far back a question counts as asked."""


def with_related(about: Services, asked: Asked) -> Asked:
    """Return `asked`, the last turn of its conversation, with what to ask next."""
    kept, key = asked.known, ("related", asked.scope)
    if asked.before == () and kept is not None:
        # Nothing was asked before: it is the same for everybody.
        offered: tuple[str, ...] | None = kept.forms.get(key)
        if offered is None:
            offered = _related_to(about, asked)
            kept.keep(key, offered)
    else:
        offered = _related_to(about, asked)
    return replace(asked, related=offered)


def _related_to(about: Services, asked: Asked) -> tuple[str, ...]:
    known = [asked.turn.reply.question]
    if (answer := asked.turn.reply.answer) is not None and answer.question is not None:
        known.append(answer.question)
    if asked.before is not None:
        known += asked.before
    else:
        try:
            known += about.store.questions(asked.turn.conversation_id, REMEMBERED_TURNS)
        except StorageError:
            logger.warning("what was asked before cannot be read; questions may be offered again")
    return related(asked.turn.reply, about.answerer, known, asked.scope)


def related(reply: Reply, answerer: Answering, known: Iterable[str], scope: Scope = EVERYTHING) -> tuple[str, ...]:
    """Return the nearest questions first, without those that are `known`; of the documents of a scope."""
    left_out = {_folded(question) for question in known}
    offers: dict[str, str] = {}
    for source in _sources(reply, answerer, scope):
        for question in source:
            if _folded(question) not in left_out:
                offers.setdefault(_folded(question), question)
        if len(offers) >= RELATED_SHOWN:
            break
    return tuple(islice(offers.values(), RELATED_SHOWN))


def _sources(reply: Reply, answerer: Answering, scope: Scope) -> Iterable[Iterable[str]]:
    if reply.outcome is Outcome.ABSTAINED:
        yield [answer.question for answer in reply.alternatives if answer.question]
    only = answerer.corpus.by_id.get(scope.document_id or "")
    if only is not None:
        yield _questions(only)
        return
    yield reply.suggestions
    cited = reply.answer.citation if reply.answer else None
    document = answerer.corpus.by_id.get(cited.document_id) if cited else None
    if document is not None:
        yield _questions(document)
    yield answerer.suggestions(LOOKED_AT, scope)


def _questions(document: Document) -> Iterable[str]:
    asked = (document.question(passage) for passage in document.passages)
    return islice((question for question in asked if question is not None), LOOKED_AT)


def _folded(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?!. ")

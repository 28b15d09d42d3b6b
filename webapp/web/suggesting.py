"""Questions and headlines to suggest while somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rapidfuzz.distance import OSA

from webapp.answering.reply import EVERYTHING, Scope
from webapp.corpus.days import server_day
from webapp.corpus.model import Chosen, Corpus, Document
from webapp.retrieval.function_words import FUNCTION_WORDS

SUGGESTIONS = 8
MISSPELT_FROM_CHARS = 4
TWO_ERRORS_FROM_CHARS = 7
"""Words of so many letters may have a typing error, or two."""

DOCUMENTS_MOST = 2000
"""Of more documents only the newest are suggested: every letter that is typed looks through all that is offered."""

_known: tuple[Corpus, date, Mapping[str, str]] | None = None
"""The corpus that was asked last, with what it offers on a day; replaced whole."""

_WORD = re.compile(r"\w\S*")


def suggest(corpus: Corpus, typed: str, limit: int = SUGGESTIONS, scope: Scope = EVERYTHING) -> tuple[str, ...]:
    """Return FAQ questions, then headlines: those that begin with `typed`, that hold words beginning so, or nearly so.

    Args:
        corpus: whose questions and headlines to suggest.
        typed: what stands in the field so far.
        limit: most suggestions returned.
        scope: which documents to suggest of.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return ()
    begin = " ".join(wanted)
    offers = _offers_of(corpus) if scope == EVERYTHING else _folded(_documents(corpus, scope))
    first = [text for text, folded in offers.items() if folded.startswith(begin)][:limit]
    if len(first) < limit:
        first += [text for text, folded in offers.items() if not folded.startswith(begin) and _holds(folded, wanted)]
    return tuple((first or _nearly(offers, wanted) or _nearly(offers, _content(wanted)))[:limit])


def _documents(corpus: Corpus, scope: Scope) -> Sequence[Document]:
    only = corpus.by_id.get(scope.document_id or "")
    if only is not None:
        return (only,)
    tagged = corpus.tags.get((scope.tag or "").casefold())
    if tagged is not None:
        return Chosen(corpus.documents, tagged.numbers)[:DOCUMENTS_MOST]
    return corpus.documents if len(corpus.documents) <= DOCUMENTS_MOST else corpus.newest_first[:DOCUMENTS_MOST]


def _offers_of(corpus: Corpus) -> Mapping[str, str]:
    """Return what a corpus offers with its folded forms, worked out once."""
    global _known
    known, today = _known, server_day()
    if known is None or known[0] is not corpus or known[1] != today:
        known = _known = (corpus, today, _folded(_documents(corpus, EVERYTHING)))
    return known[2]


def _folded(documents: Sequence[Document]) -> dict[str, str]:
    return {text: " ".join(text.casefold().split()) for text in _offers(documents)}


def _content(wanted: Sequence[str]) -> list[str]:
    """Return what was typed without its function words: "when is the cra" may begin a question worded otherwise."""
    return [part for part in wanted if part not in FUNCTION_WORDS]


def _nearly(offers: Mapping[str, str], wanted: Sequence[str]) -> list[str]:
    """Return the texts that hold, for each typed word, one that begins so but for a typing error or two."""
    if not wanted:
        return []
    held = {text: frozenset(_WORD.findall(folded)) for text, folded in offers.items()}
    known = frozenset().union(*held.values())
    near = [{word for word in known if _begins_nearly(word, part)} for part in wanted]
    return [text for text, inside in held.items() if all(not inside.isdisjoint(words) for words in near)]


def _begins_nearly(word: str, part: str) -> bool:
    if word.startswith(part):
        return True
    most = 0 if len(part) < MISSPELT_FROM_CHARS else 1 if len(part) < TWO_ERRORS_FROM_CHARS else 2
    return most > 0 and any(
        OSA.distance(part, word[:length], score_cutoff=most) <= most for length in (len(part), len(part) + 1)
    )


def _offers(documents: Sequence[Document]) -> Iterator[str]:
    today = server_day()
    documents = [document for document in documents if not document.is_over(today)]
    for document in documents:
        for passage in document.passages:
            for question in passage.questions:
                yield question.of(document.source)
    for document in documents:
        if not document.headline_derived:
            yield document.headline


def _holds(folded: str, wanted: list[str]) -> bool:
    words = _WORD.findall(folded)
    return all(any(word.startswith(part) for word in words) for part in wanted)

"""Questions and headlines to suggest while somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.corpus.model import Corpus

SUGGESTIONS = 8

_WORD = re.compile(r"\w\S*")


def suggest(corpus: Corpus, typed: str, limit: int = SUGGESTIONS) -> tuple[str, ...]:
    """Return FAQ questions, then headlines, that begin with `typed`, then those that hold words beginning so."""
    wanted = typed.casefold().split()
    if not wanted:
        return ()
    begin = " ".join(wanted)
    first: dict[str, None] = {}
    then: dict[str, None] = {}
    for text in _offers(corpus):
        folded = " ".join(text.casefold().split())
        if folded.startswith(begin):
            first[text] = None
            if len(first) == limit:
                break
        elif len(then) < limit and _holds(folded, wanted):
            then[text] = None
    return tuple({**first, **then})[:limit]


def _offers(corpus: Corpus) -> Iterator[str]:
    for document in corpus.documents:
        for passage in document.passages:
            for question in passage.questions:
                yield question.of(document.source)
    for document in corpus.documents:
        if not document.headline_derived:
            yield document.headline


def _holds(folded: str, wanted: list[str]) -> bool:
    words = _WORD.findall(folded)
    return all(any(word.startswith(part) for word in words) for part in wanted)

"""Questions a visitor could ask: the documents' own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from webapp.answering.reply import EVERYTHING, Answer, Scope
from webapp.corpus.days import server_day
from webapp.corpus.model import Corpus, Document

SUGGESTIONS = 4
"""How many are shown."""
MOST = 24
"""Suggestions kept for a corpus as a whole."""


@dataclass(frozen=True)
class Suggestions:
    """The FAQ questions of a corpus."""

    corpus: Corpus
    turn_about: tuple[tuple[int, str], ...]
    """Numbers of documents and what they are asked, one document after the other in turn."""
    today: Callable[[], date] = server_day

    @classmethod
    def of(cls, corpus: Corpus) -> Suggestions:
        """Collect the questions of a corpus."""
        return cls(corpus, _turn_about(enumerate(corpus.documents)))

    def first(self, limit: int, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """Return the first questions of a document, or of a tag's; of all documents where neither has any."""
        number = None if scope.document_id is None else self.corpus.numbers.get(scope.document_id)
        tagged = None if scope.tag is None else self.corpus.tags.get(scope.tag.casefold())
        own: Iterable[int] = (number,) if number is not None else map(int, tagged.numbers) if tagged else ()
        over = frozenset(self.corpus.over(self.today()).tolist())
        found = _turn_about((one, self.corpus.documents[one]) for one in own if one not in over)
        valid = found or tuple(offered for offered in self.turn_about if offered[0] not in over)
        return tuple(question for _, question in valid[:limit])

    def nearest(self, answers: Sequence[Answer], scope: Scope) -> tuple[str, ...]:
        """Return the questions of answers that come near, then the first of the scope; none where they have none."""
        asked = [answer.question for answer in answers if answer.question]
        return tuple(dict.fromkeys([*asked, *self.first(SUGGESTIONS, scope)]))[:SUGGESTIONS] if asked else ()

    def related(self, answer: Answer, asked: str) -> tuple[str, ...]:
        """Return other questions of an answer's document than its own and the one that was asked."""
        document_id = answer.citation.document_id if answer.citation else None
        others = self.first(SUGGESTIONS + 2, Scope(document_id))
        return tuple(other for other in others if other not in (answer.question, asked))[:SUGGESTIONS]


def _turn_about(documents: Iterable[tuple[int, Document]]) -> tuple[tuple[int, str], ...]:
    queues = list(islice(filter(None, (_asked(number, document) for number, document in documents)), MOST))
    turns = [queue[turn] for turn in range(MOST) for queue in queues if turn < len(queue)]
    first: dict[str, int] = {}
    for number, question in turns:
        first.setdefault(question, number)
    return tuple((number, question) for question, number in first.items())[:MOST]


def _asked(number: int, document: Document) -> tuple[tuple[int, str], ...]:
    """Return the questions of a document, in their order, each with its number."""
    return tuple(dict.fromkeys((number, q) for p in document.passages if (q := document.question(p))))

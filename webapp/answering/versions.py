"""Versions of one answer: documents of different days that answer the same FAQ question differently.

Two FAQ questions are the same when they say the same words in the same order, inflection, articles and, in English,
auxiliary verbs aside. A question that says little by itself ("When does it open?") is the same only in documents that
are about the same. Made in one pass over the FAQ questions of a corpus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.answering.quoting import quoted
from webapp.answering.reply import Answer
from webapp.corpus.detection import primary
from webapp.corpus.model import Corpus, Document, Passage
from webapp.corpus.sections import Damaged, Sections, SectionWriter
from webapp.retrieval.language import ENGLISH, Language, language_of
from webapp.retrieval.rows import row_texts

SHOWN = 3
"""Most versions told, the newest among them."""
SAYS_ENOUGH = 2
"""Content words from which a question is the same wherever it stands."""
ALIKE = 0.3
"""Share of the content words of the smaller document in the other from which the two are about the same.

Articles of one newsroom about different things share 0.1 to 0.28 (docs/decisions/0007-versions-of-an-answer.md).
"""
TOPICS = 8
"""A question that so many documents ask about different things belongs to each of them; no more are told apart."""
_PASSED_OVER = frozenset("a an the am is are was were be been being do does did has have had will would shall".split())

DOCUMENTS_KEPT = 4096
"""Documents whose content words are kept while questions are compared."""

Place = tuple[str, int]
"""Document id and passage number."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """An FAQ answer in its document, which has a date."""

    document: Document
    passage: Passage

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.document.id, self.passage.number

    @property
    def day(self) -> int:
        """The document's date, in days."""
        return self.document.published.toordinal() if self.document.published else 0

    @property
    def words(self) -> str:
        """What it says, capitals and white space aside."""
        return _plain(self.document.text(self.passage))


@dataclass(frozen=True)
class Versions:
    """What documents of different days say to the same questions.

    A group is everything said to one question, newest first. Shapes: `first` ``(n_groups + 1,)``, where each begins
    among `places`; `places` ``(n, 2)``, the numbers of the document and of its passage.
    """

    corpus: Corpus
    first: NDArray[np.int64]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, corpus: Corpus) -> Versions:
        """Find the questions that several dated documents answer."""
        asked: dict[tuple[str, ...], list[tuple[int, int, int]]] = defaultdict(list)
        leaning: set[tuple[str, ...]] = set()
        for number, document in enumerate(corpus.documents):
            if document.published is None:
                continue
            language = language_of(primary(document.language))
            for passage in document.passages:
                for wording in passage.questions:
                    key, leans = _read(wording.of(document.source), language)
                    asked[key].append((-document.published.toordinal(), number, passage.number))
                    if leans:
                        leaning.add(key)
        content = lru_cache(DOCUMENTS_KEPT)(lambda number: _content_of(corpus.documents[number]))
        groups: list[list[list[int]]] = []
        for key, said in asked.items():
            if len(said) > 1:
                places = [place for _, *place in sorted(said, key=lambda one: one[0])]
                groups += _by_topic(places, content) if key in leaning else [places]
        groups = [group for group in groups if len(group) > 1]
        first = np.cumsum([0, *map(len, groups)]).astype(np.int64)
        return cls(corpus, first, np.array([place for group in groups for place in group], np.int32).reshape(-1, 2))

    @cached_property
    def _by_place(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every place in a group as one number, in rising order, and its group; shapes ``(n,)``."""
        keys = _key(*self.places.T.astype(np.int64))
        order = np.argsort(keys, kind="stable")
        return keys[order], np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))[order]

    def _groups(self, number: int, passage: int) -> Iterator[Said]:
        keys, groups = self._by_place
        here = _key(np.int64(number), np.int64(passage))
        for group in groups[np.searchsorted(keys, here) : np.searchsorted(keys, here, "right")]:
            for document, said in self.places[self.first[group] : self.first[group + 1]].tolist():
                found = self.corpus.documents[document]
                yield Said(found, found.passages[said])

    def beside(self, place: Place) -> tuple[Said, ...]:
        """Return what is said to the question of an answer, the newest of each text, newest first.

        The answer's own text is among them. Empty when no document of another day says anything else.
        """
        number = self.corpus.numbers.get(place[0])
        told = {one.place: one for one in self._groups(number, place[1])} if number is not None else {}
        if place not in told:
            return ()
        newest: dict[str, Said] = {}
        for one in sorted(told.values(), key=lambda one: -one.day):
            newest.setdefault(one.words, one)
        own = newest[told[place].words]
        found = tuple(one for one in newest.values() if one is own or one.day != own.day)
        return found if len(found) > 1 else ()

    def newer(self, document: Document) -> Iterator[tuple[Passage, Said]]:
        """Yield the FAQ answers of a document that a newer one gives differently, each with the newest."""
        for passage in document.passages:
            if passage.questions and (found := self.beside((document.id, passage.number))):
                own, newest = Said(document, passage), found[0]
                if newest.day > own.day and newest.words != own.words:
                    yield passage, newest


def _key(document: NDArray[np.int64] | np.int64, passage: NDArray[np.int64] | np.int64) -> Any:
    return document << 32 | passage


def save_versions(writer: SectionWriter, versions: Versions) -> None:
    """Write which answers are versions of each other."""
    writer.put("versions.first", versions.first)
    writer.put("versions.places", versions.places)


def open_versions(sections: Sections, corpus: Corpus) -> Versions:
    """Read what `save_versions` wrote of a corpus."""
    first, places = sections["versions.first"], sections["versions.places"]
    fits = places.ndim == 2 and len(first) and first[0] == 0 and first[-1] == len(places) and (np.diff(first) > 0).all()
    if not fits or (len(places) and not 0 <= places.min() <= places[:, 0].max() < len(corpus.documents)):
        raise Damaged("versions of answers")
    return Versions(corpus, first, places)


def newest_first(
    answers: Sequence[Answer],
    corpus: Corpus,
    versions: Versions,
    limit: int,
    *,
    tied: bool,
    among: Container[str] | None = None,
) -> tuple[list[Answer], int]:
    """Return the best `limit` answers, the first one's newest version before the older ones, and how many those are.

    Args:
        answers: best first; there is one.
        corpus: where they are from.
        versions: those of the corpus.
        limit: most answers returned.
        tied: nothing much decides between the first two.
        among: ids of the documents that may answer; all when not given.
    """
    best = answers[0]
    beside = [said for said in versions.beside(_place(best)) if among is None or said.document.id in among][:SHOWN]
    found = [quoted(said.document, said.passage, best.confidence) for said in beside if len(beside) > 1]
    if not found and tied and _are_versions(best, answers[1], corpus):
        found = sorted((best, replace(answers[1], confidence=best.confidence)), key=_day, reverse=True)
    places = {_place(answer) for answer in found}
    others = [answer for answer in answers if _place(answer) not in places]
    return [*found, *others][:limit], max(min(len(found), limit) - 1, 0)


def _are_versions(one: Answer, other: Answer, corpus: Corpus) -> bool:
    """Return whether two answers of the same kind differ in documents about the same that have different dates."""
    apart = bool(_day(one) and _day(other)) and _day(one) != _day(other)
    if not apart or one.kind is not other.kind or _plain(one.text) == _plain(other.text):
        return False
    return _alike(*(_content_of(corpus.by_id[_place(answer)[0]]) for answer in (one, other)))


def _day(answer: Answer) -> str:
    return (answer.citation.date if answer.citation else None) or ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _place(answer: Answer) -> Place:
    return (answer.citation.document_id, answer.citation.passage) if answer.citation else ("", -1)


def _read(question: str, language: Language) -> tuple[tuple[str, ...], bool]:
    """Return what makes a question the same as another, and whether it leans on its document."""
    spoken = list(language.plain_words(question))
    passed_over = _PASSED_OVER if language is ENGLISH else frozenset()
    said = tuple(word.term for word in spoken if word.folded not in passed_over)
    content = {word.term for word in spoken if word.folded not in language.function_words}
    # "Is there a toll?" points at nothing.
    leans = language.leans([word.folded for word in spoken if word.folded != "there"])
    return (language.tag, *said), leans or len(content) < SAYS_ENOUGH


def _by_topic(places: Sequence[list[int]], content: Callable[[int], frozenset[str]]) -> Iterator[list[list[int]]]:
    """Yield the places in documents about the same, each time beginning with the first of them.

    Args:
        places: document and passage numbers of the answers to one question.
        content: gives the content words of a document.
    """
    topics: list[list[list[int]]] = []
    for place in places:
        for topic in topics:
            if _alike(content(place[0]), content(topic[0][0])):
                topic.append(place)
                break
        else:
            if len(topics) < TOPICS:
                topics.append([place])
    yield from topics


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * min(len(one), len(other))


def _content_of(document: Document) -> frozenset[str]:
    language = language_of(primary(document.language))
    texts = [document.headline, *(text for passage in document.passages for text in row_texts(document, passage))]
    words = (word for text in texts for word in language.words(text))
    return frozenset(word.term for word in words if word.folded not in language.function_words)

"""Versions of one answer: documents of different days that answer the same FAQ question differently.

Two FAQ questions are the same when they say the same words in the same order, inflection, articles and, in English,
auxiliary verbs aside. A question that says little by itself ("When does it open?") is the same only in documents that
are about the same. Made in one pass over the FAQ questions of a corpus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.answering.quoting import quoted
from webapp.answering.reply import Answer
from webapp.corpus.detection import primary
from webapp.corpus.model import Corpus, Document, Passage
from webapp.retrieval.index import row_texts
from webapp.retrieval.language import ENGLISH, Language, language_of

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
    """What documents of different days say to the same questions."""

    groups: Mapping[Place, Sequence[Sequence[Said]]]
    """For each answer whose question another document has, too: everything said to each wording, newest first."""

    @classmethod
    def of(cls, corpus: Corpus) -> Versions:
        """Find the questions that several dated documents answer."""
        asked: dict[tuple[str, ...], list[Said]] = defaultdict(list)
        leaning: set[tuple[str, ...]] = set()
        for document in corpus.documents:
            if document.published is None:
                continue
            language = language_of(primary(document.language))
            for passage in document.passages:
                for wording in passage.questions:
                    key, leans = _read(wording.of(document.source), language)
                    asked[key].append(Said(document, passage))
                    if leans:
                        leaning.add(key)
        groups: dict[Place, list[Sequence[Said]]] = defaultdict(list)
        content: dict[str, frozenset[str]] = {}
        for key, said in asked.items():
            if len(said) > 1:
                said.sort(key=lambda one: -one.day)
                for group in _by_topic(said, content) if key in leaning else [said]:
                    for one in group:
                        groups[one.place].append(group)
        return cls(groups)

    def beside(self, place: Place) -> tuple[Said, ...]:
        """Return what is said to the question of an answer, the newest of each text, newest first.

        The answer's own text is among them. Empty when no document of another day says anything else.
        """
        told = {one.place: one for group in self.groups.get(place, ()) for one in group}
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
            if found := self.beside((document.id, passage.number)):
                own, newest = Said(document, passage), found[0]
                if newest.day > own.day and newest.words != own.words:
                    yield passage, newest


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


def _by_topic(said: Sequence[Said], content: dict[str, frozenset[str]]) -> Iterator[Sequence[Said]]:
    """Yield what documents about the same say, each time beginning with the first of them.

    Args:
        said: answers to one question.
        content: content words by document id; filled as they are needed.
    """
    topics: list[list[Said]] = []
    for one in said:
        document = one.document
        if document.id not in content:
            content[document.id] = _content_of(document)
        for topic in topics:
            if _alike(content[document.id], content[topic[0].document.id]):
                topic.append(one)
                break
        else:
            if len(topics) < TOPICS:
                topics.append([one])
    yield from topics


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * min(len(one), len(other))


def _content_of(document: Document) -> frozenset[str]:
    language = language_of(primary(document.language))
    texts = [document.headline, *(text for passage in document.passages for text in row_texts(document, passage))]
    words = (word for text in texts for word in language.words(text))
    return frozenset(word.term for word in words if word.folded not in language.function_words)

"""What the article of a document states, sentence by sentence: what its own FAQ is compared with.

FAQs add to their articles, so a number or a name that the article lacks is no fault by itself. It may be one where an
answer *restates* a sentence of the article: where most of its words of content stand in that sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from webapp.authoring.numbers import Number, numbers_in
from webapp.corpus.lint.sentences import sentences_within
from webapp.corpus.model import Document, Passage, PassageKind, Span
from webapp.retrieval.language import language_of

RESTATES_FROM = 0.6
"""Share of a text's words of content that a sentence must have to be restated by it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: where it stands, its terms of content without numbers, and its numbers."""

    span: Span
    terms: frozenset[str]
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Article:
    """What a document states outside of its FAQ."""

    document: Document
    statements: tuple[Statement, ...]

    @cached_property
    def values(self) -> frozenset[Decimal]:
        """Every number the article, its headline or its date holds."""
        document = self.document
        day = document.published
        numbers = [number for statement in self.statements for number in statement.numbers]
        # Headings stand in no sentence.
        for text in (document.headline, *(paragraph.of(document.source) for paragraph in document.paragraphs)):
            numbers += numbers_in(text, document.language)
        dated = map(Decimal, (day.year, day.month, day.day) if day else ())
        return frozenset(value for number in numbers for value in number.values).union(dated)

    def restated(self, said: Iterable[frozenset[str]], fewest: int = 2) -> Iterator[tuple[float, Statement]]:
        """Yield the sentences that share terms with what is said, with the share of it they have, the largest first.

        Args:
            said: terms in one or more ways to take them (an answer alone, or with its question); the best one counts.
            fewest: so many terms at least are shared.
        """
        ways = [terms for terms in said if terms]
        found = []
        for statement in self.statements:
            shares = [shared / len(terms) for terms in ways if (shared := len(terms & statement.terms)) >= fewest]
            if shares:
                found.append((max(shares), statement))
        yield from sorted(found, key=lambda each: (-each[0], each[1].span.start))


def article_of(document: Document) -> Article | None:
    """Return the article of a document; None when it has only an FAQ, which has nothing to contradict."""
    sentences = [passage.span for passage in document.passages if passage.kind is PassageKind.SENTENCE]
    return Article(document, tuple(statement(document, span) for span in sentences)) if sentences else None


def statement(document: Document, span: Span) -> Statement:
    """Return what a sentence of a document states."""
    text = span.of(document.source)
    language = language_of(document.language)
    terms = frozenset(
        word.term
        for word in language.plain_words(text)
        if word.folded not in language.function_words and not language.is_number(word.folded)
    )
    return Statement(span, terms, tuple(numbers_in(text, document.language)))


def statements(document: Document, text: Span) -> Iterator[Statement]:
    """Yield what the sentences of a question or an answer state."""
    for sentence in sentences_within(document, text):
        yield statement(document, sentence)


def faq(document: Document) -> tuple[Passage, ...]:
    """Return the FAQ answers of a document."""
    return tuple(passage for passage in document.passages if passage.kind is PassageKind.FAQ)

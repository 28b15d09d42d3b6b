"""Numbers in an FAQ answer which the article does not hold: those that contradict it, and those that add to it.

To contradict it, the answer must restate a sentence with a number of the same kind that the answer lacks, or must share
words with one in which a number of about the same size counts the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from webapp.authoring.article import RESTATES_FROM, Article, Statement, faq, statements
from webapp.authoring.numbers import Number
from webapp.corpus.lint.showing import place
from webapp.corpus.model import Document, Problem, Severity

SHARES_FROM = 0.4
"""Share of an answer's words of content that a sentence must have for its numbers to be compared one by one."""
ABOUT_TIMES = 2
"""Numbers are of about the same size when neither is more than so many times the other."""
NAMED_MOST = 3

Spoken = tuple[Statement, Sequence[Number]]
"""A sentence of the article and those of its numbers that speak against the answer's."""


def unknown_numbers(article: Article) -> Iterator[Problem]:
    """Yield a problem for each number of an FAQ answer that the article should hold, and does not."""
    for said, number, against in _unknown(article):
        if against is not None:
            yield _problem(article.document, said, number, *against)


def added_numbers(article: Article) -> Iterator[Problem]:
    """Yield a problem for each FAQ answer that adds figures of which the article says nothing."""
    added: dict[tuple[int | None, int], list[str]] = {}
    document = article.document
    for said, number, against in _unknown(article):
        # Number words are mostly manners of speaking.
        if against is None and number.shown[0].isdigit():
            line = document.line_of(said.span.start + number.start)
            # Sentences on one line are one place to look at.
            added.setdefault((line, said.span.start if line is None else 0), []).append(f"“{number.shown}”")
    for (line, _), shown in added.items():
        yield Problem(
            document.path,
            line,
            "number-only-in-faq",
            f"The answer says {' and '.join(shown[:NAMED_MOST])}, which the article does not.",
            "Make sure that it is right; say it in the article, too, if it belongs there.",
            Severity.WARNING,
        )


def _unknown(article: Article) -> Iterator[tuple[Statement, Number, Spoken | None]]:
    """Yield each number of an FAQ answer that the article lacks, where it stands, and what speaks against it."""
    document = article.document
    for passage in faq(document):
        answer = list(statements(document, passage.span))
        given = frozenset(value for each in answer for number in each.numbers for value in number.values)
        asked = frozenset(
            term for question in passage.questions[:1] for each in statements(document, question) for term in each.terms
        )
        for each in answer:
            for number in each.numbers:
                if article.values.isdisjoint(number.values):
                    yield each, number, _against(article, each, asked, number, given)


def _against(
    article: Article, said: Statement, asked: frozenset[str], number: Number, given: frozenset[Decimal]
) -> Spoken | None:
    """Return what speaks against a number, of what the answer does not give as well; None when nothing does."""
    # What is counted is compared by itself: it counts as one of the words that are shared.
    ways = said.terms - {number.counted}, (said.terms | asked) - {number.counted}
    for share, statement in article.restated(ways, fewest=1 if number.counted else 2):
        left = [other for other in statement.numbers if given.isdisjoint(other.values) and _of_one_kind(number, other)]
        near = [other for other in left if number.counted and number.counted == other.counted and _near(number, other)]
        if share >= SHARES_FROM and near:
            return statement, near
        if share >= RESTATES_FROM and left:
            return statement, left
    return None


def _of_one_kind(one: Number, other: Number) -> bool:
    """Return whether both are years, or neither is and they count the same, as far as the first counts anything."""
    if one.may_be_year or other.may_be_year:
        return one.may_be_year and other.may_be_year
    return not one.counted or one.counted == other.counted


def _near(one: Number, other: Number) -> bool:
    low, high = sorted((max(one.values), max(other.values)))
    return high <= ABOUT_TIMES * low


def _problem(
    document: Document, said: Statement, number: Number, statement: Statement, numbers: Sequence[Number]
) -> Problem:
    shown = " and ".join(f"“{other.shown}”" for other in numbers[:NAMED_MOST])
    return Problem(
        document.path,
        document.line_of(said.span.start + number.start),
        "number-not-in-article",
        f"The answer says “{number.shown}”, which the article does not: "
        f"it says {shown} ({place(document, statement.span.start)}).",
        "Mend the one that is wrong, unless two things are meant.",
        Severity.WARNING,
    )

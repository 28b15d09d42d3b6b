"""FAQ questions that are nearly the same, in one document or in two.

Two questions are nearly the same when they ask for the same kind of answer with the same words of content, or with one
more: only words that carry no meaning of their own may differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.authoring.article import faq
from webapp.corpus.detection import primary
from webapp.corpus.lint.showing import place, shortened
from webapp.corpus.lint.twins import Twins
from webapp.corpus.model import Corpus, Document, Passage, Problem, Severity, Span
from webapp.retrieval.language import language_of
from webapp.retrieval.question_forms import Kind

ONE_MORE_FROM = 4
"""So many terms in common let one more make no other question."""
ONE_MORE_UNTIL = 40
"""Longer questions are compared as they are."""

# Function words that say nothing by themselves; prepositions and negations do.
_EMPTY = {
    "en": """a an the is are was were be been being am do does did can could may might will would shall should must
    have has had i you we they he she it my your our their his her its me us them this that these those there of to for
    please and""",
    "de": """der die das den dem des ein eine einen einem einer eines ist sind war waren sein wird werden wurde wurden
    kann können darf dürfen muss müssen soll sollen hat haben ich man wir sie er es mein meine meinen ihr ihre ihren und
    bitte""",
    "es": """el la los las un una unos unas es son era fue fueron ser está están puede pueden puedo podemos debe deben
    ha han he hay yo se me mi mis su sus nuestro de del y""",
    "fr": """le la les un une des du de est sont était étaient être a ont ai peut peuvent puis je on nous vous il elle
    ils elles mon ma mes son sa ses leur leurs se ce cette ces et t l d""",
    "ru": "ли же бы мы я вы он она они оно его её их мой моя мои свой это этот эта эти может можно могут был была были",
}
_EMPTY_WORDS = {tag: frozenset(words.split()) for tag, words in _EMPTY.items()}

_Key = tuple[str, Kind, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Wording:
    """One wording of an FAQ question, and where it belongs."""

    document: Document
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.document.source)


Pairs = frozenset[tuple[tuple[str, int], tuple[str, int]]]
"""(document id, passage number) of two FAQ answers with nearly the same question, either way round."""


def twin_questions(corpus: Corpus, twins: Twins) -> tuple[list[Problem], Pairs]:
    """Return a problem for each FAQ answer that is asked for as an earlier one is, and which pairs these are.

    Args:
        corpus: documents in any languages.
        twins: documents that are nearly the same; what they ask alike is not told again.
    """
    exact: dict[_Key, _Wording] = {}
    shortened_by_one: dict[_Key, _Wording] = {}
    problems: list[Problem] = []
    pairs: set[tuple[tuple[str, int], tuple[str, int]]] = set()
    for wording in _wordings(corpus.documents):
        here = wording.document.id, wording.passage.number
        tag, kind, terms = key = _key(wording)
        if not terms:
            continue
        less = (
            [(tag, kind, terms - {term}) for term in sorted(terms)]
            if ONE_MORE_FROM < len(terms) <= ONE_MORE_UNTIL
            else []
        )
        found = [exact.get(key), *map(exact.get, less)]
        if len(terms) >= ONE_MORE_FROM:
            found.append(shortened_by_one.get(key))
        for other in found:
            if other is None or (there := (other.document.id, other.passage.number)) == here or (here, there) in pairs:
                continue
            pairs |= {(here, there), (there, here)}
            if not _are_twins(wording.document, other.document, twins):
                problems.append(_problem(wording, other))
            break
        exact.setdefault(key, wording)
        for each in less:
            shortened_by_one.setdefault(each, wording)
    return problems, frozenset(pairs)


def _wordings(documents: Sequence[Document]) -> Iterator[_Wording]:
    for document in documents:
        for passage in faq(document):
            for span in passage.questions:
                yield _Wording(document, passage, span)


def _key(wording: _Wording) -> _Key:
    tag = primary(wording.document.language)
    language = language_of(tag)
    empty = _EMPTY_WORDS.get(tag, frozenset())
    text = wording.text
    terms = frozenset(word.term for word in language.plain_words(text) if word.folded not in empty)
    return tag, language.kind_of(text), terms


def _are_twins(one: Document, other: Document, twins: Twins) -> bool:
    firsts = [twins[document.id][0].id if document.id in twins else document.id for document in (one, other)]
    return one.id != other.id and firsts[0] == firsts[1]


def _problem(wording: _Wording, other: _Wording) -> Problem:
    where = place(other.document, other.span.start)
    asked = f"“{shortened(wording.text)}” is asked almost like “{shortened(other.text)}” ({where})"
    if _plain(wording.text) == _plain(other.text):
        asked = f"“{shortened(wording.text)}” is asked twice, first in {where}"
    if _plain(wording.document.text(wording.passage)) == _plain(other.document.text(other.passage)):
        code, said = "question-twice", "with the same answer"
        advice = "Keep one of them."
    else:
        code, said = "question-with-two-answers", "with another answer"
        advice = "Keep one answer, or say in each question what it is about."
    return Problem(
        wording.document.path,
        wording.document.line_of(wording.span.start),
        code,
        f"{asked}, {said}.",
        advice,
        Severity.WARNING,
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

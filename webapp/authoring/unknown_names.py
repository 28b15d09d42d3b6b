"""Names in an FAQ that its own article spells otherwise, or does not hold though the FAQ restates it there.

A name is a word with a capital inside a sentence. It is held when the article has the same word or another form of it
(Russia, Russian; Москва, Москве); an acronym also when the article has words with these initials.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from webapp.authoring.article import RESTATES_FROM, Article, Statement, faq, statements
from webapp.corpus.detection import primary
from webapp.corpus.lint.showing import place, shortened
from webapp.corpus.model import Document, Problem, Severity, Span
from webapp.corpus.scripts import MARKS
from webapp.retrieval.language import language_of

NOUNS_WITH_CAPITALS = frozenset(("de", "lb", "nds"))
"""Languages that write every noun with a capital: there it tells no name."""
HEADLINE_SHARE = 0.8
"""A text of which so many longer words have a capital is set like a headline: there it tells no name either."""
HEADLINE_WORDS = 4
"""A text with fewer longer words may hold nothing but names."""
SHORTEST_CHARS = 3
"""Shorter words with a capital are initials and abbreviations."""
LONGER_CHARS = 4
NAMED_MOST = 5
SAME_START_CHARS = 4
LONGEST_ENDING_CHARS = 3
"""Words that begin alike, each with an ending no longer than this, are forms of one word."""

_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
_BEGINS = re.compile(r"[\"“”„«»‘(\[:;•*–—/|][\s\"“”„«»‘(\[]*$")
"""What stands before a word that has a capital because something begins with it."""
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)
"""English writes them with capitals; opening hours and deadlines are what FAQs add."""
# English adds these to names, and takes those away.
_ENDS = frozenset(("", "a", "e", "y", "o", "ia", "ium", "land"))
_ADDS = frozenset(("n", "an", "ian", "ean", "ish", "ese", "i", "ic", "ns", "ans", "ians", "s", "er", "ers"))


_DEMONYMS = {
    "britain": "british", "denmark": "danish", "england": "english", "finland": "finnish", "france": "french",
    "greece": "greek", "holland": "dutch", "ireland": "irish", "netherlands": "dutch", "norway": "norwegian",
    "philippines": "filipino", "poland": "polish", "scotland": "scottish", "spain": "spanish", "sweden": "swedish",
    "switzerland": "swiss", "thailand": "thai", "turkey": "turkish", "wales": "welsh",
}  # fmt: skip
"""Countries whose English adjective has another stem."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A word with a capital inside a sentence, and where it stands in the source."""

    word: str
    span: Span


def common_words(documents: Sequence[Document]) -> frozenset[str]:
    """Return the words that are no names where they have a capital: those that stand somewhere without one."""
    words = (word for document in documents for word in _WORD.findall(document.source))
    return _CALENDAR.union(_folded(word) for word in words if word[0].islower())


def unknown_names(article: Article, common: frozenset[str]) -> Iterator[Problem]:
    """Yield a problem for each name in an FAQ question or answer that the article should hold, and does not.

    Args:
        article: in any language; one that has no capitals, or gives them to every noun, has no problem here.
        common: words that are no names, from `common_words`.
    """
    document = article.document
    if primary(document.language) in NOUNS_WITH_CAPITALS:
        return
    words = _Words(document)
    for text in (text for passage in faq(document) for text in (*passage.questions, passage.span)):
        if _like_a_headline(text.of(document.source)):
            continue
        for said in statements(document, text):
            unknown = []
            for name in _inside(document.source, said.span):
                if _folded(name.word) in common or words.holds(name.word):
                    continue
                if (other := words.like(name.word)) is not None:
                    yield _spelt_otherwise(document, name, *other)
                else:
                    unknown.append(name)
            if unknown and (restated := _restated(article, said, unknown)) is not None:
                yield _not_held(document, unknown, restated)


def _restated(article: Article, said: Statement, unknown: Sequence[_Name]) -> Statement | None:
    """Return the sentence of the article that is restated but for the names; None when none is."""
    language = language_of(article.document.language)
    names = {word.term for name in unknown for word in language.words(name.word)}
    for share, statement in article.restated([said.terms - names]):
        return statement if share >= RESTATES_FROM else None
    return None


def _spelt_otherwise(document: Document, name: _Name, other: str, offset: int) -> Problem:
    return Problem(
        document.path,
        document.line_of(name.span.start),
        "name-spelt-otherwise",
        f"“{name.word}” is “{other}” in the article ({place(document, offset)}).",
        "Spell the name in one way, unless two are meant.",
        Severity.WARNING,
    )


def _not_held(document: Document, names: Sequence[_Name], restated: Statement) -> Problem:
    shown = list(dict.fromkeys(f"“{words}”" for words in _joined(document, names)))
    more = f" and {len(shown) - NAMED_MOST} more" if len(shown) > NAMED_MOST else ""
    return Problem(
        document.path,
        document.line_of(names[0].span.start),
        "name-not-in-article",
        f"The FAQ names {', '.join(shown[:NAMED_MOST])}{more}, which the article does not: "
        f"it says “{shortened(restated.span.of(document.source))}” ({place(document, restated.span.start)}).",
        "Check the name, or say it in the article too.",
        Severity.WARNING,
    )


def _joined(document: Document, names: Sequence[_Name]) -> Iterator[str]:
    """Yield the names as they are written, those that follow each other as one."""
    start, end = names[0].span.start, names[0].span.end
    for name in names[1:]:
        if document.source[end : name.span.start] not in (" ", "-", "\n"):
            yield " ".join(document.source[start:end].split())
            start = name.span.start
        end = name.span.end
    yield " ".join(document.source[start:end].split())


def _inside(source: str, sentence: Span) -> Iterator[_Name]:
    """Yield the words with a capital that do not begin the sentence or something within it."""
    text = sentence.of(source)
    words = _WORD.finditer(text)
    next(words, None)
    for match in words:
        word = match[0]
        if len(word) >= SHORTEST_CHARS and word[0].isupper() and not _BEGINS.search(text[: match.start()][-10:]):
            yield _Name(word, Span(sentence.start + match.start(), sentence.start + match.end()))


def _like_a_headline(text: str) -> bool:
    longer = [word for word in _WORD.findall(text)[1:] if len(word) >= LONGER_CHARS]
    return len(longer) >= HEADLINE_WORDS and sum(word[0].isupper() for word in longer) >= HEADLINE_SHARE * len(longer)


class _Words:
    """The words of one article."""

    def __init__(self, document: Document) -> None:
        self._english = primary(document.language) == "en"
        self._names: dict[str, tuple[str, int]] = {}
        self._by_start: dict[str, set[str]] = {}
        self._words: set[str] = set()
        initials = []
        for text, offset in _texts(document):
            for match in _WORD.finditer(text):
                folded = _folded(match[0])
                self._words.add(folded)
                initials.append(folded[:1])
                self._by_start.setdefault(folded[:SAME_START_CHARS], set()).add(folded)
                if match[0][0].isupper():
                    self._names.setdefault(folded, (match[0], offset + match.start()))
        self._initials = "".join(initials)

    def holds(self, word: str) -> bool:
        """Return whether the article has the word, another form of it, or what it stands for."""
        folded = _folded(word)
        if (word.isupper() and folded in self._initials) or self._has_kin(folded):
            return True
        return any(self._is_form(folded, other) for other in self._by_start.get(folded[:SAME_START_CHARS], ()))

    def like(self, word: str) -> tuple[str, int] | None:
        """Return the article's name, with its offset, that differs from the word in a letter or, when long, in two."""
        folded = _folded(word)
        most = len(folded) // 5
        if not most:
            return None
        near = [
            (distance, *self._names[other])
            for other in self._names
            if other[0] == folded[0] and (distance := Levenshtein.distance(folded, other, score_cutoff=most)) <= most
        ]
        return min(near)[1:] if near else None

    def _has_kin(self, folded: str) -> bool:
        """Return whether the article has the adjective of a country, or the country of an adjective."""
        kin = {country for country, adjective in _DEMONYMS.items() if adjective == folded}
        return not self._words.isdisjoint(kin | {_DEMONYMS.get(folded, "")})

    def _is_form(self, one: str, other: str) -> bool:
        if one == other:
            return True
        alike = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
        common = min(len(one), len(other)) if alike is None else alike
        if common < SAME_START_CHARS:
            return False
        ends = one[common:], other[common:]
        if self._english:
            return (ends[0] in _ENDS and ends[1] in _ADDS) or (ends[1] in _ENDS and ends[0] in _ADDS)
        return max(map(len, ends)) <= LONGEST_ENDING_CHARS


def _texts(document: Document) -> Iterator[tuple[str, int]]:
    """Yield the texts of the article with their offsets, 0 for what may have no place of its own."""
    for paragraph in document.paragraphs:
        yield paragraph.of(document.source), paragraph.start
    yield "\n".join((document.headline, *document.tags)), 0


def _folded(word: str) -> str:
    """Return a word in small letters, without marks."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))

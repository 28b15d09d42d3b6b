"""The plain things everything else speaks of: spans, passages, documents, problems.

All are frozen. Offsets count characters (Unicode code points) of a document's `source`, half-open, so that
``source[span.start:span.end]`` is the text, character for character.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

Numbers = Sequence[int] | NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character offsets ``[start, end)`` into a document's source text."""

    start: int
    end: int

    def of(self, source: str) -> str:
        """Return the text this span covers in `source`."""
        return source[self.start : self.end]


class PassageKind(StrEnum):
    """What a passage is in its document."""

    FAQ = "faq"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: one article sentence, or one FAQ answer with the questions it answers."""

    number: int
    """Place in the document, from 0, articles first; the reading room marks it as ``#p{number}``."""
    kind: PassageKind
    span: Span
    """What is quoted: the sentence, or the whole FAQ answer."""
    paragraph: int
    """Index into the document's paragraphs; -1 for an FAQ answer."""
    questions: tuple[Span, ...] = ()
    """The wordings of the question that this answer belongs to; empty for a sentence."""
    markup: str | None = None
    """The same words as safe HTML (paragraphs, lists, emphasis, links), equal up to white space; None when plain."""


@dataclass(frozen=True)
class Document:
    """One parsed article with its FAQ."""

    id: str
    """Stable, URL-safe name, made from the file's name and, where a file holds several, what tells them apart."""
    path: str
    """The file it was read from, relative to the seeds folder."""
    source: str
    """The whole text that spans point into."""
    headline: str
    headline_derived: bool
    """True when the article had no title and the headline was made from its first sentence."""
    published: date | None
    published_span: Span | None
    """Where the date stands in `source`, so that it can be quoted."""
    language: str
    """BCP 47 tag, such as ``en``."""
    paragraphs: tuple[Span, ...]
    passages: tuple[Passage, ...]
    tags: tuple[str, ...] = ()
    """What it is about, in its publisher's words; each once."""
    source_url: str | None = None
    """Where its publisher has it: an ``http`` or ``https`` address."""
    valid_from: date | None = None
    """The first day on which it may answer; None when it always might."""
    valid_until: date | None = None
    """The last day on which it may answer; None when there is none."""
    lines: tuple[tuple[int, int], ...] = field(default=(), repr=False, compare=False)
    """(offset, line): where in `source` a line of the file begins, in order, as far as the reader knows."""

    def line_of(self, offset: int) -> int | None:
        """Return the line of the file, from 1, that the character at `offset` was read from; None when unknown."""
        at = bisect_right(self.lines, offset, key=lambda place: place[0])
        return self.lines[at - 1][1] if at else None

    def text(self, passage: Passage) -> str:
        """Return the words of `passage`: what an answer quotes."""
        return passage.span.of(self.source)

    def is_over(self, today: date) -> bool:
        """Return whether the last day on which this answers is past."""
        return self.valid_until is not None and self.valid_until < today

    def question(self, passage: Passage) -> str | None:
        """Return the first wording of the question `passage` answers, or None for a sentence."""
        return passage.questions[0].of(self.source) if passage.questions else None


class Chosen(Sequence[Document]):
    """Some documents in an order of their own; each is fetched when it is asked for."""

    documents: Sequence[Document]
    """Those that are chosen from; never chosen ones themselves."""
    numbers: Numbers
    """Which documents these are, by their places among `documents`."""

    def __init__(self, documents: Sequence[Document], numbers: Numbers) -> None:
        if isinstance(documents, Chosen):
            self.documents = documents.documents
            self.numbers = [int(documents.numbers[int(number)]) for number in numbers]
        else:
            self.documents, self.numbers = documents, numbers

    @overload
    def __getitem__(self, place: int) -> Document: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Document, ...]: ...

    def __getitem__(self, place: int | slice) -> Document | tuple[Document, ...]:
        if isinstance(place, slice):
            return tuple(self.documents[int(number)] for number in self.numbers[place])
        return self.documents[int(self.numbers[place])]

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What has a tag."""

    written: str
    """The tag as it was first written."""
    numbers: Numbers
    """Places of the documents in the corpus, in rising order; one that has it twice, in two cases, stands twice."""


@dataclass(frozen=True)
class Corpus:
    """Every document that is served, in the order of their paths."""

    documents: Sequence[Document]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each document, by its id."""
        return {document.id: number for number, document in enumerate(self.documents)}

    @cached_property
    def by_id(self) -> Mapping[str, Document]:
        """Documents by their id."""
        return {document.id: document for document in self.documents}

    @cached_property
    def newest_first(self) -> Chosen:
        """The documents with the newest first; those without a date come last."""
        return Chosen(self.documents, sorted(range(len(self.documents)), key=lambda n: _age(self.documents[n])))

    @cached_property
    def tags(self) -> Mapping[str, Tagged]:
        """What has each tag, by its case-folded name."""
        written: dict[str, str] = {}
        numbers: dict[str, list[int]] = {}
        for number, document in enumerate(self.documents):
            for tag in document.tags:
                written.setdefault(tag.casefold(), tag)
                numbers.setdefault(tag.casefold(), []).append(number)
        return {folded: Tagged(written[folded], tuple(found)) for folded, found in numbers.items()}

    @cached_property
    def last_days(self) -> NDArray[np.int32]:
        """The last day of each document that has one, and its place, the earliest first; shape ``(n, 2)``.

        Days are counted as `datetime.date.toordinal` does.
        """
        last = sorted((one.valid_until.toordinal(), n) for n, one in enumerate(self.documents) if one.valid_until)
        return np.array(last, np.int32).reshape(-1, 2)

    def over(self, today: date) -> NDArray[np.int32]:
        """Return the places of the documents whose last day is past."""
        days = self.last_days
        if not len(days):
            return days[:, 1]
        over: NDArray[np.int32] = days[: np.searchsorted(days[:, 0], today.toordinal()), 1]
        return over

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every document's id, date, source and language: corpora that answer alike have the same one."""
        digest = hashlib.sha256()
        for document in self.documents:
            # English is what documents are in unless they say otherwise, and says nothing here.
            language = () if document.language == "en" else (document.language,)
            for part in (document.id, str(document.published or ""), document.source, *language):
                data = part.encode("utf-8", "surrogatepass")
                digest.update(len(data).to_bytes(8, "big"))
                digest.update(data)
        return digest.hexdigest()


def _age(document: Document) -> tuple[bool, int, str]:
    day = document.published
    return day is None, -day.toordinal() if day else 0, document.headline


class Severity(StrEnum):
    """How much a problem costs."""

    ERROR = "error"
    """Content is lost: a file or a part of it is not served."""
    WARNING = "warning"
    """Everything is served, but an author should look."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author should mend, said so that they can."""

    path: str
    line: int | None
    """From 1; None when the whole file is meant."""
    code: str
    """Short stable name, such as ``not-utf8``."""
    message: str
    """What is wrong."""
    advice: str
    """What to do about it."""
    severity: Severity

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.severity.value}: {self.message} {self.advice} [{self.code}]"

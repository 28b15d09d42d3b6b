"""Drafts to documents: the plain text that a rich file stands for, written with true offsets.

The text is laid out as the seed format is (date, headline, paragraphs, ``FAQ:`` with ``Q:`` and ``A:``), so that
whoever reads a document's source reads the same thing whatever format its file has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from webapp.corpus.detection import DEFAULT, detect_language
from webapp.corpus.model import Document, Passage, PassageKind, Severity, Span
from webapp.corpus.readers.fields import Facts
from webapp.corpus.readers.markup import Rich
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.sentences import split_sentences

HEADLINE_MAX_CHARS = 110

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article; a heading between paragraphs is shown, never quoted."""

    text: str
    is_heading: bool = False
    line: int | None = None
    """Where it begins in the file, from 1; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer with every wording of its question."""

    questions: tuple[str, ...]
    answer: Rich
    lines: tuple[int | None, ...] = ()
    """Where each question begins in the file, from 1; None, or nothing at the end, where nobody knows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found in a file, before it has offsets."""

    headline: str | None = None
    facts: Facts = field(default_factory=Facts)
    paragraphs: Sequence[Paragraph] = ()
    exchanges: Sequence[Exchange] = ()
    key: str = ""
    """What tells this document from others of its file, and stays when they change; empty when it has no such thing."""
    line: int | None = None
    """Where it begins in a file that may hold several, from 1; None where nobody knows."""


class _Text:
    """A text that grows, and where its pieces stand."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, int]] = []
        self._pieces: list[str] = []
        self._length = 0

    def add(self, text: str, line: int | None = None) -> Span:
        """Append `text`, which begins on a line of the file, and return where it stands."""
        start = self._length
        if line is not None:
            self.lines.append((start, line))
        self._pieces.append(text)
        self._length += len(text)
        return Span(start, self._length)

    def __str__(self) -> str:
        return "".join(self._pieces)


def document_of(draft: Draft, path: str, likely: str = DEFAULT) -> Document | None:
    """Return the document, with the draft's key for its id; None when nothing in it can be served.

    Args:
        draft: what a reader found.
        path: the file's.
        likely: the language that the file is most likely in as a whole.
    """
    text = _Text()
    published_span = _date_line(text, draft)
    headline = one_line(draft.headline or "")
    if headline:
        text.add(f"{headline}\n\n")
    paragraphs, bodies = _paragraphs(text, draft.paragraphs)
    exchanges = _exchanges(text, draft.exchanges)
    source = str(text)
    language = draft.facts.language or detect_language(source, likely)
    passages: list[Passage] = []
    for index in bodies:
        for span in split_sentences(source, paragraphs[index], language):
            passages.append(Passage(len(passages), PassageKind.SENTENCE, span, index))
    for span, questions, markup in exchanges:
        passages.append(Passage(len(passages), PassageKind.FAQ, span, -1, questions, markup))
    if not passages:
        return None
    facts = draft.facts
    return Document(
        id=draft.key,
        path=path,
        source=source,
        headline=headline or derive_headline(source, passages[0]),
        headline_derived=not headline,
        published=facts.published,
        published_span=published_span,
        language=language,
        paragraphs=tuple(paragraphs),
        passages=tuple(passages),
        tags=facts.tags,
        source_url=facts.source_url,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        lines=tuple(text.lines),
    )


def documents_of(drafts: Sequence[Draft], file: SourceFile) -> list[Document]:
    """Return the documents of a file's drafts; that there is none is told, unless an error of it was."""
    documents = []
    told = {problem.line for problem in file.problems if problem.severity is Severity.ERROR}
    likely = _language_of(drafts)
    for draft in drafts:
        if (document := document_of(draft, file.path, likely)) is not None:
            documents.append(document)
        elif draft.line is not None and draft.line not in told:
            told.add(draft.line)
            file.report(
                draft.line,
                "no-content",
                "This entry has no text and no answered question.",
                "Write at least one sentence in it, or remove it.",
            )
    if not documents and not told:
        file.report(
            None, "no-content", "No article and no answered question was found.", "Write at least one sentence."
        )
    return documents


def _language_of(drafts: Sequence[Draft]) -> str:
    """Return the language of all entries together: a row of a table says too little by itself."""
    pieces: list[str] = []
    for draft in drafts:
        if not draft.facts.language:
            pieces += [paragraph.text for paragraph in draft.paragraphs]
            for exchange in draft.exchanges:
                pieces += [*exchange.questions, exchange.answer.text]
    return detect_language("\n".join(pieces))


def derive_headline(source: str, first: Passage) -> str:
    """Return a headline for an untitled article: its first sentence, cut at a word when it is long."""
    text = " ".join((first.questions[0] if first.questions else first.span).of(source).split())
    if len(text) <= HEADLINE_MAX_CHARS:
        return text.removesuffix(".") or text
    cut = text[:HEADLINE_MAX_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


def printable(text: str) -> str:
    """Return `text` without control characters and half surrogate pairs, which no page and no UTF-8 file can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", text))


def one_line(text: str) -> str:
    """Return `text` printable, with every run of white space made one space."""
    return " ".join(printable(text).split())


def _date_line(text: _Text, draft: Draft) -> Span | None:
    if draft.facts.published is None:
        return None
    text.add("date ")
    span = text.add(draft.facts.published.isoformat())
    text.add("\n\n")
    return span


def _paragraphs(text: _Text, drafts: Sequence[Paragraph]) -> tuple[list[Span], list[int]]:
    """Return where the paragraphs stand, and the indices of those that are no headings."""
    spans: list[Span] = []
    bodies: list[int] = []
    for paragraph in drafts:
        if not (words := printable(paragraph.text).strip()):
            continue
        if not paragraph.is_heading:
            bodies.append(len(spans))
        spans.append(text.add(words, paragraph.line))
        text.add("\n\n")
    return spans, bodies


def _exchanges(text: _Text, drafts: Sequence[Exchange]) -> list[tuple[Span, tuple[Span, ...], str | None]]:
    written: list[tuple[Span, tuple[Span, ...], str | None]] = []
    for exchange in drafts:
        answer = printable(exchange.answer.text).strip()
        wordings: dict[str, int | None] = {}
        for question, line in zip_longest(exchange.questions, exchange.lines[: len(exchange.questions)]):
            if wording := one_line(question):
                wordings.setdefault(wording, line)
        if not answer or not wordings:
            continue
        text.add("" if written else "FAQ:\n\n")
        spans = []
        for wording, line in wordings.items():
            text.add("Q: ")
            spans.append(text.add(wording, line))
            text.add("\n\n")
        text.add("A: ")
        # The same words, so without the same characters.
        markup = None if exchange.answer.markup is None else printable(exchange.answer.markup)
        written.append((text.add(answer, next(iter(wordings.values()))), tuple(spans), markup))
        text.add("\n\n")
    return written

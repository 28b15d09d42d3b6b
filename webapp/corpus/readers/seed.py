"""The seed format: an article in plain text, then ``FAQ:`` and its ``Q:`` / ``A:`` blocks.

A file may begin with white space and an inline ``date YYYY-MM-DD`` before the first sentence; lines of their own,
``tags: one, two``, ``source: https://...`` and ``language: de``, may stand before or after it; a language that is not
declared is detected. Paragraphs are split by blank lines. A
first paragraph of one line that does not end like a sentence is taken for the headline. Several ``Q:`` lines before
one ``A:`` are wordings of one question; an answer may have several paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

from webapp.corpus.detection import detect_language
from webapp.corpus.model import Document, Passage, PassageKind, Problem, Severity, Span
from webapp.corpus.sentences import split_sentences, trimmed

HEADLINE_MAX_CHARS = 110
TAG_MAX_CHARS = 60

_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{1,2}-\d{1,2})(?!\d)[ \t]*", re.IGNORECASE)
_TAGS = re.compile(r"\s*tags[ \t]*:[ \t]*([^\n]*)", re.IGNORECASE)
_SOURCE = re.compile(r"\s*source[ \t]*:[ \t]*([^\n]*)", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*language[ \t]*:[ \t]*([^\n]*)", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FAQ_LINE = re.compile(r"^[ \t]*FAQS?[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_FIELD_LINE = re.compile(r"^[ \t]*([QA])[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ENDS_LIKE_SENTENCE = re.compile(r"[.!?…:;,。！？।؟][\"”’')\]]*$")


class _Report(Protocol):
    """Records a problem at a character offset."""

    def __call__(
        self, offset: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the article, and where it ends."""

    end: int = 0
    published: date | None = None
    published_span: Span | None = None
    tags: tuple[str, ...] = ()
    source_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    """One ``Q:`` or ``A:`` of the file: which, where it begins, and its text's span (None when it is blank)."""

    letter: str
    start: int
    span: Span | None


def read_seed(
    source: str, *, document_id: str, path: str, language: str | None = None
) -> tuple[Document | None, list[Problem]]:
    """Parse one file's text.

    Args:
        source: the file's text.
        document_id: the document's id.
        path: of the file, for problems.
        language: BCP 47 tag of a text that does not declare its own; detected when not given.

    Returns:
        The document, or None when nothing in it can be served, and every problem found.
    """
    problems: list[Problem] = []

    def report(offset: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR) -> None:
        line = None if offset is None else source.count("\n", 0, offset) + 1
        problems.append(Problem(path, line, code, message, advice, severity))

    if not source.strip():
        report(None, "empty", "The file is empty.", "Write an article in it, or remove it.")
        return None, problems

    head = _read_head(source, report)
    start = head.end
    language = head.language or language or detect_language(source[start:])
    faq_line = _FAQ_LINE.search(source, start)
    article_end = faq_line.start() if faq_line else len(source)
    if faq_line is None and (stray := _FIELD_LINE.search(source, start)):
        report(
            stray.start(),
            "no-faq-line",
            "Questions and answers stand here without a line “FAQ:” above them.",
            "Put a line “FAQ:” before the first “Q:”; until then they are read as part of the article.",
            Severity.WARNING,
        )

    paragraphs = _paragraphs(source, start, article_end)
    headline = _headline_paragraph(source, paragraphs, has_faq=faq_line is not None)
    if headline is not None:
        paragraphs = paragraphs[1:]
    passages = _sentences(source, paragraphs, language)
    if faq_line is not None:
        passages += _faq(source, faq_line.end(), len(passages), report)

    if not passages:
        report(None, "no-content", "No article and no answered question was found.", "Write at least one sentence.")
        return None, problems
    if not paragraphs:
        report(
            article_end,
            "no-article",
            "There is no article before the FAQ.",
            "Write the article above the line “FAQ:”; until then only the FAQ is served.",
            Severity.WARNING,
        )
    return (
        Document(
            id=document_id,
            path=path,
            source=source,
            headline=headline.of(source) if headline else derive_headline(source, passages[0]),
            headline_derived=headline is None,
            published=head.published,
            published_span=head.published_span,
            language=language,
            paragraphs=tuple(paragraphs),
            passages=tuple(passages),
            tags=head.tags,
            source_url=head.source_url,
        ),
        problems,
    )


def derive_headline(source: str, first: Passage) -> str:
    """Return a headline for an untitled article: its first sentence, cut at a word when it is long."""
    text = " ".join((first.questions[0] if first.questions else first.span).of(source).split())
    if len(text) <= HEADLINE_MAX_CHARS:
        return text.removesuffix(".")
    cut = text[:HEADLINE_MAX_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


def _read_head(source: str, report: _Report) -> _Head:
    head = _Head()
    while True:
        if head.published_span is None and (match := _DATE.match(source, head.end)):
            span = Span(match.start(1), match.end(1))
            head = replace(head, end=match.end(), published=_date_of(match, report), published_span=span)
        elif not head.tags and (match := _TAGS.match(source, head.end)):
            head = replace(head, end=match.end(), tags=tags_of(match[1]))
        elif (
            head.source_url is None
            and (match := _SOURCE.match(source, head.end))
            and (url := _source_of(match, report)) is not None
        ):
            head = replace(head, end=match.end(), source_url=url)
        elif (
            head.language is None
            and (match := _LANGUAGE.match(source, head.end))
            and (tag := _language_of(match, report)) is not None
        ):
            head = replace(head, end=match.end(), language=tag)
        else:
            break
    if head.published_span is None:
        report(
            0,
            "no-date",
            "The article has no date.",
            "Begin the file with “date YYYY-MM-DD”, so that visitors see how old it is.",
            Severity.WARNING,
        )
    return head if head.published else replace(head, published_span=None)


def _date_of(match: re.Match[str], report: _Report) -> date | None:
    try:
        year, month, day = (int(part) for part in match[1].split("-"))
        return date(year, month, day)
    except ValueError:
        report(
            match.start(1),
            "bad-date",
            f"“{match[1]}” is not a date of the calendar.",
            "Write it as YYYY-MM-DD; until then the article is served without a date.",
            Severity.WARNING,
        )
        return None


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags that commas part, each once, without white space around them."""
    tags = {" ".join(tag.split())[:TAG_MAX_CHARS]: None for tag in text.split(",")}
    return tuple(tag for tag in tags if tag)


def _source_of(match: re.Match[str], report: _Report) -> str | None:
    url = match[1].strip()
    if is_web_address(url):
        return url
    report(
        match.start(1),
        "bad-source",
        f"“{url}” is not the address of a page.",
        "Write the whole address, beginning with https://; until then the line is read as part of the article.",
        Severity.WARNING,
    )
    return None


def _language_of(match: re.Match[str], report: _Report) -> str | None:
    tag = match[1].strip()
    if _LANGUAGE_TAG.fullmatch(tag):
        return tag
    report(
        match.start(1),
        "bad-language",
        f"“{tag}” is not the tag of a language.",
        "Write a tag such as “de” or “pt-BR”; until then the line is read as part of the article.",
        Severity.WARNING,
    )
    return None


def is_web_address(url: str) -> bool:
    """Return whether `url` is an address that a link may lead to: ``http`` or ``https``, with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"\\]", url)
    except ValueError:
        return False


def _paragraphs(source: str, start: int, end: int) -> list[Span]:
    spans = []
    for gap in _BLANK_LINES.finditer(source, start, end):
        spans.append(trimmed(source, start, gap.start()))
        start = gap.end()
    spans.append(trimmed(source, start, end))
    return [span for span in spans if span is not None]


def _headline_paragraph(source: str, paragraphs: Sequence[Span], *, has_faq: bool) -> Span | None:
    if len(paragraphs) < (1 if has_faq else 2):
        return None
    text = paragraphs[0].of(source)
    if "\n" in text or len(text) > HEADLINE_MAX_CHARS * 2 or _ENDS_LIKE_SENTENCE.search(text):
        return None
    return paragraphs[0]


def _sentences(source: str, paragraphs: Sequence[Span], language: str) -> list[Passage]:
    passages: list[Passage] = []
    for index, paragraph in enumerate(paragraphs):
        for span in split_sentences(source, paragraph, language):
            passages.append(Passage(len(passages), PassageKind.SENTENCE, span, index))
    return passages


def _faq(source: str, start: int, number: int, report: _Report) -> list[Passage]:
    fields = _fields(source, start, report)
    passages: list[Passage] = []
    questions: list[_Field] = []
    for index, field in enumerate(fields):
        if field.letter == "Q":
            if field.span is None:
                report(field.start, "empty-question", "This “Q:” has no question.", "Write the question after “Q:”.")
            questions.append(field)
            continue
        follows_question = index > 0 and fields[index - 1].letter == "Q"
        wordings = tuple(question.span for question in questions if question.span is not None)
        if field.span is None:
            report(
                field.start, "empty-answer", "This “A:” has no answer.", "Write the answer after “A:”, or remove both."
            )
        elif not follows_question:
            report(
                field.start, "answer-without-question", "This answer has no question.", "Write a “Q:” line above it."
            )
        elif wordings:
            passages.append(Passage(number + len(passages), PassageKind.FAQ, field.span, -1, wordings))
        questions = []
    for question in questions:
        report(
            question.start,
            "question-without-answer",
            "This question has no answer.",
            "Write an “A:” block below it, or remove the question.",
        )
    return passages


def _fields(source: str, start: int, report: _Report) -> list[_Field]:
    marks = list(_FIELD_LINE.finditer(source, start))
    first = marks[0].start() if marks else len(source)
    if (stray := trimmed(source, start, first)) is not None:
        report(
            stray.start,
            "stray-faq-text",
            "This text stands after “FAQ:” but before any “Q:”.",
            "Begin each question with “Q:” and each answer with “A:”; the text is not served.",
        )
    ends = [mark.start() for mark in marks[1:]] + [len(source)]
    return [
        _Field(mark[1].upper(), mark.start(1), trimmed(source, mark.end(), end))
        for mark, end in zip(marks, ends, strict=True)
    ]

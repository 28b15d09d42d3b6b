"""The seed format: an article in plain text, then ``FAQ:`` and its ``Q:`` / ``A:`` blocks.

A document may begin with white space and an inline ``date YYYY-MM-DD`` before the first sentence; lines of their own
(`seed_head`) may stand before or after it. Paragraphs are split by blank lines. A first paragraph of one line that does
not end like a sentence is taken for the headline. Several ``Q:`` lines before one ``A:`` are wordings of one question;
an answer may have several paragraphs.

A file may hold several documents. The next one begins after a line of three or more hyphens, or, once the one before
has its FAQ, with ``date YYYY-MM-DD`` after a blank line. The source of each is its own part of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.corpus.detection import detect_language
from webapp.corpus.model import Document, Passage, PassageKind, Severity, Span
from webapp.corpus.readers.seed_head import At, read_head
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import HEADLINE_MAX_CHARS, derive_headline
from webapp.corpus.sentences import split_sentences, trimmed

_FAQ_LINE = re.compile(r"^[ \t]*FAQS?[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_FIELD_LINE = re.compile(r"^[ \t]*([QA])[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ENDS_LIKE_SENTENCE = re.compile(r"[.!?…:;,。！？｡।॥؟۔؛،։።།။។][\"”’')\]」』]*$")
_HAS_NO_FULL_STOP = re.compile(r"[\u0e00-\u0eff]$")
"""Thai and Lao sentences end without a sign."""
UNSTOPPED_HEADLINE_MAX_CHARS = 60
"""There only length tells a headline from a paragraph; in a paragraph nothing is lost."""
_BORDER = re.compile(
    r"^[ \t]*(?:(?P<rule>-{3,}[ \t]*)$|(?P<faq>FAQS?[ \t]*:?[ \t]*)$|(?P<date>date[ \t]+\d{4}-\d{1,2}-\d{1,2}(?!\d)))",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER_BLANK_LINE = re.compile(r"\n[ \t]*\n\Z")


@dataclass(frozen=True, slots=True)
class _Field:
    """One ``Q:`` or ``A:`` of the file: which, where it begins, and its text's span (None when it is blank)."""

    letter: str
    start: int
    span: Span | None


def read_seed(file: SourceFile) -> list[Document]:
    """Return the documents of a text file."""
    documents = []
    parts = [part for part in _parts(file.text) if trimmed(file.text, part.start, part.end) is not None]
    if not parts:
        file.report(None, "empty", "The file is empty.", "Write an article in it, or remove it.")
    lines_before = counted = 0
    for part in parts:
        lines_before += file.text.count("\n", counted, part.start)
        counted = part.start
        document = _read_part(part.of(file.text), file, lines_before=lines_before)
        if document is not None:
            documents.append(document)
    return documents


def _parts(text: str) -> Iterator[Span]:
    """Yield where each document of the file stands."""
    start = 0
    has_faq = False
    for border in _BORDER.finditer(text):
        if border["faq"] is not None:
            has_faq = True
        elif border["rule"] is not None:
            yield Span(start, border.start())
            start, has_faq = min(border.end() + 1, len(text)), False
        elif has_faq and _AFTER_BLANK_LINE.search(text, max(start, border.start() - 200), border.start()):
            yield Span(start, border.start())
            start, has_faq = border.start(), False
    yield Span(start, len(text))


def _read_part(source: str, file: SourceFile, *, lines_before: int) -> Document | None:
    def report(offset: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR) -> None:
        line = None if offset is None else lines_before + source.count("\n", 0, offset) + 1
        file.report(line, code, message, advice, severity)

    head = read_head(source, report)
    facts = head.facts
    start = head.end
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
    language = facts.language or detect_language(source[start:])
    passages = _sentences(source, paragraphs, language)
    if faq_line is not None:
        passages += _faq(source, faq_line.end(), len(passages), report)

    if not passages:
        line = None if not lines_before else 0
        report(line, "no-content", "No article and no answered question was found.", "Write at least one sentence.")
        return None
    if not paragraphs:
        report(
            article_end,
            "no-article",
            "There is no article before the FAQ.",
            "Write the article above the line “FAQ:”; until then only the FAQ is served.",
            Severity.WARNING,
        )
    return Document(
        id="",
        path=file.path,
        source=source,
        headline=headline.of(source) if headline else derive_headline(source, passages[0]),
        headline_derived=headline is None,
        published=facts.published,
        published_span=head.published_span,
        language=language,
        paragraphs=tuple(paragraphs),
        passages=tuple(passages),
        tags=facts.tags,
        source_url=facts.source_url,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        lines=_lines(source, lines_before + 1),
    )


def _lines(source: str, first: int) -> tuple[tuple[int, int], ...]:
    """Return where each line of the source begins, with its number; the first has the number `first`."""
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    return tuple(zip(starts, range(first, first + len(starts)), strict=True))


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
    most_chars = UNSTOPPED_HEADLINE_MAX_CHARS if _HAS_NO_FULL_STOP.search(text) else HEADLINE_MAX_CHARS * 2
    if "\n" in text or len(text) > most_chars or _ENDS_LIKE_SENTENCE.search(text):
        return None
    return paragraphs[0]


def _sentences(source: str, paragraphs: Sequence[Span], language: str) -> list[Passage]:
    passages: list[Passage] = []
    for index, paragraph in enumerate(paragraphs):
        for span in split_sentences(source, paragraph, language):
            passages.append(Passage(len(passages), PassageKind.SENTENCE, span, index))
    return passages


def _faq(source: str, start: int, number: int, report: At) -> list[Passage]:
    fields = _fields(source, start, report)
    passages: list[Passage] = []
    questions: list[_Field] = []
    for index, field in enumerate(fields):
        if field.letter == "Q":
            if field.span is None:
                report(field.start, "empty-question", "This “Q:” has no question.", "Write the question after “Q:”.")
            elif questions and _BLANK_LINES.search(source, questions[-1].start, field.start):
                report(
                    field.start,
                    "questions-apart",
                    "A blank line stands between this question and the one above, and both get one answer.",
                    "Remove the line if both ask the same; else write an answer below each.",
                    Severity.WARNING,
                )
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


def _fields(source: str, start: int, report: At) -> list[_Field]:
    marks = list(_FIELD_LINE.finditer(source, start))
    first = marks[0].start() if marks else len(source)
    if (stray := trimmed(source, start, first)) is not None:
        report(
            stray.start,
            "stray-faq-text",
            "This text stands after “FAQ:” but before any “Q:”.",
            "Begin each question with “Q:” and each answer with “A:”; the text is not served.",
        )
    ends = [mark.start() for mark in marks[1:]] + [len(source)] if marks else []
    return [
        _Field(mark[1].upper(), mark.start(1), trimmed(source, mark.end(), end))
        for mark, end in zip(marks, ends, strict=True)
    ]

"""Sentences that are too long to be an answer: each is quoted whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.corpus.lint.showing import shortened
from webapp.corpus.model import Document, PassageKind, Problem, Severity, Span
from webapp.corpus.scripts import UNSPACED
from webapp.corpus.sentences import split_sentences

MAX_WORDS = 60
MAX_CHARS = 400
MAX_UNSPACED_CHARS = 160
"""For sentences in scripts that write no spaces, a character of which says as much as a short word."""
LINE_READ_CHARS = 10_000

_UNSPACED = re.compile(f"[{UNSPACED}]")


def long_sentences(document: Document) -> Iterator[Problem]:
    """Yield a problem for each sentence, of the article or of an FAQ answer, that is longer than anybody reads."""
    for span in _sentences(document):
        text = " ".join(span.of(document.source).split())
        if (length := _too_long(text)) is not None:
            yield Problem(
                document.path,
                document.line_of(span.start),
                "long-sentence",
                f"The sentence “{shortened(text)}” has {length}.",
                "An answer quotes it whole: make several sentences of it.",
                Severity.WARNING,
            )


def sentences_within(document: Document, text: Span) -> Iterator[Span]:
    """Yield the sentences of a question or an answer.

    Lines are list items, cells or paragraphs, which end a sentence too; of an endless line the beginning is read.
    """
    for line in re.finditer(r"[^\n]+", text.of(document.source)):
        start = text.start + line.start()
        read = min(len(line[0]), LINE_READ_CHARS)
        yield from split_sentences(document.source, Span(start, start + read), document.language)


def _sentences(document: Document) -> Iterator[Span]:
    for passage in document.passages:
        if passage.kind is PassageKind.SENTENCE:
            yield passage.span
        else:
            yield from sentences_within(document, passage.span)


def _too_long(text: str) -> str | None:
    """Return how long a sentence is, when that is too long."""
    unspaced = len(_UNSPACED.findall(text))
    if unspaced > len(text) / 2:
        return f"{len(text)} characters, more than {MAX_UNSPACED_CHARS}" if len(text) > MAX_UNSPACED_CHARS else None
    if (words := len(text.split())) > MAX_WORDS:
        return f"{words} words, more than {MAX_WORDS}"
    return f"{len(text)} characters, more than {MAX_CHARS}" if len(text) > MAX_CHARS else None

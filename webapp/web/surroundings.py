"""A quote among its neighbours: the sentences around it, or the questions and answers before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.answering.reply import Citation
from webapp.corpus.model import Document, Passage, PassageKind, Span

SENTENCES_EACH_WAY = 3
EXCHANGES_EACH_WAY = 1
NEIGHBOUR_MAX_CHARS = 1200
"""A longer neighbour is left to the article: nothing that is shown is cut."""

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; or, when it has a question, one that answers it."""

    question: str | None
    runs: tuple[Run, ...]


def surroundings(citation: Citation, document: Document) -> tuple[Block, ...]:
    """Return what stands around a quote that stands in `document`, the quote within it; empty when nothing does."""
    quote = Span(citation.start, citation.end)
    number = citation.passage
    passage = document.passages[number] if 0 <= number < len(document.passages) else None
    if passage is not None and passage.kind is PassageKind.FAQ and passage.span == quote:
        return _exchanges(document, passage)
    return _sentences(document, quote, number)


def _exchanges(document: Document, passage: Passage) -> tuple[Block, ...]:
    shown = [
        each
        for each in _near(document, passage.number, EXCHANGES_EACH_WAY)
        if each.kind is PassageKind.FAQ and (each is passage or len(document.text(each)) <= NEIGHBOUR_MAX_CHARS)
    ]
    if len(shown) < 2:
        return ()
    blocks = []
    for each in shown:
        for n, run in enumerate(_paragraphs(document.source, each.span, passage.span)):
            blocks.append(Block(document.question(each) if n == 0 else None, run))
    return tuple(blocks)


def _sentences(document: Document, quote: Span, number: int) -> tuple[Block, ...]:
    first, last = quote.start, quote.end
    near = [each for each in _near(document, number, SENTENCES_EACH_WAY) if each.kind is PassageKind.SENTENCE]
    for each in near:
        if each.span.start >= quote.end and each.span.end - last <= NEIGHBOUR_MAX_CHARS:
            last = max(last, each.span.end)
    for each in reversed(near):
        if each.span.end <= quote.start and first - each.span.start <= NEIGHBOUR_MAX_CHARS:
            first = min(first, each.span.start)
    if Span(first, last) == quote:
        return ()
    return tuple(Block(None, runs) for runs in _paragraphs(document.source, Span(first, last), quote))


def _near(document: Document, number: int, each_way: int) -> Iterable[Passage]:
    return document.passages[max(0, number - each_way) : number + each_way + 1]


def _paragraphs(source: str, span: Span, quote: Span) -> Iterable[tuple[Run, ...]]:
    """Yield the runs of each paragraph of `span`, those of `quote` marked; none is lost, however they overlap."""
    start = span.start
    for gap in [*BLANK_LINES.finditer(source, span.start, span.end), None]:
        end = gap.start() if gap else span.end
        edges = sorted({start, end, *(edge for edge in (quote.start, quote.end) if start < edge < end)})
        yield tuple(
            Run(source[one:two], quoted=quote.start <= one and two <= quote.end)
            for one, two in zip(edges, edges[1:], strict=False)
        )
        start = gap.end() if gap else end

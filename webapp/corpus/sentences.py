"""Text to sentence spans, with a maintained splitter and one mend of ours.

The splitter is `sentencex`; `docs/decisions/0001-sentence-splitter.md` says why and what it was compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from webapp.corpus.model import Span

# The splitter takes "May." for an abbreviated month everywhere; before a capitalised word it ends a sentence.
_MAY_ENDS_SENTENCE = re.compile(r"\bMay[.](?=\s+[“\"‘(]?[^\W\d_a-z])")
_NOT_BLANK = re.compile(r"\S")


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return ``[start, end)`` of `text` without the white space at its ends; None when nothing is left."""
    first = _NOT_BLANK.search(text, start, end)
    if first is None:
        return None
    return Span(first.start(), first.start() + len(text[first.start() : end].rstrip()))


def split_sentences(text: str, within: Span, language: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text[within.start:within.end]``, in order, without surrounding space.

    Args:
        text: a document's source.
        within: one paragraph of it.
        language: BCP 47 tag; its first part chooses the splitter's rules.
    """
    paragraph = within.of(text)
    pieces = get_sentence_boundaries(language.split("-")[0], paragraph)
    spans = []
    for piece in pieces:
        for start, end in _mended(paragraph, piece["start_index"], piece["end_index"], language):
            span = trimmed(text, within.start + start, within.start + end)
            if span is not None:
                spans.append(span)
    return tuple(spans)


def _mended(paragraph: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    if language.split("-")[0] == "en":
        for match in _MAY_ENDS_SENTENCE.finditer(paragraph, start, end):
            yield start, match.end()
            start = match.end()
    yield start, end

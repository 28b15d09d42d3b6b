"""The rows of a corpus, read once: which words stand in them, as numbers, and what each shows.

Everything else of an index is made from these numbers. A few bytes a word are kept, never the texts.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Corpus, Document, Passage
from webapp.retrieval.acronyms import Acronyms
from webapp.retrieval.kinds import KINDS
from webapp.retrieval.language import Language

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

REPORT_EVERY = 100
"""Documents between two reports of how far it is."""


@dataclass(frozen=True)
class Words:
    """The distinct words of a corpus, in the order in which they were first met; lists are ``n_words`` long."""

    folded: list[str]
    terms: list[str]


@dataclass(frozen=True)
class Rows:
    """What was read. `r` rows have `t` words, `p` passages, `d` documents."""

    words: Words
    tokens: Ints
    """Number of the word at each place of the rows, shape ``(t,)``."""
    capitals: NDArray[np.bool_]
    """Whether it begins with a capital there, shape ``(t,)``."""
    first_token: Places
    """Shape ``(r + 1,)``."""
    heading: Ints
    """Numbers of the words of all headlines."""
    first_heading: Places
    """Shape ``(d + 1,)``."""
    first_row: Places
    """Shape ``(p + 1,)``."""
    first_passage: Places
    """Shape ``(d + 1,)``."""
    flags: NDArray[np.uint64]
    """Shape ``(r,)``."""
    kinds: NDArray[np.int8]
    """Which of `KINDS` each FAQ wording asks for, -1 for other rows, shape ``(r,)``."""
    passage_number: Ints
    """Shape ``(p,)``."""
    paragraph: Ints
    """Paragraph of each passage in its document, -1 for an FAQ answer, shape ``(p,)``."""
    acronyms: Acronyms


@dataclass
class _Lengths:
    """Where runs begin that are still growing."""

    first: array[int] = field(default_factory=lambda: array("q", [0]))

    def end(self, at: int) -> None:
        self.first.append(at)

    def array(self) -> Places:
        return np.array(self.first, np.int64)


class _Forms(dict[str, int]):
    """Numbers of written forms, each read when it is first met; -1 for one of which nothing is left."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self.words: dict[tuple[str, str], int] = {}
        """Numbers of words, by their folded form and their term."""
        self.word_of = array("i")
        self.capital: list[bool] = []

    def __missing__(self, written: str) -> int:
        read = self._language.read(written)
        if read is None:
            number = -1
        else:
            number = len(self.word_of)
            self.word_of.append(self.words.setdefault(read, len(self.words)))
            self.capital.append(written[0].isupper())
        self[written] = number
        return number

    def of(self, text: str) -> list[int]:
        """Return the numbers of the forms in a text, in order."""
        return [number for written in self._language.written(text) if (number := self[written]) >= 0]


def read_rows(corpus: Corpus, language: Language, told: Callable[[int], None] | None = None) -> Rows:
    """Read every document once.

    Args:
        corpus: documents in one language.
        language: that language.
        told: called with the number of documents read so far.
    """
    forms = _Forms(language)
    tokens, heading = array("i"), array("i")
    flags, kinds = array("Q"), array("b")
    passage_number, paragraph = array("i"), array("i")
    token_ends, heading_ends, row_ends, passage_ends = _Lengths(), _Lengths(), _Lengths(), _Lengths()
    spelt: dict[str, str] = {}
    for number, document in enumerate(corpus.documents):
        heading.extend(forms.of(document.headline))
        heading_ends.end(len(heading))
        for passage in document.passages:
            texts = row_texts(document, passage)
            for text in texts:
                tokens.extend(forms.of(text))
                token_ends.end(len(tokens))
                flags.append(language.row_flags(text))
                Acronyms.collect(text, spelt)
            kinds.extend(KINDS.index(language.kind_of(wording)) for wording in texts[:-1])
            kinds.append(-1)
            row_ends.end(len(flags))
            passage_number.append(passage.number)
            paragraph.append(passage.paragraph)
        passage_ends.end(len(passage_number))
        if told is not None and number % REPORT_EVERY == REPORT_EVERY - 1:
            told(number + 1)
    word_of, written = np.array(forms.word_of, np.int32), np.array(tokens, np.int32)
    return Rows(
        words=Words([folded for folded, _ in forms.words], [term for _, term in forms.words]),
        tokens=word_of[written],
        capitals=np.array(forms.capital, bool)[written],
        first_token=token_ends.array(),
        heading=word_of[np.array(heading, np.int32)],
        first_heading=heading_ends.array(),
        first_row=row_ends.array(),
        first_passage=passage_ends.array(),
        flags=np.array(flags, np.uint64),
        kinds=np.array(kinds, np.int8),
        passage_number=np.array(passage_number, np.int32),
        paragraph=np.array(paragraph, np.int32),
        acronyms=Acronyms.of(spelt),
    )


def row_texts(document: Document, passage: Passage) -> list[str]:
    """Return the texts of a passage's rows: its question wordings, then what it quotes."""
    return [*(span.of(document.source) for span in passage.questions), document.text(passage)]

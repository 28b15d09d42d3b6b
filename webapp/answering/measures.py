"""The evidence as columns: what each is called, and the arrays that are filled.

A row is a candidate passage, a column a measure. Coverages are sums over the question's words, so that the share that
each word brought to the score can be told exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.retrieval.kinds import Group

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

COVERAGES = (
    "text: local",
    "text: English",
    "FAQ question: local",
    "FAQ question: English",
    "either: local",
    "either: corpus",
    "text: similar, local",
    "FAQ question: similar, local",
    "similar stands out, local",
    "similar stands out, English",
    "FAQ question: similar stands out, English",
    "with neighbours: local",
    "with neighbours: similar, English",
    "with paragraph: local",
    "document: English",
    "only neighbours: similar, English",
    "names",
    "numbers",
    "noun asked for",
    "best word",
    "distinctive words: similar",
    "distinctive words of text: similar",
    "beyond the lead: similar",
    "beyond the lead: similar, with neighbours",
)
WANTED = tuple(f"{group.value} wanted and there" for group in Group)
HOLDS_WANTED = "told before, holds wanted kind"
SO_FAR = (
    "same document as before",
    "told just before",
    "told earlier",
    "beside what was told",
    "after what was told",
    "words of the question before",
    "words of what was told",
    "name of what was told",
)
MEASURES = (
    "words in text",
    "letters in text",
    "words in FAQ question",
    "letters in FAQ question",
    "words in paragraph",
    "letters in paragraph",
    "words in document",
    "letters in document",
    "document behind best",
    "pairs in text",
    "pairs in FAQ question",
    "words close in text",
    "text covered",
    "FAQ question covered",
    *WANTED,
    "named place wanted and there",
    "wanted kind missing",
    HOLDS_WANTED,
    "meaning, less the document's",
    "meaning of FAQ question, less the document's",
    "is FAQ",
    "first sentence",
    "position",
    "length",
    "asks",
    "FAQ asks the same kind",
    *SO_FAR,
)
CONVERSATION = (HOLDS_WANTED, *SO_FAR)
"""Those of the measures that speak of what was asked and told before."""
SHORT_NAMES = COVERAGES + MEASURES
LONG_FROM = 40
"""Documents of at least this many passages are long: there, coefficients of their own are added."""
LONG = tuple(f"in a long document: {name}" for name in SHORT_NAMES)
NAMES = SHORT_NAMES + LONG
COLUMN = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True)
class Cosines:
    """How like the question the parts of `n` candidates are, in words or in letters; shapes ``(n,)``."""

    text: Floats
    question: Floats
    """Of the best question wording, 0 for a passage without."""
    paragraph: Floats
    document: Floats


@dataclass(frozen=True)
class Chosen:
    """Passages to compare.

    Shapes are ``(n,)``: `passages` are numbers among all; `text_rows` and `question_rows` the row of each that is its
    text and its best question wording (-1 for none).
    """

    passages: Ints
    document_of: NDArray[np.int32]
    """Number of each passage's document."""
    text_rows: Ints
    question_rows: Ints
    words: Cosines
    letters: Cosines


@dataclass(frozen=True)
class Candidates(Chosen):
    """The same, with what the candidate stage already knows of their documents."""

    documents: Floats
    """Score of each one's document: words, letters and the conversation together."""
    behind_best: Floats
    """How far that is behind the best of all documents; never above 0."""
    lead: float
    """How far the best of all documents is before the second; 0 when there is one only."""


@dataclass
class Evidence:
    """Evidence for `n` candidates: `columns` ``(n, len(NAMES))``, and what each coverage was summed from."""

    columns: NDArray[np.float64]
    found: NDArray[np.bool_]
    """Whether each candidate holds what is wanted, ``(n,)``."""
    soft: Floats
    """How well each candidate holds each term, itself or a similar one, ``(n, m)``."""
    nearby: Floats
    """The same with its neighbours, ``(n, m)``."""
    in_document: Floats
    """1 where its document holds a term, ``(n, m)``."""
    held: Floats
    """What each candidate holds of each term, for each coverage, ``(len(COVERAGES), n, m)``."""
    shares: NDArray[np.float64]
    """What each term weighs there, adding up to 1, ``(len(COVERAGES), n, m)``."""

    def put(self, name: str, values: NDArray[np.generic] | float) -> None:
        """Set a column."""
        self.columns[:, COLUMN[name]] = values

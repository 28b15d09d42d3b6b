"""What is asked: the question's terms and what it wants of an answer, analysed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from webapp.answering.dialogue import NOTHING, Carried
from webapp.retrieval.analysis import Word
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import KINDS, Wanted, wanted
from webapp.retrieval.language import Language
from webapp.retrieval.weighting import Counted

Floats = NDArray[np.float32]

WORDS_MAX = 60
"""Words of a question that are looked at: a pasted page is no question."""
TEXT_MAX_CHARS = 4000
CLOSE = 3
"""Content words of a question this near each other belong together."""
MEANINGS_KEPT = 1 << 11
"""Words whose meanings are kept: questions share most of theirs."""
PAST_FROM = 5
"""A word of so many letters that ends in "ed" is a verb."""
IMAGINED = 10
MISSING_TERMS_TOLD = 6


@dataclass(frozen=True)
class Asked:
    """A question as the index sees it: its distinct terms, `m` of them, with all that is known of each."""

    text: str
    words: tuple[Word, ...]
    document_words: Counted
    document_characters: Counted
    """Terms and character n-grams by their numbers among the documents."""
    row_words: Counted
    """Terms by their numbers among rows and paragraphs."""
    terms: tuple[str, ...]
    numbers: tuple[int, ...]
    """Term numbers in the rows' vocabulary, -1 for a term no passage holds."""
    document_numbers: tuple[int, ...]
    """Term numbers in the documents' vocabulary, -1 for a term no document holds."""
    lexicon_rows: NDArray[np.int32]
    """Row of the lexicon, -1 for a number, a function word or a word it does not know."""
    rarity: Floats
    """How rare each term is in English, in [0, 1]; 0 for function words."""
    things: Floats
    """The same, less as much as it is a verb: what is done is often said in another word, what it is done to is not."""
    corpus: Floats
    """How rare each term is among the rows, in [0, 1]."""
    documents: Floats
    """How rare each term is among the documents, in [0, 1]."""
    vectors: Floats
    """Latent vectors, shape ``(m, dimensions)``; zeros for numbers and function words."""
    is_number: NDArray[np.bool_]
    is_name: NDArray[np.bool_]
    """Whether it is a name in the documents."""
    in_focus: NDArray[np.bool_]
    """Whether it belongs to the noun that is asked for."""
    follows: Floats
    """1 where a term stands right before another in the question, shape ``(m, m)``."""
    close_pairs: tuple[tuple[int, int], ...]
    wanted: Wanted
    conversation: Carried
    order: NDArray[np.int64]
    ordered: NDArray[np.int64]

    @property
    def kind_number(self) -> int:
        """The place of the wanted kind among `KINDS`."""
        return KINDS.index(self.wanted.kind)

    @cached_property
    def content(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which terms are content that some passage holds, and their numbers in the rows' vocabulary."""
        numbers = np.array(self.numbers, np.int64)
        slots = np.flatnonzero((numbers >= 0) & (self.rarity != 0))
        return slots, numbers[slots]

    def slots(self, tokens: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return which of the question's terms each token is, -1 for none."""
        if not len(self.ordered):
            return np.full(len(tokens), -1)
        at = np.minimum(np.searchsorted(self.ordered, tokens), len(self.ordered) - 1)
        return np.where(self.ordered[at] == tokens, self.order[at], -1)


def read_question(text: str, index: Index, conversation: Carried = NOTHING) -> Asked:
    """Analyse a question once.

    Args:
        text: what was asked, typing errors mended.
        index: what it is asked of.
        conversation: what earlier turns add.
    """
    language = index.language
    spoken = language.spoken(index.acronyms.expanded(text[:TEXT_MAX_CHARS]))[:WORDS_MAX]
    slot: dict[str, int] = {}
    said: list[int] = []
    forms: list[str] = []
    times: list[int] = []
    for word in spoken:
        place = slot.setdefault(word.term, len(slot))
        if place == len(forms):
            forms.append(word.folded)
            times.append(0)
        times[place] += 1
        said.append(place)
    known, m = tuple(slot), len(slot)
    in_documents, counts = np.array(index.document_words.places(known), np.int64), np.array(times, np.int64)
    document_words = _said(in_documents, counts)[1]
    numbers = np.full(m, -1, np.int64)
    held = (in_documents >= 0).nonzero()[0]
    numbers[held] = index.words_in_rows.take(in_documents.take(held))
    order, row_words = _said(numbers, counts)
    meant = [_meaning(language, term, form) for term, form in zip(known, forms, strict=True)]
    lexicon_rows = np.array([row for row, _, _, _ in meant], np.int32)
    rarity = np.array([rare for _, rare, _, _ in meant], np.float32)
    document_characters = index.document_characters.counted(
        list(chain.from_iterable(language.character_terms(word.folded) for word in spoken))
    )
    wants = wanted(text, spoken, index.lexicon, language)
    follows = np.zeros((m, m), np.float32)
    follows[said[:-1], said[1:]] = 1
    content = [place for place in said if meant[place][1] > 0]
    is_name = np.zeros(m, bool)
    is_name[order] = index.terms.is_name[row_words.numbers]
    return Asked(
        text=text,
        words=spoken,
        document_words=document_words,
        document_characters=document_characters,
        row_words=row_words,
        terms=known,
        numbers=tuple(numbers.tolist()),
        document_numbers=tuple(in_documents.tolist()),
        lexicon_rows=lexicon_rows,
        rarity=rarity,
        things=np.array([less for _, _, less, _ in meant], np.float32),
        corpus=_share_of_most(numbers, index.row_words.idf, index.row_words.n_rows),
        documents=_share_of_most(in_documents, index.document_words.idf, index.document_words.n_rows),
        vectors=index.lexicon.unit_vectors(lexicon_rows),
        is_number=np.array([numeric for _, _, _, numeric in meant], bool),
        is_name=is_name,
        in_focus=np.array([term in wants.focus for term in known], bool),
        follows=follows,
        close_pairs=tuple(
            {
                (left, right): None
                for at, left in enumerate(content)
                for right in content[at + 1 : at + 1 + CLOSE]
                if left != right
            }
        ),
        wanted=wants,
        conversation=conversation,
        order=order,
        ordered=row_words.numbers,
    )


@lru_cache(maxsize=MEANINGS_KEPT)
def _meaning(language: Language, term: str, form: str) -> tuple[int, float, float, bool]:
    """Return a term's row of the lexicon, its rarity, the same less as much as it is a verb, and if it is a number.

    Args:
        language: which it is in.
        term: the term.
        form: its word, case-folded.
    """
    lexicon, numeric = language.lexicon, language.is_number(form)
    row = lexicon.rows([term])
    rarity = np.zeros(1, np.float32) if form in language.function_words else lexicon.rarity_at(row)
    verb = form.endswith("ed") and len(form) >= PAST_FROM
    things = rarity * (1 - (np.ones(1, np.float32) if verb else lexicon.verb_shares(row)))
    known = not numeric and rarity[0] != 0
    return int(row[0]) if known else -1, float(rarity[0]), float(things[0]), numeric


def _said(numbers: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], Counted]:
    """Return which terms a field has, in the order of their numbers there, and those with how often each is said."""
    order = np.argsort(numbers, kind="stable")
    order = order[np.count_nonzero(numbers < 0) :]
    return order, Counted(numbers.take(order), counts.take(order))


def missing_words(asked: Asked, index: Index) -> tuple[str, ...]:
    """Return the question's content words that no document holds, the first few of them."""
    missing: list[str] = []
    end = 0
    held = dict(zip(asked.terms, asked.document_numbers, strict=True))
    for word in asked.words:
        if held[word.term] >= 0 or word.folded in index.language.function_words or len(word.folded) <= 1:
            continue
        # Where no spaces are written, words are overlapping pairs of characters: such a run is told as one.
        if missing and word.span.start < end:
            missing[-1] += word.folded[1:]
        else:
            missing.append(word.folded)
        end = word.span.end
    return tuple(dict.fromkeys(missing))[:MISSING_TERMS_TOLD]


def _share_of_most(numbers: NDArray[np.int64], idf: Floats, n: int) -> Floats:
    """Return how rare each term is, as a share of what a term of no row would be: ``ln((1 + n) / (1 + df))``.

    `IMAGINED` more rows that hold nothing of it are counted, so that a word of the only document is rare, too.
    """
    most = float(np.log(1 + n + IMAGINED))
    known = numbers >= 0
    held = (1 + n) / np.exp(idf[numbers[known]] - 1) - 1
    # Counted in single precision where every term is known, as the model was taught.
    df = held if len(held) == len(numbers) else np.zeros(len(numbers))
    df[known] = held
    return (1 - np.log1p(df) / most).astype(np.float32)

"""An index is built from numbered words, in blocks, to the last bit as scikit-learn weighs them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from tests.unit.retrieval.test_weighting import random_rows
from webapp.corpus.library import read_folder
from webapp.retrieval import building, fitting
from webapp.retrieval.building import build_index
from webapp.retrieval.fitting import TooLarge
from webapp.retrieval.flags import _PATTERNS, row_flags
from webapp.retrieval.index import Index
from webapp.retrieval.language import ENGLISH, language_of
from webapp.retrieval.rows import row_texts
from webapp.retrieval.saving import ARRAYS, FIELDS
from webapp.retrieval.weighting import TermIndex

ROOT = Path(__file__).parents[3]
DOCUMENTS = ROOT / "tests" / "browser" / "documents"


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(read_folder(DOCUMENTS).corpus)


@pytest.mark.parametrize("block", [1, 50, 1 << 22])
def test_weights_are_scikit_learns_to_the_last_bit(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are weighed at once."""
    monkeypatch.setattr(fitting, "BLOCK_UNITS", block)
    for seed in range(6):
        rows = random_rows(seed, 150, 400)
        made = TermIndex.fit(rows)
        vectorizer = TfidfVectorizer(analyzer=lambda terms: terms, sublinear_tf=True, dtype=np.float64)
        expected = vectorizer.fit_transform(rows).tocsc()
        expected.sort_indices()
        assert list(made.vocabulary) == list(vectorizer.get_feature_names_out())
        np.testing.assert_array_equal(made.idf, vectorizer.idf_.astype(np.float32))
        np.testing.assert_array_equal(made.starts, expected.indptr)
        np.testing.assert_array_equal(made.rows, expected.indices)
        np.testing.assert_array_equal(made.weights, expected.data.astype(np.float32))


def test_an_index_is_the_same_in_any_blocks(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is a matter of how much is looked at once, answers are not."""
    monkeypatch.setattr(fitting, "BLOCK_UNITS", 100)
    monkeypatch.setattr(building, "VECTOR_ROWS", 3)
    kept = []
    other = build_index(index.corpus, keep=lambda array: kept.append(array) or array.copy())  # type: ignore[func-returns-value]
    assert len(kept) == 2 * len(FIELDS) + 2
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(other, name), getattr(index, name), err_msg=name)
    for name in FIELDS:
        for part in ("idf", "starts", "rows", "weights"):
            np.testing.assert_array_equal(getattr(getattr(other, name), part), getattr(getattr(index, name), part))


def test_words_of_fields_are_those_of_their_texts(index: Index) -> None:
    """Rows, paragraphs and whole documents hold the terms of their texts, analysed on their own."""
    documents = index.corpus.documents
    texts = [text for d in documents for p in d.passages for text in row_texts(d, p)]
    whole = ["\n".join([d.headline, *(t for p in d.passages for t in row_texts(d, p))]) for d in documents]
    for field, rows, terms in (
        (index.row_words, texts, ENGLISH.terms),
        (index.document_words, whole, ENGLISH.terms),
        (index.document_characters, whole, ENGLISH.characters),
    ):
        expected = TermIndex.fit(terms(text) for text in rows)
        assert field.vocabulary == expected.vocabulary
        np.testing.assert_array_equal(field.rows, expected.rows)
        np.testing.assert_array_equal(field.weights, expected.weights)


def test_words_know_their_terms_and_letters(index: Index) -> None:
    """What a row says is read from the numbers of its words."""
    terms, grams = list(index.row_words.vocabulary), list(index.document_characters.vocabulary)
    texts = [text for d in index.corpus.documents for p in d.passages for text in row_texts(d, p)]
    for row, text in enumerate(texts):
        tokens = index.tokens[index.first_token[row] : index.first_token[row + 1]]
        assert [terms[number] for number in index.terms_of_row(row)] == ENGLISH.terms(text)
        letters = [grams[g] for t in tokens for g in index.grams[index.first_gram[t] : index.first_gram[t + 1]]]
        assert letters == list(ENGLISH.characters(text))


def test_too_many_postings_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 32 bits count would be counted wrong."""
    monkeypatch.setattr(fitting, "POSTINGS_MOST", 3)
    TermIndex.fit([["a", "b"], ["a"]])
    with pytest.raises(TooLarge, match="Split them"):
        TermIndex.fit([["a", "b"], ["a", "b"]])


def test_progress_rises_to_its_end(index: Index) -> None:
    """Step by step, never back."""
    told: list[tuple[str, float]] = []
    build_index(index.corpus, tell=lambda step, done: told.append((step, done)))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert building.WEIGHING in {step for step, _ in told}


@pytest.mark.parametrize("tag", ["en", "de", "ar", "hi", "zh", "ru"])
def test_words_as_written_are_read_alike(tag: str) -> None:
    """Whether words are read one by one or in their text, they are the same."""
    language = language_of(tag)
    texts = [file.read_text("utf-8") for file in (ROOT / "tests" / "languages" / "documents").glob("*.txt")]
    for text in [*texts, "’s 3.5 ﾞ rock ’n’ roll’s"]:
        read = [found for written in language.written(text) if (found := language.read(written))]
        assert read == [(word.folded, word.term) for word in language.words(text)]


def test_flags_are_those_of_every_pattern(index: Index) -> None:
    """Looking in small letters is sooner, and finds the same, with letters of any kind."""
    texts = [text for d in index.corpus.documents for p in d.passages for text in row_texts(d, p)]
    texts += ["It cost 5 KM, the MAYOR said.", "5 ſquare \u212a", "Two krónur", "It was CALLED “Arctic” – 20 % off…"]
    for text in [*texts, *map(str.upper, texts), *map(str.title, texts)]:
        assert row_flags(text) == sum(bit for bit, pattern in _PATTERNS if pattern.compiled.search(text)), text

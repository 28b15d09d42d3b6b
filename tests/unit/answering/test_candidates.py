"""The candidate stage compares letters in a pool only, and finds what comparing everything would find."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.large.generate import write
from webapp.answering import candidates
from webapp.answering.answerer import Answerer
from webapp.answering.candidates import find_candidates
from webapp.answering.question import read_question
from webapp.corpus.library import read_folder
from webapp.retrieval.building import build_index
from webapp.retrieval.index import Index
from webapp.retrieval.language import ENGLISH
from webapp.retrieval.rows import row_texts

DOCUMENTS = Path(__file__).parents[2] / "browser" / "documents"


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(read_folder(DOCUMENTS).corpus)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Some 2,400 passages, many times more than a pool holds."""
    folder = tmp_path_factory.mktemp("large")
    write(300, folder)
    return Answerer.build(read_folder(folder).corpus)


@pytest.mark.parametrize(
    "question", ["When can the crane be visited?", "How long may I borrow books", "craning", "zzz"]
)
def test_cosines_are_scikit_learns(index: Index, question: str) -> None:
    """Those of rows, paragraphs and documents, in words and in letters."""
    asked = read_question(question, index)
    found = find_candidates(index, asked)
    documents = index.corpus.documents
    rows = [text for document in documents for passage in document.passages for text in row_texts(document, passage)]
    owner = index.paragraph_of[index.row_passage]
    paragraphs = [" ".join(np.array(rows)[owner == number]) for number in range(int(owner[-1]) + 1)]
    whole = [
        " ".join([document.headline, *np.array(rows)[index.document_of[index.row_passage] == number]])
        for number, document in enumerate(documents)
    ]
    said = " ".join(word.folded for word in asked.words)
    for cosines, terms in ((found.words, ENGLISH.terms), (found.letters, ENGLISH.characters)):

        def compare(texts: list[str], terms=terms) -> np.ndarray:  # type: ignore[no-untyped-def, type-arg]
            vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float64)
            return (vectorizer.fit_transform(texts) @ vectorizer.transform([said]).T).toarray().ravel()  # type: ignore[no-any-return]

        of_rows = compare(rows)
        has_question = found.question_rows >= 0
        np.testing.assert_allclose(cosines.text, of_rows[found.text_rows], atol=1e-6)
        np.testing.assert_allclose(cosines.question, of_rows[found.question_rows] * has_question, atol=1e-6)
        in_paragraphs = compare(paragraphs)[index.paragraph_of[found.passages]]
        np.testing.assert_allclose(cosines.paragraph, in_paragraphs, atol=1e-6)
        np.testing.assert_allclose(cosines.document, compare(whole)[found.document_of], atol=1e-6)


def test_a_pool_finds_what_everything_would(large: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole questions, a few words of them, misspelt ones: the same passages are told."""
    chosen = random.Random(3)  # noqa: S311 - repeatable, not secret
    documents = large.corpus.documents
    questions = []
    for _ in range(60):
        document = chosen.choice(documents)
        passage = chosen.choice(document.passages)
        words = (document.question(passage) if passage.questions else document.text(passage)).split()
        questions.append(" ".join(chosen.sample(words, min(len(words), chosen.choice((3, 5, 8, 99))))))
        if chosen.random() < 0.3:
            questions[-1] = questions[-1][:-2]

    def told() -> list[object]:
        replies = [large.ask(question) for question in questions]
        return [(reply.outcome, reply.answer and reply.answer.citation) for reply in replies]

    pooled = told()
    assert len(large.index.document_of) > 10 * candidates.POOL
    monkeypatch.setattr(candidates, "POSTINGS", 5_000)
    hurried = told()
    monkeypatch.setattr(candidates, "POSTINGS", 10**9)
    monkeypatch.setattr(candidates, "POOL", 10**6)
    everything = told()
    assert sum(a == b for a, b in zip(hurried, everything, strict=True)) >= 54
    assert sum(a == b for a, b in zip(pooled, everything, strict=True)) >= 59


def test_only_documents_within_are_searched(large: Answerer) -> None:
    """However few they are."""
    asked = read_question("what is said of it", large.index)
    for within in ([7], [0, 299], list(range(150))):
        found = find_candidates(large.index, asked, within=np.array(within))
        assert len(found.passages) > 0
        assert set(found.document_of.tolist()) <= set(within)

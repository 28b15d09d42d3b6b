"""Peers dressed as answerers, so that the same code measures them and Newsstand.

Each peer ranks the passages' whole texts (an FAQ entry: every wording as a row of its own, answer joined) by its own
score and gives that score as its confidence; it never abstains by itself and knows no small talk.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from webapp.answering.reply import Answer, AnswerKind, Citation, Context, Outcome, Reply
from webapp.corpus.model import Corpus

Scores = NDArray[np.float64]
Score = Callable[[str], Scores]


class Peer:
    """Ranks passages by a function from a question to a score for every row."""

    def __init__(self, corpus: Corpus, build: Callable[[Sequence[str]], Score]) -> None:
        self.passages = [(document, passage) for document in corpus.documents for passage in document.passages]
        rows: list[str] = []
        owners: list[int] = []
        for number, (document, passage) in enumerate(self.passages):
            text = document.text(passage)
            wordings = [span.of(document.source) for span in passage.questions] or [""]
            for wording in wordings:
                rows.append(wording if wording == text else f"{wording} {text}".strip())
                owners.append(number)
        self.owners = np.array(owners)
        self.starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        self.documents = np.array([document.id for document, _ in self.passages])
        self.score = build(rows)

    def ask(self, question: str, context: Context = Context(), *, alternatives: int = 3) -> Reply:  # noqa: B008 - frozen
        """Return the best passages; the outcome is always an answer."""
        scores = np.maximum.reduceat(self.score(question), self.starts)
        if context.scope.document_id is not None:
            scores = np.where(self.documents == context.scope.document_id, scores, -np.inf)
        order = np.argsort(-scores, kind="stable")[: alternatives + 1]
        answers = [self._answer(int(number), float(scores[number])) for number in order]
        return Reply(question, Outcome.ANSWERED, "", answers[0].confidence, answers[0], tuple(answers[1:]))

    def _answer(self, number: int, score: float) -> Answer:
        document, passage = self.passages[number]
        span, text = passage.span, document.text(passage)
        citation = Citation(document.id, document.headline, None, passage.number, span.start, span.end, text)
        # One scale for every peer: calibration is not theirs to claim, order is all that is used.
        return Answer(text, AnswerKind(passage.kind.value), citation, score / (1 + score) if score > 0 else 0.0)


def tfidf(rows: Sequence[str]) -> Score:
    """Plain scikit-learn: default TfidfVectorizer and cosine."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import linear_kernel

    vectorizer = TfidfVectorizer()
    matrix = vectorizer.fit_transform(rows)
    return lambda question: linear_kernel(vectorizer.transform([question]), matrix)[0]


def tuned_tfidf(rows: Sequence[str]) -> Score:
    """scikit-learn with sublinear TF, stems, word 1-2-grams and character 3-5-grams."""
    import Stemmer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import linear_kernel
    from sklearn.pipeline import make_union

    stem = Stemmer.Stemmer("english").stemWord
    pattern = re.compile(r"\w+")

    def stems(text: str) -> list[str]:
        words = [stem(word) for word in pattern.findall(text.lower())]
        return words + [f"{left} {right}" for left, right in zip(words, words[1:], strict=False)]

    union = make_union(
        TfidfVectorizer(analyzer=stems, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
    )
    matrix = union.fit_transform(rows)
    return lambda question: linear_kernel(union.transform([question]), matrix)[0]


def bm25(rows: Sequence[str]) -> Score:
    """bm25s with its English stop words and Snowball stems, as its README advises."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    retriever = bm25s.BM25()
    tokens = bm25s.tokenize(list(rows), stopwords="en", stemmer=stemmer, show_progress=False)
    retriever.index(tokens, show_progress=False)

    def score(question: str) -> Scores:
        asked = bm25s.tokenize([question], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)[0]
        return np.asarray(retriever.get_scores(asked), float) if asked else np.zeros(len(rows))

    return score


def fts5(rows: Sequence[str]) -> Score:
    """SQLite FTS5 with its porter tokenizer, any word of the question, bm25() order."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(text, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(rows))

    def score(question: str) -> Scores:
        scores = np.zeros(len(rows))
        query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        if query:
            found = database.execute("SELECT rowid, -bm25(passages) FROM passages WHERE passages MATCH ?", (query,))
            for row, value in found:
                scores[row] = value
        return scores

    return score


def minilm(rows: Sequence[str]) -> Score:
    """all-MiniLM-L6-v2 sentence vectors and cosine (optional: needs the extra packages named in the README)."""
    from benchmarks.quality.sentence_vectors import load

    encode = load()
    matrix = encode(list(rows))
    return lambda question: np.maximum(matrix @ encode([question])[0], 0.0).astype(float)


PEERS: dict[str, Callable[[Sequence[str]], Score]] = {
    "scikit-learn TF-IDF": tfidf,
    "tuned TF-IDF": tuned_tfidf,
    "bm25s": bm25,
    "SQLite FTS5": fts5,
}
OPTIONAL_PEERS: dict[str, Callable[[Sequence[str]], Score]] = {"all-MiniLM-L6-v2": minilm}

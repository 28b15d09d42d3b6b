"""A bank of FAQ answers in which many wordings may belong to one answer: they count together.

Every answer is a class of a softmax regression (multinomial logistic regression) whose examples are the wordings of
its question and, at less weight, its own text; so ten wordings of one answer speak with one voice. Texts are compared
by TF-IDF over four views (stems, pairs of neighbours, unordered pairs within a window, character n-grams) and by the
latent meaning of their words. The regression is fitted once, when the index is built, in the span of the examples;
a question costs one sparse product and one small dense one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Document
from webapp.retrieval.language import ENGLISH, Language
from webapp.retrieval.lexicon import Lexicon, unit
from webapp.retrieval.weighting import Floats, TermIndex

SMALLEST = 12
"""An FAQ of fewer answers is read with its article."""
REGRESSION_MOST = 3000
"""Above this many examples each answer is the mean of its examples instead: the fit would take too long."""
EXAMPLES_MOST = 1500
"""Answers' texts are cut into no more pieces than bring the examples to this number."""
PIECES_MOST = 8
ANSWER_SHARE = 0.5
"""What an answer's text counts as an example beside a wording of its question."""
STRENGTH = 50.0
"""Inverse strength of the regression's regularisation (scikit-learn's C)."""
ITERATIONS = 60
CENTRING = 0.8
MEAN_SCALE = 25.0
WINDOW = 4
SATURATION, LENGTH_SHARE = 1.2, 0.6
"""k1 and b of BM25 for words of an answer (Robertson and Zaragoza 2009)."""

# Squared weight of each view in the comparison; with the latent view they add up to one.
VIEWS = {"stems": 0.25, "neighbours": 0.125, "pairs": 0.125, "letters": 0.25}
LATENT = 0.25

Doubles = NDArray[np.float64]
_PIECE = re.compile(r"\n+|(?<=[.!?।؟])\s+|(?<=[。！？])")


def has_bank(document: Document) -> bool:
    """Return whether the FAQ of a document is large enough to be a bank."""
    return sum(1 for passage in document.passages if passage.questions) >= SMALLEST


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a question is like each answer of a bank; arrays are ``(n_answers,)``."""

    log_odds: Doubles
    """Log probability that the answer is the right one, if one of them is."""
    logit: Doubles
    coverage: Floats
    """Share of the question's weight that the answer's wordings and text hold."""
    letters: float
    """Cosine of the letters with the most similar example."""
    meaning: float
    """Cosine of the latent meaning with the most similar example."""
    known: float
    """Share of the question's weight that the bank holds at all."""


@dataclass(frozen=True)
class Bank:
    """One document's FAQ as a bank.

    Shapes: `weights` ``(n_examples, n_answers)``; `latent` ``(n_examples, dimensions)``; `held` is a posting list a
    stem over answers.
    """

    passages: NDArray[np.int64]
    """Number of each answer's passage in its document."""
    views: dict[str, TermIndex]
    latent: Doubles
    centre: Floats
    weights: Doubles
    held: TermIndex
    saturated: Floats
    lexicon: Lexicon
    language: Language
    wordings_each: float
    """Mean number of wordings an answer."""

    @classmethod
    def build(cls, document: Document, lexicon: Lexicon, language: Language = ENGLISH) -> Bank:
        """Fit the bank of a document that `has_bank`."""
        from threadpoolctl import threadpool_limits

        passages = [passage for passage in document.passages if passage.questions]
        texts, owners, shares = _examples(document)
        analysed = [_views(text, language) for text in texts]
        views = {name: TermIndex.fit(views[name] for views in analysed) for name in VIEWS}
        stems = views["stems"]
        raw = np.stack([_latent(view["stems"], stems, lexicon) for view in analysed])
        centre = raw.mean(axis=0) * np.float32(CENTRING)
        latent = unit(raw - centre).astype(np.float64)
        kernel = LATENT * (latent @ latent.T)
        for name, share in VIEWS.items():
            matrix = views[name].matrix()
            kernel += share * (matrix @ matrix.T).toarray()
        # One thread: how many there are must not show in the last digits.
        with threadpool_limits(1):
            weights = _fit(kernel, owners, shares, len(passages))
        held, saturated = _held(analysed, owners, [len(p.questions) for p in passages])
        return cls(
            passages=np.array([passage.number for passage in passages], np.int64),
            views=views,
            latent=latent,
            centre=centre,
            weights=weights,
            held=held,
            saturated=saturated,
            lexicon=lexicon,
            language=language,
            wordings_each=float(np.mean([len(passage.questions) for passage in passages])),
        )

    def likeness(self, question: str) -> Likeness:
        """Compare a question with every answer."""
        views = _views(question, self.language)
        letters = self.views["letters"].scores(views["letters"])
        meaning = self.latent @ unit(_latent(views["stems"], self.views["stems"], self.lexicon) - self.centre)
        kernel = LATENT * meaning + VIEWS["letters"] * letters
        for name in ("stems", "neighbours", "pairs"):
            kernel += VIEWS[name] * self.views[name].scores(views[name])
        logit = kernel @ self.weights
        top = logit.max()
        coverage, known = self._coverage(views["stems"])
        return Likeness(
            log_odds=logit - top - np.log(np.exp(logit - top).sum()),
            logit=logit,
            coverage=coverage,
            letters=float(letters.max()),
            meaning=float(meaning.max()),
            known=known,
        )

    def term_shares(self, question: str, answer: int) -> dict[str, float]:
        """Return what each stem of a question adds to an answer's coverage."""
        stems = [word.term for word in self.language.plain_words(question)]
        held, weights, total = self._held_stems(stems)
        shares = {}
        for stem, number in held.items():
            begin, end = self.held.starts[number], self.held.starts[number + 1]
            at = begin + int(np.searchsorted(self.held.rows[begin:end], answer))
            if at < end and self.held.rows[at] == answer:
                shares[stem] = weights[stem] * float(self.saturated[at]) / total
        return shares

    def _coverage(self, stems: Sequence[str]) -> tuple[Floats, float]:
        held, weights, total = self._held_stems(stems)
        covered = np.zeros(self.held.n_rows, np.float32)
        for stem, number in held.items():
            begin, end = self.held.starts[number], self.held.starts[number + 1]
            covered[self.held.rows[begin:end]] += np.float32(weights[stem]) * self.saturated[begin:end]
        return covered / np.float32(total), sum(weights[stem] for stem in held) / total

    def _held_stems(self, stems: Sequence[str]) -> tuple[dict[str, int], dict[str, float], float]:
        """Return the stems that the bank holds with their numbers, the weight of every stem, and their sum."""
        most = log(1 + self.held.n_rows) + 1
        numbers = {stem: self.held.vocabulary.get(stem) for stem in stems}
        weights = {stem: most if n is None else float(self.held.idf[n]) for stem, n in numbers.items()}
        return {stem: n for stem, n in numbers.items() if n is not None}, weights, max(sum(weights.values()), 1e-9)


def _examples(document: Document) -> tuple[list[str], NDArray[np.int64], Floats]:
    """Return the example texts, the answer each belongs to, and its weight; wordings come before texts."""
    passages = [passage for passage in document.passages if passage.questions]
    rows: list[tuple[str, int, float]] = []
    for answer, passage in enumerate(passages):
        rows += [(span.of(document.source), answer, 1.0) for span in passage.questions]
    own = [answer for answer, passage in enumerate(passages) if passage.span not in passage.questions]
    room = EXAMPLES_MOST - len(rows) - 2 * len(own)
    pieces = min(PIECES_MOST, max(0, room // max(1, len(own))))
    for answer in own:
        text = document.text(passages[answer])
        wording = passages[answer].questions[0].of(document.source)
        rows += [(text, answer, ANSWER_SHARE), (f"{wording} {text}", answer, ANSWER_SHARE)]
        sentences = [piece for piece in _PIECE.split(text) if len(piece.split()) > 3]
        if pieces and sentences:
            size = -(-len(sentences) // pieces)
            joined = [" ".join(sentences[at : at + size]) for at in range(0, len(sentences), size)]
            rows += [(piece, answer, ANSWER_SHARE / len(joined)) for piece in joined]
    texts, owners, shares = zip(*rows, strict=True)
    return list(texts), np.array(owners, np.int64), np.array(shares, np.float32)


def _views(text: str, language: Language) -> dict[str, list[str]]:
    said = list(language.plain_words(text))
    stems = [word.term for word in said]
    edged = ["^", *stems, "$"]
    return {
        "stems": stems,
        "neighbours": [f"{left} {right}" for left, right in zip(edged, edged[1:], strict=False)],
        "pairs": [
            f"{min(left, right)}|{max(left, right)}"
            for at, left in enumerate(stems)
            for right in stems[at + 1 : at + 1 + WINDOW]
        ],
        "letters": [gram for word in said for gram in language.character_terms(word.folded)],
    }


def _latent(stems: Sequence[str], index: TermIndex, lexicon: Lexicon) -> Floats:
    counts = Counter(stems)
    most = log(1 + index.n_rows) + 1
    known = [index.vocabulary.get(stem) for stem in counts]
    idf = np.array([most if number is None else index.idf[number] for number in known], np.float32)
    tf = np.array([1 + log(count) for count in counts.values()], np.float32)
    if not counts:
        return np.zeros(lexicon.dimensions, np.float32)
    mean: Floats = (tf * idf).astype(np.float32) @ lexicon.unit_vectors(lexicon.rows(list(counts)))
    return unit(mean)


def _fit(kernel: NDArray[np.float64], owners: NDArray[np.int64], shares: Floats, n_answers: int) -> Doubles:
    """Return the dual weights of the softmax regression: ``kernel row @ weights`` are the answers' logits."""
    if len(owners) > REGRESSION_MOST:
        weights = np.zeros((len(owners), n_answers), np.float32)
        weights[np.arange(len(owners)), owners] = shares
        lengths = np.sqrt(np.maximum(np.einsum("ia,ij,ja->a", weights, kernel, weights, optimize=True), 1e-9))
        means: Doubles = MEAN_SCALE * weights / lengths
        return means
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    values, vectors = np.linalg.eigh(kernel)
    kept = values > 1e-4
    projection = vectors[:, kept] / np.sqrt(values[kept])
    # Eigenvectors are known up to their sign: fix it, so that every machine fits the same model.
    projection *= np.sign(projection[np.abs(projection).argmax(axis=0), np.arange(projection.shape[1])])
    regression = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=ITERATIONS)
    with warnings.catch_warnings():
        # A fixed number of iterations is the model, not a failure to converge.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(kernel @ projection, owners, sample_weight=shares)
    dual: Doubles = projection @ regression.coef_.T
    return dual


def _held(
    analysed: Sequence[dict[str, list[str]]], owners: NDArray[np.int64], wordings: Sequence[int]
) -> tuple[TermIndex, Floats]:
    """Return the stems of every answer and how much each counts: 1 in a wording, saturating in the text."""
    n_wordings = sum(wordings)
    asked = [Counter[str]() for _ in wordings]
    said = [Counter[str]() for _ in wordings]
    for example, (views, owner) in enumerate(zip(analysed, owners, strict=True)):
        if example < n_wordings:
            asked[owner].update(views["stems"])
        elif not said[owner]:
            said[owner].update(views["stems"])
    lengths = [sum(count.values()) for count in said]
    mean = max(1.0, float(np.mean([length for length in lengths if length] or [1])))
    index = TermIndex.fit([sorted({*one, *other}) for one, other in zip(asked, said, strict=True)])
    saturated = np.ones(len(index.rows), np.float32)
    for stem, number in index.vocabulary.items():
        for at in range(index.starts[number], index.starts[number + 1]):
            answer = index.rows[at]
            if stem not in asked[answer]:
                count = said[answer][stem]
                floor = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths[answer] / mean
                saturated[at] = count / (count + SATURATION * floor)
    return index, saturated

"""What speaks for a (question, passage) pair: named numbers, a row a candidate.

Most of it is *coverage*: the share of the question's weight that a text holds. Coverages differ in the weight (rarity
in the document, in the corpus, in English) and in the text (the FAQ question, the passage, its neighbours, its
paragraph, its document), and in whether a word of like meaning counts. Because a coverage is a sum over the question's
words, the share that each word brought to the score can be told exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webapp.answering.looking import Seen, look
from webapp.answering.question import Asked
from webapp.retrieval import flags
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import GROUPS, Group

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SYNONYM_SHARE = 0.8
NEIGHBOURS = ((-1, 0.7), (1, 0.4), (-2, 0.35), (2, 0.2))
"""Sentences around a passage, and what a word in each counts; less across paragraphs."""
ACROSS_PARAGRAPHS = 0.6
PARAGRAPH_SHARE = 0.6

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
    "wanted kind missing",
    "told before, holds wanted kind",
    "meaning, less the document's",
    "meaning of FAQ question, less the document's",
    "is FAQ",
    "first sentence",
    "position",
    "length",
    "asks",
    "FAQ asks the same kind",
    "same document as before",
    "told just before",
    "told earlier",
    "beside what was told",
    "after what was told",
    "words of the question before",
    "words of what was told",
    "name of what was told",
)
SHORT_NAMES = COVERAGES + MEASURES
LONG_FROM = 40
"""Documents of at least this many passages are long: there, coefficients of their own are added."""
LONG = tuple(f"in a long document: {name}" for name in SHORT_NAMES)
NAMES = SHORT_NAMES + LONG
COLUMN = {name: number for number, name in enumerate(NAMES)}

_TEXT, _QUESTION = 0, 1


@dataclass(frozen=True)
class Candidates:
    """Passages to compare, and what the candidate stage already knows of them.

    Shapes are ``(n,)``: `passages` are numbers among all; `text_rows` and `question_rows` the row of each that is its
    text and its best question wording (-1 for none). The scores are cosines: of every row ``(n_rows,)``, of every
    paragraph ``(n_paragraphs,)`` and of every document ``(n_documents,)``, where `documents` adds words, letters and
    the conversation.
    """

    passages: Ints
    document_of: NDArray[np.int32]
    """Number of each passage's document."""
    text_rows: Ints
    question_rows: Ints
    row_words: Floats
    row_letters: Floats
    paragraph_words: Floats
    paragraph_letters: Floats
    document_words: Floats
    document_letters: Floats
    documents: Floats


@dataclass
class Evidence:
    """Evidence for `n` candidates: `columns` ``(n, len(NAMES))``, and what each coverage was summed from."""

    columns: Floats
    found: NDArray[np.bool_]
    """Whether each candidate holds what is wanted, ``(n,)``."""
    soft: Floats
    """How well each candidate holds each term, itself or a similar one, ``(n, m)``."""
    nearby: Floats
    """The same with its neighbours, ``(n, m)``."""
    in_document: Floats
    """1 where its document holds a term, ``(n, m)``."""
    parts: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    """For each coverage: what is held ``(n, m)`` and the weights that add up to 1, ``(m,)`` or ``(n, m)``."""

    def put(self, name: str, values: NDArray[np.generic] | float) -> None:
        """Set a column."""
        self.columns[:, COLUMN[name]] = values

    def cover(self, name: str, held: Floats, weights: Floats, total: Floats | None = None) -> None:
        """Set a column to the share of `weights` whose terms are held; of `total` if it is given."""
        whole = weights.sum(axis=-1, keepdims=True) if total is None else total
        shares = weights / np.maximum(whole, np.float32(1e-9))
        self.parts[name] = (held, shares)
        self.put(name, np.einsum("nm,nm->n", held, shares) if shares.ndim == 2 else held @ shares)


def gather(index: Index, asked: Asked, candidates: Candidates) -> Evidence:
    """Return the evidence for each candidate."""
    n, m = len(candidates.passages), len(asked.terms)
    documents, document_of = np.unique(candidates.document_of, return_inverse=True)
    around = _around(index, candidates)
    lead = index.first_row[index.first_passage[documents] + 1] - 1
    rows = np.concatenate([candidates.text_rows, candidates.question_rows, *(row for row, _ in around), lead])
    seen = look(index, asked, rows, n)
    held, alike = seen.held[: 6 * n].reshape(6, n, m), seen.alike[: 6 * n].reshape(6, n, m)
    shares = np.stack([share for _, share in around])[:, :, None]
    soft = np.maximum(alike[_TEXT], alike[_QUESTION])
    nearby = np.maximum(soft, (alike[2:] * shares * np.float32(SYNONYM_SHARE)).max(axis=0))
    df = _document_frequencies(index, asked, documents)
    found = Evidence(
        columns=np.zeros((n, len(NAMES)), np.float32),
        found=_holds_wanted(index, asked, candidates.text_rows, seen),
        soft=soft,
        nearby=nearby,
        in_document=(df > 0).astype(np.float32)[document_of],
    )
    local = _local(index, asked, documents, df)[document_of]
    beside = (held[2:] * shares).max(axis=0)
    _coverages(found, index, asked, candidates, held, alike, beside, local, document_of, seen.alike[6 * n :])
    _scores(found, index, candidates, seen)
    _wants(found, index, asked, candidates, document_of, local)
    _conversation(found, index, asked, candidates)
    long = np.diff(index.first_passage)[candidates.document_of] >= LONG_FROM
    found.columns[:, len(SHORT_NAMES) :] = found.columns[:, : len(SHORT_NAMES)] * long[:, None]
    return found


def _around(index: Index, candidates: Candidates) -> list[tuple[Ints, Floats]]:
    """Return the rows of the sentences around each candidate, and what a word in each counts."""
    text = candidates.text_rows
    once = {-1: index.row_before[text].astype(np.int64), 1: index.row_after[text].astype(np.int64)}
    once[-2] = np.where(once[-1] >= 0, index.row_before[once[-1]], -1)
    once[2] = np.where(once[1] >= 0, index.row_after[once[1]], -1)
    paragraph = index.paragraph_of[candidates.passages]
    around = []
    for step, share in NEIGHBOURS:
        rows = once[step]
        same = index.paragraph_of[index.row_passage[rows]] == paragraph
        around.append((rows, (share * np.where(same, 1, ACROSS_PARAGRAPHS)).astype(np.float32)))
    return around


def _coverages(
    found: Evidence,
    index: Index,
    asked: Asked,
    candidates: Candidates,
    held: Floats,
    alike: Floats,
    beside: Floats,
    local: Floats,
    document_of: Ints,
    lead: Floats,
) -> None:
    english, cover = asked.rarity, found.cover
    either = np.maximum(held[_TEXT], held[_QUESTION])
    soft, nearby = found.soft, found.nearby
    cover("text: local", held[_TEXT], local)
    cover("text: English", held[_TEXT], english)
    cover("FAQ question: local", held[_QUESTION], local)
    cover("FAQ question: English", held[_QUESTION], english)
    cover("either: local", either, local)
    cover("either: corpus", either, asked.corpus)
    cover("text: similar, local", alike[_TEXT], local)
    cover("FAQ question: similar, local", alike[_QUESTION], local)
    cover("similar stands out, local", _stands_out(soft, document_of), local)
    cover("similar stands out, English", _stands_out(soft, document_of), english)
    cover("FAQ question: similar stands out, English", _stands_out(alike[_QUESTION], document_of), english)
    cover("with neighbours: local", np.maximum(either, beside), local)
    cover("with neighbours: similar, English", nearby, english)
    paragraph = _paragraph_holds(index, asked, candidates)
    cover("with paragraph: local", np.maximum(either, np.float32(PARAGRAPH_SHARE) * paragraph), local)
    cover("document: English", found.in_document, english)
    cover("only neighbours: similar, English", nearby - soft, english)
    cover("names", np.maximum(soft, beside), english * asked.is_name)
    cover("numbers", either, asked.is_number.astype(np.float32))
    cover("noun asked for", soft, english * asked.in_focus)
    best = local == local.max(axis=1, keepdims=True, initial=0)
    cover("best word", soft, (best & (local > 0)).astype(np.float32))
    # Local weights are rarities in the document times rarity in English: squared and cubed they leave the rarest.
    distinctive = local**3 / np.maximum(english, np.float32(1e-9)) ** 2
    cover("distinctive words: similar", soft, distinctive)
    cover("distinctive words of text: similar", alike[_TEXT], distinctive)
    beyond = local * (1 - np.minimum(lead, 1))[document_of]
    whole = local.sum(axis=1, keepdims=True)
    cover("beyond the lead: similar", soft, beyond, whole)
    cover("beyond the lead: similar, with neighbours", nearby, beyond, whole)


def _stands_out(held: Floats, document_of: Ints) -> Floats:
    """Return how much more each candidate holds than the candidates of its document on average."""
    sums = np.zeros((int(document_of.max()) + 1, held.shape[1]), np.float32)
    np.add.at(sums, document_of, held)
    out: Floats = held - (sums / np.bincount(document_of)[:, None].astype(np.float32))[document_of]
    return out


def _scores(found: Evidence, index: Index, candidates: Candidates, seen: Seen) -> None:
    n, put = len(found.columns), found.put
    text, question = candidates.text_rows, candidates.question_rows
    has_question = question >= 0
    document = candidates.document_of
    paragraph = index.paragraph_of[candidates.passages]
    put("words in text", candidates.row_words[text])
    put("letters in text", candidates.row_letters[text])
    put("words in FAQ question", candidates.row_words[question] * has_question)
    put("letters in FAQ question", candidates.row_letters[question] * has_question)
    put("words in paragraph", candidates.paragraph_words[paragraph] * ~has_question)
    put("letters in paragraph", candidates.paragraph_letters[paragraph] * ~has_question)
    put("words in document", candidates.document_words[document])
    put("letters in document", candidates.document_letters[document])
    put("document behind best", candidates.documents[document] - candidates.documents.max())
    put("pairs in text", seen.pairs[:n])
    put("pairs in FAQ question", seen.pairs[n : 2 * n])
    put("words close in text", seen.close)
    put("text covered", seen.covered[:n])
    put("FAQ question covered", seen.covered[n : 2 * n])
    put("is FAQ", has_question)
    number = index.passage_number[candidates.passages]
    put("first sentence", number == 0)
    put("position", np.minimum(number, 20) / 20 * ~has_question)
    put("length", np.log1p(index.first_token[text + 1] - index.first_token[text]) / 3)
    put("asks", (index.row_flags[text] & np.uint64(flags.ASKS)) != 0)


def _holds_wanted(index: Index, asked: Asked, text: Ints, seen: Seen) -> NDArray[np.bool_]:
    """Return whether each candidate's text holds what the question wants, beyond what it brings itself."""
    n, wants = len(text), asked.wanted
    there = (index.row_flags[text] & np.uint64(wants.row)) != 0
    if wants.number:
        there |= seen.new_number[:n]
    if wants.name:
        there |= seen.new_name[:n]
    if wants.senses:
        there |= (seen.new_senses[:n] & np.uint32(wants.senses)) != 0
    found: NDArray[np.bool_] = there
    return found


def _wants(
    found: Evidence, index: Index, asked: Asked, candidates: Candidates, document_of: Ints, local: Floats
) -> None:
    group = GROUPS.get(asked.wanted.kind)
    if group is not None and asked.wanted.anything:
        found.put(f"{group.value} wanted and there", found.found)
        if group in (Group.NUMBER, Group.DATE):
            found.put("wanted kind missing", ~found.found)
    text, question = candidates.text_rows, candidates.question_rows
    same = np.where(index.row_kinds[question] == asked.kind_number, 1, -1)
    found.put("FAQ asks the same kind", np.where(question >= 0, same, 0))
    meant = local @ asked.vectors
    meant /= np.maximum(np.linalg.norm(meant, axis=1, keepdims=True), np.float32(1e-9))
    about = index.document_vectors[candidates.document_of]
    found.put("meaning, less the document's", _cosine(meant, index.row_vectors[text] - about))
    of_question = _cosine(meant, index.row_vectors[question] - about)
    found.put("meaning of FAQ question, less the document's", of_question * (question >= 0))


def _cosine(unit: Floats, others: Floats) -> Floats:
    cosine: Floats = np.einsum("nd,nd->n", unit, others) / np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return cosine


def _conversation(found: Evidence, index: Index, asked: Asked, candidates: Candidates) -> None:
    """Compare with what was asked and told before."""
    before = asked.conversation
    if before.last is None:
        return
    passages, put = candidates.passages, found.put
    here = index.document_of[passages] == index.document_of[before.last]
    is_sentence = candidates.question_rows < 0
    told_here = passages == before.last
    put("same document as before", here)
    put("told just before", told_here)
    put("told earlier", np.isin(passages, [*before.told]))
    put("beside what was told", here & is_sentence & (np.abs(passages - before.last) == 1))
    put("after what was told", here & is_sentence & (passages == before.last + 1))
    put("told before, holds wanted kind", told_here & found.found)
    # A passage's own words: its text and its best question wording.
    first, last = index.first_token[candidates.text_rows], index.first_token[candidates.text_rows + 1]
    questions = candidates.question_rows
    for place in range(len(passages)):
        own = index.tokens[first[place] : last[place]]
        if questions[place] >= 0:
            row = questions[place]
            own = np.concatenate([own, index.tokens[index.first_token[row] : index.first_token[row + 1]]])
        held = np.isin(before.asked, own)
        found.columns[place, COLUMN["words of the question before"]] = (before.asked_weights * held).sum()
        if not told_here[place]:
            held = np.isin(before.said, own)
            found.columns[place, COLUMN["words of what was told"]] = (before.said_weights * held).sum()
            named = here[place] and bool((held & index.terms.is_name[before.said]).any())
            found.columns[place, COLUMN["name of what was told"]] = named


def _document_frequencies(index: Index, asked: Asked, documents: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return in how many rows of each document each term stands, shape ``(len(documents), m)``."""
    first = index.first_row[index.first_passage[documents]]
    last = index.first_row[index.first_passage[documents + 1]]
    bounds = np.concatenate([first, last])
    df = np.zeros((len(documents), len(asked.numbers)))
    for slot, number in enumerate(asked.numbers):
        if number >= 0:
            places = np.searchsorted(index.row_words.postings(number)[0], bounds)
            df[:, slot] = places[len(documents) :] - places[: len(documents)]
    return df


def _local(index: Index, asked: Asked, documents: NDArray[np.int32], df: NDArray[np.float64]) -> Floats:
    """Return how rare each term is in each document, times how rare in English, shape ``(len(documents), m)``.

    In the document: ``ln((1 + n) / (1 + df)) / ln(1 + n)`` over its `n` passages, in [0, 1].
    """
    n = (index.first_passage[documents + 1] - index.first_passage[documents])[:, None]
    rare = np.maximum(np.log((1 + n) / (1 + np.minimum(df, n))) / np.log(1 + n), 0)
    weights: Floats = (rare * asked.rarity).astype(np.float32)
    return weights


def _paragraph_holds(index: Index, asked: Asked, candidates: Candidates) -> Floats:
    """Return whether each candidate's paragraph holds each term, shape ``(n, m)``."""
    paragraphs = index.paragraph_of[candidates.passages]
    held = np.zeros((len(paragraphs), len(asked.terms)), np.float32)
    for slot, term in enumerate(asked.terms):
        number = index.paragraph_words.vocabulary.get(term)
        if number is not None:
            rows, _ = index.paragraph_words.postings(number)
            held[:, slot] = rows[np.minimum(np.searchsorted(rows, paragraphs), len(rows) - 1)] == paragraphs
    return held

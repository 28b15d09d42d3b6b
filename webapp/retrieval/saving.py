"""An index as named arrays, and back: what is mapped is what was built, to the last bit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from numpy.typing import NDArray

from webapp.corpus.model import Corpus
from webapp.corpus.sections import Damaged, Sections, SectionWriter
from webapp.corpus.texts import SortedTexts, TextGroups, Texts, encode, keys_of, save_sorted, save_texts
from webapp.retrieval.acronyms import Acronyms
from webapp.retrieval.index import Index, TermFacts
from webapp.retrieval.language import Language
from webapp.retrieval.spelling import Spelling
from webapp.retrieval.weighting import TermIndex, TextWeights
from webapp.retrieval.wordings import VIEWS, Bank

FIELDS = ("document_words", "document_characters", "row_words")
TEXT_WEIGHTS = ("row_characters", "paragraph_words", "paragraph_characters")
ARRAYS = (
    "words_in_rows",
    "first_passage",
    "document_of",
    "first_row",
    "row_passage",
    "first_token",
    "tokens",
    "term_of",
    "first_gram",
    "grams",
    "row_vectors",
    "row_flags",
    "paragraph_of",
    "document_vectors",
    "passage_number",
    "published",
    "id_rank",
    "row_before",
    "row_after",
    "row_kinds",
)
BULK = frozenset(("tokens", "row_vectors", "document_vectors"))
BANK_ARRAYS = ("passages", "latent", "centre", "weights", "saturated")
BANK_FIELDS = (*VIEWS, "held")


@cache
def analysis_digest() -> str:
    """Return a hash over everything that turns texts into terms: an index of another one says other things.

    The lexicon's arrays, which are large, are in it by the hashes that came with them (`lexicon/arrays.txt`).
    """
    digest = hashlib.sha256(Stemmer.version().encode())
    folder = Path(__file__).parent
    for file in sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".txt")):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def save_parts(writer: SectionWriter, prefix: str, index: Index) -> None:
    """Write an index under names that begin with `prefix`; its documents are written by others."""
    for name in FIELDS:
        save_field(writer, f"{prefix}.{name}", getattr(index, name))
    for name in TEXT_WEIGHTS:
        for part in fields(TextWeights):
            writer.put(f"{prefix}.{name}.{part.name}", getattr(getattr(index, name), part.name))
    for name in ARRAYS:
        writer.put(f"{prefix}.{name}", getattr(index, name), bulk=name in BULK)
    for fact in fields(TermFacts):
        writer.put(f"{prefix}.terms.{fact.name}", getattr(index.terms, fact.name))
    _save_spelling(writer, f"{prefix}.spelling", index.spelling)
    save_json(writer, f"{prefix}.acronyms", [list(index.acronyms.spelt.items()), list(index.acronyms.short.items())])
    _save_banks(writer, f"{prefix}.banks", index.banks)


def open_parts(sections: Sections, prefix: str, corpus: Corpus, language: Language) -> Index:
    """Return the index that `save_parts` wrote, over its documents.

    Raises:
        Damaged: its parts do not fit together.
    """
    spelt, short = read_json(sections, f"{prefix}.acronyms")
    parts: dict[str, Any] = {name: open_field(sections, f"{prefix}.{name}") for name in FIELDS}
    for name in TEXT_WEIGHTS:
        parts[name] = TextWeights(
            **{part.name: sections[f"{prefix}.{name}.{part.name}"] for part in fields(TextWeights)}
        )
    parts |= {name: sections[f"{prefix}.{name}"] for name in ARRAYS}
    index = Index(
        corpus=corpus,
        language=language,
        lexicon=language.lexicon,
        **parts,
        terms=TermFacts(**{fact.name: sections[f"{prefix}.terms.{fact.name}"] for fact in fields(TermFacts)}),
        spelling=_open_spelling(sections, f"{prefix}.spelling", language),
        acronyms=Acronyms(dict(spelt), dict(short)),
        banks=SavedBanks(sections, f"{prefix}.banks", language),
    )
    _check_fit(index)
    return index


def save_json(writer: SectionWriter, name: str, value: Any, *, bulk: bool = False) -> None:
    """Write something of plain JSON types; `bulk` when it is not read at each opening."""
    writer.put(name, np.frombuffer(encode(json.dumps(value)), np.uint8), bulk=bulk)


def read_json(sections: Sections, name: str) -> Any:
    """Read what `save_json` wrote."""
    return json.loads(sections[name].tobytes())


def _check_fit(index: Index) -> None:
    """Compare lengths: places that are looked up in one array must be in another."""
    documents, passages = len(index.corpus.documents), len(index.document_of)
    rows, terms, tokens = len(index.row_passage), len(index.row_words.idf), len(index.tokens)
    paragraphs = int(index.paragraph_of[-1]) + 1 if passages else 0
    grams = len(index.document_characters.idf)
    lengths = {
        documents: ("document_vectors", "published", "id_rank"),
        passages: ("paragraph_of", "passage_number"),
        rows: ("row_vectors", "row_flags", "row_before", "row_after", "row_kinds"),
    }
    fits = (
        all(len(getattr(index, name)) == length for length, names in lengths.items() for name in names)
        and all(len(getattr(index.terms, fact.name)) == terms for fact in fields(TermFacts))
        and _runs(index.first_passage, documents, passages)
        and _runs(index.first_row, passages, rows)
        and _runs(index.first_token, rows, tokens)
        and index.document_words.n_rows == index.document_characters.n_rows == documents
        and index.row_words.n_rows == len(index.row_characters.lengths) == rows
        and len(index.paragraph_words.lengths) == len(index.paragraph_characters.lengths) == paragraphs
        and len(index.words_in_rows) == len(index.document_words.idf)
        and len(index.paragraph_words.idf) == terms
        and len(index.row_characters.idf) == len(index.paragraph_characters.idf) == grams
        and _runs(index.first_gram, len(index.term_of), len(index.grams))
        and bool((index.term_of < terms).all() and (index.grams < grams).all() and (index.grams >= 0).all())
    )
    if not fits:
        raise Damaged("its parts do not fit together")


def _runs(first: NDArray[Any], runs: int, total: int) -> bool:
    return len(first) == runs + 1 and first[0] == 0 and first[-1] == total and bool((first[1:] >= first[:-1]).all())


def save_field(writer: SectionWriter, name: str, field: TermIndex) -> None:
    """Write a field that was weighed here, under names that begin with `name`."""
    save_sorted(writer, f"{name}.vocabulary", field.vocabulary)
    for part in ("idf", "starts"):
        writer.put(f"{name}.{part}", getattr(field, part))
    for part in ("rows", "weights"):
        writer.put(f"{name}.{part}", getattr(field, part), bulk=True)
    writer.put(f"{name}.n_rows", np.array([field.n_rows], np.int64))


def open_field(sections: Sections, name: str) -> TermIndex:
    """Return the field that `save_field` wrote.

    Raises:
        Damaged: its parts do not fit together.
    """
    parts = {part: sections[f"{name}.{part}"] for part in ("idf", "starts", "rows", "weights")}
    vocabulary = SortedTexts.open(sections, f"{name}.vocabulary")
    return _field(vocabulary, parts, int(sections[f"{name}.n_rows"][0]))


def _field(vocabulary: SortedTexts, parts: Mapping[str, NDArray[Any]], n_rows: int) -> TermIndex:
    terms = len(vocabulary)
    field = TermIndex(vocabulary=vocabulary, n_rows=n_rows, looked_at=np.zeros(terms, bool), **parts)
    postings = len(field.rows)
    if not (_runs(field.starts, terms, postings) and len(field.idf) == terms and len(field.weights) == postings):
        raise Damaged("posting lists")
    return field


def _save_spelling(writer: SectionWriter, name: str, spelling: Spelling) -> None:
    letters = list(spelling.by_letter)
    words = [spelling.by_letter[letter] for letter in letters]
    save_json(writer, f"{name}.letters", letters)
    save_texts(writer, f"{name}.words", (word for listed in words for word in listed))
    writer.put(f"{name}.first", np.array([0, *accumulate(len(listed) for listed in words)], np.int64))
    save_sorted(writer, f"{name}.known", sorted(spelling.known))


def _open_spelling(sections: Sections, name: str, language: Language) -> Spelling:
    words = Texts.open(sections, f"{name}.words")
    by_letter = TextGroups(read_json(sections, f"{name}.letters"), words, sections[f"{name}.first"])
    return Spelling(language, by_letter, SortedTexts.open(sections, f"{name}.known"))


def _save_banks(writer: SectionWriter, name: str, banks: Mapping[int, Bank]) -> None:
    """Write all banks, an array for each of their parts: how many there are does not matter to whoever opens them."""
    kept = list(banks.values())
    writer.put(f"{name}.documents", np.array(list(banks), np.int64))
    writer.put(f"{name}.wordings_each", np.array([bank.wordings_each for bank in kept], np.float64))
    writer.put(f"{name}.examples", np.array([len(bank.latent) for bank in kept], np.int64))

    def put(part: str, array_of: Callable[[Bank], NDArray[Any]], dtype: Any, bulk: bool = False) -> None:
        lengths = [array_of(bank).size for bank in kept]
        pieces = (array_of(bank).reshape(-1) for bank in kept)
        writer.put(f"{name}.{part}.first", np.array([0, *accumulate(lengths)], np.int64))
        writer.put_pieces(f"{name}.{part}", pieces, dtype, bulk=bulk)

    for part, dtype in zip(BANK_ARRAYS, ("<i8", "<f8", "<f4", "<f8", "<f4"), strict=True):
        put(part, lambda bank, part=part: getattr(bank, part), dtype, part in ("latent", "weights"))  # type: ignore[misc]
    for view in BANK_FIELDS:
        for part, dtype in (("idf", "<f4"), ("starts", "<i4"), ("rows", "<i4"), ("weights", "<f4")):
            put(f"{view}.{part}", lambda b, view=view, part=part: getattr(_view(b, view), part), dtype)  # type: ignore[misc]
        put(f"{view}.terms", lambda b, view=view: _packed(_view(b, view))[0], "<u1")  # type: ignore[misc]
        put(f"{view}.places", lambda b, view=view: _packed(_view(b, view))[1], "<i8")  # type: ignore[misc]
        put(f"{view}.keys", lambda b, view=view: keys_of(map(encode, _view(b, view).vocabulary)), "<u8")  # type: ignore[misc]


def _view(bank: Bank, name: str) -> TermIndex:
    return bank.held if name == "held" else bank.views[name]


def _packed(field: TermIndex) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    encoded = [encode(term) for term in field.vocabulary]
    return np.frombuffer(b"".join(encoded), np.uint8), np.array([0, *accumulate(map(len, encoded))], np.int64)


class SavedBanks(Mapping[int, Bank]):
    """Banks by their document's number, each put together when it is first asked."""

    def __init__(self, sections: Sections, name: str, language: Language) -> None:
        self._sections, self._name, self._language = sections, name, language
        documents: Sequence[int] = sections[f"{name}.documents"].tolist()
        self._places = {document: place for place, document in enumerate(documents)}
        self._opened: dict[int, Bank] = {}

    def __getitem__(self, document: int) -> Bank:
        bank = self._opened.get(document)
        if bank is None:
            bank = self._opened[document] = self._open(self._places[document])
        return bank

    def __contains__(self, document: object) -> bool:
        return document in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def _open(self, place: int) -> Bank:
        sections, name = self._sections, self._name

        def part(part: str) -> NDArray[Any]:
            first = sections[f"{name}.{part}.first"]
            return sections[f"{name}.{part}"][first[place] : first[place + 1]]

        examples = int(sections[f"{name}.examples"][place])
        passages = part("passages")

        def field(view: str) -> TermIndex:
            texts = Texts(part(f"{view}.terms"), part(f"{view}.places"))
            parts = {one: part(f"{view}.{one}") for one in ("idf", "starts", "rows", "weights")}
            n_rows = len(passages) if view == "held" else examples
            return _field(SortedTexts(texts, part(f"{view}.keys")), parts, n_rows)

        return Bank(
            passages=passages,
            views={view: field(view) for view in VIEWS},
            latent=part("latent").reshape(examples, -1),
            centre=part("centre"),
            weights=part("weights").reshape(examples, -1),
            held=field("held"),
            saturated=part("saturated"),
            lexicon=self._language.lexicon,
            language=self._language,
            wordings_each=float(sections[f"{name}.wordings_each"][place]),
        )

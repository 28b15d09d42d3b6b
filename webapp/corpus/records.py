"""Documents of a saved index: each a JSON record in a mapped file, made a `Document` when it is asked for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Chosen, Corpus, Document, Passage, PassageKind, Span, Tagged
from webapp.corpus.sections import Damaged, Sections, SectionWriter
from webapp.corpus.texts import SortedTexts, Texts, encode, save_sorted, save_texts

Places = NDArray[np.integer[Any]]

KEPT_DOCUMENTS = 1024
"""Documents that a process keeps when it has made them, about 6 kB each: those that were read last."""
MANY_DOCUMENTS = 4 * KEPT_DOCUMENTS
KEPT_OF_MANY = 64
"""The same of so many documents that most are read anew anyway: those that a few questions at once need."""
_KINDS = {kind.value: kind for kind in PassageKind}


def save_documents(writer: SectionWriter, corpus: Corpus) -> None:
    """Write the documents of a corpus, and the orders in which they are looked for."""
    starts, sums = [0], []

    def records() -> Iterator[NDArray[np.uint8]]:
        for document in corpus.documents:
            data = record(document)
            starts.append(starts[-1] + len(data))
            sums.append(zlib.crc32(data))
            yield np.frombuffer(data, np.uint8)

    writer.put_pieces("documents.data", records(), np.uint8, bulk=True)
    writer.put("documents.starts", np.array(starts, np.int64))
    writer.put("documents.crc32", np.array(sums, np.uint32))
    by_id = sorted((document.id, number) for number, document in enumerate(corpus.documents))
    save_sorted(writer, "ids", (document_id for document_id, _ in by_id))
    writer.put("ids.documents", np.array([number for _, number in by_id], np.int32))
    writer.put("documents.newest", np.array(corpus.newest_first.numbers, np.int32))
    writer.put("documents.last_days", corpus.last_days)
    tags = sorted(corpus.tags.items())
    save_texts(writer, "tags", (folded for folded, _ in tags))
    save_texts(writer, "tags.written", (tag.written for _, tag in tags))
    writer.put("tags.first", np.array([0, *accumulate(len(tag.numbers) for _, tag in tags)], np.int64))
    writer.put("tags.documents", np.fromiter((number for _, tag in tags for number in tag.numbers), np.int32))


def record(document: Document) -> bytes:
    """Return a document as it is kept."""
    passages = [
        [one.number, one.kind.value, *_pair(one.span), one.paragraph, [_pair(q) for q in one.questions], one.markup]
        for one in document.passages
    ]
    kept = {
        "id": document.id,
        "path": document.path,
        "source": document.source,
        "headline": document.headline,
        "headline_derived": document.headline_derived,
        "published": _day(document.published),
        "published_span": _pair(document.published_span) if document.published_span else None,
        "language": document.language,
        "paragraphs": [_pair(span) for span in document.paragraphs],
        "passages": passages,
        "tags": document.tags,
        "source_url": document.source_url,
        "valid_from": _day(document.valid_from),
        "valid_until": _day(document.valid_until),
    }
    return encode(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


def read_record(data: bytes) -> Document:
    """Return the document that `record` kept."""
    kept: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    kept["published_span"] = Span(*kept["published_span"]) if kept["published_span"] else None
    kept["paragraphs"] = tuple(Span(*pair) for pair in kept["paragraphs"])
    kept["tags"] = tuple(kept["tags"])
    for name in ("published", "valid_from", "valid_until"):
        kept[name] = date.fromisoformat(kept[name]) if kept[name] else None
    kept["passages"] = tuple(
        [
            Passage(number, _KINDS[kind], Span(start, end), paragraph, tuple([Span(*pair) for pair in asked]), markup)
            for number, kind, start, end, paragraph, asked, markup in kept["passages"]
        ]
    )
    return Document(**kept)


class SavedDocuments(Sequence[Document]):
    """All documents of a saved index, in their order."""

    def __init__(self, sections: Sections) -> None:
        self._texts = Texts.open(sections, "documents")
        self._sums = sections["documents.crc32"]
        if len(self._sums) != len(self._texts):
            raise Damaged("checksums of documents")
        self._document = lru_cache(maxsize=_kept_of(len(self._texts)))(self._read)

    @overload
    def __getitem__(self, place: int) -> Document: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Document, ...]: ...

    def __getitem__(self, place: int | slice) -> Document | tuple[Document, ...]:
        known = range(len(self))[place]
        return self._document(known) if isinstance(known, int) else tuple(self._document(number) for number in known)

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[Document]:
        # Whoever goes through all of them must not drive out what others have read.
        return (self._read(number) for number in range(len(self)))

    def _read(self, number: int) -> Document:
        data = self._texts.bytes_at(number)
        if zlib.crc32(data) != self._sums[number]:
            raise Damaged(f"document {number}")
        return read_record(data)


@dataclass(frozen=True, eq=False)
class SavedCorpus(Corpus):
    """The documents of a saved index, or those of them in one language."""

    kept: NumbersById
    order: NDArray[np.int32]
    """Numbers of the documents, the newest first, shape ``(n_documents,)``."""
    ends: NDArray[np.int32]
    """As `last_days`."""
    digest: str
    saved_tags: tuple[Texts, Texts, Places, Places] | None = None
    """Tags case-folded and as written, where the documents of each begin, and these; None to look them up."""

    @classmethod
    def open(cls, sections: Sections, fingerprint: str) -> SavedCorpus:
        """Open what `save_documents` wrote."""
        documents = SavedDocuments(sections)
        by_id, order = sections["ids.documents"], sections["documents.newest"]
        numbers = NumbersById(SortedTexts.open(sections, "ids"), by_id)
        for places in (by_id, order):
            if not np.array_equal(np.sort(places), np.arange(len(documents))):
                raise Damaged("orders of documents")
        ends = sections["documents.last_days"]
        if ends.ndim != 2 or (len(ends) and not 0 <= ends[:, 1].min() <= ends[:, 1].max() < len(documents)):
            raise Damaged("last days of documents")
        tags = Texts.open(sections, "tags"), Texts.open(sections, "tags.written")
        first, tagged = sections["tags.first"], sections["tags.documents"]
        if not len(tags[0]) == len(tags[1]) == len(first) - 1 or first[-1] != len(tagged):
            raise Damaged("tags")
        return cls(documents, numbers, order, ends, fingerprint, (*tags, first, tagged))

    def part(self, chosen: NDArray[np.int32], fingerprint: str) -> SavedCorpus:
        """Return the corpus of some documents, by their numbers in rising order."""
        places = np.full(len(self.documents), -1, np.int32)
        places[chosen] = np.arange(len(chosen), dtype=np.int32)
        order = places[self.order]
        numbers = NumbersById(self.kept.ids, places[self.kept.places])
        ends = np.stack([self.ends[:, 0], places[self.ends[:, 1]]], axis=1)
        ends = ends[ends[:, 1] >= 0]
        return SavedCorpus(Chosen(self.documents, chosen), numbers, order[order >= 0], ends, fingerprint)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The place of each document, by its id."""
        return self.kept

    @cached_property
    def by_id(self) -> Mapping[str, Document]:
        """Documents by their id."""
        return DocumentsById(self.documents, self.kept)

    @property
    def newest_first(self) -> Chosen:
        """The documents with the newest first; those without a date come last."""
        return Chosen(self.documents, self.order)

    @property
    def last_days(self) -> NDArray[np.int32]:
        """The last day of each document that has one, and its place, the earliest first; shape ``(n, 2)``."""
        return self.ends

    @cached_property
    def tags(self) -> Mapping[str, Tagged]:
        """What has each tag, by its case-folded name; unpacked when it is first asked for."""
        if self.saved_tags is None:
            return super().tags
        names, written, first, numbers = self.saved_tags
        runs = pairwise(first.tolist())
        return {
            names.at(place): Tagged(written.at(place), numbers[begin:end]) for place, (begin, end) in enumerate(runs)
        }

    @property
    def fingerprint(self) -> str:
        """The hash over the documents that was worked out when they were saved."""
        return self.digest


class NumbersById(Mapping[str, int]):
    """Places of documents by their ids; ids of documents that are not in the corpus have the place -1."""

    def __init__(self, ids: SortedTexts, places: NDArray[np.int32]) -> None:
        if len(ids) != len(places):
            raise Damaged("ids of documents")
        self.ids, self.places = ids, places
        # An answer asks for the same few documents again and again.
        self._number = lru_cache(maxsize=_kept_of(len(ids)))(self._looked_up)

    def __getitem__(self, document_id: str) -> int:
        number = self._number(document_id)
        if number < 0:
            raise KeyError(document_id)
        return number

    def _looked_up(self, document_id: str) -> int:
        place = self.ids.get(document_id)
        return -1 if place is None else int(self.places[place])

    def __len__(self) -> int:
        return int(np.count_nonzero(self.places >= 0))

    def __iter__(self) -> Iterator[str]:
        return (document_id for document_id, place in zip(self.ids, self.places, strict=True) if place >= 0)


class DocumentsById(Mapping[str, Document]):
    """Documents by their ids, each made when it is asked for."""

    def __init__(self, documents: Sequence[Document], numbers: Mapping[str, int]) -> None:
        self._documents, self._numbers = documents, numbers

    def __getitem__(self, document_id: str) -> Document:
        return self._documents[self._numbers[document_id]]

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


def _kept_of(documents: int) -> int:
    """Return of how many documents a process remembers what it made of them."""
    return KEPT_DOCUMENTS if documents <= MANY_DOCUMENTS else KEPT_OF_MANY


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""What words mean, roughly: latent vectors and kinds of thing, made from WordNet (see LICENSE and PROVENANCE.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.texts import KEY_BYTES, SortedTexts, Texts

# WordNet's lexicographer files for nouns, by their number (lexnames(5WN)).
SENSES = {
    3: "tops",
    4: "act",
    5: "animal",
    6: "artifact",
    7: "attribute",
    8: "body",
    9: "cognition",
    10: "communication",
    11: "event",
    12: "feeling",
    13: "food",
    14: "group",
    15: "location",
    16: "motive",
    17: "object",
    18: "person",
    19: "phenomenon",
    20: "plant",
    21: "possession",
    22: "process",
    23: "quantity",
    24: "relation",
    25: "shape",
    26: "state",
    27: "substance",
    28: "time",
    # Ours: instances of a town or city, and of a country, found by climbing WordNet's hypernyms.
    29: "city",
    30: "country",
}


def sense_bit(name: str) -> int:
    """Return the bit of a sense in a mask."""
    return 1 << next(number - min(SENSES) for number, known in SENSES.items() if known == name)


NAMED_PLACES = sense_bit("city") | sense_bit("country")


@dataclass(frozen=True)
class Lexicon:
    """What is known of stems: senses ``(n_stems,)``; vectors and rarity of the first ones, the others being rare."""

    row: Mapping[str, int]
    vectors: NDArray[np.int8]
    senses: NDArray[np.uint32]
    first_related: NDArray[np.int32]
    """Where each stem's related stems begin in `related`, shape ``(n_stems + 1,)``."""
    related: NDArray[np.int32]
    """Rows of related stems, in order within each stem's run."""
    relatedness: NDArray[np.uint8]
    """How related, in hundredths: derived from one another, synonyms, one more general than the other."""
    verbs: NDArray[np.uint8]
    """How often each stem is a verb, in hundredths."""
    rarity: NDArray[np.float32]
    """``ln((1 + n) / (1 + df))`` over WordNet's glosses, as a share of the most: how rare a stem is in English."""

    per_length: NDArray[np.float32]
    """One over the length of each vector."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def __contains__(self, term: str) -> bool:
        return term in self.row

    def unit_vectors(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return a unit vector for each row, zeros for one that has none, shape ``(len(rows), dimensions)``."""
        found = np.zeros((len(rows), self.dimensions), np.float32)
        known = (rows >= 0) & (rows < len(self.vectors))
        found[known] = unit(self.vectors.take(rows[known], axis=0).astype(np.float32))
        return found

    def cosines(self, rows: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the cosine of each row with each other one, 0 without vectors, shape ``(len(rows), len(others))``.

        The vectors are small whole numbers, so their products are exact: the same on every machine.
        """
        found = np.zeros((len(rows), len(others)), np.float32)
        one = np.flatnonzero((rows >= 0) & (rows < len(self.vectors)))
        other = np.flatnonzero((others >= 0) & (others < len(self.vectors)))
        if len(one) and len(other):
            rows, others = rows[one], others[other]
            left, right = (self.vectors.take(some, axis=0).astype(np.float32) for some in (rows, others))
            cosines = left @ right.T
            cosines *= self.per_length[rows][:, None]
            cosines *= self.per_length[others]
            found[one[:, None], other] = cosines
        return found

    def rows(self, terms: Iterable[str]) -> NDArray[np.int32]:
        """Return each term's row, -1 for one that is not known."""
        return np.array([self.row.get(term, -1) for term in terms], np.int32)

    def relatedness_to(self, row: int, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how related stems are to the one at `row`, in [0, 1], shape of `rows`."""
        begin, end = self.first_related[row], self.first_related[row + 1]
        if begin == end:
            return np.zeros(len(rows), np.float32)
        run = self.related[begin:end]
        at = np.minimum(run.searchsorted(rows), len(run) - 1)
        return np.where(run[at] == rows, (self.relatedness[begin:end] / np.float32(100))[at], np.float32(0))

    def verb_shares(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how often the stem of each row is a verb, in [0, 1]; 0 for one that is not known."""
        found = np.zeros(len(rows), np.float32)
        known = rows >= 0
        found[known] = self.verbs[rows[known]] / 100
        return found

    def sense_mask(self, term: str) -> int:
        """Return the senses of a term as a bit mask; 0 when it is not known."""
        row = self.row.get(term)
        return 0 if row is None else int(self.senses[row])

    def rarity_of(self, terms: list[str]) -> NDArray[np.float32]:
        """Return how rare each term is in English, in [0, 1]; an unknown term is as rare as can be."""
        return self.rarity_at(self.rows(terms))

    def rarity_at(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the same of stems by their rows, -1 for one that is not known."""
        found = np.ones(len(rows), np.float32)
        known = (rows >= 0) & (rows < len(self.rarity))
        found[known] = self.rarity[rows[known]]
        return found


class Stems(Mapping[str, int]):
    """The row of each stem, looked for in the file's bytes.

    A dictionary would be several times as large, and whoever looks up a number in it writes to the page that the number
    is on: sooner or later each worker would have copied all of them.

    Args:
        lines: a stem a line, first those with vectors, then the others; both in the order of their characters.
        with_vectors: how many have vectors.
    """

    def __init__(self, lines: NDArray[np.uint8], with_vectors: int) -> None:
        ends = np.flatnonzero(lines == ord("\n"))
        starts = np.concatenate([[0], ends - np.arange(len(ends))])
        data = lines[lines != ord("\n")]
        self._parts = [
            (first, _sorted(data, starts[first : end + 1]))
            for first, end in ((0, with_vectors), (with_vectors, len(ends)))
        ]

    def __getitem__(self, stem: str) -> int:
        for first, part in self._parts:
            place = part.get(stem)
            if place is not None:
                return first + place
        raise KeyError(stem)

    def __len__(self) -> int:
        return sum(len(part) for _, part in self._parts)

    def __iter__(self) -> Iterator[str]:
        return (stem for _, part in self._parts for stem in part)


def _sorted(data: NDArray[np.uint8], starts: NDArray[np.int64]) -> SortedTexts:
    """Return texts that follow one another, with the numbers that they are looked for by."""
    data, starts = data[starts[0] : starts[-1]], starts - starts[0]
    places = starts[:-1, None] + np.arange(KEY_BYTES)
    within = places < starts[1:, None]
    keys = np.where(within, data[np.minimum(places, len(data) - 1)], np.uint8(0))
    return SortedTexts(Texts(data, starts), keys.view(">u8").astype(np.uint64)[:, 0])


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors scaled to length one; zeros stay zeros."""
    lengths = np.sqrt(np.square(vectors, dtype=np.float64).sum(axis=-1, keepdims=True))
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def _mapped(file: Path) -> NDArray[Any]:
    """Return an array mapped from a file, as a plain array: reading a part of it then costs no ceremony."""
    return np.asarray(np.load(file, mmap_mode="r"))


@cache
def empty() -> Lexicon:
    """Return the lexicon of a language without one: it knows no word, and to it each is as rare as can be."""
    none = np.zeros(0, np.int32)
    return Lexicon(
        row={},
        vectors=np.zeros((0, 1), np.int8),
        senses=none.astype(np.uint32),
        first_related=np.zeros(1, np.int32),
        related=none,
        relatedness=none.astype(np.uint8),
        verbs=none.astype(np.uint8),
        rarity=none.astype(np.float32),
        per_length=none.astype(np.float32),
    )


@cache
def load() -> Lexicon:
    """Return the shipped lexicon, its vectors mapped from the file."""
    folder = Path(__file__).parent
    rarity = np.load(folder / "rarity.npy")
    return Lexicon(
        row=Stems(np.fromfile(folder / "terms.txt", np.uint8), len(rarity)),
        vectors=_mapped(folder / "vectors.npy"),
        per_length=np.load(folder / "per_length.npy"),
        senses=np.load(folder / "senses.npy"),
        first_related=np.load(folder / "first_related.npy"),
        related=_mapped(folder / "related.npy"),
        verbs=np.load(folder / "verbs.npy"),
        relatedness=_mapped(folder / "relatedness.npy"),
        rarity=rarity / rarity.max(),
    )

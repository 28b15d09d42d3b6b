"""The shipped lexicon: what words mean, roughly."""

from hashlib import sha256
from pathlib import Path

import numpy as np

from webapp.retrieval import lexicon
from webapp.retrieval.analysis import term_of
from webapp.retrieval.lexicon import load


def rows(*named: str) -> np.ndarray:
    """Rows of words."""
    return load().rows([term_of(word) for word in named])


def test_cosines_are_those_of_unit_vectors() -> None:
    """The exact product of whole numbers equals the product of unit vectors; unknown words are like nothing."""
    known = load()
    one, other = rows("doctor", "zzyzx", "bridge", "river"), rows("nurse", "physician", "zzyzx")
    expected = known.unit_vectors(one) @ known.unit_vectors(other).T
    np.testing.assert_allclose(known.cosines(one, other), expected, atol=1e-6)
    assert (known.cosines(one, other)[1] == 0).all()


def test_like_words_are_alike() -> None:
    """A doctor is more like a physician than like a bridge."""
    near, far = load().cosines(rows("doctor"), rows("physician", "bridge"))[0]
    assert near > 0.5 > far


def test_derived_words_are_related() -> None:
    """Words derived from one another, and synonyms, are related; others are not."""
    known = load()
    (row,) = rows("decide")
    related = known.relatedness_to(int(row), rows("decision", "banana"))
    assert related[0] >= 0.9
    assert related[1] == 0


def test_rarity_is_between_common_and_unknown() -> None:
    """Rarer words weigh more; an unknown word is as rare as can be."""
    common, rare, unknown = load().rarity_of([term_of(word) for word in ("person", "footbridge", "zzyzx")])
    assert 0 <= common < rare <= unknown == 1


def test_every_stem_has_its_row() -> None:
    """They are looked for by their order, so the file must have them in order."""
    stems = (Path(lexicon.__file__).parent / "terms.txt").read_text("utf-8").splitlines()
    row = load().row
    assert [row.get(stem) for stem in stems] == list(range(len(stems)))
    assert list(row) == stems
    assert len(row) == len(stems)
    assert [row.get(stem) for stem in ("", "harbou", "zzzzzzzzz", "été")] == [None] * 4


def test_its_licence_and_origin_ship_with_it() -> None:
    """WordNet asks that its notice appear on every copy."""
    folder = Path(lexicon.__file__).parent
    assert "Princeton University" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "WordNet 3.0" in (folder / "PROVENANCE.md").read_text(encoding="utf-8")


def test_lengths_are_those_of_the_vectors() -> None:
    """They are worked out once, when the lexicon is made."""
    squares = np.square(load().vectors, dtype=np.int32).sum(axis=1)
    np.testing.assert_array_equal(load().per_length, (1 / np.sqrt(np.maximum(squares, 1))).astype(np.float32))


def test_no_array_changes_without_its_sum() -> None:
    """A saved index is told by these sums whether it was built with this lexicon."""
    folder = Path(lexicon.__file__).parent
    lines = (folder / "arrays.txt").read_text(encoding="ascii").splitlines()
    kept = {name: sum_ for sum_, name in (line.split("  ") for line in lines)}
    assert kept == {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.npy")}

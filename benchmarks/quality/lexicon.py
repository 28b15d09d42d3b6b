"""Makes the shipped lexicon from WordNet's database files.

    python -m benchmarks.quality.lexicon /usr/share/wordnet webapp/retrieval/lexicon

For every stem of WordNet's lemmas, definitions and examples it keeps a short vector of latent meaning and the kinds of
thing the stem's first noun senses name. The vectors are a truncated SVD of a matrix with a row a synset: its lemmas,
definition and examples, joined by what its neighbours in WordNet's graph say, discounted, weighted by TF-IDF
(Deerwester et al. 1990, *Indexing by latent semantic analysis*). No text of WordNet is kept but single stems.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.utils.extmath import randomized_svd

from webapp.retrieval import analysis
from webapp.retrieval.analysis import terms
from webapp.retrieval.lexicon import SENSES, sense_bit

DIMENSIONS = 160
PARTS = ("noun", "verb", "adj", "adv")
# How much of a neighbour's text counts, by WordNet's pointer symbol: hypernym, derivation, similar, and so on.
POINTER_WEIGHTS = {
    "@": 0.5,
    "~": 0.15,
    "&": 0.5,
    "+": 0.7,
    "!": 0.3,
    "^": 0.4,
    "\\": 0.7,
    "$": 0.5,
    "*": 0.3,
    ">": 0.3,
    "@i": 0.3,
    "#p": 0.2,
    "%p": 0.2,
    "=": 0.4,
}
FIRST_STEP, SECOND_STEP = 0.6, 0.3
SENSES_KEPT = 2
BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"our", "or"),
        (r"is(?=e|ation|ing|er)", "iz"),
        (r"ys(?=e|er|ing)", "yz"),
        (r"re$", "er"),
        (r"ogue$", "og"),
        (r"ence$", "ense"),
        (r"ll", "l"),
        (r"ae|oe", "e"),
        (r"mme$", "m"),
        (r"ough$", "ow"),
        (r"tyre", "tire"),
        (r"grey", "gray"),
    )
)
DERIVED, SYNONYM, GENERAL = 90, 64, 40
"""How related two stems are, in hundredths."""
WORDS_OF_THEIR_OWN = """left found saw ground wound lay fell bore rose felt stove dove wove bit being does has was were
    thought leaves better best more most less least worse worst born number rooms media data taxis axes bases people
    us""".split()
_EXAMPLE = re.compile(r'"([^"]*)"?')
_MARKER = re.compile(r"\(.*?\)")


@dataclass(frozen=True, slots=True)
class Synset:
    """One synset of WordNet."""

    key: str
    file_number: int
    lemmas: tuple[str, ...]
    definition: str
    examples: str
    pointers: tuple[tuple[str, str], ...]


def read_synsets(folder: Path) -> Iterator[Synset]:
    """Yield every synset of the database files, in their order (format: wndb(5WN))."""
    for part in PARTS:
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  "):
                continue
            left, _, gloss = line.partition("|")
            fields = left.split()
            n_lemmas = int(fields[3], 16)
            at = 4 + 2 * n_lemmas
            pointers = tuple(
                (fields[p], _kind(fields[p + 2]) + fields[p + 1])
                for p in range(at + 1, at + 1 + 4 * int(fields[at]), 4)
            )
            yield Synset(
                key=_kind(fields[2]) + fields[0],
                file_number=int(fields[1]),
                lemmas=tuple(_MARKER.sub("", fields[4 + 2 * n]).replace("_", " ") for n in range(n_lemmas)),
                definition=_EXAMPLE.sub(" ", gloss),
                examples=" ".join(_EXAMPLE.findall(gloss)),
                pointers=pointers,
            )


def noun_senses(folder: Path, synsets: dict[str, Synset]) -> dict[str, int]:
    """Return, for each stem, a bit mask over `SENSES` of its most frequent noun senses."""
    found: dict[str, int] = defaultdict(int)
    places = _places(synsets)
    for line in (folder / "index.noun").read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split()
        if "_" in fields[0]:
            continue
        stems = terms(fields[0])
        offsets = fields[-int(fields[2]) :]
        if len(stems) == 1:
            for offset in offsets[:SENSES_KEPT]:
                found[stems[0]] |= 1 << (synsets["n" + offset].file_number - min(SENSES)) | places.get("n" + offset, 0)
    return found


def _places(synsets: dict[str, Synset]) -> dict[str, int]:
    """Return the sense bits of every named town or country."""
    found = {}
    for key, synset in synsets.items():
        above, climbing = set(), [target for symbol, target in synset.pointers if symbol == "@i"]
        while climbing:
            at = climbing.pop()
            if at not in above:
                above.add(at)
                climbing += [target for symbol, target in synsets[at].pointers if symbol in ("@", "@i")]
        names = {lemma for at in above for lemma in synsets[at].lemmas}
        found[key] = sense_bit("city") * bool(names & {"city", "town", "municipality"})
        found[key] |= sense_bit("country") * ("country" in names)
    return found


def vectors(synsets: list[Synset], dimensions: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return stems, their unit vectors ``(n_stems, dimensions)`` and their rarity ``(n_stems,)``."""
    rows = []
    for synset in synsets:
        row: dict[str, float] = defaultdict(float)
        for lemma in synset.lemmas:
            stems = terms(lemma)
            for stem in stems:
                row[stem] += 2 if len(stems) == 1 else 1
        for stem in terms(synset.definition):
            row[stem] += 1
        for stem in terms(synset.examples):
            row[stem] += 0.5
        rows.append(row)
    df = Counter(stem for row in rows for stem in row)
    kept = sorted(stem for stem, n in df.items() if n >= 2)
    column = {stem: number for number, stem in enumerate(kept)}
    cells = [(i, column[stem], value) for i, row in enumerate(rows) for stem, value in row.items() if stem in column]
    i, j, value = (np.array(part) for part in zip(*cells, strict=True))
    text = sparse.csr_matrix((value.astype(float), (i, j)), shape=(len(rows), len(kept)))
    graph = _graph(synsets)
    joined = (text + FIRST_STEP * (graph @ text) + SECOND_STEP * (graph @ (graph @ text))).tocsr()
    joined.data = np.log1p(joined.data)
    idf = np.log((1 + len(rows)) / (1 + np.bincount(text.indices, minlength=len(kept))))
    joined = joined @ sparse.diags(idf)
    lengths = np.sqrt(np.asarray(joined.multiply(joined).sum(axis=1)).ravel())
    joined = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ joined
    _, strengths, components = randomized_svd(joined, dimensions, n_iter=4, random_state=0)
    found = components.T * np.sqrt(strengths)
    return kept, found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), idf


def related(synsets: list[Synset], row: dict[str, int]) -> dict[int, dict[int, int]]:
    """Return, for each stem's row, the rows of related stems and how related they are, in hundredths."""
    stems = {synset.key: [t[0] for lemma in synset.lemmas if len(t := terms(lemma)) == 1] for synset in synsets}
    found: dict[int, dict[int, int]] = defaultdict(dict)

    def relate(left: str, right: str, strength: int) -> None:
        if left != right:
            one, other = row[left], row[right]
            found[one][other] = max(found[one].get(other, 0), strength)

    for synset in synsets:
        for left in stems[synset.key]:
            for right in stems[synset.key]:
                relate(left, right, SYNONYM)
            for symbol, target in synset.pointers:
                for right in stems.get(target, ()):
                    if symbol in ("+", "\\") and left[:3] == right[:3]:
                        relate(left, right, DERIVED)
                    elif symbol in ("@", "@i", "&", "$", "*", ">"):
                        relate(left, right, GENERAL)
                        relate(right, left, GENERAL)
    return found


def verbs(folder: Path) -> dict[str, float]:
    """Return how often each stem that WordNet's tagged texts hold is a verb there, as a share."""
    said, as_verb = Counter[str](), Counter[str]()
    for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        sense, _, times = line.split()
        lemma, part = sense.split("%")
        stems = terms(lemma)
        if len(stems) == 1 and "_" not in lemma:
            said[stems[0]] += int(times)
            as_verb[stems[0]] += int(times) * part.startswith("2")
    return {stem: as_verb[stem] / times for stem, times in said.items()}


def irregular(folder: Path) -> dict[str, str]:
    """Return inflected forms and their bases, but for forms that are as often words of their own."""
    found: dict[str, str] = {}
    for part in ("verb", "noun", "adj"):
        for line in (folder / f"{part}.exc").read_text(encoding="latin-1").splitlines():
            words = line.split()
            if len(words) >= 2 and "_" not in line and words[0].isalpha() and words[1].isalpha():
                found.setdefault(words[0], words[1])
    for word in WORDS_OF_THEIR_OWN:
        found.pop(word, None)
    return found | {"kids": "kid", "lost": "lose", "won": "win", "percentage": "percent"}


def spellings(synsets: Iterable[Synset]) -> dict[str, str]:
    """Return stems of British spellings and those of the American ones of the same meaning: "colour", "color"."""
    found: dict[str, str] = {}
    for synset in synsets:
        lemmas = {lemma.lower() for lemma in synset.lemmas if lemma.isalpha()}
        for british in sorted(lemmas):
            for ending, other in BRITISH:
                american = ending.sub(other, british)
                if american != british and american in lemmas:
                    one, another = analysis.term_of(british), analysis.term_of(american)
                    if one != another:
                        found[one] = another
    return {one: another for one, another in found.items() if another not in found}


def _graph(synsets: list[Synset]) -> sparse.csr_matrix:
    number = {synset.key: n for n, synset in enumerate(synsets)}
    cells = [
        (number[synset.key], number[target], POINTER_WEIGHTS[symbol])
        for synset in synsets
        for symbol, target in synset.pointers
        if symbol in POINTER_WEIGHTS and target in number
    ]
    i, j, value = (np.array(part) for part in zip(*cells, strict=True))
    graph = sparse.csr_matrix((value.astype(float), (i, j)), shape=(len(synsets), len(synsets)))
    return sparse.diags(1 / np.maximum(1, np.asarray(graph.sum(axis=1)).ravel())) @ graph


def _kind(part: str) -> str:
    return "a" if part == "s" else part


def per_length(whole: np.ndarray) -> np.ndarray:
    """Return one over the length of each vector."""
    return (1 / np.sqrt(np.maximum(np.square(whole, dtype=np.int32).sum(axis=1), 1))).astype(np.float32)


def sums(folder: Path) -> str:
    """Return the SHA-256 of every array in a folder, as sha256sum writes it."""
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(folder.glob("*.npy")))


def main() -> None:
    """Read WordNet, write the lexicon."""
    parser = argparse.ArgumentParser(description="Make the shipped lexicon from WordNet's database files.")
    parser.add_argument("wordnet", type=Path, help="folder with data.noun, index.noun and so on")
    parser.add_argument("output", type=Path, help="folder to write the lexicon to")
    parser.add_argument("--dimensions", type=int, default=DIMENSIONS)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    bases = irregular(arguments.wordnet)
    (arguments.output / "irregular.txt").write_text(
        "".join(f"{form} {base}\n" for form, base in sorted(bases.items())), encoding="utf-8"
    )
    # The analyzer reads both tables: what follows must be analysed with them.
    for table in (analysis.IRREGULAR, analysis.SPELLINGS):
        table.clear()
    analysis.IRREGULAR.update(bases)
    synsets = list(read_synsets(arguments.wordnet))
    variants = spellings(synsets)
    (arguments.output / "spellings.txt").write_text(
        "".join(f"{british} {american}\n" for british, american in sorted(variants.items())), encoding="utf-8"
    )
    analysis.SPELLINGS.update(variants)
    analysis.term_of.cache_clear()
    stems, found, rarity = vectors(synsets, arguments.dimensions)
    senses = noun_senses(arguments.wordnet, {synset.key: synset for synset in synsets})
    # Words too rare for a vector are kept all the same: they exist, so they are no typing errors.
    known = set(stems)
    others = {
        stem for synset in synsets for lemma in synset.lemmas if " " not in lemma for stem in terms(lemma)
    } - known
    every = stems + sorted(others)
    row = {stem: number for number, stem in enumerate(every)}
    relations = related(synsets, row)
    runs = [sorted(relations.get(number, {}).items()) for number in range(len(every))]
    np.save(arguments.output / "first_related.npy", np.cumsum([0, *map(len, runs)]).astype(np.int32))
    np.save(arguments.output / "related.npy", np.array([other for run in runs for other, _ in run], np.int32))
    np.save(arguments.output / "relatedness.npy", np.array([how for run in runs for _, how in run], np.uint8))
    (arguments.output / "terms.txt").write_text("\n".join(every) + "\n", encoding="utf-8")
    scale = 127 / np.abs(found).max(axis=1, keepdims=True).clip(1e-9)
    whole = np.rint(found * scale).astype(np.int8)
    np.save(arguments.output / "vectors.npy", whole)
    np.save(arguments.output / "per_length.npy", per_length(whole))
    np.save(arguments.output / "senses.npy", np.array([senses.get(stem, 0) for stem in every], np.uint32))
    np.save(arguments.output / "rarity.npy", rarity.astype(np.float32))
    shares = verbs(arguments.wordnet)
    np.save(arguments.output / "verbs.npy", np.array([round(100 * shares.get(stem, 0)) for stem in every], np.uint8))
    (arguments.output / "arrays.txt").write_text(sums(arguments.output), encoding="ascii")
    print(f"{len(every)} stems, {len(stems)} with vectors, {arguments.dimensions} dimensions")


if __name__ == "__main__":
    main()

"""Who is compared: each builds an index in a folder, opens it, and returns the ten best passages of a question.

All read words alike (two letters or more, lower case); none leaves words out.
"""

from __future__ import annotations

import json
import pickle
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEST = 10
_WORD = re.compile(r"\b\w\w+\b")


def read(text: str) -> list[str]:
    """Return the words of a text, as scikit-learn's default does."""
    return _WORD.findall(text.lower())


class Engine(ABC):
    """One way to look passages up."""

    most = 1_000_000
    """Passages it is asked to bear."""

    modules: tuple[str, ...]
    """What is imported before anything is measured."""

    @abstractmethod
    def build(self, texts: Sequence[str]) -> Any:
        """Return an index in memory, or what is left to be saved of it."""

    @abstractmethod
    def save(self, built: Any, folder: Path) -> None:
        """Save it."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Open what was saved, ready to be asked."""

    def prepare(self) -> None:  # noqa: B027 - most have nothing to do
        """Do what its server does beside the first requests; nothing, mostly."""

    @abstractmethod
    def ask(self, question: str) -> list[int]:
        """Return the best passages, the best first."""


class Newsstand(Engine):
    """The index that serves the application: mapped posting lists of scikit-learn's weights."""

    modules = ("webapp.corpus.sections", "webapp.retrieval.saving", "webapp.retrieval.weighting")

    def build(self, texts: Sequence[str]) -> Any:
        from webapp.retrieval.weighting import TermIndex

        return TermIndex.fit(map(read, texts))

    def save(self, built: Any, folder: Path) -> None:
        from webapp.corpus.sections import SectionWriter
        from webapp.retrieval.saving import save_field

        with open(folder / "arrays.bin", "xb") as handle:
            writer = SectionWriter(handle)
            save_field(writer, "field", built)
        directory = {name: section.as_json() for name, section in writer.sections.items()}
        (folder / "manifest.json").write_text(json.dumps(directory))

    def open(self, folder: Path) -> None:
        from webapp.corpus.sections import Section, Sections
        from webapp.retrieval.saving import open_field

        directory = json.loads((folder / "manifest.json").read_text())
        sections = {name: Section.from_json(value) for name, value in directory.items()}
        self.field = open_field(Sections(folder / "arrays.bin", sections), "field")

    def prepare(self) -> None:
        from webapp.retrieval.mapping import map_in

        map_in([self.field])

    def ask(self, question: str) -> list[int]:
        return self.field.foremost(read(question), BEST)


class ScikitLearn(Engine):
    """`TfidfVectorizer` and `linear_kernel`, as its documentation has it."""

    modules = ("scipy.sparse", "sklearn.feature_extraction.text", "sklearn.metrics.pairwise")

    def build(self, texts: Sequence[str]) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(sublinear_tf=True)
        return vectorizer, vectorizer.fit_transform(texts)

    def save(self, built: Any, folder: Path) -> None:
        from scipy.sparse import save_npz

        vectorizer, matrix = built
        save_npz(folder / "matrix.npz", matrix, compressed=False)
        (folder / "vectorizer.pickle").write_bytes(pickle.dumps(vectorizer))

    def open(self, folder: Path) -> None:
        from scipy.sparse import load_npz
        from sklearn.metrics.pairwise import linear_kernel

        self.vectorizer: Any = pickle.loads((folder / "vectorizer.pickle").read_bytes())  # noqa: S301 - just written
        self.matrix, self.kernel = load_npz(folder / "matrix.npz"), linear_kernel

    def ask(self, question: str) -> list[int]:
        import numpy as np

        scores = self.kernel(self.vectorizer.transform([question]), self.matrix).ravel()
        best = np.argpartition(-scores, BEST)[:BEST]
        return best[np.argsort(-scores[best], kind="stable")].tolist()


class Bm25s(Engine):
    """bm25s, with one of its back ends."""

    backend = "numpy"

    modules: tuple[str, ...] = ("bm25s",)

    def build(self, texts: Sequence[str]) -> Any:
        import bm25s

        retriever = bm25s.BM25(backend=self.backend)
        retriever.index([read(text) for text in texts], show_progress=False)
        return retriever

    def save(self, built: Any, folder: Path) -> None:
        built.save(folder, show_progress=False)

    def open(self, folder: Path) -> None:
        import bm25s

        self.retriever = bm25s.BM25.load(folder, mmap=True)
        self.retriever.backend = self.backend
        if self.backend == "numba":
            self.retriever.activate_numba_scorer()

    def ask(self, question: str) -> list[int]:
        found = self.retriever.retrieve([read(question)], k=BEST, show_progress=False, return_as="documents")
        return found[0].tolist()


class Bm25sNumba(Bm25s):
    """bm25s, compiled when it is first asked."""

    backend = "numba"
    modules = ("bm25s", "numba")


class RankBm25(Engine):
    """rank-bm25: lists of dictionaries, read through for every question."""

    most = 10_000

    modules = ("rank_bm25",)

    def build(self, texts: Sequence[str]) -> Any:
        from rank_bm25 import BM25Okapi

        return BM25Okapi([read(text) for text in texts])

    def save(self, built: Any, folder: Path) -> None:
        (folder / "bm25.pickle").write_bytes(pickle.dumps(built))

    def open(self, folder: Path) -> None:
        self.bm25: Any = pickle.loads((folder / "bm25.pickle").read_bytes())  # noqa: S301 - just written

    def ask(self, question: str) -> list[int]:
        import numpy as np

        scores = self.bm25.get_scores(read(question))
        best = np.argpartition(-scores, BEST)[:BEST]
        return best[np.argsort(-scores[best], kind="stable")].tolist()


class Tantivy(Engine):
    """tantivy, Lucene's like in Rust; its documents' numbers are kept in a column."""

    modules = ("tantivy",)

    def build(self, texts: Sequence[str]) -> Any:
        return texts

    def save(self, built: Any, folder: Path) -> None:
        import tantivy

        index = tantivy.Index(self._schema(tantivy), path=str(folder))
        writer = index.writer(heap_size=256_000_000)
        for number, text in enumerate(built):
            writer.add_document(tantivy.Document(number=number, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        import tantivy

        self.index = tantivy.Index(self._schema(tantivy), path=str(folder))
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, question: str) -> list[int]:
        query = self.index.parse_query(" ".join(read(question)), ["text"])
        hits = self.searcher.search(query, BEST, count=False).hits
        return [self.searcher.doc(address)["number"][0] for _, address in hits]

    @staticmethod
    def _schema(tantivy: Any) -> Any:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        builder.add_text_field("text", stored=False)
        return builder.build()


class Fts5(Engine):
    """SQLite's full-text search, its contents kept elsewhere."""

    modules = ("sqlite3",)

    def build(self, texts: Sequence[str]) -> Any:
        return texts

    def save(self, built: Any, folder: Path) -> None:
        with sqlite3.connect(folder / "fts.sqlite3") as database:
            database.execute("CREATE VIRTUAL TABLE passages USING fts5(text, content='', tokenize='unicode61')")
            database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(built, 1))
            database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        database.close()

    def open(self, folder: Path) -> None:
        self.database = sqlite3.connect(f"file:{folder / 'fts.sqlite3'}?mode=ro", uri=True)

    def ask(self, question: str) -> list[int]:
        asked = " OR ".join(f'"{word}"' for word in read(question))
        statement = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] - 1 for row in self.database.execute(statement, (asked, BEST))]


ENGINES: dict[str, type[Engine]] = {
    "Newsstand": Newsstand,
    "scikit-learn": ScikitLearn,
    "bm25s, numpy": Bm25s,
    "bm25s, numba": Bm25sNumba,
    "rank-bm25": RankBm25,
    "tantivy": Tantivy,
    "SQLite FTS5": Fts5,
}

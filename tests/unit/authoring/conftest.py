"""Documents made from texts, as the library makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webapp.corpus.model import Corpus, Document
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile

MakeDocument = Callable[..., Document]
MakeCorpus = Callable[..., Corpus]


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Reads one document from a text in the seed format."""

    def make(text: str, path: str = "a.txt") -> Document:
        (read,) = read_seed(SourceFile(path, text.encode()))
        return Document(**{**vars(read), "id": path})

    return make


@pytest.fixture(scope="session")
def corpus(document: MakeDocument) -> MakeCorpus:
    """Reads documents from texts: a.txt, b.txt and so on."""

    def make(*texts: str) -> Corpus:
        return Corpus(tuple(document(text, f"{letter}.txt") for letter, text in zip("abcdefgh", texts, strict=False)))

    return make


@pytest.fixture(scope="session")
def with_faq() -> Callable[..., str]:
    """Writes a document of an article and pairs of question and answer."""

    def make(article: str, *pairs: tuple[str, str]) -> str:
        faq = "".join(f"\nQ: {question}\nA: {answer}\n" for question, answer in pairs)
        return f"date 2024-05-01 {article}\n\nFAQ:\n{faq}"

    return make

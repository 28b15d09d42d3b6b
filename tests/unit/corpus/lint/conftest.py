"""Documents made from a text, as the library makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webapp.corpus.model import Document
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile

MakeDocument = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Reads one document from a text in the seed format."""

    def make(text: str, path: str = "a.txt") -> Document:
        (read,) = read_seed(SourceFile(path, text.encode()))
        return Document(**{**vars(read), "id": path})

    return make

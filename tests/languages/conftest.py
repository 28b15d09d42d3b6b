"""Documents of one story each in eight languages, and questions about them in other words."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """All documents, a language each."""
    library = read_folder(HERE / "documents")
    assert library.problems == ()
    return library.corpus

"""The examples of docs/documents.md are read as the page says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from webapp.corpus.library import READERS
from webapp.corpus.readers.source_file import SourceFile

PAGE = (Path(__file__).parents[3] / "docs" / "documents.md").read_text("utf-8")
FENCED = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
SUFFIXES = {"markdown": ".md", "html": ".html", "csv": ".csv", "json": ".json", "jsonl": ".jsonl", "xml": ".rss"}
SEED = textwrap.dedent(re.findall(r"(?:^(?:    .*)?\n)+", PAGE.split("## Text\n")[1], re.MULTILINE)[0])


def test_every_format_has_its_example() -> None:
    """And every ending is in the table."""
    assert set(FENCED) == set(SUFFIXES)
    assert all(f"`{suffix}`" in PAGE for suffix in READERS)


@pytest.mark.parametrize(("suffix", "text"), [(".txt", SEED), *((SUFFIXES[name], FENCED[name]) for name in SUFFIXES)])
def test_examples_are_read(suffix: str, text: str) -> None:
    """Without a problem, and with what they say."""
    file = SourceFile(f"example{suffix}", text.encode())
    documents = READERS[suffix](file)
    assert file.problems == []
    texts = {document.text(passage) for document in documents for passage in document.passages}
    assert texts & {"The town of Aldmoor.", "The ferry runs all night from June."}
    if suffix in {".txt", ".md", ".html", ".csv", ".rss"}:
        assert documents[0].source_url == "https://example.org/ferry"
        assert documents[0].tags
    if suffix in {".md", ".csv", ".html", ".json"}:
        assert any(passage.markup for document in documents for passage in document.passages)
    if suffix in {".txt", ".md", ".csv", ".json"}:
        wordings = [len(passage.questions) for document in documents for passage in document.passages]
        assert max(wordings) >= 2

"""The plain things everything else speaks of."""

from __future__ import annotations

from dataclasses import replace

from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile

TWO = "date 2024-05-01 One.\n\n---\n\ndate 2024-05-02 Two.\n\nThree.\n"


def test_lines_are_counted_in_the_file() -> None:
    """Not in the document's own part of it."""
    first, second = read_seed(SourceFile("a.txt", TWO.encode()))
    assert [first.line_of(passage.span.start) for passage in first.passages] == [1]
    assert [second.line_of(passage.span.start) for passage in second.passages] == [5, 7]


def test_unknown_lines_are_none() -> None:
    """Before the first place that is known, and where none is."""
    document = replace(read_seed(SourceFile("a.txt", TWO.encode()))[0], lines=((4, 9), (10, 12)))
    assert [document.line_of(offset) for offset in (0, 3, 4, 9, 10, 99)] == [None, None, 9, 9, 12, 12]
    assert replace(document, lines=()).line_of(3) is None


def test_where_a_document_stands_is_no_part_of_what_it_says() -> None:
    """The same document further down is the same document."""
    first, _ = read_seed(SourceFile("a.txt", TWO.encode()))
    assert first == replace(first, lines=())

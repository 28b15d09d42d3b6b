"""Missing dates: told once a file, in every format."""

from __future__ import annotations

from pathlib import Path

from webapp.corpus.library import read_folder
from webapp.corpus.lint.dates import missing_dates


def told(folder: Path) -> list[tuple[str, int | None, str]]:
    library = read_folder(folder)
    return [(p.path, p.line, p.message) for p in missing_dates(library.corpus.documents, library.problems)]


def test_formats_without_a_date(tmp_path: Path) -> None:
    """A file with several documents is told once, with how many."""
    (tmp_path / "a.md").write_text("# Ferry\n\nIt runs all night.")
    (tmp_path / "b.jsonl").write_text(
        '{"text": "One.", "date": "2024-05-01"}\n{"text": "Two."}\n{"text": "Three."}\n', "utf-8"
    )
    (tmp_path / "c.html").write_text("<h1>Ferry</h1><p>It runs all night.</p>")
    assert told(tmp_path) == [
        ("a.md", 3, "The document has no date."),
        ("b.jsonl", 2, "2 of the 3 documents in this file have no date."),
        ("c.html", None, "The document has no date."),
    ]


def test_what_the_reader_told_is_not_told_again(tmp_path: Path) -> None:
    """Neither where there is none, nor where it is no date."""
    (tmp_path / "a.txt").write_text("It runs all night.")
    (tmp_path / "b.jsonl").write_text('{"text": "Two.", "date": "2024-13-01"}')
    assert told(tmp_path) == []
    assert [problem.code for problem in read_folder(tmp_path).problems] == ["no-date", "bad-date"]


def test_dated_documents_pass(tmp_path: Path) -> None:
    """Nothing to say."""
    (tmp_path / "a.txt").write_text("date 2024-05-01 It runs all night.")
    assert told(tmp_path) == []

"""What every reader promises, whatever the format: true offsets, problems with their place, and never a crash."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from webapp.corpus.library import READERS, read_folder
from webapp.corpus.model import Document, Problem
from webapp.corpus.readers.fields import date_of
from webapp.corpus.readers.source_file import SourceFile, Unreadable

QUESTION = "Who runs the ferry?"
ANSWER = "The town of Aldmoor."


def _workbook() -> bytes:
    book = Workbook()
    for row in (["Question", "Answer"], [QUESTION, ANSWER], ["Left open?", None]):
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


GOOD: dict[str, bytes] = {
    ".txt": f"date 2024-05-01 It runs all night.\n\nFAQ:\n\nQ: {QUESTION}\n\nA: {ANSWER}\n\nQ: Left open?\n".encode(),
    ".md": f"---\ndate: 2024-05-01\n---\n# Ferry\n\nIt runs *all* night.\n\n"
    f"## FAQ\n\n### {QUESTION}\n\n{ANSWER}\n\n### Left open?\n".encode(),
    ".html": f"<html lang=en><h1>Ferry</h1><p>It runs all night.</p>\n<script type='application/ld+json'>{{</script>"
    f"<details><summary>{QUESTION}</summary><p>{ANSWER}</p></details></html>".encode(),
    ".csv": f"Question,Answer\n{QUESTION},{ANSWER}\nLeft open?,\n".encode(),
    ".tsv": f"Question\tAnswer\n{QUESTION}\t{ANSWER}\nLeft open?\t\n".encode(),
    ".xlsx": _workbook(),
    ".json": f'{{"qna": [{{"qid": "1", "q": ["{QUESTION}"], "a": "{ANSWER}"}},\n{{"q": ["Left open?"]}}, 5]}}'.encode(),
    ".jsonl": f'{{"question": "{QUESTION}", "answer": "{ANSWER}"}}\n{{"question": "Left open?"}}\n'.encode(),
    ".rss": b"<rss><channel><item><title>Ferry</title><description>It runs all night.</description>\n"
    b"<pubDate>some day</pubDate></item></channel></rss>",
    ".atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Ferry</title><content>It runs all night."
    b"</content>\n<updated>some day</updated></entry></feed>",
}
"""A good file of each format, with one thing to mend."""
LINES = {
    ".txt": 5,
    ".md": 10,
    ".html": 2,
    ".csv": 2,
    ".tsv": 2,
    ".xlsx": 2,
    ".json": 1,
    ".jsonl": 1,
    ".rss": 1,
    ".atom": 1,
}
"""Where the first question, or else the article, of each stands in its file."""
ALIASES = {".markdown": ".md", ".htm": ".html", ".ndjson": ".jsonl", ".xml": ".rss"}
TEXT_FORMATS = sorted(set(GOOD) - {".xlsx"})

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(suffix: str, data: bytes) -> tuple[list[Document], list[Problem]]:
    """Read one file as the library does, but let a reader's own failure out."""
    file = SourceFile(f"d{suffix}", data)
    try:
        documents = READERS[suffix](file)
    except Unreadable as unreadable:
        documents, file.problems = [], [*file.problems, unreadable.problem]
    check(documents, file.problems)
    assert documents or file.problems
    return documents, file.problems


def check(documents: list[Document], problems: list[Problem]) -> None:
    for document in documents:
        document.source.encode("utf-8")
        assert document.headline.strip() and document.passages
        if document.published_span is not None:
            assert date_of(document.published_span.of(document.source)) == document.published
        offsets, lines = zip(*document.lines, strict=True) if document.lines else ((), ())
        assert list(offsets) == sorted(set(offsets)) and all(0 <= offset <= len(document.source) for offset in offsets)
        assert all(line >= 1 for line in lines)
        for number, passage in enumerate(document.passages):
            assert passage.number == number
            for span in (passage.span, *passage.questions):
                text = document.source[span.start : span.end]
                assert text and text == text.strip()
            if passage.markup is not None:
                shown = unescape(re.sub(r"<[^>]*>", "", passage.markup))
                assert "".join(shown.split()) == "".join(document.text(passage).split())
    for problem in problems:
        assert problem.path and problem.code and problem.message and problem.advice
        assert problem.line is None or problem.line >= 1


@pytest.fixture(params=sorted(GOOD))
def suffix(request: pytest.FixtureRequest) -> str:
    """Each format in turn."""
    return str(request.param)


def test_every_format_is_tried() -> None:
    """A format that is added is added here, too."""
    assert set(READERS) == {*GOOD, *ALIASES}
    assert all(READERS[alias] is READERS[suffix] for alias, suffix in ALIASES.items())


def test_a_good_file_is_served(suffix: str) -> None:
    """Its words are there, and what is to mend is named with its line."""
    documents, problems = read(suffix, GOOD[suffix])
    texts = [document.text(passage) for document in documents for passage in document.passages]
    questions = [document.question(passage) for document in documents for passage in document.passages]
    assert "It runs all night." in texts or (ANSWER in texts and QUESTION in questions)
    if suffix not in {".rss", ".atom"}:
        assert dict(zip(questions, texts, strict=True))[QUESTION] == ANSWER
    assert [problem.line for problem in problems if problem.line] and problems[0].line != 1


def test_passages_know_their_lines(suffix: str) -> None:
    """Where the author finds them in the file."""
    documents, _ = read(suffix, GOOD[suffix])
    passages = [(document, passage) for document in documents for passage in document.passages]
    document, asked = next((each for each in passages if each[1].questions), passages[0])
    assert document.line_of((asked.questions or (asked.span,))[0].start) == LINES[suffix]


def test_reading_is_repeatable(suffix: str) -> None:
    """The same bytes give the same documents."""
    assert read(suffix, GOOD[suffix]) == read(suffix, GOOD[suffix])


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("suffix", TEXT_FORMATS)
def test_byte_order_mark_and_line_ends(suffix: str, mark: bytes, line_end: bytes) -> None:
    """Neither makes a difference."""
    documents, _ = read(suffix, mark + GOOD[suffix].replace(b"\n", line_end))
    assert documents == read(suffix, GOOD[suffix])[0]


def test_truncated_anywhere(suffix: str) -> None:
    """A file that ends too early."""
    data = GOOD[suffix]
    for end in range(0, len(data), max(1, len(data) // 40)):
        read(suffix, data[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\0",
        b"\xff\xfea\0",
        b"caf\xe9",
        b"\xef\xbb\xbf",
        b"---\n",
        b"\r",
        b"PK\x03\x04",
        b"[" * 10_000,
        b"{" * 10_000,
        b'{"a":' * 10_000,
        b"<a>" * 10_000,
        b"> " * 10_000,
        b"&b;",
        b"\xf0\x9f\x98\x80",
        b'"',
        b'Question,Answer\n"',
        b"Q: ?\nA:",
    ],
    ids=lambda data: repr(data[:8]),
)
def test_nasty_bytes(suffix: str, data: bytes) -> None:
    """Bytes that are no file of the format: documents or problems, nothing else."""
    read(suffix, data)


@given(data=st.binary(max_size=200))
@few
def test_any_bytes(data: bytes) -> None:
    """Whatever stands in a file."""
    for suffix in GOOD:
        read(suffix, data)


@given(text=st.text(max_size=200))
@few
def test_any_text(text: str) -> None:
    """Whatever text stands in a file."""
    for suffix in TEXT_FORMATS:
        read(suffix, text.encode("utf-8", "surrogatepass"))


@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=8), cut=st.integers(0, 8))
@few
def test_damaged_files(at: float, junk: bytes, cut: int) -> None:
    """A good file with some bytes overwritten."""
    for suffix, data in GOOD.items():
        start = int(at * len(data))
        read(suffix, data[:start] + junk + data[start + cut :])


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(question=WORDS, answer=WORDS)
@few
def test_any_words_in_tables_and_json(question: str, answer: str) -> None:
    """Words go through as they are, but for control characters and white space at the ends."""
    import csv
    import json

    table = io.StringIO()
    csv.writer(table).writerows([["Question", "Answer", "Format"], [question, answer, "text"]])
    line = json.dumps({"question": question, "answer": answer, "format": "text"})
    for suffix, data in ((".csv", table.getvalue()), (".jsonl", line), (".json", f"[{line}]")):
        for document in read(suffix, data.encode())[0]:
            text = document.text(document.passages[0])
            kept = "".join(char for char in answer if char.isprintable())
            assert "".join(char for char in text if char.isprintable()).split() == kept.split()


@given(body=st.text("ab <>/&;='\"pulibrdv\n*_[]()#-|`", max_size=120))
@few
def test_any_markup(body: str) -> None:
    """Markup that no one would write: what is shown has the words that are quoted, and only safe tags."""
    for suffix, data in (
        (".md", f"# T\n\n## FAQ\n\n### Q?\n\n{body}"),
        (".html", f"<details><summary>Q?</summary>{body}</details>"),
    ):
        for document in read(suffix, data.encode())[0]:
            for passage in document.passages:
                assert not re.search(r"<(?:script|img|style|iframe)|\son\w+=|javascript:", passage.markup or "")


@pytest.mark.parametrize("suffix", sorted(GOOD))
def test_one_bad_file_hides_no_other(suffix: str, tmp_path: Path) -> None:
    """In a folder of every format, the damaged one is told and the others are served."""
    for each, data in GOOD.items():
        (tmp_path / f"file{each}").write_bytes(data if each != suffix else b"\0\xff")
    library = read_folder(tmp_path)
    assert {document.path for document in library.corpus.documents} == {
        f"file{each}" for each in GOOD if each != suffix
    }
    assert f"file{suffix}" in {problem.path for problem in library.problems}
    assert len(library.corpus.by_id) == len(library.corpus.documents)


def test_long_lines(suffix: str) -> None:
    """A line of ten million characters is read or refused in reasonable time."""
    make: Callable[[bytes], bytes] = {".csv": lambda words: b"Question,Answer\nQ?," + words}.get(suffix, lambda w: w)
    read(suffix, make(b"word " * 1_999_990))

"""Files that were made to do harm: each is refused with a problem, and costs neither memory nor time."""

from __future__ import annotations

import io
import json
import os
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.corpus.library import read_folder

GOOD = "date 2024-01-02 The ferry runs all night from June."
SECONDS = 20
BILLION = (
    '<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>\n<rss><item><title>&i;</title><description>&i;</description></item></rss>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item>&x;</item></rss>'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one good document, which must be served whatever stands beside it, and soon."""
    (tmp_path / "good.txt").write_text(GOOD)
    began = time.monotonic()
    yield tmp_path
    assert "good" in read_folder(tmp_path).corpus.by_id
    assert time.monotonic() - began < SECONDS


def codes(folder: Path) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in read_folder(folder).problems if problem.code != "no-date"]


def workbook(sheet: bytes, *, told_bytes: int | None = None) -> bytes:
    """Return a packed file with one part; `told_bytes` is what it says of that part's size."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    data = packed.getvalue()
    if told_bytes is not None:
        data = data.replace(len(sheet).to_bytes(4, "little"), told_bytes.to_bytes(4, "little"))
    return data


@pytest.mark.parametrize("told_bytes", [None, 100])
def test_packed_bomb(folder: Path, told_bytes: int | None) -> None:
    """A small workbook that holds a huge one is refused before it is expanded, whatever it says of its size."""
    (folder / "bomb.xlsx").write_bytes(workbook(bytes(200_000_000), told_bytes=told_bytes))
    tracemalloc.start()
    try:
        found = codes(folder)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found in ([("too-large", None)], [("bad-workbook", None)])
    assert peak_bytes < 20_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 no more", "bad-workbook"),
        (workbook(b"<worksheet/>"), "bad-workbook"),
        (workbook(b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet>&b;</worksheet>"), "entities"),
    ],
)
def test_workbooks_that_are_none(folder: Path, data: bytes, code: str) -> None:
    """Packed files without the parts of a workbook, or with more than it has."""
    (folder / "bad.xlsx").write_bytes(data)
    assert codes(folder) == [(code, None)]


@pytest.mark.parametrize("xml", [BILLION, OUTSIDE])
def test_entities(folder: Path, xml: str) -> None:
    """No entity is expanded, and none opens a file."""
    (folder / "bomb.xml").write_text(xml)
    assert [code for code, _ in codes(folder)] == ["entities"]


@pytest.mark.parametrize("name", ["deep.json", "deep.jsonl"])
@pytest.mark.parametrize("opening", ["[", '{"a":', '{"qna":[', '{"qna":[{"q":'])
def test_nested_ten_thousand_deep(folder: Path, name: str, opening: str) -> None:
    """JSON that is nested too deep is a problem of its line."""
    (folder / name).write_text(opening * 10_000)
    assert codes(folder) == [("bad-json", 1)]


def test_numbers_without_end(folder: Path) -> None:
    """A number of a million digits is told, too; what stands before it is served."""
    (folder / "n.json").write_text('[{"question": "a", "answer": "b"},\n{"question": 1' + "0" * 1_000_000 + "}]")
    assert codes(folder) == [("bad-json", 2)]
    assert "n" in read_folder(folder).corpus.by_id


@pytest.mark.parametrize("piece", ["[", "*a ", "![a](", "> ", "`", "<a ", "&", "| a |\n|---|\n", "- "])
def test_markdown_that_takes_long(folder: Path, piece: str) -> None:
    """Markdown whose parsing takes longer the longer it is, is refused at some length."""
    (folder / "slow.md").write_text(piece * (400_000 // len(piece)))
    read_folder(folder)


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<p>a", "<table><tr><td>", "<!--", "<a href='", "<details><summary>a"]
)
def test_pages_that_take_long(folder: Path, piece: str) -> None:
    """So are pages, nested deep or never closed."""
    (folder / "slow.html").write_text(piece * 20_000)
    read_folder(folder)


@pytest.mark.parametrize("answer", ["<b>" * 50_000, "[" * 100_000, "<p>" * 30_000 + "x", "*a " * 50_000])
@pytest.mark.parametrize("form", ["html", "markdown"])
def test_answers_that_take_long(folder: Path, answer: str, form: str) -> None:
    """So are answers with markup."""
    (folder / "slow.jsonl").write_text(json.dumps({"question": "a", "answer": answer, "format": form}))
    read_folder(folder)


@pytest.mark.parametrize("suffix", ["md", "html", "csv", "json", "jsonl", "xlsx", "rss"])
def test_no_way_out_of_the_folder(folder: Path, suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Links, pipes and odd names are what they are for the seed format."""
    outside = tmp_path_factory.mktemp("outside") / f"o.{suffix}"
    outside.write_text(GOOD)
    (folder / f"link.{suffix}").symlink_to(outside)
    os.mkfifo(folder / f"pipe.{suffix}")
    (folder / os.fsdecode(f"odd\n\udce9.{suffix}".encode("utf-8", "surrogateescape"))).write_text("\0")
    library = read_folder(folder)
    assert {"outside", "not-a-file"} <= {problem.code for problem in library.problems}
    assert all(problem.path.isprintable() for problem in library.problems)
    assert len(library.corpus.documents) == 1


def test_link_in_markup_cannot_run(folder: Path) -> None:
    """Links lead to pages only, and nothing else is let through."""
    answer = (
        '<a href="javascript:alert(1)">a</a> <a href=" https://e.org/x" onclick="x">b</a> <img src=x onerror=y><b>c</b>'
    )
    (folder / "a.jsonl").write_text(json.dumps({"question": "q", "answer": answer}))
    passage = read_folder(folder).corpus.by_id["a"].passages[0]
    assert passage.markup == 'a <a href="https://e.org/x" rel="noopener nofollow external">b</a> <b>c</b>'


def test_a_long_cell_is_a_cell(tmp_path: Path) -> None:
    """A table's cells may be longer than Python's reader takes by itself, as those of a workbook may."""
    answer = "Tom paints the fence. " * 10_000
    (tmp_path / "fence.csv").write_text(f'Question,Answer\nWho paints?,"{answer}"\nWhat is next?,Tea.\n')
    library = read_folder(tmp_path)
    (document,) = library.corpus.documents
    assert [document.text(passage) for passage in document.passages] == [answer.strip(), "Tea."]
    assert not library.problems


def test_words_and_their_markup_lose_the_same_characters(tmp_path: Path) -> None:
    """What no page can hold is left out of both, so that they stay the same words."""
    text = "---\ndate: 2024-05-01\n---\n# Ferry\n\nIt runs.\n\n## FAQ\n\n### When?\n\nAt *ni\x15ght*, all night.\n"
    (tmp_path / "d.md").write_bytes(text.encode())
    (document,) = read_folder(tmp_path).corpus.documents
    answer = document.passages[-1]
    assert document.text(answer) == "At night, all night."
    assert answer.markup is not None and "At <em>night</em>, all night." in answer.markup


def test_elements_with_names_that_are_none(tmp_path: Path) -> None:
    """A page may hold them; whatever it is worth, its reader does not fail on them."""
    (tmp_path / "d.html").write_text("<html.</p></deta<p>It runs all night.</p>2<script tyils></html>", "utf-8")
    assert "reader-failed" not in {problem.code for problem in read_folder(tmp_path).problems}

"""The reading room."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus
from webapp.web.article import article_view

SEED = "/documents/000_e9223e5004065d9e"


def test_index_lists_documents_newest_first(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """Documents come newest first, those without a date last."""
    for name, start in {"a": "date 2020-01-01 Old", "b": "Undated", "c": "date 2024-05-06 New"}.items():
        (tmp_path / f"{name}.txt").write_text(f"{start} things happened here on the coast.\n", encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    text = make_app(answerer).test_client().get("/documents/").text
    places = [text.index(word) for word in ("New things", "Old things", "Undated things")]
    assert places == sorted(places)
    assert '<time datetime="2024-05-06">6 May 2024</time>' in text


def test_counts_name_what_there_is(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """A table of questions has no sentences, an article may have no questions: neither is counted as none."""
    (tmp_path / "table.csv").write_text("Question,Answer\nWho paints?,Tom.\nWhat next?,Tea.\n", encoding="utf-8")
    (tmp_path / "town.txt").write_text("date 2024-01-01 The fair opened in town.\n", encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    text = make_app(answerer).test_client().get("/documents/").text
    assert re.findall(r'"entry-counts">(.*?)<', text) == ["1 sentence", "2 answered questions"]


def test_many_documents_come_in_pages(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """The index shows fifty documents at a time and survives any page number."""
    for n in range(51):
        (tmp_path / f"d{n}.txt").write_text(f"date 2024-01-01 Thing {n} happened in town.\n", encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    client = make_app(answerer).test_client()
    assert client.get("/documents/").text.count('class="entry"') == 50
    for page in ("2", "999"):
        assert client.get(f"/documents/?page={page}").text.count('class="entry"') == 1
    for page in ("0", "-1", "x", ""):
        assert "Page 1 of 2" in client.get(f"/documents/?page={page}").text


def test_article_gives_every_passage_an_address(client: FlaskClient, seed_corpus: Corpus) -> None:
    """Each passage stands in an element with its id, character for character."""
    text = client.get(SEED).text
    document = seed_corpus.by_id["000_e9223e5004065d9e"]
    for passage in document.passages:
        found = re.search(rf'<(span|div) class="passage" id="p{passage.number}">(.*?)</\1>', text, re.DOTALL)
        assert found is not None
        assert unescape(re.sub(r"<[^>]+>", "", found[2])).strip() == document.text(passage)


def test_paragraphs_keep_their_text(seed_corpus: Corpus, nasty) -> None:  # type: ignore[no-untyped-def]
    """The pieces of a paragraph put together are the paragraph."""
    for document in (*seed_corpus.documents, *nasty.corpus.documents):
        whole = ["".join(piece.text for piece in pieces) for pieces in article_view(document).paragraphs]
        assert whole == [span.of(document.source) for span in document.paragraphs]


def test_article_tells_date_and_derived_headline(client: FlaskClient) -> None:
    """The date is in words, and a headline that was made here is said to be."""
    text = client.get(SEED).text
    assert '<time id="date" datetime="2023-12-28">28 December 2023</time>' in text
    assert "came without a headline" in text


def test_markup_in_an_article_is_text(make_app: Callable[..., Flask], nasty) -> None:  # type: ignore[no-untyped-def]
    """Nothing in a document becomes markup."""
    client = make_app(nasty).test_client()
    for path in ("/documents/", "/documents/nasty"):
        text = client.get(path).text
        assert "<script>" not in text and "<img" not in text and "<b " not in text
    assert text.count('<p dir="auto">') == 3


@pytest.mark.parametrize(
    "path", ["/documents/none", "/documents/..%2f..%2fetc%2fpasswd", "/documents/%00", "/documents/a/b"]
)
def test_unknown_document_is_404(client: FlaskClient, path: str) -> None:
    """An address that names no document gets the designed error page."""
    response = client.get(path)
    assert response.status_code == 404
    assert "See all documents" in response.text


def test_address_without_slash_leads_on(client: FlaskClient) -> None:
    """/documents leads to /documents/, on this host whatever the request calls it."""
    response = client.get("/documents", headers={"Host": "evil.example"})
    assert response.status_code == 308
    assert response.location == "/documents/"


RICH = "# Ferry\n\nIt runs all night.\n\n## FAQ\n\n### Who runs it?\n\n"
RICH += "The *town*:\n\n- [north](https://e.org/?a=1&b=2)\n- a<b\n"
RICH_SHOWN = '<li><a href="https://e.org/?a=1&amp;b=2" rel="noopener nofollow external">north</a></li>\n<li>a&lt;b</li>'


def test_markup_is_shown(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """An FAQ answer is shown as its author set it, in the article."""
    (tmp_path / "ferry.md").write_text(RICH)
    answerer.corpus = read_folder(tmp_path).corpus
    page = make_app(answerer).test_client().get("/documents/ferry").text
    assert RICH_SHOWN in page and "<em>town</em>" in page


def test_markup_is_quoted(tmp_path: Path, make_app: Callable[..., Flask], htmx: dict[str, str]) -> None:
    """So it is where it answers, while the words of the quote are those of the source."""
    from webapp.answering.answerer import Answerer

    (tmp_path / "ferry.md").write_text(RICH)
    client = make_app(Answerer.build(read_folder(tmp_path).corpus)).test_client()
    citation = client.post("/api/v1/ask", json={"question": "Who runs it?"}).json["citation"]
    source = client.get("/api/v1/documents/ferry").json["source"]
    assert citation["quote"] == "The town:\n\nnorth\na<b" == source[citation["start"] : citation["end"]]
    page = client.post("/chat", data={"question": "Who runs it?"}, headers=htmx).text
    assert RICH_SHOWN in page

"""Tags and sources: on cards, in the index, and for machines."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from webapp.corpus.library import read_folder

TAGGED = """date 2024-03-01
tags: Harbour, Public <works>
source: https://www.example.org/harbour?a=1&b=2

New crane

The crane came in March.

FAQ:

Q: When did the crane come?

A: It came in March.
"""
PLAIN = "date 2024-03-02\ntags: harbour\n\nNew ferry\n\nThe ferry sails twice a day.\n"
UNTAGGED = "date 2024-03-03\n\nNew bench\n\nThe bench is green.\n"


@pytest.fixture
def client(tmp_path: Path, make_app: Callable[..., object], answerer) -> FlaskClient:  # type: ignore[no-untyped-def]
    for name, text in (("crane", TAGGED), ("ferry", PLAIN), ("bench", UNTAGGED)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    return make_app(answerer).test_client()  # type: ignore[attr-defined, no-any-return]


def headlines(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*><a [^>]*>([^<]*)</a></h2>", page)


def test_index_offers_each_tag_once(client: FlaskClient) -> None:
    """However it is capitalised, in alphabetical order."""
    page = client.get("/documents/").text
    choice = page.partition('<nav class="tag-choice"')[2].partition("</nav>")[0]
    assert re.findall(r'dir="auto">([^<]*)</a>', choice) == ["Harbour", str(escape("Public <works>"))]


def test_tag_limits_the_index(client: FlaskClient) -> None:
    """Newest first, the choice marked, a way back; search engines are kept to the whole index."""
    page = client.get("/documents/?tag=HARBOUR").text
    assert headlines(page) == ["New ferry", "New crane"]
    assert "2 documents tagged “HARBOUR”, newest first." in page
    assert page.count('aria-current="true"') >= 1 and 'content="noindex"' in page
    assert headlines(client.get("/documents/?tag=none").text) == []


def test_search_within_a_tag(client: FlaskClient) -> None:
    """The form keeps the tag; both must fit."""
    page = client.get("/documents/?tag=harbour").text
    assert '<input type="hidden" name="tag" value="harbour">' in page
    assert headlines(client.get("/documents/?tag=harbour&q=crane").text) == ["New crane"]
    assert headlines(client.get("/documents/?tag=harbour&q=bench").text) == []


def test_article_shows_tags_and_source(client: FlaskClient) -> None:
    """Each tag leads to its documents, the source to the page it comes from, which is told nothing of this one."""
    page = client.get("/documents/crane").text
    assert '<a href="/documents/?tag=Public+%3Cworks%3E" rel="tag" dir="auto">Public &lt;works&gt;</a>' in page
    assert (
        'href="https://www.example.org/harbour?a=1&amp;b=2" rel="external noopener noreferrer">Original at example.org'
        in page
    )
    assert "Original at" not in client.get("/documents/bench").text


def test_machines_are_told(client: FlaskClient) -> None:
    """The API, schema.org and the feed name both."""
    (crane,) = [d for d in client.get("/api/v1/documents").json["documents"] if d["id"] == "crane"]  # type: ignore[index]
    assert crane["tags"] == ["Harbour", "Public <works>"]
    assert crane["source_url"] == "https://www.example.org/harbour?a=1&b=2"
    page = client.get("/documents/crane").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert data["keywords"] == crane["tags"] and data["isBasedOn"] == crane["source_url"]
    assert '<category term="Public &lt;works&gt;" />' in client.get("/feed.atom").text


def test_answer_shows_them_on_its_card(client: FlaskClient) -> None:
    """The document card of an answer has headline, date, tags and the link to the source."""
    page = client.post("/chat", data={"question": "When did the crane come?"}, follow_redirects=True).text
    card = page.partition("<figcaption>")[2].partition("</figcaption>")[0]
    for part in ("New crane", "1 March 2024", ">Harbour</a>", "Original at example.org", "Read it in the article"):
        assert part in card

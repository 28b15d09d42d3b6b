"""What machines read: a site map, a feed, rules for robots, documents as schema.org describes them."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.corpus.library import read_folder
from webapp.web import feeds

ATOM = "{http://www.w3.org/2005/Atom}"
SITE_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ARTICLE = "/documents/000_e9223e5004065d9e"
HOSTILE = "</script><script>alert(1)</script> & <b>\"'\x07"


@pytest.fixture
def hostile(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> FlaskClient:  # type: ignore[no-untyped-def]
    """A document whose every text tries to break out."""
    (tmp_path / "bad.txt").write_text(
        f" date 2024-05-06 {HOSTILE} happened in town. It was odd.\n\nFAQ:\n\n"
        f"Q: What is {HOSTILE}?\n\nA: Just {HOSTILE}.\n",
        encoding="utf-8",
    )
    answerer.corpus = read_folder(tmp_path).corpus
    return make_app(answerer).test_client()


def tree(data: bytes) -> Element:
    """What Newsstand wrote itself, read again."""
    return ET.fromstring(data)  # noqa: S314 - our own


def described(text: str) -> list[dict[str, object]]:
    """The data that a page carries for search engines."""
    return [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    ]


def test_article_is_described(client: FlaskClient) -> None:
    """A NewsArticle and an FAQPage, with addresses that lead back."""
    article, faq = described(client.get(ARTICLE).text)
    assert article["@type"] == "NewsArticle"
    assert date.fromisoformat(str(article["datePublished"]))
    assert str(article["url"]).endswith(ARTICLE)
    assert "Jaishankar" in str(article["articleBody"])
    assert faq["@type"] == "FAQPage"
    questions = faq["mainEntity"]
    assert isinstance(questions, list)
    assert len(questions) == 5
    for question in questions:
        assert question["@type"] == "Question"
        assert question["name"] and question["acceptedAnswer"]["text"]
        assert f'id="{question["url"].rpartition("#")[2]}"' in client.get(ARTICLE).text


def test_site_map_names_every_page(client: FlaskClient) -> None:
    """The chat, the index and the article with its date."""
    root = tree(client.get("/sitemap.xml").data)
    addresses = [row.findtext(f"{SITE_MAP}loc") for row in root]
    assert addresses == ["http://localhost/", "http://localhost/documents/", f"http://localhost{ARTICLE}"]
    assert root[2].findtext(f"{SITE_MAP}lastmod") == "2023-12-28"


def test_large_site_map_comes_in_parts(
    tmp_path: Path,
    make_app: Callable[..., Flask],
    answerer,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limit it names parts, which together name every page once."""
    monkeypatch.setattr(feeds, "ADDRESSES_MOST", 5)
    for n in range(9):
        (tmp_path / f"d{n}.txt").write_text(f"Thing {n} happened.\n", encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    client = make_app(answerer).test_client()
    root = tree(client.get("/sitemap.xml").data)
    parts = [str(row.findtext(f"{SITE_MAP}loc")) for row in root]
    assert root.tag == f"{SITE_MAP}sitemapindex"
    named = [row.findtext(f"{SITE_MAP}loc") for part in parts for row in tree(client.get(part).data)]
    assert len(named) == len(set(named)) == 11
    assert client.get("/sitemap-0.xml").status_code == client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


def test_feed_has_what_atom_asks_for(client: FlaskClient) -> None:
    """RFC 4287: id, title and updated of feed and entries, an author, a link to itself."""
    response = client.get("/feed.atom")
    root = tree(response.data)
    assert response.mimetype == "application/atom+xml"
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    assert client.get("/feed.atom", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_robots_are_led_to_documents_only(client: FlaskClient) -> None:
    """Conversations and shared answers are not for search engines."""
    text = client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert {"Disallow: /a/", "Disallow: /chat", "Disallow: /conversations"} <= set(text.splitlines())


def test_operator_says_the_address(make_app: Callable[..., Flask]) -> None:
    """Whatever a request calls the host, machines are told the operator's address."""
    client = make_app(public_url="https://ask.example.org").test_client()
    for path in ("/sitemap.xml", "/feed.atom", "/robots.txt", ARTICLE, "/documents/"):
        text = client.get(path, headers={"Host": "evil.example"}).text
        assert "https://ask.example.org/" in text
        assert "evil.example" not in text


def test_hostile_texts_stay_texts(hostile: FlaskClient) -> None:
    """Nothing breaks out of the data, the page or the feed."""
    page = hostile.get("/documents/bad").text
    assert "<script>alert" not in page
    article, faq = described(page)
    assert "</script><script>alert(1)</script>" in str(article["articleBody"])
    assert "alert(1)" in str(faq["mainEntity"])
    assert "alert(1)" in str(tree(hostile.get("/feed.atom").data).findtext(f"{ATOM}entry/{ATOM}title"))
    assert hostile.get("/documents/?q=" + "<script>alert(1)</script>").text.count("<script>alert") == 0


def test_search_lists_what_was_found(tmp_path: Path, make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """What is searched for stays in the field and in the links to further pages; nothing found is said."""
    for n in range(60):
        (tmp_path / f"d{n}.txt").write_text(f"date 2024-01-01 Thing {n} happened in town.\n", encoding="utf-8")
    (tmp_path / "ferry.txt").write_text("date 2020-01-01 The ferry sank.\n", encoding="utf-8")
    answerer.corpus = read_folder(tmp_path).corpus
    client = make_app(answerer).test_client()
    found = client.get("/documents/?q=ferry").text
    assert found.count('class="entry"') == 1
    assert 'value="ferry"' in found
    assert '<meta name="robots" content="noindex">' in found
    assert "page=2" in client.get("/documents/?q=thing").text and "q=thing" in client.get("/documents/?q=thing").text
    nothing = client.get("/documents/?q=zeppelin").text
    assert "No document holds “zeppelin”." in nothing
    assert client.get("/documents/?q=" + "x" * 5000).status_code == 200


def test_article_leads_to_a_conversation_about_it(client: FlaskClient) -> None:
    """ "Ask about this article" opens the chat limited to it, which says so."""
    found = re.search(r'<a class="button" href="([^"]+)">Ask about this article</a>', client.get(ARTICLE).text)
    assert found is not None
    page = client.get(found[1].replace("&amp;", "&")).text
    assert 'name="document" value="000_e9223e5004065d9e"' in page

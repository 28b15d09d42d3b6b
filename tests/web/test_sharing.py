"""A link to one answer."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

TURN = "11112222333344445555666677778888"
PAYLOAD = """"></script><script>alert(1)</script><img src=x onerror='a()'>{{ 7*7 }}"""


def share(client: FlaskClient, question: str, turn: str = TURN) -> str:
    client.post("/chat", data={"question": question, "turn": turn})
    response = client.post("/a/", data={"turn": turn})
    assert response.status_code == 303, response.text
    return str(response.location)


def linked_data(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(found))


def meta(text: str, name: str) -> str:
    (found,) = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)"', text)
    return html.unescape(found)


def test_anyone_with_the_link_sees_the_answer_only(client: FlaskClient, app: Flask, faq: str) -> None:
    """The page shows question, quote and source to a stranger, and nothing else of the conversation."""
    client.post("/chat", data={"question": "my secret"})
    address = share(client, faq)
    assert re.fullmatch(r"/a/[A-Za-z0-9_-]+", address)
    page = app.test_client().get(address)
    assert page.status_code == 200 and "Set-Cookie" not in page.headers
    assert html.escape(faq, quote=False) in page.text and "The collaboration between India and Russia" in page.text
    assert "28 December 2023" in page.text and 'href="/documents/000_e9223e5004065d9e#p9"' in page.text
    assert "my secret" not in page.text and "of your conversation" not in page.text
    assert 'action="/feedback"' not in page.text and "conversation-1" not in page.text and TURN not in page.text
    assert "nothing else of your conversation" in client.get(address).text


def test_same_answer_has_the_same_link(client: FlaskClient, faq: str) -> None:
    """Sharing twice makes one address."""
    assert share(client, faq) == share(client, faq)


def test_metadata_for_previews(client: FlaskClient, faq: str) -> None:
    """Open Graph, a canonical link and schema.org's QAPage say the same as the page; search engines stay out."""
    address = share(client, faq)
    page = client.get(address)
    full = f"http://localhost{address}"
    assert meta(page.text, "og:title") == faq and meta(page.text, "og:url") == full
    assert meta(page.text, "og:description").startswith("The collaboration between India and Russia")
    assert meta(page.text, "og:site_name") == "Newsstand" and meta(page.text, "og:type") == "article"
    assert f'<link rel="canonical" href="{full}">' in page.text
    assert meta(page.text, "robots") == "noindex" and page.headers["X-Robots-Tag"] == "noindex"
    data = linked_data(page.text)
    question = data["mainEntity"]
    assert (data["@type"], question["@type"], question["name"]) == ("QAPage", "Question", faq)
    answer = question["acceptedAnswer"]
    assert answer["text"] in html.unescape(page.text) and answer["inLanguage"] == "en"
    assert answer["isBasedOn"]["url"] == "http://localhost/documents/000_e9223e5004065d9e#p9"
    assert answer["isBasedOn"]["datePublished"] == "2023-12-28"


def test_hedge_is_only_suggested(client: FlaskClient) -> None:
    """The closest that was found is not given out as the accepted answer."""
    question = linked_data(client.get(share(client, "maybe")).text)["mainEntity"]
    assert "acceptedAnswer" not in question and question["suggestedAnswer"]["@type"] == "Answer"


def test_changed_document_is_told(make_app: Callable[..., Flask], nasty: Any, faq: str) -> None:
    """A quote that no longer stands is shown as what was quoted then, said so, and not given to machines."""
    address = share(make_app().test_client(), faq)
    text = make_app(nasty).test_client().get(address).text
    assert "The collaboration between India and Russia" in text and "The article is no longer here." in text
    assert "ld+json" not in text and 'class="context"' not in text
    assert "/documents/000_e9223e5004065d9e" not in text


def test_markup_is_text(make_app: Callable[..., Flask], nasty: Any) -> None:
    """Markup in question and document stays text in the page, its metadata and its linked data."""
    nasty_ask = nasty.ask
    nasty.ask = lambda question, context=None: replace(nasty_ask("maybe"), question=question)
    client = make_app(nasty).test_client()
    text = client.get(share(client, PAYLOAD)).text
    assert "<script>alert" not in text and "<img" not in text and "{{ 7*7 }}" in text
    assert linked_data(text)["mainEntity"]["name"] == PAYLOAD and meta(text, "og:title") == PAYLOAD
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def test_page_is_well_formed(client: FlaskClient, faq: str) -> None:
    """The page parses without an error and has no attribute that the policy forbids."""
    text = client.get(share(client, faq)).text
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
    assert not re.search(r"<button(?![^>]*\stype=)", text)


@pytest.mark.parametrize("question", ["hello", "no idea"])
def test_only_quotes_are_shared(client: FlaskClient, question: str) -> None:
    """A refusal and small talk have no link."""
    client.post("/chat", data={"question": question, "turn": TURN})
    assert client.post("/a/", data={"turn": TURN}).status_code == 422
    assert 'action="/a/"' not in client.get("/").text


def test_only_own_answers_are_shared(client: FlaskClient, app: Flask, faq: str, store: Any) -> None:
    """Nobody shares what is not theirs, nor from another site."""
    client.post("/chat", data={"question": faq, "turn": TURN})
    assert app.test_client().post("/a/", data={"turn": TURN}).status_code == 404
    for turn in ("", "0" * 32, "../x"):
        assert client.post("/a/", data={"turn": turn}).status_code == 404
    evil = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/a/", data={"turn": TURN}, headers=evil).status_code == 403
    assert store.shares == {}


def test_unknown_link_is_404(client: FlaskClient, faq: str, store: Any) -> None:
    """An address that was never made, or whose conversation is gone, says so kindly."""
    address = share(client, faq)
    store.kept.clear()
    for path in (address, "/a/0000000000000000", "/a/x", "/a/" + "x" * 100, "/a/%00%2e%2e", "/a/<script>"):
        response = client.get(path)
        assert response.status_code == 404 and "No answer is shared at this address" in response.text
        assert "<script>" not in response.text.replace("<script src", "")


def test_store_that_fails_is_told(client: FlaskClient, faq: str, store: Any) -> None:
    """Without a database there is neither a new link nor an old one, and a kind word."""
    address = share(client, faq)
    store.broken = True
    for response in (client.get(address), client.post("/a/", data={"turn": TURN})):
        assert response.status_code == 503 and "Try again in a moment" in response.text

"""Newer and older documents that answer the same question differently: in the chat, the reading room, the kiosk."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import without_nonce
from webapp.answering.answerer import Answerer
from webapp.answering.messages import VERSIONS
from webapp.corpus.library import read_folder

QUESTION = "How much is a day ticket of the harbour museum?"
ARTICLE = """{date}
{headline}

Prices change in the harbour.

FAQ:

Q: How much is a day ticket of the harbour museum?

A: {answer}

Q: Who cleans the herring barrels?

A: {cleaner}
"""
TURN = "11112222333344445555666677778888"

Serve = Callable[..., FlaskClient]


def article(date: str, headline: str, answer: str, cleaner: str = "Volunteers do.") -> str:
    return (
        ARTICLE.format(date=date and f"date {date}", headline=headline, answer=answer, cleaner=cleaner).strip() + "\n"
    )


OLD = article("2023-05-01", "Prices of last year", "Five euros.")
NEW = article("2024-06-03", "Prices of this year", "Seven <b>euros</b>.")


@pytest.fixture
def serve(make_app, tmp_path: Path) -> Serve:  # type: ignore[no-untyped-def]
    """Serves documents, by their names."""

    def make(*, profile: str = "", **texts: str) -> FlaskClient:
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, "utf-8")
        app = make_app(Answerer.build(read_folder(tmp_path).corpus), **({"profile": profile} if profile else {}))
        return app.test_client()

    return make


def ask(client: FlaskClient, htmx: dict[str, str]) -> str:
    return client.post("/chat", data={"question": QUESTION, "turn": TURN}, headers=htmx).text


def test_both_are_shown_with_their_dates(serve: Serve, htmx: dict[str, str]) -> None:
    """The newest first, each with headline and date, and the older one is called older."""
    client = serve(old=OLD, new=NEW)
    text = ask(client, htmx)
    shown = [
        html.escape(VERSIONS),
        "Seven &lt;b&gt;euros&lt;/b&gt;.",
        "Prices of this year",
        '<time datetime="2024-06-03">3 June 2024</time>',
        "An older document, of 1 May 2023, says:",
        "Five euros.",
        "Prices of last year",
        '<time datetime="2023-05-01">1 May 2023</time>',
    ]
    at = text.index("</h2>")
    for words in shown:
        at = text.index(words, at)
    assert text.count('<figure class="quote">') == text.count('<div class="clipping">') == 2
    assert "<b>" not in text
    assert without_nonce(text).strip() in without_nonce(client.get("/").text)


def test_a_screen_reader_is_told_both(serve: Serve, htmx: dict[str, str]) -> None:
    """In the order in which they are shown."""
    (told,) = re.findall(r'data-announce="([^"]*)"', ask(serve(old=OLD, new=NEW), htmx))
    words = [
        VERSIONS,
        "From: Prices of this year.",
        "An older document, of 1 May 2023, says: Five euros. From: Prices of",
    ]
    places = [html.unescape(told).index(one) for one in words]
    assert places == sorted(places)


def test_what_is_shown_is_not_offered_once_more(serve: Serve, htmx: dict[str, str]) -> None:
    """Other passages are, and the one that is chosen is the one that was offered."""
    client = serve(old=OLD, new=NEW)
    text = ask(client, htmx)
    offered = re.findall(r'name="choice" value="(\d+)"><span[^>]*>([^<]+)</span>', text)
    assert offered and QUESTION not in [label for _, label in offered]
    for number, label in offered:
        chosen = client.post("/chat/choose", data={"of": TURN, "choice": number}, headers=htmx).text
        assert label in chosen[chosen.index('class="quote"') :]


@pytest.mark.parametrize(
    "old",
    [
        article("2023-05-01", "Prices of last year", "Seven <b>euros</b>."),
        article("", "Prices of some year", "Five euros."),
        article("2024-06-03", "Prices of that day", "Five euros."),
    ],
    ids=["agrees", "undated", "of the same day"],
)
def test_nothing_is_called_older_without_reason(serve: Serve, htmx: dict[str, str], old: str) -> None:
    """Where answers agree, or no date or the same date tells nothing."""
    client = serve(old=old, new=NEW)
    text = ask(client, htmx)
    assert "older document" not in text and "The newest says" not in text
    assert text.count('<figure class="quote">') == 1
    for name in ("old", "new"):
        page = client.get(f"/documents/{name}").text
        assert "newer document" not in page and "Answered differently" not in page


def test_an_older_article_leads_to_the_newer_answer(serve: Serve) -> None:
    """At its head and at the answer; the newer article says nothing of it."""
    client = serve(old=OLD, new=NEW)
    page = client.get("/documents/old").text
    head, answers = page[: page.index('class="article-body"')], page[page.index('class="faq"') :]
    note = re.findall(r'<p class="notice"[^>]*>(.*?)</p>', head)
    assert note == [
        "A newer document, of 3 June 2024, answers 1 question of this article differently: "
        '<a href="/documents/new#p1" lang="en" dir="auto">Prices of this year</a>'
    ]
    assert answers.count("Answered differently on 3 June 2024:") == 1
    assert answers.index("Five euros.") < answers.index("Answered differently") < answers.index("herring barrels")
    assert 'href="/documents/new#p1"' in answers and 'id="p1"' in client.get("/documents/new").text
    newer = client.get("/documents/new").text
    assert "newer document" not in newer and "Answered differently" not in newer


def test_questions_are_counted_a_document(serve: Serve) -> None:
    """Several answers that one document gives differently are one line at the head, and one at each answer."""
    page = serve(old=OLD, new=article("2024-06-03", "Prices", "Seven.", "Nobody does.")).get("/documents/old").text
    assert page.count("A newer document, of 3 June 2024, answers 2 questions of this article differently:") == 1
    assert page.count("Answered differently on 3 June 2024:") == 2


def test_the_kiosk_reads_on_inside(serve: Serve) -> None:
    """The link is one that the kiosk opens inside its page."""
    page = serve(profile="kiosk", old=OLD, new=NEW).get("/kiosk/documents/old").text
    assert re.search(r'Answered differently on 3 June 2024: <a class="open" href="/kiosk/documents/new#p1"', page)


def test_the_api_tells_how_many(serve: Serve) -> None:
    """The first alternatives are the older ones."""
    body = serve(old=OLD, new=NEW).post("/api/v1/ask", json={"question": QUESTION}).json
    assert body is not None
    assert body["versions"] == 1
    assert body["citation"]["document"]["date"] == "2024-06-03"
    assert body["alternatives"][0]["citation"]["document"]["date"] == "2023-05-01"

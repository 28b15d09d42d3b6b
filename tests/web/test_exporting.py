"""Conversations to take away: text, Markdown, JSON, a page to print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

QUOTE = "The collaboration between India and Russia in the manufacturing of military equipment"
SOURCE = "http://localhost/documents/000_e9223e5004065d9e#p9"


@pytest.fixture
def asked(client: FlaskClient, faq: str) -> FlaskClient:
    """A visitor who asked four questions."""
    for question in (faq, "maybe", "no idea", "hello"):
        client.post("/chat", data={"question": question})
    return client


def test_files_are_saved_under_a_name(asked: FlaskClient) -> None:
    """Each is an attachment of its kind, in UTF-8, kept in no cache."""
    for part, kind, ending in (
        ("text", "text/plain; charset=utf-8", "txt"),
        ("markdown", "text/markdown; charset=utf-8", "md"),
        ("json", "application/json", "json"),
    ):
        response = asked.get(f"/conversations/current/{part}")
        assert response.headers["Content-Type"] == kind
        name = r"attachment; filename=conversation-\d{4}-\d\d-\d\d\." + ending
        assert re.fullmatch(name, response.headers["Content-Disposition"])
        assert response.headers["Cache-Control"] == "no-store"
        assert "Cookie" in response.headers["Vary"]


def test_text_tells_everything(asked: FlaskClient, faq: str) -> None:
    """Every question with its moment, what was said, the quote word for word, and where it stands."""
    text = asked.get("/conversations/current/text").text
    assert text.startswith(f"{faq}\n=====")
    assert "Asked at Newsstand on " in text and text.count(" UTC)") == 4
    assert f"1. {faq}\n" in text and f"    {QUOTE}" in text and SOURCE in text
    assert "28 December 2023" in text
    assert "2. maybe\n" in text and "The closest I found:" in text
    assert "3. no idea\n" in text and "The documents here do not answer this." in text
    assert "4. hello\n" in text and "Hello! Ask me about the documents." in text


def test_markdown_tells_everything(asked: FlaskClient, faq: str) -> None:
    """Questions are headings, quotes are quotes, sources are links."""
    text = asked.get("/conversations/current/markdown").text
    assert text.startswith(f"# {faq}\n")
    assert f"\n## 1. {faq}\n" in text and f"\n> {QUOTE}" in text
    assert re.search(rf"\n— \[[^\]]+\]\(<{re.escape(SOURCE)}>\), 28 December 2023\n", text)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("*not* _slanted_ `code`", r"\*not\* \_slanted\_ \`code\`"),
        ("[a](javascript:alert(1))", r"\[a\](javascript:alert(1))"),
        ("<b onclick=x>", r"\<b onclick=x\>"),
        ("- no list", r"\- no list"),
        ("7. July", r"7\. July"),
        ("a | b ~~c~~ $d$ &amp;", r"a \| b \~\~c\~\~ \$d\$ \&amp;"),
        ("ends with \\", r"ends with \\"),
    ],
)
def test_markdown_shows_what_was_typed(client: FlaskClient, typed: str, written: str) -> None:
    """Nothing that was typed is markup."""
    client.post("/chat", data={"question": typed})
    text = client.get("/conversations/current/markdown").text
    assert f"\n## 1. {written}\n" in text and text.startswith(f"# {written}\n")


def test_lines_of_a_question_make_no_heading(client: FlaskClient) -> None:
    """A question of several lines stays one heading."""
    client.post("/chat", data={"question": "one\n# two\n\n- three"})
    assert r"## 1. one \# two - three" in client.get("/conversations/current/markdown").text


def test_quotes_of_a_document_are_no_markup(make_app: Callable[..., Flask], nasty) -> None:  # type: ignore[no-untyped-def]
    """A quote in Markdown shows what the document says; on the print page too."""
    client = make_app(nasty).test_client()
    client.post("/chat", data={"question": nasty.suggestions()[0]})
    text = client.get("/conversations/current/markdown").text
    assert r"> Nothing is \<img src=x onerror=alert(1)\> new." in text and "\n> \n> Not even this." in text
    page = client.get("/conversations/current/print").text
    assert "<img" not in page and "&lt;img src=x" in page


def test_json_is_what_is_kept(asked: FlaskClient, faq: str, store) -> None:  # type: ignore[no-untyped-def]
    """Replies in the shape of the API, with moment and feedback; no id that opens the conversation."""
    asked.post("/feedback", data={"turn": store.all_turns[0].id, "vote": "down", "reason": "too “short”"})
    response = asked.get("/conversations/current/json")
    data = json.loads(response.data)
    assert data["site"] == "Newsstand" and data["document"] is None
    assert [turn["question"] for turn in data["turns"]] == [faq, "maybe", "no idea", "hello"]
    assert [turn["outcome"] for turn in data["turns"]] == ["answered", "hedged", "abstained", "smalltalk"]
    assert [turn["number"] for turn in data["turns"]] == [1, 2, 3, 4]
    first = data["turns"][0]
    assert first["citation"]["quote"].startswith(QUOTE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["asked_at"])
    assert first["feedback"] == {"vote": "down", "reason": "too “short”"} and data["turns"][1]["feedback"] is None
    assert "too “short”" in response.text
    assert store.all_turns[0].conversation_id not in response.text


def test_print_page_is_clean(asked: FlaskClient, faq: str) -> None:
    """The conversation and nothing around it but the way back; well-formed; no script of the chat."""
    text = asked.get("/conversations/current/print").text
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert text.count("<article") == 4 and faq in text and QUOTE in text and SOURCE in text
    assert "<textarea" not in text and "kiosk" not in text and "htmx" not in text
    assert "Back to the conversation" in text


def test_exports_are_in_the_visitors_language(asked: FlaskClient) -> None:
    """Dates and Newsstand's own words; quotes stay as they are."""
    headers = {"Accept-Language": "de"}
    for part in ("text", "markdown", "print"):
        text = asked.get(f"/conversations/current/{part}", headers=headers).text
        assert "28. Dezember 2023" in text and QUOTE in text
    assert (
        '<html lang="ar" dir="rtl">'
        in asked.get("/conversations/current/print", headers={"Accept-Language": "ar"}).text
    )


def test_quote_that_stands_no_more_has_no_link(make_app: Callable[..., Flask], nasty, faq: str) -> None:  # type: ignore[no-untyped-def]
    """Its document was taken down: the quote and its headline stay."""
    before, after = make_app().test_client(), make_app(nasty).test_client()
    before.post("/chat", data={"question": faq})
    after.set_cookie("newsstand", before.get_cookie("newsstand").value)  # type: ignore[union-attr]
    for part in ("text", "markdown", "print"):
        text = after.get(f"/conversations/current/{part}").text
        assert QUOTE in text and "/documents/" not in text

"""What stands around an answer: context, certainty, other passages, questions to ask next."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import without_nonce
from webapp.answering.reply import Context, Reply
from webapp.corpus.library import read_folder
from webapp.web.related import RELATED_SHOWN

TURN = "11112222333344445555666677778888"

Headers = dict[str, str]


def ask(client: FlaskClient, htmx: Headers, question: str, **more: str) -> str:
    return client.post("/chat", data={"question": question, **more}, headers=htmx).text


def offered(text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'name="question" value="([^"]+)"', text)]


def test_context_unfolds_with_the_quote_marked(client: FlaskClient, htmx: Headers, faq: str) -> None:
    """Under the quote its neighbours unfold, without JavaScript, and the quote is marked among them."""
    text = ask(client, htmx, faq)
    context = text[text.index('<details class="context">') : text.index("</details>")]
    assert "Show in context" in context
    assert "<mark>The collaboration between India and Russia" in context
    assert "What areas of cooperation were discussed" in context


def test_certainty_is_said_in_words(client: FlaskClient, htmx: Headers, faq: str) -> None:
    """How sure an answer is stands above it in words, and as a number only in the explanation."""
    text = ask(client, htmx, faq)
    assert '<p class="certainty">Very likely what you asked for</p>' in text
    assert text.count("95 in 100") == 1 and text.index("Why this answer") < text.index("95 in 100")
    assert "%" not in text[: text.index("Why this answer")]
    dated = ask(client, htmx, "when")
    assert "About 90 in 100" in dated and "<table" not in dated
    assert "certainty" not in ask(client, htmx, "no idea")


def test_copied_text_names_its_source(client: FlaskClient, htmx: Headers, faq: str) -> None:
    """What is copied is the quote with headline and date."""
    text = html.unescape(re.findall(r'data-text="([^"]*)"', ask(client, htmx, faq))[0])
    assert text.startswith("“The collaboration between India and Russia")
    assert text.endswith(", 28 December 2023") and "\n— In a significant development" in text


def test_other_passages_can_be_chosen(client: FlaskClient, htmx: Headers, store, answerer) -> None:  # type: ignore[no-untyped-def]
    """A choice becomes the answer of a turn that is kept; the next question hears of it."""
    text = ask(client, htmx, "maybe", turn=TURN)
    assert "Not what you meant?" in text and '<details class="others" open>' in text
    chosen = client.post("/chat/choose", data={"of": TURN, "choice": "1"}, headers=htmx)
    assert chosen.status_code == 200
    expected = answerer.answers()[2]
    assert "The passage you chose:" in chosen.text and html.escape(expected.text, quote=False) in chosen.text
    assert "certainty" not in chosen.text and "Why this answer" not in chosen.text
    assert [turn.reply.question for turn in store.all_turns] == ["maybe", "maybe"]
    assert without_nonce(chosen.text).strip() in without_nonce(client.get("/").text)
    ask(client, htmx, "and then?")
    told = answerer.heard[-1][1].told
    assert told[-1] == (expected.citation.document_id, expected.citation.passage)


def test_choosing_twice_makes_one_turn(client: FlaskClient, htmx: Headers, store) -> None:  # type: ignore[no-untyped-def]
    """The same choice again brings back its turn; another one makes another."""
    ask(client, htmx, "maybe", turn=TURN)
    data = {"of": TURN, "choice": "0"}
    first, again = (without_nonce(client.post("/chat/choose", data=data, headers=htmx).text) for _ in range(2))
    assert first == again
    client.post("/chat/choose", data={"of": TURN, "choice": "2"}, headers=htmx)
    assert len(store.all_turns) == 3


def test_choosing_without_javascript(client: FlaskClient, htmx: Headers) -> None:
    """A plain POST leads to the page, at the turn."""
    ask(client, htmx, "maybe", turn=TURN)
    response = client.post("/chat/choose", data={"of": TURN, "choice": "0"})
    assert response.status_code == 303 and response.location.endswith("#turn-2")
    assert 'id="turn-2"' in client.get("/").text


def test_only_what_is_offered_can_be_chosen(client: FlaskClient, app: Flask, htmx: Headers) -> None:
    """Other numbers, other people's turns and passages that are gone are refused."""
    ask(client, htmx, "maybe", turn=TURN)
    for choice in ("", "3", "-1", "x", "٣", "9" * 40, "0.0"):
        assert client.post("/chat/choose", data={"of": TURN, "choice": choice}).status_code == 422
    for of in ("", "short", "0" * 32, "../../etc/passwd"):
        assert client.post("/chat/choose", data={"of": of, "choice": "0"}).status_code == 404
    assert client.post("/chat/choose").status_code == 404
    assert app.test_client().post("/chat/choose", data={"of": TURN, "choice": "0"}).status_code == 404


def test_passage_that_is_gone_is_not_offered(make_app: Callable[..., Flask], nasty, htmx: Headers) -> None:  # type: ignore[no-untyped-def]
    """Alternatives that no longer stand in the documents are neither offered nor taken."""
    before, after = make_app().test_client(), make_app(nasty).test_client()
    ask(before, htmx, "maybe", turn=TURN)
    after.set_cookie("newsstand", before.get_cookie("newsstand").value)  # type: ignore[union-attr]
    assert 'name="choice"' not in after.get("/").text
    refused = after.post("/chat/choose", data={"of": TURN, "choice": "0"})
    assert refused.status_code == 422 and "no longer says this" in refused.text


def test_choice_is_not_lost_silently(client: FlaskClient, htmx: Headers, store) -> None:  # type: ignore[no-untyped-def]
    """Without a database a choice is refused kindly; an unsaved answer leads to the passages instead."""
    ask(client, htmx, "maybe", turn=TURN)
    store.broken = True
    assert client.post("/chat/choose", data={"of": TURN, "choice": "0"}).status_code == 503
    text = ask(client, htmx, "maybe")
    assert 'name="choice"' not in text and 'class="others"' in text and "#p1" in text
    assert 'action="/a/"' not in text and 'action="/feedback"' not in text


def test_related_questions_are_new(client: FlaskClient, htmx: Headers, answerer) -> None:  # type: ignore[no-untyped-def]
    """No question is offered that was asked or answered in this conversation, however it was typed."""
    known = list(answerer.suggestions(10))
    first = offered(ask(client, htmx, known[0]))
    assert known[0] not in first and len(first) == RELATED_SHOWN
    second = offered(ask(client, htmx, f"  {known[1].upper()} "))
    assert not {known[0], known[1]} & set(second)
    for question in known[2:]:
        ask(client, htmx, question)
    assert offered(ask(client, htmx, "no idea")) == []


def test_related_questions_are_new_however_long_the_conversation(client: FlaskClient, htmx: Headers, answerer) -> None:  # type: ignore[no-untyped-def]
    """What was asked long ago, or answered to other words, is not offered again; only the last turn offers."""
    known = answerer.suggestions(10)
    ask(client, htmx, known[0])
    for n in range(20):
        ask(client, htmx, f"no idea {n}")
    assert known[0] not in offered(ask(client, htmx, "maybe"))
    page = client.get("/").text
    assert page.count('class="suggestions"') == 1 and known[0] not in offered(page)


TWO_QUESTIONS = """date 2024-05-06 Of {name}.

FAQ:

Q: Where do {name} live?

A: Here.

Q: What are {name}?

A: So.
"""


def test_related_questions_stay_in_the_article(
    make_app: Callable[..., Flask],
    answerer,  # type: ignore[no-untyped-def]
    tmp_path: Path,
    htmx: Headers,
) -> None:
    """A conversation about one article is not led to the questions of another."""
    for name in ("ants", "bees"):
        (tmp_path / f"{name}.txt").write_text(TWO_QUESTIONS.format(name=name), encoding="utf-8")
    client = make_app(type(answerer)(read_folder(tmp_path).corpus)).test_client()
    assert offered(ask(client, htmx, "What are bees?", document="bees")) == ["Where do bees live?"]
    assert offered(ask(client, htmx, "hello")) == ["Where do bees live?"]


def test_related_questions_come_from_the_whole_document(client: FlaskClient, htmx: Headers, answerer) -> None:  # type: ignore[no-untyped-def]
    """When those the reply names were asked, others of the document take their place."""
    ask_ = answerer.ask

    def few(question: str, context: Context = Context()) -> Reply:  # noqa: B008 - frozen
        return replace(ask_(question, context), suggestions=answerer.suggestions(1))

    answerer.ask = few
    known = answerer.suggestions(10)
    assert offered(ask(client, htmx, known[0])) == list(known[1:4])


def test_markup_in_documents_is_text(make_app: Callable[..., Flask], nasty, htmx: Headers) -> None:  # type: ignore[no-untyped-def]
    """Markup in a document stays text in context, copied text, choices and announcements."""
    client = make_app(nasty).test_client()
    for question in ("maybe", nasty.suggestions()[0]):
        text = ask(client, htmx, question, turn=TURN if question == "maybe" else "")
        assert "<script" not in text and "<img" not in text and "<b " not in text
        assert not re.search(r"<[^>]+\son\w+=", re.sub(r'"[^"]*"', '""', text))
    assert "&lt;script&gt;" in ask(client, htmx, "maybe")
    chosen = client.post("/chat/choose", data={"of": TURN, "choice": "1"}, headers=htmx).text
    assert "&lt;img src=x" in chosen and "<img" not in chosen

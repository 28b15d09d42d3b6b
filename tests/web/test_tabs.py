"""Two tabs of one conversation, and tabs with one each: no turn is lost, none doubled, each goes where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import without_nonce
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.settings import Settings
from webapp.web.app import create_app

Headers = dict[str, str]
TURN = "11112222333344445555666677778888"


@pytest.fixture
def kept_app(tmp_path: Path, answerer) -> Iterator[Flask]:  # type: ignore[no-untyped-def]
    """An application with a real database."""
    url = f"sqlite:///{tmp_path / 'tabs.db'}"
    upgrade(url)
    store = ConversationStore(url, conversation_days=30)
    yield create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store)
    store.close()


def field(html: str) -> str:
    """Return which conversation the composer names."""
    (value,) = re.findall(r'<form id="composer".*?name="conversation" value="([^"]*)"', html, re.DOTALL)
    return str(value)


def test_two_tabs_ask_at_once(kept_app: Flask, htmx: Headers) -> None:
    """Forty questions of two tabs with one cookie, each sent twice: forty turns, numbered one after the other."""
    first = kept_app.test_client()
    first.post("/chat", data={"question": "begin"})
    cookie = first.get_cookie("newsstand")
    assert cookie is not None
    named = field(first.get("/").text)

    def ask(n: int) -> str:
        tab = kept_app.test_client()
        tab.set_cookie("newsstand", cookie.value)
        data = {"question": f"question {n}", "turn": f"{n:032}", "conversation": named}
        once, again = (tab.post("/chat", data=data, headers=htmx) for _ in range(2))
        assert once.status_code == again.status_code == 200
        assert re.findall(r'id="turn-\d+"', once.text) == re.findall(r'id="turn-\d+"', again.text)
        return once.text

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(40)))
    page = "".join(first.get(f"/conversations/{named}/turns?after={after}").text for after in (0, 20, 40))
    assert [int(n) for n in re.findall(r'id="turn-(\d+)"', page)] == list(range(1, 42))
    for n, answer in enumerate(answers):
        assert f">question {n}<" in answer and page.count(f'dir="auto">question {n}</span></h2>') == 1


def test_each_tab_goes_on_with_its_own(client: FlaskClient, htmx: Headers, answerer) -> None:  # type: ignore[no-untyped-def]
    """A tab that shows an older conversation asks into that one, whatever the other tab does."""
    client.post("/chat", data={"question": "in one"})
    one = field(client.get("/").text)
    client.post("/conversation/new")
    two = field(client.get("/").text)
    client.post("/chat", data={"question": "in two", "conversation": two})
    client.post("/chat", data={"question": "in one again", "conversation": one}, headers=htmx)
    assert answerer.heard[-1][1].previous == ("in one",)
    client.post("/chat", data={"question": "in two again", "conversation": two}, headers=htmx)
    assert answerer.heard[-1][1].previous == ("in two",)


def test_every_form_names_its_conversation(client: FlaskClient, htmx: Headers, faq: str) -> None:
    """Suggestions under an answer go into its conversation too."""
    answer = client.post("/chat", data={"question": faq}, headers=htmx).text
    (named,) = re.findall(r'data-conversation="([^"]+)"', answer)
    assert f'<input type="hidden" name="conversation" value="{named}">' in answer
    assert field(client.get("/").text) == named


def test_empty_tabs_share_a_conversation(client: FlaskClient, htmx: Headers) -> None:
    """Two tabs that were opened before the first question ask in one conversation."""
    tabs = [field(client.get("/").text) for _ in range(2)]
    assert tabs == ["", ""]
    for n, named in enumerate(tabs):
        client.post("/chat", data={"question": f"question {n}", "conversation": named}, headers=htmx)
    text = client.get("/").text
    assert 'id="turn-2"' in text and "question 0" in text and "question 1" in text


def test_other_tab_sees_what_was_asked(client: FlaskClient, htmx: Headers) -> None:
    """Turns after a number come as the page shows them; nothing when there are none."""
    for n in range(3):
        client.post("/chat", data={"question": f"question {n}"})
    named = field(client.get("/").text)
    for address in (named, "current"):
        newer = client.get(f"/conversations/{address}/turns?after=1", headers=htmx).text
        assert "question 0" not in newer and newer.count("<article") == 2
        assert without_nonce(newer).strip().partition("</article>")[0] in without_nonce(client.get("/").text)
        assert client.get(f"/conversations/{address}/turns?after=3", headers=htmx).status_code == 204
    assert client.get("/conversations/current/turns?after=nonsense", headers=htmx).text.count("<article") == 3


def test_question_to_a_deleted_conversation_begins_another(client: FlaskClient, htmx: Headers, store) -> None:  # type: ignore[no-untyped-def]
    """A tab whose conversation was deleted in the other one is led to the new one; the question is asked once."""
    client.post("/chat", data={"question": "one"})
    named = field(client.get("/").text)
    client.post(f"/conversations/{named}/delete")
    data = {"question": "two", "turn": TURN, "conversation": named}
    response = client.post("/chat", data=data, headers=htmx)
    assert response.headers["HX-Redirect"] == "/" and not response.text
    assert [turn.reply.question for turn in store.all_turns] == ["two"]
    assert "two" in client.get("/").text and named not in store.kept


def test_page_that_was_gone_back_to_asks_anew(client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """The form of an empty page, sent again after a new conversation was begun, makes a turn of its own."""
    data = {"question": "one", "turn": TURN, "conversation": ""}
    client.post("/chat", data=data)
    client.post("/conversation/new")
    client.post("/chat", data={**data, "question": "two"})
    assert sorted(len(turns) for turns in store.kept.values()) == [1, 1]
    assert len({turn.id for turn in store.all_turns}) == 2


@pytest.mark.parametrize("gone", [False, True])
def test_first_question_sent_twice_is_asked_once(
    client: FlaskClient, htmx: Headers, store, answerer, gone: bool
) -> None:  # type: ignore[no-untyped-def]
    """Also when it begins a conversation about a document, or one in place of a deleted one."""
    client.post("/chat", data={"question": "one"})
    named = field(client.get("/").text) if gone else ""
    if gone:
        client.post(f"/conversations/{named}/delete")
    document = answerer.corpus.documents[0].id
    data = {"question": "two", "turn": TURN, "conversation": named, "document": document}
    once, again = (client.post("/chat", data=data, headers=htmx) for _ in range(2))
    assert once.status_code == again.status_code == 200 and without_nonce(once.text) == without_nonce(again.text)
    assert [turn.reply.question for turn in store.all_turns].count("two") == 1
    assert ("HX-Redirect" in again.headers) == gone


def test_programs_stay_out_of_visitors_conversations(app: Flask, client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """Whoever learns the id of a conversation from its address can neither go on with it nor judge its answers."""
    client.post("/chat", data={"question": "one"})
    (turn,) = store.all_turns
    stranger = app.test_client()
    asked = {"conversation": turn.conversation_id, "question": "two"}
    judged = {"conversation": turn.conversation_id, "turn": turn.id, "vote": "up"}
    for path, body in (("/api/v1/ask", asked), ("/api/v1/feedback", judged)):
        response = stranger.post(path, json=body)
        assert (response.status_code, response.json["error"]["code"]) == (404, "unknown-conversation")
        assert client.post(path, json=body).status_code == 200
    own = stranger.post("/api/v1/ask", json={"question": "one", "conversation": "made-by-a-program"})
    assert own.status_code == 200
    assert stranger.post("/api/v1/ask", json={**asked, "conversation": "made-by-a-program"}).status_code == 200


def test_older_turns_come_page_by_page(make_app, htmx: Headers) -> None:  # type: ignore[no-untyped-def]
    """By a plain link without JavaScript, as the turns alone with htmx; a link leads back to the newest."""
    client = make_app(turns_shown=3).test_client()
    for n in range(1, 9):
        client.post("/chat", data={"question": f"question {n}"})
    shown = [[6, 7, 8], [3, 4, 5], [1, 2]]
    address: str | None = "/"
    for numbers in shown:
        assert address is not None
        page = client.get(address).text
        assert [int(n) for n in re.findall(r'id="turn-(\d+)"', page)] == numbers
        assert ("Back to the newest questions" in page) == (address != "/")
        if address != "/":
            fragment = client.get(address, headers=htmx).text
            assert fragment.strip().startswith("<article") and "<html" not in fragment
            assert [int(n) for n in re.findall(r'id="turn-(\d+)"', fragment)] == numbers
        found = re.search(r'id="earlier" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert address is None

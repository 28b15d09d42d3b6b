"""What everybody asks: worked out once, the same for everybody, and forgotten when it may have changed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from itsdangerous import timed

from webapp.answering.reply import Context, Scope
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.settings import Settings
from webapp.web import remembering
from webapp.web.app import create_app
from webapp.web.remembering import COUNTED, FORMS, OFTEN, REMEMBERED, Memory
from webapp.web.services import EXTENSION, renew

OF_ONE_TURN = re.compile(
    r'nonce="[^"]+"|datetime="[^"]+" data-moment>[^<]+|turn-\w+|value="[\w-]{20,}"|data-conversation="[^"]+"'
    r"|feedback-\w+|(?:up|down)-\w+|reason-\w+"
)


@pytest.fixture
def app(answerer: Any, tmp_path: Path) -> Iterator[Flask]:
    """An application that keeps turns in a real database, which gives the same reply back."""
    location = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    upgrade(location)
    store = ConversationStore(location, conversation_days=30)
    yield create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store)
    store.close()


def fragment(app: Flask, question: str, **said: str) -> str:
    """Ask as a new visitor's htmx does."""
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "Accept-Language": said.pop("language", "en")}
    response = app.test_client().post("/chat", data={"question": question, **said}, headers=headers)
    assert response.status_code == 200
    return response.text


def test_a_visitors_own_words_are_not_kept(answerer: Any, faq: str) -> None:
    """Nor what is asked on; only what a document asks itself, at the beginning of a conversation."""
    memory = Memory()
    for question, context in (("maybe", Context()), (f"{faq} ", Context()), (faq, Context(previous=("hello",)))):
        for _ in range(2):
            reply, known = memory.ask(answerer, question, context)
            assert known is None and reply == answerer.ask(question, context)
    assert [heard for heard, _ in answerer.heard].count("maybe") == 4
    assert not any(words in repr(vars(memory)) for words in ("maybe", faq))


def test_what_is_asked_often_is_worked_out_no_more(answerer: Any) -> None:
    """From which time on cannot be told beforehand, so that nobody can tell whether others have asked it."""
    times = set()
    for _ in range(60):
        memory = Memory()
        answerer.heard.clear()
        while memory.ask(answerer, "maybe", Context())[1] is None:
            pass
        heard = len(answerer.heard)
        reply, known = memory.ask(answerer, "maybe", Context())
        assert known is not None and known.reply is reply and len(answerer.heard) == heard
        times.add(len(answerer.heard))
    assert times == set(range(OFTEN[0], OFTEN[1] + 1))


def test_what_was_asked_often_is_asked_on_anew(answerer: Any) -> None:
    """In the middle of a conversation a question may mean something else."""
    memory = Memory()
    for _ in range(OFTEN[1]):
        memory.ask(answerer, "maybe", Context())
    heard = len(answerer.heard)
    assert memory.ask(answerer, "maybe", Context(previous=("hello",)))[1] is None
    assert memory.ask(answerer, "maybe", Context(scope=Scope(tag="news")))[1] is None
    assert len(answerer.heard) == heard + 2


def test_what_everybody_asks_is_worked_out_no_more(answerer: Any, faq: str) -> None:
    """The third one gets the very reply of the second; what only one has asked takes no room."""
    memory = Memory()
    assert memory.ask(answerer, faq, Context())[1] is None
    second, _ = memory.ask(answerer, faq, Context())
    third, known = memory.ask(answerer, faq, Context())
    assert third is second and known is not None and known.reply is second
    assert len(answerer.heard) == 2


def test_another_day_is_worked_out_anew(answerer: Any, faq: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is valid for so many days may have run out."""
    memory = Memory()
    for _ in range(3):
        memory.ask(answerer, faq, Context())
    monkeypatch.setattr(remembering, "server_day", lambda: date(2099, 1, 1))
    memory.ask(answerer, faq, Context())
    assert len(answerer.heard) == 3


def test_other_documents_are_asked_anew(app: Flask, answerer: Any, nasty: Any, faq: str) -> None:
    """When documents change, nothing is remembered of those before."""
    fragment(app, faq)
    before = app.extensions[EXTENSION].memory
    renew(app, answerer=nasty, problems=(), read_at=datetime(2024, 5, 1, tzinfo=UTC), generation=2)
    assert app.extensions[EXTENSION].memory is not before
    assert 'class="turn answered"' not in fragment(app, faq)


def test_memory_is_bounded(answerer: Any) -> None:
    """In replies and in forms of each; the oldest goes first."""

    class Echo:
        def ask(self, question: str, context: Context) -> Any:
            return type("Reply", (), {"answer": type("Answer", (), {"question": question})})

    memory, echo = Memory(), Echo()
    asked = [f"question {number}" for number in range(REMEMBERED + 1) for _ in range(2)]
    kept = [memory.ask(echo, question, Context())[1] for question in asked][1::2]  # type: ignore[arg-type]
    last = kept[-1]
    assert last is not None and memory.ask(echo, f"question {REMEMBERED}", Context())[1] is last  # type: ignore[arg-type]
    assert memory.ask(echo, "question 0", Context())[1] is not kept[0]  # type: ignore[arg-type]
    for number in range(FORMS + 9):
        last.keep((number,), "form")
    assert len(last.forms) == FORMS


def test_counts_are_bounded(answerer: Any) -> None:
    """Who asks very many different questions does not fill the memory."""
    memory = Memory()
    for number in range(COUNTED + 9):
        memory.ask(answerer, f"maybe {number}", Context())
    (counts,) = (kept for kept in vars(memory).values() if isinstance(kept, dict) and kept)
    assert len(counts) == COUNTED


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("surface", ["site", "kiosk", "embed"])
def test_a_remembered_turn_is_what_would_be_rendered(app: Flask, faq: str, language: str, surface: str) -> None:
    """To the letter, but for the ids and the moment that are each visitor's own."""
    said = {"language": language, "surface": surface, "ticket": "0" * 32}
    shown = [fragment(app, faq, **said) for _ in range(3)]
    app.extensions[EXTENSION].memory.ask = lambda answerer, question, context: (answerer.ask(question, context), None)
    whole = fragment(app, faq, **said)
    assert "blank" not in shown[0]
    assert {OF_ONE_TURN.sub("…", one) for one in shown} == {OF_ONE_TURN.sub("…", whole)}


def test_each_turn_has_ids_of_its_own(app: Flask, faq: str) -> None:
    """Two visitors who ask the same share nothing that names their turns; their nonces differ, too."""
    _, _, one, other = (fragment(app, faq) for _ in range(4))
    for named in (r'data-conversation="([^"]+)"', r'id="feedback-(\w+)"', r'data-hx-nonce="([^"]+)"'):
        of_one, of_other = set(re.findall(named, one)), set(re.findall(named, other))
        assert len(of_one) == len(of_other) == 1 and of_one != of_other


def test_programs_get_the_same_reply(app: Flask, faq: str) -> None:
    """Remembered or not, explained or not; conversation and turn are each one's own."""
    client = app.test_client()

    def ask(explain: bool) -> dict[str, Any]:
        told: dict[str, Any] = client.post("/api/v1/ask", json={"question": faq, "explain": explain}).get_json()
        return told

    own = ("conversation", "turn", "took_ms")
    for explain in (False, True):
        first, _, again = ask(explain), ask(explain), ask(explain)
        assert first["turn"] != again["turn"] and first["conversation"] != again["conversation"]
        assert ("explanation" in again) is explain
        assert {**first, **dict.fromkeys(own)} == {**again, **dict.fromkeys(own)}


def test_cookie_is_signed_anew_when_it_changes_or_is_a_day_old(
    app: Flask, faq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with every question: a visitor's next one sets no cookie, until a day has gone by."""
    client = app.test_client()

    def sets_cookie() -> bool:
        return "Set-Cookie" in client.post("/chat", data={"question": faq}, headers={"HX-Request": "true"}).headers

    assert [sets_cookie() for _ in range(3)] == [True, False, False]
    real = timed.TimestampSigner.get_timestamp
    monkeypatch.setattr(timed.TimestampSigner, "get_timestamp", lambda signer: real(signer) - 2 * 24 * 3600)
    client = app.test_client()
    assert sets_cookie()
    monkeypatch.undo()
    assert [sets_cookie() for _ in range(2)] == [True, False]


def test_it_is_packed_once_for_everybody(app: Flask, faq: str) -> None:
    """Whatever ids a page makes for its turns, a browser unpacks what another one gets as it is."""
    seen = set()
    for length in (32, 32, 36, 8, 9, 10, 11, 64):
        turn = ("ab" * 32)[:length]
        for encoding in ("gzip", "identity"):
            headers = {"HX-Request": "true", "Accept-Encoding": encoding}
            came = app.test_client().post("/chat", data={"question": faq, "turn": turn}, headers=headers)
            assert came.headers.get("Content-Encoding", "identity") == encoding
            assert int(came.headers["Content-Length"]) == len(came.data)
            html = (gzip.decompress(came.data) if encoding == "gzip" else came.data).decode()
            assert turn in html
            seen.add(OF_ONE_TURN.sub("", html.replace(turn, "of-one-turn")))
    assert len(seen) == 1

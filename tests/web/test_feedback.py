"""Thumbs up or down, with a reason."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import without_nonce
from webapp.conversations.feedback import Feedback, Vote
from webapp.web.feedback_view import REASON_MAX_CHARS

TURN = "11112222333344445555666677778888"
API = "/api/v1/feedback"

Headers = dict[str, str]


@pytest.fixture
def asked(client: FlaskClient, faq: str) -> FlaskClient:
    """A visitor who has one answer."""
    client.post("/chat", data={"question": faq, "turn": TURN})
    return client


def pressed(text: str) -> list[str]:
    return re.findall(r'value="(up|down)"[^>]*aria-pressed="true"', text)


def only(store: Any) -> Feedback:
    (kept,) = store.thoughts.values()
    return kept


def test_vote_without_javascript(asked: FlaskClient, store: Any) -> None:
    """A plain POST is kept and leads back to the turn, where it shows."""
    assert pressed(asked.get("/").text) == []
    response = asked.post("/feedback", data={"turn": TURN, "vote": "up"})
    assert response.status_code == 303 and response.location.endswith("#turn-1")
    assert only(store) == Feedback(Vote.UP)
    page = asked.get("/").text
    assert pressed(page) == ["up"] and 'name="reason"' in page


def test_vote_brings_the_form_again_for_htmx(asked: FlaskClient, htmx: Headers) -> None:
    """What htmx gets is the form that stands in the page, with thanks and room for a reason."""
    text = asked.post("/feedback", data={"turn": TURN, "vote": "down"}, headers=htmx).text
    assert text.startswith("<form") and "Thank you." in text and pressed(text) == ["down"]
    assert without_nonce(text).strip() in without_nonce(asked.get("/").text)


def test_vote_and_reason_can_be_changed(asked: FlaskClient, htmx: Headers, store: Any) -> None:
    """The last word counts; a vote that comes without a reason leaves it, an empty one takes it back."""
    send = {"turn": TURN, "vote": "down"}
    asked.post("/feedback", data={**send, "reason": "Not what\r\nI meant"}, headers=htmx)
    assert only(store) == Feedback(Vote.DOWN, "Not what\nI meant")
    text = asked.post("/feedback", data={"turn": TURN, "vote": "up"}, headers=htmx).text
    assert only(store) == Feedback(Vote.UP, "Not what\nI meant")
    assert pressed(text) == ["up"] and "Not what\nI meant</textarea>" in text
    asked.post("/feedback", data={"turn": TURN, "vote": "up", "reason": ""}, headers=htmx)
    assert only(store) == Feedback(Vote.UP)


def test_reason_is_escaped(asked: FlaskClient, htmx: Headers) -> None:
    """Markup in a reason is text in the form, and none closes the field."""
    reason = "</textarea><script>alert(1)</script><img src=x onerror=a()>{{ 7*7 }}"
    text = asked.post("/feedback", data={"turn": TURN, "vote": "down", "reason": reason}, headers=htmx).text
    for shown in (text, asked.get("/").text):
        assert "<script>alert" not in shown and "<img" not in shown and "{{ 7*7 }}" in shown
        assert shown.count("</textarea>") == shown.count("<textarea")


def test_long_reason_is_refused_and_stays(asked: FlaskClient, htmx: Headers, store: Any) -> None:
    """A reason over the limit is refused with both figures, in its place, and what was typed stays."""
    data = {"turn": TURN, "vote": "down", "reason": "y" * (REASON_MAX_CHARS + 1)}
    fragment = asked.post("/feedback", data=data, headers=htmx)
    assert fragment.status_code == 422 and "HX-Retarget" not in fragment.headers
    assert "has 1,001 characters; at most 1,000" in fragment.text and "y" * 1001 in fragment.text
    assert 'aria-invalid="true"' in fragment.text and "Thank you" not in fragment.text
    page = asked.post("/feedback", data=data)
    assert page.status_code == 422 and "at most 1,000" in page.text
    assert store.thoughts == {}


def test_only_own_answers_can_be_judged(asked: FlaskClient, app: Flask, store: Any) -> None:
    """Other people's turns, unknown ones and odd votes are refused."""
    assert app.test_client().post("/feedback", data={"turn": TURN, "vote": "up"}).status_code == 404
    for turn in ("", "0" * 32, "x", "'; drop table turns; --"):
        assert asked.post("/feedback", data={"turn": turn, "vote": "up"}).status_code == 404
    for vote in ("", "UP", "1", "up "):
        assert asked.post("/feedback", data={"turn": TURN, "vote": vote}).status_code == 422
    assert (
        asked.post(
            "/feedback", data={"turn": TURN, "vote": "up"}, headers={"Origin": "https://evil.example"}
        ).status_code
        == 403
    )
    assert store.thoughts == {}


def test_refusals_can_be_judged_and_small_talk_cannot(client: FlaskClient, htmx: Headers) -> None:
    """The form stands under a refusal, not under a greeting."""
    assert 'action="/feedback"' in client.post("/chat", data={"question": "no idea"}, headers=htmx).text
    assert 'action="/feedback"' not in client.post("/chat", data={"question": "hello"}, headers=htmx).text


def test_store_that_fails_is_told(asked: FlaskClient, store: Any) -> None:
    """Without a database the vote is refused kindly."""
    store.broken = True
    response = asked.post("/feedback", data={"turn": TURN, "vote": "up"})
    assert response.status_code == 503 and "Try again in a moment" in response.text


def test_api_keeps_feedback(client: FlaskClient, faq: str, store: Any) -> None:
    """A client judges with the ids that came with the answer, and changes its mind."""
    answer = client.post("/api/v1/ask", json={"question": faq}).json
    ids = {"conversation": answer["conversation"], "turn": answer["turn"]}
    first = client.post(API, json={**ids, "vote": "down", "reason": " too short "})
    assert first.status_code == 200
    assert first.json == {**ids, "vote": "down", "reason": "too short"}
    assert client.post(API, json={**ids, "vote": "up"}).json == {**ids, "vote": "up", "reason": "too short"}
    assert client.post(API, json={**ids, "vote": "up", "reason": ""}).json["reason"] == ""
    assert only(store) == Feedback(Vote.UP)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"conversation": None}, 422, "conversation"),
        ({"conversation": "short"}, 422, "conversation"),
        ({"conversation": "c" * 22}, 404, None),
        ({"turn": None}, 422, "turn"),
        ({"turn": 7}, 422, "turn"),
        ({"turn": "0" * 32}, 404, None),
        ({"vote": None}, 422, "vote"),
        ({"vote": "sideways"}, 422, "vote"),
        ({"vote": True}, 422, "vote"),
        ({"vote": ["up"]}, 422, "vote"),
        ({"reason": 7}, 422, "reason"),
        ({"reason": "x" * 1001}, 422, "reason"),
    ],
)
def test_api_errors_have_the_one_shape(
    client: FlaskClient, faq: str, store: Any, change: dict[str, Any], status: int, field: str | None
) -> None:
    """What cannot be used is named; nothing is kept."""
    answer = client.post("/api/v1/ask", json={"question": faq}).json
    body = {"conversation": answer["conversation"], "turn": answer["turn"], "vote": "up", **change}
    response = client.post(API, json=body)
    assert response.status_code == status
    assert (
        set(response.json["error"]) == {"code", "message", "field", "reference"}
        and response.json["error"]["field"] == field
    )
    assert store.thoughts == {}


def test_api_tells_a_store_that_fails(client: FlaskClient, faq: str, store: Any) -> None:
    """Without a database it is 503, in the one shape."""
    answer = client.post("/api/v1/ask", json={"question": faq}).json
    store.broken = True
    body = {"conversation": answer["conversation"], "turn": answer["turn"], "vote": "up"}
    response = client.post(API, json=body)
    assert response.status_code == 503 and response.json["error"]["code"] == "unavailable"

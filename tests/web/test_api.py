"""The JSON API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

ASK = "/api/v1/ask"
TURN = "turn-0001"


def ask(client: FlaskClient, **body: Any) -> dict[str, Any]:
    response = client.post(ASK, json=body)
    assert response.status_code == 200, response.text
    return dict(response.json)


def test_answer_has_the_promised_shape(client: FlaskClient, faq: str) -> None:
    """An answer carries its words, where they stand, and how sure it is."""
    body = ask(client, question=faq)
    assert body["outcome"] == "answered"
    assert body["answer"]["kind"] == "faq" and body["answer"]["question"] == faq
    cited = body["citation"]
    assert cited["document"] == {
        "id": "000_e9223e5004065d9e",
        "headline": cited["document"]["headline"],
        "date": "2023-12-28",
        "url": "/documents/000_e9223e5004065d9e",
    }
    assert cited["url"] == "/documents/000_e9223e5004065d9e#p9"
    assert body["confidence"] == 0.95 and body["saved"] is True and body["took_ms"] >= 0
    assert "explanation" not in body


def test_quote_can_be_proved_from_the_source(client: FlaskClient) -> None:
    """``source[start:end] == quote`` for every citation, alternatives too."""
    body = ask(client, question="maybe")
    for cited in [body["citation"], *(other["citation"] for other in body["alternatives"])]:
        source = client.get(f"/api/v1/documents/{cited['document']['id']}").json["source"]
        assert source[cited["start"] : cited["end"]] == cited["quote"]


def test_abstention_has_no_answer(client: FlaskClient) -> None:
    """A refusal has neither answer nor citation; the nearest passages are alternatives."""
    body = ask(client, question="zanzibar cricket")
    assert body["outcome"] == "abstained"
    assert body["answer"] is None and body["citation"] is None
    assert len(body["alternatives"]) == 2 and body["missing_terms"] == ["zanzibar", "cricket"]


def test_explanation_on_request(client: FlaskClient, faq: str) -> None:
    """``explain`` adds why."""
    why = ask(client, question=faq, explain=True)["explanation"]
    assert why["score"] == 0.75
    assert why["terms"][0] == {"word": "What", "matched": True, "weight": 0.25}
    assert why["evidence"][0] == {"name": "question-like", "weight": 0.5}


def test_turn_sent_again_is_kept_once(client: FlaskClient, faq: str, store, answerer) -> None:  # type: ignore[no-untyped-def]
    """The same turn id brings the same answer; with another question it is refused."""
    first = ask(client, question=faq, turn=TURN)
    again = ask(client, question=faq, turn=TURN, conversation=first["conversation"])
    assert {**first, "took_ms": 0} == {**again, "took_ms": 0}
    assert len(store.all_turns) == 1 and len(answerer.heard) == 1
    other = client.post(ASK, json={"question": "hello", "turn": TURN, "conversation": first["conversation"]})
    assert other.status_code == 422 and other.json["error"]["field"] == "turn"


def test_first_question_sent_again_is_kept_once(client: FlaskClient, faq: str, store) -> None:  # type: ignore[no-untyped-def]
    """Whose answer was lost, and with it the conversation's id: a long turn id finds it; each question has its own."""
    long = "4f0c1be2d9a84ad3a1f3c5e7092b6d18"
    first, again = ask(client, question=faq, turn=long), ask(client, question=faq, turn=long)
    assert {**first, "took_ms": 0} == {**again, "took_ms": 0}
    assert len(store.all_turns) == 1
    assert ask(client, question="hello", turn=long)["conversation"] != first["conversation"]
    assert long not in first["conversation"]


def test_a_short_turn_id_names_no_conversation(client: FlaskClient, faq: str) -> None:
    """Two programs may have made the same one: neither sees the other's conversation."""
    assert ask(client, question=faq, turn=TURN)["conversation"] != ask(client, question=faq, turn=TURN)["conversation"]


def test_conversation_is_the_context(client: FlaskClient, faq: str, answerer) -> None:  # type: ignore[no-untyped-def]
    """A conversation brings what was asked and told before; `previous` stands for it when sent."""
    conversation = ask(client, question=faq)["conversation"]
    ask(client, question="and when?", conversation=conversation)
    assert answerer.heard[-1][1].previous == (faq,)
    assert answerer.heard[-1][1].told == (("000_e9223e5004065d9e", 9),)
    ask(client, question="and why?", previous=["one", "two"])
    assert answerer.heard[-1][1].previous == ("one", "two")
    assert answerer.heard[-1][1].told is None


def test_store_that_fails_is_told(client: FlaskClient, store, faq: str) -> None:  # type: ignore[no-untyped-def]
    """Without a database the answer comes and says that it was not kept."""
    store.broken = True
    body = ask(client, question=faq)
    assert body["saved"] is False and body["answer"] is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \x00 "}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"question": "x", "conversation": "short"}, "conversation"),
        ({"question": "x", "conversation": "a" * 65}, "conversation"),
        ({"question": "x", "conversation": "../../etc"}, "conversation"),
        ({"question": "x", "turn": 12345678}, "turn"),
        ({"question": "x", "turn": "turn-0001\n"}, "turn"),
        ({"question": "x", "previous": "y"}, "previous"),
        ({"question": "x", "previous": [1]}, "previous"),
        ({"question": "x", "previous": ["y"] * 51}, "previous"),
        ({"question": "x", "explain": "yes"}, "explain"),
    ],
)
def test_field_that_cannot_be_used_is_422(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    """The error names the field."""
    response = client.post(ASK, json=body)
    assert response.status_code == 422
    assert set(response.json["error"]) == {"code", "message", "field", "reference"}
    assert response.json["error"]["field"] == field


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'"question"',
        b"null",
        b"\xff\xfe",
        b'{"question": "x"',
        b"[" * 30000,
        b'{"question":' * 5000,
        b'{"question": ' + b"9" * 5000 + b"}",
    ],
)
def test_body_that_is_no_object_is_400(client: FlaskClient, data: bytes) -> None:
    """Whatever is not a JSON object is refused as such, however deeply nested."""
    response = client.post(ASK, data=data, content_type="application/json")
    assert response.status_code == 400
    assert response.json["error"]["code"] == "malformed-json"


@pytest.mark.parametrize("question", ["\ud800", "a\udfffb", "\ud83d\ude00", "nul\x00nul"])
def test_odd_characters_are_survived(client: FlaskClient, question: str) -> None:
    """Halves of character pairs and NUL neither fail nor come back."""
    response = client.post(ASK, data=json.dumps({"question": question}), content_type="application/json")
    assert response.status_code == 200


def test_other_media_types_are_415(client: FlaskClient) -> None:
    """Only application/json is read: a form of another site cannot send it."""
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = client.post(ASK, data=b'{"question": "x"}', content_type=content_type)
        assert response.status_code == 415 and response.json["error"]["code"] == "not-json"


def test_large_body_is_413(client: FlaskClient) -> None:
    """More than the limit is not read."""
    response = client.post(ASK, json={"question": "x" * 70_000})
    assert response.status_code == 413 and response.json["error"]["code"] == "too-large"


def test_errors_have_one_shape(client: FlaskClient) -> None:
    """404 and 405 come as JSON, 405 with what is allowed."""
    for response in (client.get("/api/v1/nothing"), client.get("/api/v1/documents/none"), client.get("/api/")):
        assert response.status_code == 404
        assert set(response.json["error"]) == {"code", "message", "field", "reference"}
    wrong = client.get(ASK)
    assert wrong.status_code == 405 and "POST" in wrong.headers["Allow"]
    assert wrong.json["error"]["code"] == "method-not-allowed"


def test_fault_is_told_without_its_details(client: FlaskClient) -> None:
    """A fault on this side is 500 with a reference, and nothing of what happened."""
    response = client.post(ASK, json={"question": "fail"})
    assert response.status_code == 500
    assert response.json["error"]["reference"] == response.headers["X-Request-ID"]
    assert "secret detail" not in response.text and "Traceback" not in response.text


def test_documents_are_listed_in_parts(client: FlaskClient) -> None:
    """The list has a total and takes offset and limit."""
    body = client.get("/api/v1/documents").json
    assert body["total"] == 1 and body["documents"][0]["date"] == "2023-12-28"
    assert client.get("/api/v1/documents?offset=1").json["documents"] == []
    for query in ("offset=-1", "offset=x", "limit=0", "limit=1001", "limit=٣"):
        assert client.get(f"/api/v1/documents?{query}").status_code == 422


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("what", 3),
        ("WHAT  areas", 1),
        ("coop", 1),
        ("partner", 1),
        ("india\N{RIGHT SINGLE QUOTATION MARK}s", 1),
        ("zz", 0),
        ("", 0),
        ("\x00", 0),
    ],
)
def test_suggestions_for_what_was_typed(client: FlaskClient, typed: str, count: int) -> None:
    """Beginnings of questions and of their words are found, whatever the case."""
    response = client.get("/api/v1/suggest", query_string={"q": typed})
    assert len(response.json["suggestions"]) == count


def test_description_is_true(app: Flask) -> None:
    """The description names every door of the API, and no other."""
    described = app.test_client().get("/api/v1/openapi.json").json
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    assert served == {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_replies_fit_the_description(client: FlaskClient, faq: str) -> None:
    """Every reply has exactly the properties that the description names."""
    schemas = client.get("/api/v1/openapi.json").json["components"]["schemas"]

    def check(value: Any, schema: dict[str, Any]) -> None:
        if "$ref" in schema:
            return check(value, schemas[schema["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return None if value is None else check(value, schema["anyOf"][0])
        if schema.get("type") == "object":
            assert set(schema["required"]) <= set(value) <= set(schema["properties"])
            for name, inner in value.items():
                check(inner, schema["properties"][name])
        if schema.get("type") == "array":
            for inner in value:
                check(inner, schema["items"])
        if "enum" in schema:
            assert value in schema["enum"]
        return None

    for question in (faq, "maybe", "hello", "nothing"):
        check(ask(client, question=question, explain=True), schemas["Reply"])
    check(client.get("/api/v1/documents").json, schemas["Documents"])
    check(client.get("/api/v1/documents/000_e9223e5004065d9e").json, schemas["FullDocument"])
    check(client.get("/api/v1/suggest?q=what").json, schemas["Suggestions"])
    check(client.post(ASK, json={}).json, schemas["Error"])


def test_limit_of_the_body_follows_the_setting(make_app: Callable[..., Flask]) -> None:
    """A longer question allowed means a larger body allowed."""
    client = make_app(question_max_chars=100_000).test_client()
    assert client.post(ASK, json={"question": "é" * 90_000}).status_code == 200

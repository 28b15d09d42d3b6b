"""The JSON shape of a reply."""

from __future__ import annotations

import json
from collections.abc import Callable

from webapp.answering.reply import Outcome, Reply
from webapp.answering.wire import to_wire

Made = Callable[..., Reply]


def test_an_answer_says_its_words_and_where_they_stand(make_reply: Made) -> None:
    """The quote, its place, and a link that opens the article there."""
    reply = make_reply()
    wire = to_wire(reply)
    assert reply.answer is not None
    assert wire["answer"] == {"text": reply.answer.text, "kind": "sentence", "question": None}
    assert wire["citation"] == {
        "document": {"id": "a-b", "headline": "Talks in Moscow", "date": "2023-12-28", "url": "/documents/a-b"},
        "quote": reply.answer.text,
        "start": 10,
        "end": 10 + len(reply.answer.text),
        "url": "/documents/a-b#p3",
    }
    assert wire["confidence"] == 0.8765
    assert wire["corrections"] == [{"typed": "moskow", "used": "moscow"}]
    assert (wire["reason"], wire["receipt"], wire["missing_terms"]) == ("sure", "abc", ["pakistan"])
    assert "explanation" not in wire
    json.dumps(wire)


def test_a_date_opens_where_the_date_stands(make_reply: Made) -> None:
    """Not a passage, which the date is none of."""
    assert to_wire(make_reply())["alternatives"][0]["citation"]["url"] == "/documents/a-b#date"


def test_no_citation_stands_under_a_refusal(make_reply: Made) -> None:
    """Even if the reply carried an answer by mistake."""
    wire = to_wire(make_reply(outcome=Outcome.ABSTAINED))
    assert wire["answer"] is None
    assert wire["citation"] is None
    assert len(wire["alternatives"]) == 1


def test_an_explanation_comes_when_asked_for(make_reply: Made) -> None:
    """Terms and evidence by name; null when there is none."""
    assert to_wire(make_reply(), explain=True)["explanation"] == {
        "score": 1.5,
        "terms": [{"word": "where", "matched": True, "weight": 0.5}],
        "evidence": [{"name": "first sentence", "weight": 1.0}],
        "runner_up": "Other.",
    }
    assert to_wire(make_reply(explanation=None), explain=True)["explanation"] is None


def test_links_follow_the_server(make_reply: Made) -> None:
    """A server below a path of its host says so."""
    wire = to_wire(make_reply(), urls=lambda document_id: f"/news/documents/{document_id}")
    assert wire["citation"]["url"] == "/news/documents/a-b#p3"
    assert wire["citation"]["document"]["url"] == "/news/documents/a-b"

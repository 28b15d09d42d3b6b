"""``/metrics``: what is counted of requests and questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from webapp.answering.polyglot import answering_from
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.model import Corpus
from webapp.settings import Settings
from webapp.tally import METRICS
from webapp.web.app import create_app

Figures = Callable[[], dict[str, float]]


def figures_of(client: FlaskClient) -> dict[str, float]:
    """Return every figure by its name and labels."""
    text = client.get("/metrics").text
    return {
        f"{sample.name}{'|'.join(('', *sample.labels.values()))}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("question", "outcome"),
    [("maybe", "hedged"), ("hello", "smalltalk"), ("no idea", "abstained"), ("fail", "failed")],
)
def test_questions_are_counted_by_what_came_of_them(client: FlaskClient, question: str, outcome: str) -> None:
    """Over every door, each once."""
    client.post("/chat", data={"question": question})
    client.post("/api/v1/ask", json={"question": question})
    figures = figures_of(client)
    asked = {name: value for name, value in figures.items() if name.startswith("newsstand_questions_total") and value}
    assert asked == {f"newsstand_questions_total|{outcome}": 2}


def test_a_repeated_question_is_counted_as_one(client: FlaskClient, faq: str) -> None:
    """It was answered before."""
    body = {"question": faq, "conversation": "conversation-1", "turn": "turn-00001"}
    for _ in range(3):
        client.post("/api/v1/ask", json=body)
    figures = figures_of(client)
    assert figures["newsstand_questions_total|answered"] == 1
    assert figures["newsstand_questions_total|repeated"] == 2


def test_responses_are_counted_by_class(client: FlaskClient) -> None:
    """Those that failed too."""
    client.get("/")
    client.get("/nothing")
    client.post("/api/v1/ask", json={"question": "fail"})
    figures = figures_of(client)
    told = {status: figures[f"newsstand_responses_total|{status}"] for status in ("2xx", "4xx", "5xx")}
    assert told == {"2xx": 1, "4xx": 1, "5xx": 1}


def test_what_is_too_much_is_counted(make_app: Callable[..., Flask]) -> None:
    """Two of three."""
    client = make_app(ratelimit_client="1/hour").test_client()
    for _ in range(3):
        client.post("/api/v1/ask", json={"question": "hello"})
    assert figures_of(client)["newsstand_rate_limited_total"] == 2


def test_every_stage_is_measured(seed_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With a real answerer and a real database, each once for a question; the parts are shorter than the whole."""
    url = f"sqlite:///{tmp_path_factory.mktemp('turns') / 'turns.sqlite3'}"
    upgrade(url)
    store = ConversationStore(url, conversation_days=30)
    answerer = answering_from(seed_corpus)
    app = create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store)
    client = app.test_client()
    for number in range(3):
        assert client.post("/api/v1/ask", json={"question": f"Who is S. Jaishankar {number}?"}).status_code == 200
    figures = figures_of(client)
    for stage in ("analysis", "retrieval", "ranking", "storage", "render"):
        assert figures[f"newsstand_stage_seconds_count|{stage}"] == 3
        assert figures[f"newsstand_stage_seconds_sum|{stage}"] > 0
    inner = sum(figures[f"newsstand_stage_seconds_sum|{stage}"] for stage in ("analysis", "retrieval", "ranking"))
    assert inner < figures["newsstand_question_seconds_sum"]
    assert figures["newsstand_question_seconds_count"] == figures["newsstand_question_seconds_bucket|+Inf"] == 3
    assert figures["newsstand_storage_errors_total"] == 0
    store.close()


def test_what_the_database_refuses_is_counted(answerer: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reading and keeping alike; the answer comes all the same."""
    store = ConversationStore(f"sqlite:///{tmp_path_factory.mktemp('no') / 'tables.sqlite3'}", conversation_days=30)
    client = create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store).test_client()  # type: ignore[arg-type]
    assert client.post("/api/v1/ask", json={"question": "hello"}).status_code == 200
    figures = figures_of(client)
    assert figures["newsstand_storage_errors_total"] >= 1
    assert figures["newsstand_questions_total|smalltalk"] == 1
    store.close()


def test_every_metric_is_there_from_the_start(client: FlaskClient) -> None:
    """An alert on a rate needs the zero before the first one."""
    figures = figures_of(client)
    for metric in METRICS:
        for label in metric.labels:
            named = [f"{metric.name}{end}{'|' if label else ''}{label}" for end in ("", "_total", "_count")]
            assert any(name in figures for name in named), metric
    assert any(name.startswith("newsstand_build_info|") for name in figures)

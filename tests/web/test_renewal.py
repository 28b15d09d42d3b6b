"""Documents that change while they are served: a request keeps what it began with, the next one has the new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from webapp.corpus.model import Problem, Severity
from webapp.web.services import renew, services

READ_AT = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
PROBLEMS = tuple(
    Problem(f"{number}.txt", 3, "not-utf8", "It is broken.", "Mend it.", Severity.ERROR) for number in range(60)
)


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """An application with a data folder of its own."""
    return make_app(data_dir=str(tmp_path))


@pytest.fixture
def renewed(app: Flask, nasty: Any) -> Callable[[], None]:
    """Changes the documents of `app`."""
    return lambda: renew(app, answerer=nasty, problems=PROBLEMS, read_at=READ_AT, generation=7)


def test_a_request_is_answered_from_one_index(app: Flask, nasty: Any, renewed: Callable[[], None]) -> None:
    """Whatever changes meanwhile; settings and store stay what they are."""
    with app.test_request_context():
        before = services()
        renewed()
        assert services() is before
    with app.test_request_context():
        after = services()
    assert after.answerer is nasty
    assert (after.settings, after.store) == (before.settings, before.store)


def test_everything_follows_the_documents(app: Flask, renewed: Callable[[], None], faq: str) -> None:
    """Pages, feeds, suggestions, and what tells a kiosk to load itself anew."""
    client = app.test_client()

    def seen() -> list[Any]:
        heartbeat = client.post("/kiosk/heartbeat", data={"name": "lobby"}, headers={"Sec-Fetch-Site": "same-origin"})
        return [
            client.get("/").text.count(faq),
            client.get("/sitemap.xml").headers["ETag"],
            client.get("/feed.atom").headers["ETag"],
            [document["id"] for document in client.get("/api/v1/documents").get_json()["documents"]],
            client.get("/api/v1/suggest?q=what").get_json(),
            heartbeat.get_json()["version"],
        ]

    before = seen()
    renewed()
    for old, new in zip(before, seen(), strict=True):
        assert old != new


def test_readiness_tells_which_documents_are_served(app: Flask, renewed: Callable[[], None]) -> None:
    """Generation, fingerprint, time and the first problems; the number of problems stays where it was."""
    client = app.test_client()
    first = client.get("/readyz").get_json()
    assert first["problems"] == 0
    assert first["details"]["generation"] == 1
    assert first["details"]["problems"] == []
    assert datetime.now(UTC) - datetime.fromisoformat(first["details"]["read_at"]) < timedelta(minutes=5)
    renewed()
    then = client.get("/readyz").get_json()
    assert (then["status"], then["problems"], then["documents"]) == ("ready", 60, 1)
    details = then["details"]
    assert (details["generation"], details["read_at"]) == (7, "2024-05-01T12:30:00+00:00")
    assert details["fingerprint"] != first["details"]["fingerprint"]
    assert len(details["problems"]) == 50
    assert details["problems"][0] == {
        "path": "0.txt",
        "line": 3,
        "code": "not-utf8",
        "severity": "error",
        "message": "It is broken.",
    }


def test_metrics_tell_how_old_the_index_is(app: Flask, renewed: Callable[[], None]) -> None:
    """In seconds, with the numbers of documents and problems."""
    renewed()
    figures = dict(
        line.rsplit(" ", 1) for line in app.test_client().get("/metrics").text.splitlines() if not line.startswith("#")
    )
    age = (datetime.now(UTC) - READ_AT).total_seconds()
    assert float(figures["newsstand_index_age_seconds"]) == pytest.approx(age, abs=60)
    assert float(figures["newsstand_index_generation"]) == 7
    assert float(figures["newsstand_documents"]) == 1
    assert float(figures["newsstand_document_problems"]) == 60

"""``/readyz`` tells what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import FakeAnswerer, FakeStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.tally import READING_FAILED, WATCHERS, WATCHERS_WANTED, WORKERS, WORKERS_BEHIND, Gauge, Tally
from webapp.web.app import create_app


def told(app: Flask) -> tuple[int, list[str]]:
    response = app.test_client().get("/readyz")
    assert all(one["message"] and one["advice"] for one in response.json["wrong"])
    return response.status_code, [one["what"] for one in response.json["wrong"]]


def test_nothing_is_wrong(app: Flask) -> None:
    """Then nothing is told."""
    assert told(app) == (200, [])


def test_a_lost_database(app: Flask, store: FakeStore) -> None:
    """Is not ready until it is back; nobody reads where it is."""
    store.broken = True
    assert told(app) == (503, ["storage"])
    assert "the database is gone" not in app.test_client().get("/readyz").text
    store.broken = False
    assert told(app) == (200, [])


def test_no_documents(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """Is not ready."""
    assert told(make_app(FakeAnswerer(read_folder(tmp_path).corpus))) == (503, ["documents"])


@pytest.mark.parametrize(
    ("gauges", "what"),
    [
        ({WORKERS: 2, WORKERS_BEHIND: 1}, ["index"]),
        ({WATCHERS_WANTED: 1, WATCHERS: 0}, ["watcher"]),
        ({WATCHERS_WANTED: 1, WATCHERS: 1, READING_FAILED: 1}, ["reading"]),
    ],
)
def test_what_may_grow_old(
    answerer: FakeAnswerer, store: FakeStore, gauges: dict[Gauge, float], what: list[str]
) -> None:
    """Is told, and served on."""
    tally = Tally()
    for gauge, value in gauges.items():
        tally.set(gauge, value)
    app = create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store, tally=tally)
    assert told(app) == (200, what)

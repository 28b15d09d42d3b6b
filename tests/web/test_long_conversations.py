"""A conversation of a thousand turns costs about what one of ten costs."""

from __future__ import annotations

import gzip
import statistics
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pytest
from flask.testing import FlaskClient

from webapp.answering.reply import Context
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.settings import Settings
from webapp.web.app import create_app

SHORT, LONG = "conversation-short", "conversation-long"
TURNS = {SHORT: 10, LONG: 1000}
SIZE_RATIO = 3.0
"""The page shows twenty turns of a thousand, so twice those of ten; the rest is room."""
PACKED_BYTES = 40_000
TIME_RATIO = 5.0
"""Wide, for machines that do other things as well."""
ROUNDS = 7


@pytest.fixture
def visitor(tmp_path: Path, answerer) -> Iterator[FlaskClient]:  # type: ignore[no-untyped-def]
    """A visitor with a short and a long conversation."""
    url = f"sqlite:///{tmp_path / 'long.db'}"
    upgrade(url)
    store = ConversationStore(url, conversation_days=30)
    questions = (*answerer.suggestions(), "maybe", "no idea", "hello", "when")
    replies = [answerer.ask(question, Context()) for question in questions]
    for named, count in TURNS.items():
        for n in range(count):
            store.append(named, f"turn-{n:06}", replies[n % len(replies)], visitor="visitor-1")
    client = create_app(Settings(secret_key="only for tests"), answerer=answerer, store=store).test_client()
    with client.session_transaction() as session:
        session["visitor"], session["conversation"] = "visitor-1", LONG
    yield client
    store.close()


def seconds(client: FlaskClient, path: str) -> float:
    """Return how long the processor takes for a page, in the middle of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = thread_time()
        assert client.get(path).status_code == 200
        taken.append(thread_time() - began)
    return statistics.median(taken)


def test_page_of_a_thousand_turns_is_small_and_fast(visitor: FlaskClient) -> None:
    """Its size and its time are within a small factor of those of ten turns."""
    short, long = (visitor.get(f"/conversations/{named}").data for named in (SHORT, LONG))
    assert long.count(b"<article") == Settings().turns_shown and short.count(b"<article") == 10
    size_ratio, packed = len(long) / len(short), len(gzip.compress(long, 5))
    time_ratio = seconds(visitor, f"/conversations/{LONG}") / seconds(visitor, f"/conversations/{SHORT}")
    assert size_ratio <= SIZE_RATIO and packed <= PACKED_BYTES
    assert time_ratio <= TIME_RATIO


def test_asking_in_a_long_conversation_is_as_fast(visitor: FlaskClient, htmx: dict[str, str]) -> None:
    """The thousandth question costs about what the tenth costs."""
    rounds: dict[str, list[float]] = {named: [] for named in TURNS}
    for n in range(ROUNDS):
        # One after the other, so that what else the machine does falls on both.
        for named, taken in rounds.items():
            data = {"question": f"no idea {n}", "conversation": named}
            began = thread_time()
            assert visitor.post("/chat", data=data, headers=htmx).status_code == 200
            taken.append(thread_time() - began)
    assert statistics.median(rounds[LONG]) <= TIME_RATIO * statistics.median(rounds[SHORT])


def test_every_turn_of_a_long_conversation_can_be_reached(visitor: FlaskClient) -> None:
    """Page by page to the first, and in one piece in every export."""
    seen, before = 0, TURNS[LONG] + 1
    while before > 1:
        page = visitor.get(f"/conversations/{LONG}?before={before}", headers={"HX-Request": "true"}).text
        seen += page.count("<article")
        before -= Settings().turns_shown
    assert seen == TURNS[LONG]
    assert len(visitor.get(f"/conversations/{LONG}/json").json["turns"]) == TURNS[LONG]
    assert "\n1000. " in visitor.get(f"/conversations/{LONG}/text").text
    assert "\n## 1000. " in visitor.get(f"/conversations/{LONG}/markdown").text
    assert visitor.get(f"/conversations/{LONG}/print").text.count("<article") == TURNS[LONG]

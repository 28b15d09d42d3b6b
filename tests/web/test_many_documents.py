"""Pages of a saved index say what they said, without making every document."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from webapp.answering.polyglot import answering_from
from webapp.answering.saved import open_index, save_index
from webapp.corpus import records
from webapp.corpus.library import read_folder
from webapp.web import suggesting

MakeApp = Callable[..., Flask]
COUNT = 240
PATHS = (
    "/",
    "/kiosk",
    "/documents/",
    "/documents/?page=3",
    "/documents/?tag=harbour",
    "/documents/?tag=HARBOUR&q=boat",
    "/documents/?q=boat&page=2",
    "/documents/boat-7",
    "/feed.atom",
    "/api/v1/documents?offset=100&limit=5",
    "/api/v1/documents/boat-9",
    "/api/v1/suggest?q=who+painted+boat",
    "/api/v1/suggest?q=paintet",
)


def article(number: int) -> str:
    tags = ("Harbour", "harbour", "Weather")[number % 3]
    return (
        f"date 2024-{number % 12 + 1:02}-{number % 28 + 1:02}\ntags: {tags}, all\n\n"
        f"Boat number {number} was painted red on Friday.\n\nFAQ:\n\n"
        f"Q: Who painted boat {number}?\nA: Crew {number} did.\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seeds = tmp_path / "documents"
    seeds.mkdir()
    for number in range(COUNT):
        (seeds / f"boat-{number}.txt").write_text(article(number), "utf-8")
    return seeds


def test_every_page_is_the_same(folder: Path, tmp_path: Path, make_app: MakeApp) -> None:
    """The reading room with its tags and its search, feeds, the kiosk, the API, suggestions."""
    library = read_folder(folder)
    built = answering_from(library.corpus)
    save_index(tmp_path / "index", built, library)
    opened = open_index(tmp_path / "index", target_precision=0.9).answerer
    one, other = make_app(answerer=built).test_client(), make_app(answerer=opened).test_client()
    for path in PATHS:
        answers = one.get(path), other.get(path)
        assert answers[0].status_code == 200, path
        pages = [_without_ids(answer.get_data(as_text=True)) for answer in answers]
        assert pages[0] == pages[1], path
    assert "Boat" in one.get("/documents/?tag=HARBOUR&q=boat").get_data(as_text=True)


def test_a_page_makes_few_documents(
    folder: Path, tmp_path: Path, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it shows and no more; only what is suggested looks through many, once."""
    library = read_folder(folder)
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    made = []
    read = records.read_record
    monkeypatch.setattr(records, "read_record", lambda data: made.append(1) or read(data))  # type: ignore[func-returns-value]
    monkeypatch.setattr(suggesting, "DOCUMENTS_MOST", 30)
    answerer = open_index(tmp_path / "index", target_precision=0.9).answerer
    client = make_app(answerer=answerer).test_client()
    assert not made
    for path, most in (("/", 10), ("/documents/", 50), ("/documents/?tag=weather&q=boat", 50), ("/feed.atom", 50)):
        made.clear()
        assert client.get(path).status_code == 200
        assert len(made) <= most, path
    made.clear()
    for question in ("Who painted boat 77?", "What is the latest news?", "news from March 2024", "What is red?"):
        assert answerer.ask(question).receipt
    assert len(made) < 60
    made.clear()
    assert client.get("/api/v1/suggest?q=who").json["suggestions"]
    assert client.get("/api/v1/suggest?q=whom").status_code == 200
    assert len(made) <= 30


def test_of_very_many_documents_few_are_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where most are read anew anyway, they would only take a worker's memory; where there are fewer, all are kept."""
    library = read_folder(folder)
    save_index(tmp_path / "index", answering_from(library.corpus), library)

    def kept() -> int:
        documents = open_index(tmp_path / "index", target_precision=0.9).answerer.corpus.documents
        once = [documents[number] for number in range(COUNT)]
        return sum(documents[number] is one for number, one in reversed(list(enumerate(once))))

    assert kept() == COUNT
    monkeypatch.setattr(records, "MANY_DOCUMENTS", COUNT - 1)
    monkeypatch.setattr(records, "KEPT_OF_MANY", 10)
    assert kept() == 10


def _without_ids(page: str) -> str:
    """Leave out what is drawn anew for every page: ids of turns and conversations."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{20,}", "", page)

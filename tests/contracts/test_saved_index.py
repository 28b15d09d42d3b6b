"""A saved index answers as the one that was built: whole replies, receipts included, whichever way they end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.reply import Context, Outcome, Scope
from webapp.answering.saved import open_index, save_index
from webapp.corpus.library import Library, read_folder
from webapp.retrieval.wordings import SMALLEST

ROOT = Path(__file__).parents[2]
PRECISION = 0.8
BANK = "\n".join(
    f"Q: How do I {verb} my {thing}?\nQ: I want to {verb} a {thing}\nA: Open your {thing}’s page, {verb} it there.\n"
    for verb, thing in zip(
        "renew close freeze order report activate share print rename cancel upgrade move replace export".split(),
        "card account savings cheque theft token statement receipt profile transfer plan branch phone history".split(),
        strict=True,
    )
)
ASKED = (
    "",
    "???",
    "hello",
    "thank you",
    "What is the latest news?",
    "When was this published?",
    "news from December 2023",
    "news from March 1999",
    "zyzzyva quokka",
    "Who is the foriegn minister?",
    "What did they discuss?",
    "Is it so?",
    "How do I freeze my savings?",
    "my card shall be renewed",
    "Wer hat das gesagt?",
    "¿Cuándo abre?",
    "कब?",
    "что нового?",
    "什么时候?",
)


class Pair(NamedTuple):
    """What was built, and what was opened again."""

    built: Answerer | ManyLanguages
    opened: Answerer | ManyLanguages


def one_article(folder: Path) -> None:
    for seed in (ROOT / "seeds").glob("*.txt"):
        (folder / seed.name).write_bytes(seed.read_bytes())


def several_articles(folder: Path) -> None:
    one_article(folder)
    for seed in (ROOT / "tests" / "browser" / "documents").glob("*.txt"):
        (folder / seed.name).write_bytes(seed.read_bytes())


def many_languages(folder: Path) -> None:
    for seed in (ROOT / "tests" / "languages" / "documents").glob("*.txt"):
        (folder / seed.name).write_bytes(seed.read_bytes())


def banks(folder: Path) -> None:
    several_articles(folder)
    for number, name in enumerate(("bank", "shop", "club")):
        text = f"Questions about the {name}\n\nFAQ:\n\n{BANK.replace('page', f'{name} page {number}')}"
        (folder / f"{name}.txt").write_text(text, "utf-8")


def nothing(folder: Path) -> None:
    (folder / "notes.doc").write_text("not read")


@pytest.fixture(params=[one_article, several_articles, many_languages, banks, nothing], ids=lambda made: made.__name__)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    make: Callable[[Path], None] = request.param
    folder = tmp_path / "documents"
    folder.mkdir()
    make(folder)
    return read_folder(folder)


@pytest.fixture
def pair(library: Library, tmp_path: Path) -> Pair:
    built = answering_from(library.corpus, target_precision=PRECISION)
    save_index(tmp_path / "index", built, library)
    return Pair(built, open_index(tmp_path / "index", target_precision=PRECISION).answerer)


def questions(built: Answerer | ManyLanguages) -> list[str]:
    own = [q for d in built.corpus.documents for p in d.passages if (q := d.question(p))][:40]
    told = [d.text(p) for d in built.corpus.documents for p in d.passages][:40]
    return [*ASKED, *own, *(f"{q.split()[-1]} {q.lower()[:-9]}" for q in own), *(f"what about {t[:50]}" for t in told)]


def test_every_reply_is_the_same(pair: Pair) -> None:
    """Words, places, confidence, alternatives, explanation and receipt."""
    for question in questions(pair.built):
        assert pair.opened.ask(question) == pair.built.ask(question), question


def test_conversations_go_on_the_same(pair: Pair) -> None:
    """What was said before, and the one document that is asked, count as they did."""
    previous: tuple[str, ...] = ()
    named = [document.id for document in pair.built.corpus.documents][:6]
    for number, question in enumerate(questions(pair.built)[:60]):
        document_id = (named or [None])[number % max(1, len(named))] if number % 3 == 2 else None
        context = Context(previous=previous[-4:], scope=Scope(document_id))
        assert pair.opened.ask(question, context) == pair.built.ask(question, context), question
        assert pair.opened.ask("tell me more", context) == pair.built.ask("tell me more", context), question
        previous = (*previous, question)


def test_documents_are_the_same(pair: Pair) -> None:
    """In their order, by id, the newest first, found by words; so are the questions to suggest."""
    built, opened = pair
    documents = tuple(built.corpus.documents)
    assert tuple(opened.corpus.documents) == documents
    assert opened.corpus.fingerprint == built.corpus.fingerprint
    assert dict(opened.corpus.by_id) == dict(built.corpus.by_id)
    assert dict(opened.corpus.numbers) == dict(built.corpus.numbers)
    assert tuple(opened.corpus.newest_first) == tuple(built.corpus.newest_first)
    assert opened.corpus.by_id.get("no such") is None
    assert opened.suggestions(24) == built.suggestions(24)
    for document in documents:
        assert opened.suggestions(5, Scope(document.id)) == built.suggestions(5, Scope(document.id))
        assert tuple(opened.find(document.headline)) == tuple(built.find(document.headline))


def test_problems_are_the_same(library: Library, pair: Pair, tmp_path: Path) -> None:
    """What authors should mend is told by whoever starts from the index, too."""
    assert open_index(tmp_path / "index", target_precision=PRECISION).library.problems == library.problems


def test_every_outcome_was_among_them(tmp_path: Path) -> None:
    """The questions of this suite end in every way there is."""
    several, every = tmp_path / "several", set()
    for make in (banks, many_languages):
        folder = several / make.__name__
        folder.mkdir(parents=True)
        make(folder)
        built = answering_from(read_folder(folder).corpus, target_precision=PRECISION)
        every |= {built.ask(question).outcome for question in questions(built)}
    assert every == set(Outcome)


def test_the_bank_is_one() -> None:
    """The suite's bank is large enough to be read as one."""
    assert BANK.count("A: ") >= SMALLEST

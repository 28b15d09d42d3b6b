"""Who asks what an article is about is told how it begins, not that its words are nowhere in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from webapp.answering import messages
from webapp.answering.answerer import Answerer
from webapp.answering.reading_on import asks_for_an_overview
from webapp.answering.reply import Context, Outcome, Reply, Scope
from webapp.corpus.library import read_folder

LIGHTHOUSE = """ date 2024-02-11 The lighthouse of Skarsund is for sale for one crown. Its last keeper left in 2019.

Buyers must promise to paint it every third year. The harbour office shows it on Sundays.

FAQ:

Q: Who may buy the lighthouse?

A: Anyone who lives in the county.
"""
SCHOOL = """ date 2024-02-12 Pupils of Holmvik learn to sail before they learn to ride a bicycle. The boats were a
gift.
"""
FAQ = """FAQ:

Q: When does the pool open?

A: The pool opens at seven.

Q: What is this page about?

A: It tells you all about the pool of Holmvik.
"""
BEGINNING = "The lighthouse of Skarsund is for sale for one crown."
ABOUT = "What is this about?"
ROOT = Path(__file__).parents[3]


def built(folder: Path, **texts: str) -> Answerer:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return Answerer.build(read_folder(folder).corpus)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return built(tmp_path_factory.mktemp("alone"), lighthouse=LIGHTHOUSE)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return built(tmp_path_factory.mktemp("both"), lighthouse=LIGHTHOUSE, school=SCHOOL)


def quote(reply: Reply) -> str:
    assert reply.outcome is Outcome.ANSWERED and reply.answer is not None
    return reply.answer.text


@pytest.mark.parametrize(
    "typed",
    [
        ABOUT,
        "what's it about",
        "whats this article about??",
        "what is the story all about",
        "Can you tell me what this article is about?",
        "what does the article say",
        "summary",
        "give me a short summary please",
        "Could you summarise this for me?",
        "sum it up",
        "TL;DR",
        "tldr",
        "the main points of the article",
        "what is the main message of this text",
        "headline",
        "in short",
        "what happened?",
        "tell me about this article",
    ],
)
def test_it_is_asked_in_many_ways(alone: Answerer, typed: str) -> None:
    """Each is told how the only article begins, and what it goes on with."""
    reply = alone.ask(typed)
    assert quote(reply) == BEGINNING
    assert (reply.message, reply.reason, reply.missing_terms) == (messages.BEGINS, "overview", ())
    assert reply.alternatives[0].text == "Its last keeper left in 2019."
    assert reply.suggestions == ("Who may buy the lighthouse?",)


@pytest.mark.parametrize(
    "typed",
    [
        "what is the lighthouse about to do",
        "is it about the harbour",
        "what happened to the keeper",
        "what does the article say about paint",
        "summary of the sale",
        "what is the main road",
        "tell me about the keeper",
        "what is the headline rate",
        "this",
        "what",
        "is this about right?",
    ],
)
def test_other_questions_are_none(typed: str) -> None:
    """A question with a subject of its own is looked up like any other."""
    assert not asks_for_an_overview(typed)


def test_what_happened_in_a_conversation(both: Answerer) -> None:
    """Asks about what was told, not about the article as a whole."""
    assert asks_for_an_overview("what happened?") and not asks_for_an_overview("what happened?", first=False)
    reply = both.ask("what happened?", Context(previous=("When did the last keeper leave?",)))
    assert reply.reason != "overview"


def test_reading_goes_on(alone: Answerer) -> None:
    """After the beginning comes what is next."""
    begun = alone.ask(ABOUT)
    assert begun.answer is not None and begun.answer.citation is not None
    told = ((begun.answer.citation.document_id, begun.answer.citation.passage),)
    assert quote(alone.ask("tell me more", Context(previous=(ABOUT,), told=told))).startswith("Its last keeper")


def test_the_article_that_is_asked_about(both: Answerer) -> None:
    """The one that a conversation is about, or that was told of last."""
    assert quote(both.ask(ABOUT, Context(scope=Scope("school")))).startswith("Pupils of Holmvik")
    assert quote(both.ask(ABOUT, Context(previous=("When can I see the lighthouse?",)))) == BEGINNING


@pytest.mark.parametrize("typed", [ABOUT, "what is it about", "what is this article about", "summary", "tl;dr"])
def test_the_seed_after_a_conversation(typed: str) -> None:
    """Though "this" and "it" lean on what was told, and would find that again."""
    seed = Answerer.build(read_folder(ROOT / "seeds").corpus)
    asked = seed.suggestions()
    reply = seed.ask(typed, Context(previous=asked))
    assert len(asked) > 2 and quote(reply).startswith("In a significant development")


def test_of_several_articles_none_is_picked(both: Answerer) -> None:
    """What can be asked is told instead."""
    for typed in (ABOUT, "summary", "what topics do you have?"):
        reply = both.ask(typed)
        assert (reply.outcome, reply.reason) == (Outcome.SMALLTALK, "smalltalk-ability")
        assert reply.suggestions


def test_what_is_over_is_not_told(tmp_path: Path) -> None:
    """An article whose last day is past does not begin either; the one that is left is told."""
    dated = f"---\nheadline: For sale\nvalid until: 2099-09-30\n---\n{LIGHTHOUSE}"
    (tmp_path / "lighthouse.md").write_text(dated, "utf-8")
    answerer = built(tmp_path, school=SCHOOL)
    assert answerer.ask(ABOUT).outcome is Outcome.SMALLTALK
    later = replace(answerer, today=lambda: date(2099, 10, 1))
    assert quote(later.ask(ABOUT)).startswith("Pupils of Holmvik")
    assert later.ask(ABOUT, Context(scope=Scope("lighthouse"))).outcome is Outcome.SMALLTALK


def test_the_documents_own_answer_comes_first(tmp_path: Path) -> None:
    """Where an FAQ answers the very question; without sentences its first entry is told."""
    answerer = built(tmp_path, pool=FAQ)
    assert quote(answerer.ask("What is this page about?")) == "It tells you all about the pool of Holmvik."
    assert quote(answerer.ask("summary")) == "The pool opens at seven."

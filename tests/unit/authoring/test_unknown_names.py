"""Names of an FAQ that its article spells otherwise, or lacks."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.authoring.article import article_of
from webapp.authoring.unknown_names import common_words, unknown_names

ARTICLE = "Mayor Todd Lindqvist opened the new bridge over the Lester River in Duluth on Tuesday."


def problems(document: Any, text: str) -> list[Any]:
    read = document(text)
    article = article_of(read)
    return [] if article is None else list(unknown_names(article, common_words([read])))


def test_another_spelling_is_told(document: Any, with_faq: Any) -> None:
    """With both, and where the article has it."""
    (problem,) = problems(document, with_faq(ARTICLE, ("Who came?", "It was opened by Todd Lindquist, the mayor.")))
    assert (problem.code, problem.line) == ("name-spelt-otherwise", 6)
    assert "“Lindquist” is “Lindqvist” in the article (a.txt:1)." in problem.message


def test_another_name_for_the_same_is_told(document: Any, with_faq: Any) -> None:
    """In an answer, and in a question."""
    faq = (
        ("Who opened the bridge?", "Mayor Peter Hansson opened the new bridge."),
        ("Why did the mayor open the new bridge over the Hudson River?", "It was ready."),
    )
    first, second = problems(document, with_faq(ARTICLE, *faq))
    assert (first.code, first.line) == ("name-not-in-article", 6)
    assert "“Peter Hansson”" in first.message
    assert (second.code, second.line) == ("name-not-in-article", 8)
    assert "“Hudson”" in second.message


@pytest.mark.parametrize(
    ("article", "answer"),
    [
        (ARTICLE, "It was opened by Lindqvist."),
        (ARTICLE, "The mayor of Duluth opened the bridge over the Lester River."),
        ("Talks between Russia and India began.", "The talks between Russian and Indian officials began."),
        ("Talks in the Dutch capital began on time.", "The talks in the capital of the Netherlands began on time."),
        ("Talks in Spain began on time.", "The Spanish talks began on time."),
        ("The World Health Organization met in Rome.", "In Rome the WHO met."),
        ("Поезд прибыл в Москву утром.", "Утром поезд был в Москве."),
        ("The bridge opened.", "The bridge opened. “Nobody fell,” he said: Everyone was safe."),
        ("The bridge opened.", "The Bridge Opened With Music And Speeches."),
        ("The bridge opened on time, the mayor said.", "On time, the Mayor said, the bridge opened."),
        ("The bridge opened with music.", "On Sunday the bridge opened with music."),
        # What the answer adds is its own.
        (ARTICLE, "Ferries to Corsica run from Nantes."),
        # German writes nouns with capitals.
        ("Die neue Brücke über den Fluss ist offen.", "Die neue Brücke über den Fluss ist mit Musik und Reden offen."),
        ("桥已经开放。", "桥已经在五月开放。"),
    ],
)
def test_held_names_and_what_is_no_name_pass(document: Any, with_faq: Any, article: str, answer: str) -> None:
    """Other forms, acronyms, beginnings, headlines, days."""
    assert problems(document, with_faq(article, ("What happened?", answer))) == []

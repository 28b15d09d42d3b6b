"""Numbers of an answer that restates the article, and differs."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.authoring.article import article_of
from webapp.authoring.unknown_numbers import added_numbers, unknown_numbers

BRIDGE = "The bridge cost 5 million euros."
FLIGHTS = "More than 210 flights at Skarvan airport were cancelled on Thursday. The union wants a rise of 7.5%."


def problems(document: Any, text: str) -> list[Any]:
    article = article_of(document(text))
    return [] if article is None else list(unknown_numbers(article))


@pytest.mark.parametrize(
    ("article", "question", "answer", "shown", "held"),
    [
        (FLIGHTS, "How many were cancelled?", "About 220 flights were cancelled.", "220 flights", "210 flights"),
        (FLIGHTS, "How many flights were cancelled?", "2,100.", "2,100", "210 flights"),
        (FLIGHTS, "What rise does the union want?", "The union wants a rise of 8.5%.", "8.5%", "7.5%"),
        (BRIDGE, "How much did the bridge cost?", "It cost 6 million.", "6 million", "5 million euros"),
        ("The bridge opened in 2019.", "When did it open?", "The bridge opened in 2018.", "2018", "2019"),
        ("The tower has forty-two steps.", "How many steps has the tower?", "Forty-three.", "Forty-three", "forty-two"),
        (
            "Die Brücke kostete 84 Millionen Euro.",
            "Was kostete sie?",
            "Die Brücke kostete 48 Millionen.",
            "48 M",
            "84 M",
        ),
        ("这座桥造价500万元。", "这座桥造价多少？", "这座桥造价600万元。", "600万", "500万"),
    ],
)
def test_another_number_is_told(
    document: Any, with_faq: Any, article: str, question: str, answer: str, shown: str, held: str
) -> None:
    """With both numbers, and the line of each."""
    (problem,) = problems(document, with_faq(article, (question, answer)))
    assert (problem.code, problem.line) == ("number-not-in-article", 6)
    assert "(a.txt:1)" in problem.message
    assert f"The answer says “{shown}" in problem.message
    assert f"it says “{held}" in problem.message


@pytest.mark.parametrize(
    ("article", "question", "answer"),
    [
        (FLIGHTS, "How many flights were cancelled?", "More than 210 flights were cancelled."),
        ("The fleet has 1,000 boats.", "How many boats has the fleet?", "The fleet has 1000 boats."),
        ("The scheme costs 45 million rupees.", "What does the scheme cost?", "The scheme costs 4.5 crore rupees."),
        ("He drew the 13th game.", "How many games were drawn?", "Thirteen games were drawn."),
        ("The fair opens at the harbour.", "When does the fair open?", "The fair opens on 1 May 2024 at the harbour."),
        # What the answer adds is its own.
        (FLIGHTS, "Can I take a bag?", "Bags of up to 8 kg can go with the flights that still operate."),
        (FLIGHTS, "Where do I read more?", "The airport updates its list every 15 minutes."),
        ("The repair cost 340,000 euros.", "What does a ticket cost?", "A ticket costs 6 euros."),
    ],
)
def test_the_same_number_or_another_thing_passes(
    document: Any, with_faq: Any, article: str, question: str, answer: str
) -> None:
    """Written otherwise, taken from the date, or about what the article does not say."""
    assert problems(document, with_faq(article, (question, answer))) == []


def test_without_an_article_nothing_is_contradicted(document: Any) -> None:
    """An FAQ alone stands for itself."""
    assert problems(document, "FAQ:\n\nQ: How many?\nA: There are 42 boats.") == []


def test_a_figure_that_the_article_lacks_is_told_once_an_answer(document: Any, with_faq: Any) -> None:
    """Even where nothing contradicts it; not number words, nor what contradicts, which is told by itself."""
    text = with_faq(
        FLIGHTS,
        ("Can I take a bag?", "Bags of up to 8 kg and 55 cm can go, one for each of two travellers."),
        ("How many flights were cancelled?", "About 220 flights were cancelled."),
        ("What rise does the union want?", "7.5%."),
    )
    article = article_of(document(text))
    assert article is not None
    (problem,) = added_numbers(article)
    assert (problem.code, problem.line) == ("number-only-in-faq", 6)
    assert "“8 kg” and “55 cm”" in problem.message
    assert [one.code for one in unknown_numbers(article)] == ["number-not-in-article"]

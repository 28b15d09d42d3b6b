"""FAQ questions that are nearly the same: told with both places."""

from __future__ import annotations

import time
from typing import Any

import pytest

from webapp.authoring.twin_questions import twin_questions
from webapp.corpus.lint.twins import twins_of


def problems(corpus: Any) -> list[Any]:
    return twin_questions(corpus, twins_of(corpus.documents))[0]


def test_two_answers_in_one_document(corpus: Any, with_faq: Any) -> None:
    """The second one is told, with the place of the first."""
    faq = (("When may visitors climb the tower?", "On Sundays."), ("When can visitors climb the tower?", "Never."))
    (problem,) = problems(corpus(with_faq("The tower is open.", *faq)))
    assert (problem.path, problem.line, problem.code) == ("a.txt", 8, "question-with-two-answers")
    assert "(a.txt:5)" in problem.message


def test_one_answer_in_two_documents(corpus: Any, with_faq: Any) -> None:
    """White space and case do not count."""
    one = with_faq("The tower is open.", ("Who runs the ferry?", "The town of Aldmoor."))
    other = with_faq("The ferry runs all night from June on.", ("Who runs the  Ferry?", "The town  of Aldmoor."))
    (problem,) = problems(corpus(one, other))
    assert (problem.path, problem.line, problem.code) == ("b.txt", 5, "question-twice")
    assert "asked twice, first in a.txt:5" in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I open an account?", "How can I open my account?"),
        ("Which minister signed the defence deal in Moscow?", "Which minister signed the new defence deal in Moscow?"),
        ("What's the fee?", "What is the fee?"),
        ("谁运营渡轮？", "谁运营渡轮"),
    ],
)
def test_nearly_the_same(corpus: Any, with_faq: Any, one: str, other: str) -> None:
    """But for words that say nothing, or one word more."""
    assert len(problems(corpus(with_faq("An article stands here.", (one, "Yes."), (other, "No."))))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I open an account?", "How do I close an account?"),
        ("How do I log in?", "How do I log out?"),
        ("Which flights are operating?", "Which flights are not operating?"),
        ("When can visitors climb the tower?", "Who can climb the tower?"),
        ("What happened in 2022?", "What happened in 2023?"),
        ("How large was the first batch of vaccine?", "How large was the second batch of vaccine?"),
        ("Can I come before noon?", "Can I come after noon?"),
    ],
)
def test_other_questions(corpus: Any, with_faq: Any, one: str, other: str) -> None:
    """One word may make all the difference."""
    assert problems(corpus(with_faq("An article stands here.", (one, "Yes."), (other, "No.")))) == []


def test_other_languages(corpus: Any, with_faq: Any) -> None:
    """With their own empty words."""
    faq = (("Wann darf man den Turm besteigen?", "Ja."), ("Wann kann ich den Turm besteigen?", "Nein."))
    assert len(problems(corpus(with_faq("Der Turm ist seit dem Mai offen und hat viele Stufen.", *faq)))) == 1


def test_wordings_of_one_question_pass(corpus: Any) -> None:
    """They are meant to be alike."""
    text = "date 2024-05-01 It runs.\n\nFAQ:\n\nQ: Who runs the ferry?\nQ: Who does run the ferry?\nA: The town."
    assert problems(corpus(text)) == []


def test_copies_of_documents_are_not_told_question_by_question(corpus: Any, with_faq: Any) -> None:
    """The documents are."""
    text = with_faq("The ferry runs all night from June on.", ("Who runs the ferry?", "The town."))
    assert problems(corpus(text, text)) == []


def test_many_questions_take_little_time(corpus: Any, with_faq: Any) -> None:
    """Linear: ten thousand wordings, a thousand of them alike."""
    faq = [
        (f"Who built the house number {at if at > 1000 else 7} in the harbour street?", "I.") for at in range(10_000)
    ]
    read = corpus(with_faq("An article stands here.", *faq))
    began = time.process_time()
    assert len(problems(read)) == 1000
    assert time.process_time() - began < 10

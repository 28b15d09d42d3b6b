"""Every FAQ question, asked: its own answer must come."""

from __future__ import annotations

from typing import Any

from webapp.answering.polyglot import answering_from
from webapp.authoring.own_answers import stolen_answers

FERRY = "The ferry to Aldmoor runs all night from June. The crossing takes forty minutes."


def problems(corpus: Any, told: frozenset[Any] = frozenset()) -> list[Any]:
    return list(stolen_answers(answering_from(corpus), told))


def test_own_answers_pass(corpus: Any, with_faq: Any) -> None:
    """Outright or as the closest one."""
    faq = (("Who runs the ferry?", "The town of Aldmoor."), ("How much is a ticket?", "Ten euros."))
    assert problems(corpus(with_faq(FERRY, *faq))) == []


def test_another_faq_answer_wins(corpus: Any, with_faq: Any) -> None:
    """Its question and its place are told."""
    faq = (("Who runs the ferry?", "The town of Aldmoor."), ("Who runs the ferry?", "A company from Oslo."))
    (problem,) = problems(corpus(with_faq(FERRY, *faq)))
    assert (problem.code, problem.line) == ("answered-by-another", 8)
    assert "what “Who runs the ferry?” asks (a.txt:6) instead" in problem.message
    both = (("a.txt", 2), ("a.txt", 3))
    assert problems(corpus(with_faq(FERRY, *faq)), frozenset({both, both[::-1]})) == []


def test_the_same_words_elsewhere_pass(corpus: Any, with_faq: Any) -> None:
    """Visitors read the same."""
    faq = (("Who runs the ferry?", "The town of Aldmoor."), ("Who runs the ferry?", "The town  of Aldmoor."))
    assert problems(corpus(with_faq(FERRY, *faq))) == []


def test_a_question_about_dates(corpus: Any, with_faq: Any) -> None:
    """The date of the document is given instead of the answer."""
    (problem,) = problems(corpus(with_faq(FERRY, ("When was this published?", "The timetable comes out in spring."))))
    assert (problem.code, problem.line) == ("answered-by-another", 5)
    assert "“2024-05-01” (a.txt:1)" in problem.message
    assert "dates of publication" in problem.advice


def test_no_answer(corpus: Any, with_faq: Any) -> None:
    """Words that say nothing find nothing."""
    (problem,) = problems(corpus(with_faq(FERRY, ("???", "Nobody knows."))))
    assert (problem.code, problem.line) == ("question-not-answered", 5)


def test_every_wording_is_asked(corpus: Any) -> None:
    """The line is that of the wording."""
    text = f"date 2024-05-01 {FERRY}\n\nFAQ:\n\nQ: Who runs the ferry?\nQ: !\nA: The town of Aldmoor."
    (problem,) = problems(corpus(text))
    assert problem.line == 6


def test_several_languages(corpus: Any, with_faq: Any) -> None:
    """Each question is asked of everything."""
    german = "Die Fähre nach Aldmoor fährt ab Juni die ganze Nacht. Die Überfahrt dauert vierzig Minuten."
    texts = (
        with_faq(FERRY, ("Who runs the ferry?", "The town of Aldmoor.")),
        with_faq(german, ("Wer betreibt die Fähre?", "Das ist die Stadt Aldmoor.")),
    )
    read = corpus(*texts)
    assert {document.language for document in read.documents} == {"en", "de"}
    assert problems(read) == []

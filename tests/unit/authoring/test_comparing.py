"""Two versions of the documents, asked the same questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from webapp.answering.polyglot import answering_from
from webapp.answering.reply import Answer, AnswerKind, Citation, Context, Outcome, Reply
from webapp.authoring.comparing import Change, Comparison, change_of, compare
from webapp.corpus.library import read_folder

LIGHTHOUSE = """date 2024-05-01 The lighthouse of Skarvan was lit again on Friday.

FAQ:

Q: Who paid for the repair of the lighthouse?
A: The harbour board paid for the whole repair.

Q: When may visitors climb the tower?
A: Visitors may climb the tower on Sundays from noon.
"""
FERRY = """date 2024-06-01 The ferry runs all night.

FAQ:

Q: How much is a ferry ticket?
A: Ten euros.
"""
MUSEUM = """date 2024-02-01 The herring museum has moved.

FAQ:

Q: What does the herring museum sell?
A: Smoked herring in tins.
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions: a day and a line break changed, the museum gone, the ferry new."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    (old / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    (old / "museum.txt").write_text(MUSEUM, "utf-8")
    changed = LIGHTHOUSE.replace("Sundays", "Saturdays").replace("paid for the whole", "paid for\nthe whole")
    (new / "lighthouse.txt").write_text(changed, "utf-8")
    (new / "ferry.txt").write_text(FERRY, "utf-8")
    return old, new


@pytest.mark.parametrize(
    ("question", "change"),
    [
        ("How much is a ferry ticket?", Change.WON),
        ("What does the herring museum sell?", Change.LOST),
        ("When may visitors climb the tower?", Change.CHANGED),
        ("Who paid for the repair of the lighthouse?", Change.SAME),
        ("Who painted the Mona Lisa?", Change.SAME),
        ("hello", Change.SAME),
    ],
)
def test_answers_are_won_lost_changed_or_the_same(folders: tuple[Path, Path], question: str, change: Change) -> None:
    """By the documents of two folders; a new line break changes nothing."""
    assert compared(*folders, question).change is change


def test_a_lost_answer_says_why(folders: tuple[Path, Path]) -> None:
    """What became of its document, and the words that no document holds any more."""
    lost = compared(*folders, "What does the herring museum sell?")
    assert lost.why.startswith("Its document is not among the new ones. No document here mentions “herring”")
    old, new = folders
    (new / "museum.txt").write_text(MUSEUM[: MUSEUM.index("FAQ:")], "utf-8")
    lost = compared(old, new, "Which smoked things are sold in tins?")
    assert lost.change is Change.LOST
    assert lost.why.startswith("Its document no longer says this.")
    assert compared(*folders, "How much is a ferry ticket?").why == ""


def test_what_was_said_before_counts(folders: tuple[Path, Path]) -> None:
    """A follow-up is asked with the questions before it."""
    old, new = folders
    context = Context(previous=("Who paid for the repair of the lighthouse?",))
    both = compare(answering(old), answering(new), "and when may visitors climb it?", context)
    assert both.change is Change.CHANGED
    assert both.new.answer is not None and "Saturdays" in both.new.answer.text


CITED = Citation("lighthouse", "The lighthouse", "2024-05-01", 1, 0, 9, "On Sunday")
REPLY = Reply("When?", Outcome.ANSWERED, "", 0.95, Answer("On Sunday", AnswerKind.FAQ, CITED, 0.95))


def said(**more: object) -> Reply:
    assert REPLY.answer is not None
    return replace(REPLY, answer=replace(REPLY.answer, **more))  # type: ignore[arg-type]


HEDGED = replace(REPLY, outcome=Outcome.HEDGED)
SILENT = replace(REPLY, outcome=Outcome.ABSTAINED, answer=None)
SMALLTALK = replace(REPLY, outcome=Outcome.SMALLTALK, answer=Answer("Hello!", AnswerKind.SMALLTALK, None, 1.0))


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (REPLY, HEDGED, Change.LESS_SURE),
        (HEDGED, REPLY, Change.SURER),
        (REPLY, replace(REPLY, confidence=0.91), Change.SAME),
        (HEDGED, replace(HEDGED, confidence=0.31), Change.SAME),
        (HEDGED, SILENT, Change.LOST),
        (SILENT, HEDGED, Change.WON),
        (REPLY, SMALLTALK, Change.LOST),
        (SMALLTALK, SILENT, Change.SAME),
        (REPLY, said(text="On\n  Sunday"), Change.SAME),
        (REPLY, said(text="On Monday"), Change.CHANGED),
        (REPLY, said(citation=replace(CITED, document_id="harbour")), Change.CHANGED),
        (REPLY, said(citation=replace(CITED, passage=4, start=90, end=99)), Change.SAME),
        (HEDGED, said(text="On Monday"), Change.CHANGED),
    ],
)
def test_a_hedged_answer_is_an_answer(old: Reply, new: Reply, change: Change) -> None:
    """How sure it is counts where the outcome changes, and only for the same answer; small talk answers nothing."""
    assert change_of(old, new) is change


def compared(old: Path, new: Path, question: str) -> Comparison:
    return compare(answering(old), answering(new), question)


def answering(folder: Path):  # type: ignore[no-untyped-def]
    return answering_from(read_folder(folder).corpus)

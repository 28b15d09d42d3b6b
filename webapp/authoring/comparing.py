"""Two versions of the documents, asked the same questions: which answers were won, lost or changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from webapp.answering.messages import not_mentioned
from webapp.answering.reply import Answer, Context, Outcome, Reply
from webapp.corpus.model import Corpus

_NO_CONTEXT = Context()


class Change(StrEnum):
    """What became of an answer, in the order in which a publisher should look at them."""

    LOST = "lost"
    """There was an answer; now there is none."""
    CHANGED = "changed"
    """Another text, white space apart, or another document."""
    LESS_SURE = "less-sure"
    """The same answer, given outright before, is now the closest that was found."""
    SURER = "surer"
    """The same answer, the closest that was found before, is now given outright."""
    WON = "won"
    """There was no answer; now there is one."""
    SAME = "same"
    """The same answer, or none as before. How sure it is may have changed within the same outcome."""


class Answering(Protocol):
    """Answers questions from one version of the documents."""

    @property
    def corpus(self) -> Corpus:
        """The documents it answers from."""

    def ask(self, question: str, context: Context = ...) -> Reply:
        """Return the reply to one question."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two versions of the documents say to one question."""

    change: Change
    old: Reply
    new: Reply
    why: str = ""
    """Why there is no answer any more; empty unless it was lost."""


def compare(old: Answering, new: Answering, question: str, context: Context = _NO_CONTEXT) -> Comparison:
    """Ask one question of both versions."""
    before, after = old.ask(question, context), new.ask(question, context)
    change = change_of(before, after)
    return Comparison(change, before, after, _why_lost(before, after, new.corpus) if change is Change.LOST else "")


def change_of(old: Reply, new: Reply) -> Change:
    """Return what became of the answer; a hedged one is an answer, small talk is none."""
    before, after = given(old), given(new)
    if before is None:
        return Change.SAME if after is None else Change.WON
    if after is None:
        return Change.LOST
    if _said(before) != _said(after):
        return Change.CHANGED
    if old.outcome is new.outcome:
        return Change.SAME
    return Change.SURER if new.outcome is Outcome.ANSWERED else Change.LESS_SURE


def given(reply: Reply) -> Answer | None:
    """Return the answer that a visitor is shown, outright or as the closest that was found."""
    return reply.answer if reply.outcome in (Outcome.ANSWERED, Outcome.HEDGED) else None


def _said(answer: Answer) -> tuple[str, str | None]:
    return _squeezed(answer.text), answer.citation.document_id if answer.citation else None


def _why_lost(old: Reply, new: Reply, corpus: Corpus) -> str:
    """Return what became of the text that answered, and which words no document holds."""
    answer = given(old)
    cited = answer.citation if answer else None
    document = corpus.by_id.get(cited.document_id) if cited else None
    if document is None:
        what = "Its document is not among the new ones."
    elif answer is not None and _squeezed(answer.text) not in _squeezed(document.source):
        what = "Its document no longer says this."
    else:
        what = "Its document still says this, but it is no longer found."
    return f"{what} {not_mentioned(new.missing_terms)}" if new.missing_terms else what


def _squeezed(text: str) -> str:
    return " ".join(text.split())

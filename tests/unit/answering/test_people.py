"""Who asks who somebody is, or what they said, gets a sentence that tells it, not a refusal for want of other words."""

from __future__ import annotations

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.reply import Outcome
from webapp.corpus.library import read_folder

ARTICLE = """\
 date 2024-03-05 The ferry to Ulsteen runs again after a winter in the dock. Harbour director Marit Solbakken cut the
ribbon on Tuesday together with the shipwright Jonas Eide.

Solbakken said the hull had been repaired twice. Solbakken also thanked the divers. Eide was less pleased. The old
engine, Eide said, should have been replaced.

FAQ:

Q: How often does the ferry run?

A: The ferry runs every forty minutes from six in the morning.

Q: What did Marit Solbakken say about the divers?

A: Solbakken thanked the divers for their work in the cold.

Q: Who is Torunn Vik?

A: She has steered the ferry since 1998.
"""
INTRODUCED = "Harbour director Marit Solbakken cut the"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "ferry.txt").write_text(ARTICLE, "utf-8")
    return Answerer.build(read_folder(folder).corpus)


@pytest.mark.parametrize(
    "question", ["who is solbakken", "Who is Marit Solbakken?", "whos solbakken?", "and who was Eide"]
)
def test_who_somebody_is(answerer: Answerer, question: str) -> None:
    """However it is typed: where the name stands first, with an office."""
    reply = answerer.ask(question)
    assert reply.outcome in {Outcome.HEDGED, Outcome.ANSWERED}
    assert reply.answer is not None and reply.answer.text.startswith(INTRODUCED)
    assert reply.confidence >= answerer.model.hedge_from


def test_an_faq_goes_first(answerer: Answerer) -> None:
    """Which says it in so many words."""
    reply = answerer.ask("who is vik")
    assert reply.answer is not None and reply.answer.text == "She has steered the ferry since 1998."


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what did eide say", "The old engine, Eide said, should have been replaced."),
        ("And what has Jonas Eide said?", "The old engine, Eide said, should have been replaced."),
        ("What did Solbakken say?", "Solbakken thanked the divers for their work in the cold."),
    ],
)
def test_what_somebody_said(answerer: Answerer, question: str, told: str) -> None:
    """Where their name stands beside a word of saying, or an FAQ that asks it; the name alone is everywhere."""
    reply = answerer.ask(question)
    assert reply.outcome in {Outcome.HEDGED, Outcome.ANSWERED}
    assert reply.answer is not None and " ".join(reply.answer.text.split()) == told


@pytest.mark.parametrize("question", ["who is Hansen?", "who is the mayor?", "What did Hansen say?"])
def test_other_questions(answerer: Answerer, question: str) -> None:
    """Of people whom nobody names, and of what they are."""
    assert answerer.ask(question).outcome is Outcome.ABSTAINED

"""Questions in eight languages find the sentence that answers them, alone and in a mixed folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.reply import Context, Outcome, Reply, Scope
from webapp.corpus.model import Corpus

HERE = Path(__file__).parent
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "ru", "zh")
RIGHT_FROM = 0.75
"""Share of questions that the document answers which must be shown the right passage first."""
REFUSED_FROM = 0.75
UNANSWERABLE = "-"

Door = Answerer | ManyLanguages


@cache
def _door(corpus: Corpus, tag: str | None) -> Door:
    """Return what answers from all documents, or from those of one language."""
    chosen = tuple(document for document in corpus.documents if tag is None or document.language == tag)
    return answering_from(corpus if tag is None else Corpus(chosen))


def _questions(tag: str) -> Iterator[tuple[str, str]]:
    for line in (HERE / "questions" / f"{tag}.txt").read_text(encoding="utf-8").splitlines():
        question, wanted = line.rsplit(" = ", 1)
        yield question, wanted


def _shown(reply: Reply) -> bool:
    return reply.outcome in (Outcome.ANSWERED, Outcome.HEDGED)


def _is_right(reply: Reply, wanted: str, tag: str) -> bool:
    answer = reply.answer
    if not _shown(reply) or answer is None or answer.citation is None:
        return False
    return wanted in answer.text and answer.citation.document_id == tag


def test_languages_are_detected(corpus: Corpus) -> None:
    """Every document's language is known, though none declares it."""
    assert tuple(document.language for document in corpus.documents) == LANGUAGES


@pytest.mark.parametrize("mixed", [False, True], ids=["alone", "mixed"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_answers_are_right(corpus: Corpus, tag: str, mixed: bool) -> None:
    """Three of four questions in other words get the right passage of the document in their language."""
    door = _door(corpus, None if mixed else tag)
    asked = [(question, wanted) for question, wanted in _questions(tag) if wanted != UNANSWERABLE]
    wrong = [question for question, wanted in asked if not _is_right(door.ask(question), wanted, tag)]
    assert len(wrong) <= (1 - RIGHT_FROM) * len(asked), wrong


@pytest.mark.parametrize("mixed", [False, True], ids=["alone", "mixed"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_is_not_told_is_refused(corpus: Corpus, tag: str, mixed: bool) -> None:
    """Three of four questions that no document answers are refused, and none is answered outright."""
    door = _door(corpus, None if mixed else tag)
    replies = [door.ask(question) for question, wanted in _questions(tag) if wanted == UNANSWERABLE]
    assert all(reply.outcome is not Outcome.ANSWERED for reply in replies)
    assert sum(_shown(reply) for reply in replies) <= (1 - REFUSED_FROM) * len(replies)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_quotes_stand_in_their_document(corpus: Corpus, tag: str) -> None:
    """Whatever the script, a quote is what stands at its offsets."""
    source = corpus.by_id[tag].source
    for question, _ in _questions(tag):
        reply = _door(corpus, None).ask(question)
        for answer in (reply.answer, *reply.alternatives):
            if answer is not None and answer.citation is not None and answer.citation.document_id == tag:
                assert source[answer.citation.start : answer.citation.end] == answer.citation.quote


@pytest.mark.parametrize("tag", LANGUAGES)
def test_own_questions_are_answered_outright(corpus: Corpus, tag: str) -> None:
    """A question of an FAQ gets its answer, from a mixed folder too."""
    document = corpus.by_id[tag]
    for passage in document.passages:
        if question := document.question(passage):
            reply = _door(corpus, None).ask(question)
            assert reply.outcome is Outcome.ANSWERED
            assert reply.answer is not None and reply.answer.text == document.text(passage)


@pytest.mark.parametrize(
    ("question", "tag"),
    [("¿Quién es Thomas Reed?", "en"), ("Who is Sabine Krüger?", "de"), ("Кто такая Lucía Ferrán?", "es")],
)
def test_names_are_found_in_another_language(corpus: Corpus, question: str, tag: str) -> None:
    """What only another language's document holds is offered, never as a sure answer."""
    reply = _door(corpus, None).ask(question)
    assert reply.outcome is Outcome.HEDGED
    assert reply.answer is not None and reply.answer.citation is not None
    assert reply.answer.citation.document_id == tag


@pytest.mark.parametrize("remark", ["hello", "¡Hola!", "Bonjour", "Guten Tag", "Привет!", "नमस्ते", "مرحبا", "你好！"])
def test_greetings_are_returned(corpus: Corpus, remark: str) -> None:
    """A greeting asks nothing of the documents, in whichever language."""
    reply = _door(corpus, None).ask(remark)
    assert (reply.outcome, reply.reason) == (Outcome.SMALLTALK, "smalltalk-greeting")


def test_one_document_only(corpus: Corpus) -> None:
    """A conversation about one document stays in it, whatever language is spoken."""
    reply = _door(corpus, None).ask("Sabine Krüger?", Context(scope=Scope("es")))
    told = (reply.answer, *reply.alternatives)
    assert all(answer.citation is None or answer.citation.document_id == "es" for answer in told if answer)


def test_follow_up_stays_in_its_language(corpus: Corpus) -> None:
    """An elliptical question goes on from the document that answered the one before."""
    door = _door(corpus, None)
    before = "¿Cuánto costaron las obras?"
    first = door.ask(before)
    assert first.answer is not None and first.answer.citation is not None
    told = ((first.answer.citation.document_id, first.answer.citation.passage),)
    reply = door.ask("¿Y cuánto duraron?", Context(previous=(before,), told=told))
    assert reply.answer is not None and "catorce meses" in reply.answer.text


def test_one_language_has_one_answerer(corpus: Corpus) -> None:
    """A folder in English is answered from as if there were no other language."""
    door = _door(corpus, "en")
    assert isinstance(door, Answerer)
    assert door.index.language.tag == "en"


def test_search_finds_in_every_language(corpus: Corpus) -> None:
    """The reading room's search knows inflections and omitted marks."""
    door = _door(corpus, None)
    for typed, tag in (
        ("puentes", "es"),
        ("музея", "ru"),
        ("体育馆", "zh"),
        ("strassenbahnlinie", "de"),
        ("बसों", "hi"),
    ):
        assert [document.id for document in door.find(typed)][:1] == [tag]


def test_receipts_name_the_whole_folder(corpus: Corpus) -> None:
    """A reply can be proved later: the same question gives the same receipt."""
    door = _door(corpus, None)
    assert door.ask("体育馆几点开门？").receipt == door.ask("体育馆几点开门？").receipt != ""


@pytest.mark.parametrize("typed", ["", "   ", "？？？", "्", "\u200d", "ّ", "a" * 5000, "的" * 5000, "٣" * 50])
def test_nothing_typed_raises(corpus: Corpus, typed: str) -> None:
    """Odd input gets a reply."""
    assert _door(corpus, None).ask(typed).question == typed

"""A conversation helps a question that leans on it and leaves alone one that does not."""

from pathlib import Path

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.dialogue import LEANING_STRONG, LEANING_WEAK, NOT_LEANING, leaning
from webapp.answering.reply import Context, Outcome, Reply
from webapp.corpus.library import read_folder
from webapp.retrieval.language import language_of

BRIDGE = """ date 2024-03-04 A footbridge opened in Amsterdam on Friday. It is 120 metres long and cost 12 million
euros. The architect Marie Jansen designed it. Cyclists may cross it day and night.

Two lifts carry wheelchairs. The council bought the steel in Poland because it was cheaper there. The old ferry stops
in June.
"""
ZOO = """ date 2024-03-05 The zoo of Rotterdam has a new house for elephants. The house has room for nine elephants.
Tickets are 18 euros for adults. The director Piet Bakker paid for the heating with gifts.
"""
BRUECKE = """ date 2024-03-04 In Bremen wurde am Freitag eine neue Brücke eröffnet. Die Brücke ist 120 Meter lang und
hat zwölf Millionen Euro gekostet. Die Architektin Marie Jansen hat sie entworfen. Radfahrer dürfen sie Tag und Nacht
befahren, weil der alte Weg gesperrt ist.
"""
LONG = "How long is the footbridge?"
ELEPHANTS = "How many elephants does the house have room for?"
CONVERSATIONS = ((), (LONG,), (ELEPHANTS,), (ELEPHANTS, LONG), ("Who designed the footbridge?", "why?", ELEPHANTS))


def _built(folder: Path, language: str, **texts: str) -> Answerer:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return Answerer.build(read_folder(folder).corpus, language=language_of(language))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Two articles of two towns."""
    return _built(tmp_path_factory.mktemp("news"), "en", bridge=BRIDGE, zoo=ZOO)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """An article in a language without a lexicon."""
    return _built(tmp_path_factory.mktemp("german"), "de", bruecke=BRUECKE)


def _quote(reply: Reply) -> str:
    return reply.answer.text if reply.answer is not None and reply.outcome is not Outcome.ABSTAINED else ""


@pytest.mark.parametrize("before", CONVERSATIONS)
@pytest.mark.parametrize(
    "typed", ["asdfghjkl", "qwrtz?", "and asdfghjkl?", "who is asdfghjkl?", "asdf ghjk", "pizza", "what about pizza?"]
)
def test_what_no_document_knows_does_not_lean(news: Answerer, typed: str, before: tuple[str, ...]) -> None:
    """A word that is none, or one that nothing here has to do with, is refused at any time."""
    assert news.ask(typed, Context(previous=before)).reason == "says-nothing"


@pytest.mark.parametrize("before", CONVERSATIONS)
@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who designed the footbridge?", "Marie Jansen"),
        ("Where did the council buy the steel?", "Poland"),
        ("How much are tickets for adults?", "18 euros"),
        ("Who paid for the heating?", "Piet Bakker"),
        ("Is there room for nine elephants?", "nine elephants"),
        ("Did Piet Bakker pay for the heating himself or was it a gift?", "Piet Bakker"),
    ],
)
def test_whole_questions_are_answered_as_if_first(
    news: Answerer, question: str, wanted: str, before: tuple[str, ...]
) -> None:
    """What was asked before changes neither the answer to a question that is whole nor how sure it is."""
    first, reply = news.ask(question), news.ask(question, Context(previous=before))
    assert wanted in _quote(first)
    assert (reply.outcome, reply.confidence, _quote(reply)) == (first.outcome, first.confidence, _quote(first))


@pytest.mark.parametrize("before", CONVERSATIONS)
@pytest.mark.parametrize(
    "question",
    ["How tall is the Eiffel tower?", "Which old castle is for sale?", "Which river does the old canal join?"],
)
def test_what_is_not_told_is_refused_whatever_came_before(
    news: Answerer, question: str, before: tuple[str, ...]
) -> None:
    """A conversation does not make the documents speak of something else."""
    assert news.ask(question, Context(previous=before)).outcome is Outcome.ABSTAINED


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("who?", "Marie Jansen"),
        ("how much?", "12 million"),
        ("and how much did it cost?", "12 million"),
        ("price?", "12 million"),
        ("the length?", "120 metres"),
        ("amsterdam?", "Amsterdam"),
        ("amstrdam?", "Amsterdam"),
        ("120", "120 metres"),
        ("and the second one?", "120 metres"),
        ("bikes?", "Cyclists"),
        ("and in Rotterdam?", "Rotterdam"),
        ("Rotterdam?", "Rotterdam"),
        ("nine?", "nine elephants"),
    ],
)
def test_short_questions_go_on(news: Answerer, question: str, wanted: str) -> None:
    """Short questions, bare names and numbers, mistyped or not, are answered after another question."""
    assert wanted in _quote(news.ask(question, Context(previous=(LONG,))))


def test_a_name_of_another_document_begins_another_topic(news: Answerer) -> None:
    """A name that only other documents hold is not looked for in the one that was told."""
    about = news.corpus.numbers[next(one.id for one in news.corpus.documents if "Amsterdam" in one.source)]
    assert leaning("who is Bakker?", news.index, about) == NOT_LEANING
    assert leaning("who is Jansen?", news.index, about) == LEANING_STRONG
    assert leaning("what does Bakker say about it?", news.index, about) == NOT_LEANING


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("how much does it cost to cross?", LEANING_STRONG),
        ("how many tickets are there for adults?", LEANING_WEAK),
        ("why does the council hope that the lifts carry bikes?", LEANING_WEAK),
        ("what does the ferry that stops carry?", LEANING_WEAK),
        ("why did the council buy that?", LEANING_STRONG),
        ("was it designed by Marie Jansen, the architect?", LEANING_STRONG),
        ("how long did Jansen work before it opened?", NOT_LEANING),
        ("what did Jansen and the council think of it?", LEANING_STRONG),
        ("who has worked longest there as an architect?", LEANING_STRONG),
        ("and the zoo of the town?", LEANING_STRONG),
        ("which architect designed the lifts?", LEANING_WEAK),
        ("why?", LEANING_STRONG),
        ("xqzt?", NOT_LEANING),
    ],
)
def test_leaning(news: Answerer, question: str, leans: float) -> None:
    """What points back leans; that there is something, or a word that is none, does not."""
    assert leaning(question, news.index) == leans


def test_words_of_a_language_without_lexicon(german: Answerer) -> None:
    """There a word by itself must stand in a document; with words of the language around it, it may be one."""
    before = Context(previous=("Wie lang ist die Brücke?",))
    for typed in ("asdfghjkl", "qwrtz?"):
        assert german.ask(typed, before).reason == "says-nothing"
    assert "Marie Jansen" in _quote(german.ask("Architektin?", before))
    assert _quote(german.ask("warum?", before))
    assert german.ask("und die Eröffnungsfeier?", before).reason != "says-nothing"

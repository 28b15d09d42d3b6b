"""Newer and older documents that answer the same question differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.messages import VERSIONS, WHICH
from webapp.answering.polyglot import answering_from
from webapp.answering.reply import Context, Outcome, Reply, Scope
from webapp.answering.versions import SHOWN, Versions
from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus

QUESTION = "How much is a day ticket of the harbour museum?"
LIBRARY = "The library of the town keeps forty thousand books in a former mill."
POOL = "Swimmers may use six lanes, a diving tower and a sauna behind the stadium."


def article(date: str, answer: str, question: str = QUESTION, about: str = "Prices change in the harbour.") -> str:
    return f"{date and f'date {date}'} {about}\n\nFAQ:\n\nQ: {question}\n\nA: {answer}\n"


@pytest.fixture
def corpus_of(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes a corpus of texts."""

    def make(*texts: str) -> Corpus:
        for number, text in enumerate(texts):
            (tmp_path / f"d{number}.txt").write_text(text, "utf-8")
        return read_folder(tmp_path).corpus

    return make


def told(corpus: Corpus, document: str = "d0", passage: int = 1) -> list[str]:
    """What documents say to the question of an answer, newest first."""
    return [said.document.text(said.passage) for said in Versions.of(corpus).beside((document, passage))]


def shown(reply: Reply) -> list[str]:
    """The texts that a reply shows as versions, newest first."""
    assert reply.answer is not None
    return [reply.answer.text, *(answer.text for answer in reply.alternatives[: reply.versions])]


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "how much is a day ticket of the Harbour Museum",
        "How much was the day ticket of the harbour museum?",
        "How much are day tickets of the harbour museum?",
    ],
)
def test_the_same_question_in_documents_of_different_days(corpus_of, question: str) -> None:  # type: ignore[no-untyped-def]
    """Newest first, whichever is asked of; capitals, inflection, articles and auxiliary verbs aside."""
    corpus = corpus_of(article("2023-05-01", "Five euros."), article("2024-05-01", "Seven euros.", question))
    assert told(corpus, "d0") == told(corpus, "d1") == ["Seven euros.", "Five euros."]


@pytest.mark.parametrize(
    "other",
    [
        article("2024-05-01", "five  EUROS."),
        article("2023-05-01", "Seven euros."),
        article("", "Seven euros."),
        article("2024-05-01", "Seven euros.", "How much is no day ticket of the harbour museum?"),
        article("2024-05-01", "Seven euros.", "How much is a day ticket of the tram?"),
        article("2024-05-01", "Seven euros.", "How much is a ticket of the harbour museum day?"),
    ],
)
def test_what_is_no_other_version(corpus_of, other: str) -> None:  # type: ignore[no-untyped-def]
    """The same words, the same day, no date, another question."""
    assert told(corpus_of(article("2023-05-01", "Five euros."), other)) == []


def test_an_undated_document_has_no_versions(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """Nobody knows which is newer."""
    assert told(corpus_of(article("", "Five euros."), article("2024-05-01", "Seven euros."))) == []


def test_each_text_is_told_once_by_its_newest_document(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """A price that came back counts as of the day when it was last told."""
    corpus = corpus_of(
        article("2021-05-01", "Five euros."),
        article("2022-05-01", "Seven euros."),
        article("2023-05-01", "Five euros."),
    )
    assert told(corpus) == ["Five euros.", "Seven euros."]
    assert [said.document.id for said in Versions.of(corpus).beside(("d0", 1))] == ["d2", "d1"]
    newer = {document.id: list(Versions.of(corpus).newer(document)) for document in corpus.documents}
    assert newer["d0"] == newer["d2"] == []
    ((passage, said),) = newer["d1"]
    assert (passage.number, said.document.id) == (1, "d2")


def test_a_question_that_says_little_is_the_same_in_documents_about_the_same(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """ "When does it open?" is asked of a library and of a pool."""
    opens = "When does it open?"
    texts = [
        article("2021-01-01", "At nine.", opens, LIBRARY),
        article("2022-01-01", "At noon.", opens, POOL),
        article("2023-01-01", "At ten.", opens, LIBRARY),
    ]
    corpus = corpus_of(*texts)
    assert told(corpus, "d0") == ["At ten.", "At nine."]
    assert told(corpus, "d1") == []


def test_each_document_is_read_once(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """For what it is about, however many ask the same."""
    from webapp.answering import versions

    read = []

    def counted(document):  # type: ignore[no-untyped-def]
        read.append(document.id)
        return content_of(document)

    content_of = versions._content_of
    texts = [
        article(f"2024-01-{day:02}", f"At {day}.", "When does it open?", f"Word{day} stands.") for day in range(1, 29)
    ]
    corpus = corpus_of(*texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(versions, "_content_of", counted)
        Versions.of(corpus)
    assert sorted(read) == sorted(document.id for document in corpus.documents)


@pytest.mark.parametrize("newest", [0, 1])
def test_both_are_answered_newest_first(corpus_of, newest: int) -> None:  # type: ignore[no-untyped-def]
    """Whichever of them the question is worded like; the reply says which is newer, and why the newest is shown."""
    days = ["2024-05-01", "2023-05-01"] if newest == 0 else ["2023-05-01", "2024-05-01"]
    corpus = corpus_of(
        article(days[0], "Five euros.", "How much was the day ticket of the harbour museum?"),
        article(days[1], "Seven euros."),
    )
    for question in (QUESTION, "How much was the day ticket of the harbour museum?"):
        reply = Answerer.build(corpus).ask(question)
        assert (reply.outcome, reply.reason, reply.message) == (Outcome.HEDGED, "tie", VERSIONS)
        assert shown(reply) == (["Five euros.", "Seven euros."] if newest == 0 else ["Seven euros.", "Five euros."])
        assert reply.answer is not None and reply.answer.confidence == reply.confidence
        why = reply.explanation
        assert why is not None
        whole = sum(term.weight for term in why.terms) + sum(weight for _, weight in why.evidence)
        assert whole == pytest.approx(why.score, abs=1e-6)
        assert Reply.from_dict(reply.to_dict()) == reply
        before = {name: value for name, value in reply.to_dict().items() if name != "versions"}
        assert Reply.from_dict(before).versions == 0


def test_versions_in_banks(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """Large FAQs of two years, each of which alone would fill the list of alternatives."""
    things = "anchor bell compass globe harpoon kettle lantern map oar quilt rope sextant".split()

    def bank(day: str, price: int) -> str:
        rows = [
            f"Q: What does the {thing} cost?\nA: The {thing} costs {price + n}.\n" for n, thing in enumerate(things)
        ]
        return f"date {day} Prices of the shop.\n\nFAQ:\n\n" + "\n".join(rows)

    reply = Answerer.build(corpus_of(bank("2023-01-01", 20), bank("2024-01-01", 50))).ask("What does the kettle cost?")
    assert shown(reply) == ["The kettle costs 55.", "The kettle costs 25."]
    assert reply.explanation is not None


def test_sentences_that_fit_equally_well(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """Of the same kind, from documents of different days: both, newest first."""
    corpus = corpus_of(
        "date 2023-05-01 The footbridge of Aldmoor is 180 metres long.\n",
        "date 2024-05-01 The footbridge of Aldmoor is 185 metres long.\n",
    )
    reply = Answerer.build(corpus).ask("How long is the footbridge of Aldmoor?")
    assert shown(reply) == [
        "The footbridge of Aldmoor is 185 metres long.",
        "The footbridge of Aldmoor is 180 metres long.",
    ]


def test_documents_about_different_things_tie(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """Both can be chosen; which is newer says nothing."""
    opens = "When does it open?"
    corpus = corpus_of(
        article("2021-01-01", "At nine.", opens, LIBRARY), article("2022-01-01", "At noon.", opens, POOL)
    )
    reply = Answerer.build(corpus).ask(opens)
    assert (reply.message, reply.versions) == (WHICH, 0)
    assert {shown(reply)[0], reply.alternatives[0].text} == {"At nine.", "At noon."}


def test_without_dates_one_is_asked_which_was_meant(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """As before: nothing tells which is newer."""
    reply = Answerer.build(corpus_of(article("", "Five euros."), article("", "Seven euros."))).ask(QUESTION)
    assert (reply.message, reply.versions) == (WHICH, 0)
    assert reply.alternatives[0].text == "Seven euros."


def test_no_more_versions_than_asked_for(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """The newest few; none beside the newest where no alternatives are wanted."""
    answerer = Answerer.build(corpus_of(*(article(f"20{year}-01-01", f"{year} euros.") for year in range(10, 20))))
    assert shown(answerer.ask(QUESTION)) == ["19 euros.", "18 euros.", "17 euros."]
    assert len(answerer.ask(QUESTION).alternatives) == 3 >= SHOWN
    alone = answerer.ask(QUESTION, alternatives=0)
    assert (shown(alone), alone.alternatives) == (["19 euros."], ())


def test_one_document_answers_for_itself(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """A conversation about one document hears of no other."""
    corpus = corpus_of(article("2023-05-01", "Five euros."), article("2024-05-01", "Seven euros."))
    reply = Answerer.build(corpus).ask(QUESTION, Context(scope=Scope("d0")))
    assert shown(reply) == ["Five euros."]
    assert reply.outcome is Outcome.ANSWERED


def test_other_languages(corpus_of) -> None:  # type: ignore[no-untyped-def]
    """A question is the same in its own language only."""
    german = "language: de\n\n{}"
    ask = "Wie viel kostet die Tageskarte des Hafenmuseums?"
    about = "Die Preise im Hafen ändern sich."
    corpus = corpus_of(
        german.format(article("2023-05-01", "Fünf Euro.", ask, about)),
        german.format(article("2024-05-01", "Sieben Euro.", ask, about)),
        article("2025-05-01", "Nine euros."),
    )
    assert shown(answering_from(corpus).ask(ask)) == ["Sieben Euro.", "Fünf Euro."]
    assert told(corpus, "d2") == []


def test_versions_stay_in_the_tag(tmp_path: Path) -> None:
    """What other subjects' documents say is not shown beside an answer about one."""
    for name, day, tags, answer in (
        ("old", "2024-01-01", "Harbour", "The gate opens at nine."),
        ("new", "2025-01-01", "Harbour", "The gate opens at ten."),
        ("other", "2026-01-01", "Town", "The gate opens at eleven."),
    ):
        text = f"tags: {tags}\ndate {day} The harbour gate of Aldmoor has new hours.\n\nFAQ:\n\n"
        (tmp_path / f"{name}.txt").write_text(f"{text}Q: When does the harbour gate open?\n\nA: {answer}\n")
    answerer = Answerer.build(read_folder(tmp_path).corpus)
    question = "When does the harbour gate open?"
    everywhere = answerer.ask(question)
    assert everywhere.answer is not None and everywhere.answer.text == "The gate opens at eleven."
    assert everywhere.versions == 2
    harbour = answerer.ask(question, Context(scope=Scope(tag="harbour")))
    assert harbour.answer is not None and harbour.answer.text == "The gate opens at ten."
    assert harbour.versions == 1 and harbour.alternatives[0].text == "The gate opens at nine."
    alone = answerer.ask(question, Context(scope=Scope(tag="Town")))
    assert alone.versions == 0 and alone.answer is not None and alone.answer.text == "The gate opens at eleven."

"""One question in, one reply out: answers are quotes, refusals say why, nothing a visitor types fails."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.answering.answerer import Answerer
from webapp.answering.receipt import ReceiptError, digest, read_receipt
from webapp.answering.reply import AnswerKind, Context, Outcome, Reply, Scope
from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus

ROOT = Path(__file__).parents[3]

BRIDGE = """ date 2024-05-06 The town of Aldmoor opened its new footbridge on Monday after two years of work. The bridge
cost 4.2 million euros and is 180 metres long. Mayor Ines Kovar cut the ribbon at 10 a.m. with pupils of the harbour
school.

Engineer Tomas Weil said the old crossing had been closed because its piers were rotten. Cyclists may use the bridge
between 6 a.m. and 10 p.m. every day.

FAQ:

Q: Is there a toll for the footbridge?

A: No. Crossing the footbridge is free of charge for everyone.

Q: Who may cycle on the footbridge?
Q: Are bikes allowed on the footbridge?

A: Everybody, between six in the morning and ten in the evening.
"""
FERRY = """ date 2025-02-03 The Sandholm ferry will run all night from March, the island council decided on Thursday.
Captain Rosa Lind had asked for a second crew for nine years. Tickets will cost 6 euros after midnight.

FAQ:

Q: When does the night ferry start?

A: The first night crossing leaves Sandholm on 1 March at 11:30 p.m.
"""
THINGS = "anchor bell compass globe harpoon kettle lantern map oar quilt rope sextant".split()


@pytest.fixture(scope="module")
def seed() -> Answerer:
    """The seed article alone."""
    return Answerer.build(read_folder(ROOT / "seeds").corpus)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Two short articles of a town."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    return Answerer.build(read_folder(folder).corpus)


def quoted(reply: Reply) -> str:
    """The text of an answer that was given."""
    assert reply.outcome in (Outcome.ANSWERED, Outcome.HEDGED), reply
    assert reply.answer is not None
    return reply.answer.text


def test_every_faq_question_gets_its_own_answer(seed: Answerer) -> None:
    """Each FAQ question of the seed article, asked, is answered outright with its own answer."""
    for document in seed.corpus.documents:
        for passage in document.passages:
            question = document.question(passage)
            if question is not None:
                reply = seed.ask(question)
                assert reply.outcome is Outcome.ANSWERED
                assert quoted(reply) == document.text(passage)


def test_the_city_is_found_by_what_it_is(seed: Answerer) -> None:
    """ "Which city" is answered by the sentence that names a city, though it repeats no word of the question."""
    assert quoted(seed.ask("Which city hosted the meeting?")).endswith("S. Jaishankar, in Moscow.")


@pytest.mark.parametrize(
    ("question", "missing", "named"),
    [
        ("What is the capital of France?", "france", "“France”"),
        ("Did FRANCE protest? Or did france agree?", "france", "“FRANCE”"),
        ("asdfghjkl", "asdfghjkl", "“asdfghjkl”"),
        ("where is pakistan in all this", "pakistan", "“pakistan”"),
        ("где встреча?", "встреча", "“встреча”"),
        ("会议在哪里", "会议在哪里", "“会议在哪里”"),
    ],
)
def test_refusals_name_the_missing_words(seed: Answerer, question: str, missing: str, named: str) -> None:
    """What no document holds is named as it was typed; nothing is answered, nothing is cited."""
    reply = seed.ask(question)
    assert reply.outcome is Outcome.ABSTAINED
    assert reply.answer is None
    assert missing in reply.missing_terms
    assert named in reply.message
    assert reply.suggestions


@pytest.mark.parametrize("question", ["", "   ", "?!", "...", "what", "is it", "the of and", "🙂"])
def test_nothing_said_is_nothing_answered(seed: Answerer, question: str) -> None:
    """Empty input, punctuation and function words alone never get an answer."""
    assert seed.ask(question).outcome is Outcome.ABSTAINED


@pytest.mark.parametrize("question", ["hello", "thank you!", "what can you do?", "you are useless", "bye"])
def test_small_talk_gets_a_kind_reply(seed: Answerer, question: str) -> None:
    """Greetings, thanks and insults get a fixed reply with questions to ask, and no citation."""
    reply = seed.ask(question)
    assert reply.outcome is Outcome.SMALLTALK
    assert reply.answer is not None
    assert reply.answer.citation is None
    assert reply.suggestions


def test_own_faq_comes_before_small_talk(town: Answerer, tmp_path: Path) -> None:
    """A publisher who answers "who are you" in a document is quoted."""
    (tmp_path / "us.txt").write_text(BRIDGE + "\nQ: Who are you?\n\nA: We are the town hall of Aldmoor.\n")
    assert (
        quoted(Answerer.build(read_folder(tmp_path).corpus).ask("who are you?")) == "We are the town hall of Aldmoor."
    )


def test_wordings_count_together(town: Answerer) -> None:
    """Any wording of a question brings its answer."""
    answer = "Everybody, between six in the morning and ten in the evening."
    assert quoted(town.ask("Are bikes allowed on the footbridge?")) == answer
    assert quoted(town.ask("Who may cycle on the footbridge?")) == answer


def test_a_bank_of_answers(tmp_path: Path) -> None:
    """In a large FAQ every wording of an answer speaks for it, be it of common words only; noise speaks for none."""
    entries = [f"Q: Where is the {thing} kept?\n\nA: In room {n}.\n" for n, thing in enumerate(THINGS)]
    entries.append("Q: Who are you?\nQ: What are you?\n\nA: The museum's book of answers.\n")
    entries.append("Q: How do I borrow a lamp?\nQ: May I take a lamp home?\n\nA: Sign the list at the desk.\n")
    (tmp_path / "museum.txt").write_text("The museum lends and shows.\n\nFAQ:\n\n" + "\n".join(entries))
    museum = Answerer.build(read_folder(tmp_path).corpus)
    assert quoted(museum.ask("could i borrow that lamp and take it home")) == "Sign the list at the desk."
    assert quoted(museum.ask("so who are you")) == "The museum's book of answers."
    assert quoted(museum.ask("where do they keep the anchor")) == f"In room {THINGS.index('anchor')}."
    for question in ("of the and", "what is the", "who was the president of Brazil"):
        assert museum.ask(question).outcome is Outcome.ABSTAINED, question


def test_the_wanted_kind_decides(town: Answerer) -> None:
    """What costs how much is answered with money, who did it with a name."""
    assert "4.2 million euros" in quoted(town.ask("how much did the footbridge cost"))
    assert "Ines Kovar" in quoted(town.ask("who cut the ribbon of the Aldmoor bridge"))


def test_typing_errors_are_corrected_and_shown(town: Answerer) -> None:
    """A misspelt word of the documents is corrected and said; a word that exists never is."""
    reply = town.ask("is there a tol for the footbrigde?")
    assert "free of charge" in quoted(reply)
    assert ("footbrigde", "footbridge") in reply.corrections
    assert town.ask("is the ferry a fairy").corrections == ()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("when was the article about the footbridge published?", "2024-05-06"),
        ("how old is the story about the Sandholm ferry", "2025-02-03"),
        ("what is the latest on the footbridge", "The town of Aldmoor opened"),
        ("any news?", "The Sandholm ferry will run all night"),
        ("news from May 2024", "The town of Aldmoor opened"),
    ],
)
def test_dates_of_documents(town: Answerer, question: str, text: str) -> None:
    """Questions about dates are answered from the documents' own, newest first, with a true quote."""
    reply = town.ask(question)
    assert quoted(reply).startswith(text)


def test_no_news_from_then(town: Answerer) -> None:
    """A month without documents is said to be one."""
    assert town.ask("news from April 2019").outcome is Outcome.ABSTAINED


def test_follow_ups_use_the_conversation(town: Answerer) -> None:
    """An elliptical question is about what was asked before; a new topic is not."""
    previous = Context(previous=("How long is the footbridge in Aldmoor?",))
    reply = town.ask("and how much did it cost?", previous)
    assert "4.2 million euros" in quoted(reply)
    other = town.ask("When does the night ferry start?", previous)
    assert "first night crossing" in quoted(other)


def test_tell_me_more_tells_something_new(town: Answerer) -> None:
    """ "Tell me more" goes on in the same document and never repeats a passage."""
    questions: tuple[str, ...] = ("Who cut the ribbon of the footbridge?",)
    told = [quoted(town.ask(questions[0]))]
    for _ in range(3):
        reply = town.ask("tell me more", Context(previous=questions))
        assert quoted(reply) not in told
        assert reply.answer is not None and reply.answer.citation is not None
        assert reply.answer.citation.document_id == "bridge"
        told.append(quoted(reply))
        questions = (*questions, "tell me more")


def test_one_document_only(town: Answerer) -> None:
    """A conversation about one document is answered from it alone."""
    reply = town.ask("when does the night ferry start?", Context(scope=Scope("bridge")))
    cited = [a.citation.document_id for a in (reply.answer, *reply.alternatives) if a and a.citation]
    assert set(cited) <= {"bridge"}


def test_contributions_add_up_to_the_score(town: Answerer) -> None:
    """What words and other evidence brought adds up to the score exactly."""
    for question in ("how much did the bridge cost", "who asked for a second crew", "why was the old crossing closed"):
        why = town.ask(question).explanation
        assert why is not None
        total = sum(term.weight for term in why.terms) + sum(value for _, value in why.evidence)
        assert total == pytest.approx(why.score, abs=1e-6)
        assert [term.word for term in why.terms] == list(dict.fromkeys(question.split()))


def test_a_quote_that_does_not_stand_is_refused(
    town: Answerer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A quote that is not in its document is an abstention and an error in the log, never shown."""
    reply = town.ask("How long is the footbridge?")
    assert reply.answer is not None and reply.answer.citation is not None
    forged = replace(reply.answer, citation=replace(reply.answer.citation, quote="The bridge is made of cheese."))
    monkeypatch.setattr(Answerer, "_reply", lambda *_: replace(reply, answer=forged))
    refused = town.ask("How long is the footbridge?")
    assert refused.outcome is Outcome.ABSTAINED
    assert refused.answer is None and refused.alternatives == ()
    assert "does not stand" in caplog.text


def test_replies_are_repeatable_and_receipts_prove_it(town: Answerer) -> None:
    """The same question gives the same reply; its receipt leads back to it."""
    context = Context(previous=("How long is the footbridge?",))
    reply = town.ask("and what did it cost?", context)
    again = Answerer.build(town.corpus).ask("and what did it cost?", context)
    assert again == reply
    receipt = read_receipt(reply.receipt)
    assert town.corpus.fingerprint.startswith(receipt.fingerprint)
    assert digest(town.ask(receipt.question, receipt.context)) == receipt.digest
    assert digest(town.ask("is there a toll?")) != receipt.digest
    for broken in ("", "abc", reply.receipt[:-9], "é", "A" * 500):
        with pytest.raises(ReceiptError):
            read_receipt(broken)


def test_replies_survive_storage(town: Answerer) -> None:
    """A reply read back from its stored form is the same."""
    for question in ("How long is the footbridge?", "hello", "what is the capital of France"):
        reply = town.ask(question)
        assert Reply.from_dict(reply.to_dict()) == reply
        assert json.dumps(reply.to_dict()) == json.dumps(asdict(reply))


def test_an_empty_corpus_abstains() -> None:
    """Without documents every question is refused, kindly."""
    reply = Answerer.build(Corpus(())).ask("What is it?")
    assert reply.outcome is Outcome.ABSTAINED


def test_documents_with_nothing_in_common_tie(tmp_path: Path) -> None:
    """Equal questions in two documents ask which was meant, the newer one first."""
    for name, day, answer in (("old", "2024-01-01", "At nine."), ("new", "2024-06-01", "At ten.")):
        text = f" date {day} The library of the town has opened.\n\nFAQ:\n\nQ: When does it open?\n\nA: {answer}\n"
        (tmp_path / f"{name}.txt").write_text(text)
    reply = Answerer.build(read_folder(tmp_path).corpus).ask("When does it open?")
    assert reply.outcome is Outcome.HEDGED
    assert reply.reason == "tie"
    assert quoted(reply) == "At ten."
    assert reply.alternatives[0].text == "At nine."


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=300), previous=st.one_of(st.none(), st.text(max_size=60)))
def test_whatever_is_typed_is_answered_or_refused(town: Answerer, question: str, previous: str | None) -> None:
    """No text fails, and whatever is shown stands in its document."""
    reply = town.ask(question, Context(previous=() if previous is None else (previous,)))
    assert 0 <= reply.confidence <= 1
    for answer in (reply.answer, *reply.alternatives):
        if answer is not None and answer.kind is not AnswerKind.SMALLTALK:
            assert answer.citation is not None
            document = town.corpus.by_id[answer.citation.document_id]
            assert document.source[answer.citation.start : answer.citation.end] == answer.citation.quote == answer.text


@pytest.mark.parametrize(
    "question", ["x" * 100_000, "\ud800", "\0", "a\u0301" * 9000, "ﷺ" * 2000, "Q: A: FAQ:\n" * 500]
)
def test_hostile_text(town: Answerer, question: str) -> None:
    """Very long, broken or growing text gets a reply."""
    assert isinstance(town.ask(question), Reply)

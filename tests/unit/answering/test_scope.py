"""Questions asked of a part of the documents: one of them, or those of a tag."""

from pathlib import Path

import pytest

from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.receipt import digest, read_receipt
from webapp.answering.reply import Context, Outcome, Reply, Scope
from webapp.corpus.library import read_folder
from webapp.web.suggesting import suggest

DOCUMENTS = {
    "bridge": """---
tags: Harbour, Bridges
---
date 2024-05-06 The footbridge of Aldmoor cost 4.2 million euros and is 180 metres long.

FAQ:

Q: Who may cross the footbridge at night?

A: Everybody, whenever they like.
""",
    "ferry": """---
tags: harbour
---
date 2025-02-03 The Sandholm ferry costs 6 euros after midnight. It is 40 metres long.

FAQ:

Q: Who may take the ferry at night?

A: Passengers with a ticket.
""",
    "library": """---
tags: Books
---
date 2025-06-01 The library costs nothing and opens at night in June.

FAQ:

Q: Who may use the library at night?

A: Readers with a card.
""",
}
SPANISH = """---
tags: Libros
language: es
---
date 2025-06-01 La biblioteca abre por la noche en junio y no cuesta nada a los lectores de la ciudad.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tagged")
    for name, text in DOCUMENTS.items():
        head, _, body = text.removeprefix("---\n").partition("---\n")
        (folder / f"{name}.txt").write_text(head + body, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["one language", "two languages"])
def town(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ManyLanguages:
    if request.param == "two languages":
        both = tmp_path_factory.mktemp("both")
        for file in folder.iterdir():
            (both / file.name).write_bytes(file.read_bytes())
        (both / "biblioteca.txt").write_text(SPANISH.replace("---\n", ""), encoding="utf-8")
        folder = both
    answerer = answering_from(read_folder(folder).corpus)
    assert answerer.corpus.tags.keys() >= {"harbour", "bridges", "books"}
    return answerer  # type: ignore[return-value]


def cited(reply: Reply) -> set[str]:
    answers = (reply.answer, *reply.alternatives)
    return {answer.citation.document_id for answer in answers if answer and answer.citation}


def test_a_tag_is_asked_alone(town: ManyLanguages) -> None:
    """Whoever is asked about, and however the tag is capitalised."""
    for tag in ("Harbour", "HARBOUR"):
        for question in ("Who may use the library at night?", "what does it cost?", "how long is it?", "¿cuándo abre?"):
            reply = town.ask(question, Context(scope=Scope(tag=tag)))
            assert cited(reply) <= {"bridge", "ferry"}
    assert cited(town.ask("Who may use the library at night?")) >= {"library"}


def test_the_question_of_a_tag_is_answered(town: ManyLanguages) -> None:
    """As it would be among all documents."""
    reply = town.ask("Who may take the ferry at night?", Context(scope=Scope(tag="harbour")))
    assert reply.outcome is Outcome.ANSWERED and reply.answer is not None
    assert reply.answer.text == "Passengers with a ticket."


def test_a_refusal_says_where_was_looked(town: ManyLanguages) -> None:
    """Of the one subject, and what it offers instead is of that subject."""
    reply = town.ask("Where is the moon?", Context(scope=Scope(tag="Books")))
    assert reply.outcome is Outcome.ABSTAINED and reply.message.startswith("The documents on this subject")
    assert reply.suggestions == ("Who may use the library at night?",)
    one = town.ask("Where is the moon?", Context(scope=Scope("ferry")))
    assert one.message.startswith("This document") and one.suggestions == ("Who may take the ferry at night?",)


def test_dates_stay_in_the_tag(town: ManyLanguages) -> None:
    """The newest of a subject is not the newest of all."""
    assert cited(town.ask("what is the latest news?")) >= {"library"}
    assert cited(town.ask("what is the latest news?", Context(scope=Scope(tag="harbour")))) == {"bridge", "ferry"}
    nothing = town.ask("what happened in June 2025?", Context(scope=Scope(tag="harbour")))
    assert nothing.outcome is Outcome.ABSTAINED


def test_a_tag_that_no_document_has_limits_nothing(town: ManyLanguages) -> None:
    """Documents change; the conversation goes on."""
    for scope in (Scope(tag="moon"), Scope("gone")):
        assert cited(town.ask("Who may use the library at night?", Context(scope=scope))) >= {"library"}


def test_follow_ups_stay_in_the_tag(town: ManyLanguages) -> None:
    """What was asked before is asked again within it."""
    context = Context(previous=("How long is the ferry?",), scope=Scope(tag="harbour"))
    assert cited(town.ask("and what does it cost?", context)) <= {"bridge", "ferry"}


def test_a_receipt_names_the_tag(town: ManyLanguages) -> None:
    """The same reply comes from it; receipts without a tag keep their form."""
    context = Context(scope=Scope(tag="Harbour"))
    reply = town.ask("What does it cost after midnight?", context)
    receipt = read_receipt(reply.receipt)
    assert receipt.context == context
    assert digest(town.ask(receipt.question, receipt.context)) == receipt.digest
    assert read_receipt(town.ask("What does it cost?").receipt).context == Context()


def test_suggestions_are_of_the_tag(town: ManyLanguages) -> None:
    """Both those to start with and those while somebody types."""
    own = {"Who may cross the footbridge at night?", "Who may take the ferry at night?"}
    assert set(town.suggestions(scope=Scope(tag="HARBOUR"))) == own
    assert set(suggest(town.corpus, "who may", scope=Scope(tag="harbour"))) == own
    assert suggest(town.corpus, "who may", scope=Scope("library")) == ("Who may use the library at night?",)
    assert len(suggest(town.corpus, "who may", scope=Scope(tag="moon"))) == 3

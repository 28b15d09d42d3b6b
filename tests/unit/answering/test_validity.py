"""Documents whose last day comes while they are served: from the next day on they answer nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.reply import Answer, Context, Reply, Scope
from webapp.answering.saved import build_and_save, open_index
from webapp.corpus.library import read_folder

LAST = date(2024, 9, 30)
AFTER = date(2024, 10, 1)
SUMMER = "How much is a summer ticket for the ferry?"
WHO = "Who may take the ferry?"
FERRY = f"""date 2024-05-01
tags: Ferry
valid until: {LAST}

The summer ferry to Sandholm runs every hour. It takes forty minutes.

FAQ:

Q: {SUMMER}
A: A summer ticket for the ferry is nine crowns.

Q: {WHO}
A: Everybody with a summer ticket.
"""
OLDER = f"""date 2024-01-01
tags: Ferry

The ferry to Sandholm is painted green in winter.

FAQ:

Q: {WHO}
A: Whoever lives in Sandholm.
"""
SPANISH = """date 2024-05-01
language: es

La biblioteca de la ciudad abre por la noche en junio.

FAQ:

Q: ¿Cuándo abre la biblioteca?
A: La biblioteca abre por la noche.
"""

Asked = Callable[[date], Answerer | ManyLanguages]


def on(answerer: Answerer | ManyLanguages, day: date) -> Answerer | ManyLanguages:
    """The same documents and the same index on another day."""
    suggesting = replace(answerer.suggesting, today=lambda: day)
    if isinstance(answerer, Answerer):
        return replace(answerer, today=lambda: day, suggesting=suggesting)
    answerers = {tag: on(one, day) for tag, one in answerer.answerers.items()}
    return replace(answerer, answerers=answerers, suggesting=suggesting)


@pytest.fixture(params=["built", "saved"], scope="module")
def kept(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=[(), (SPANISH,)], ids=["one language", "two languages"], scope="module")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kept: str) -> Asked:
    """Gives an answerer on a day, from an index that was built before the last one."""
    folder = tmp_path_factory.mktemp("valid")
    for number, text in enumerate((FERRY, OLDER, *request.param)):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    library = read_folder(folder, today=date(2024, 6, 1))
    if kept == "built":
        answerer = answering_from(library.corpus)
    else:
        build_and_save(folder / "index", library)
        answerer = open_index(folder / "index", target_precision=0.9).answerer
    return lambda day: on(answerer, day)


def shown(reply: Reply) -> set[str]:
    """The ids of all documents that a reply quotes."""
    answers: list[Answer] = [*([reply.answer] if reply.answer else []), *reply.alternatives]
    return {answer.citation.document_id for answer in answers if answer.citation}


def test_it_answers_on_its_last_day(asked: Asked) -> None:
    """A day is meant to its end."""
    reply = asked(LAST).ask(SUMMER)
    assert reply.answer is not None
    assert reply.answer.text == "A summer ticket for the ferry is nine crowns."
    assert "0" in shown(reply)


@pytest.mark.parametrize(
    "context",
    [
        Context(),
        Context(scope=Scope("0")),
        Context(scope=Scope(tag="Ferry")),
        Context(previous=(WHO,), told=(("0", 0),)),
        Context(previous=(SUMMER,)),
    ],
)
@pytest.mark.parametrize(
    "question",
    [SUMMER, WHO, "Tell me more", "What is the latest news?", "news from May 2024", "When was this published?"],
)
def test_it_is_quoted_no_more_from_the_next_day_on(asked: Asked, question: str, context: Context) -> None:
    """Not as an answer, not as another possibility, not by its date, and not as what comes next."""
    assert "0" not in shown(asked(AFTER).ask(question, context))


def test_an_older_document_answers_in_its_place(asked: Asked) -> None:
    """While both are valid, the newer one comes first and the older one beside it."""
    before, after = asked(LAST).ask(WHO), asked(AFTER).ask(WHO)
    assert before.answer is not None
    assert after.answer is not None
    assert (before.answer.text, before.versions) == ("Everybody with a summer ticket.", 1)
    assert (after.answer.text, after.versions) == ("Whoever lives in Sandholm.", 0)


def test_its_questions_are_suggested_no_more(asked: Asked) -> None:
    """Nobody is led to a question that is then not answered."""
    assert SUMMER in asked(LAST).suggestions()
    for scope in (Scope(), Scope("0"), Scope(tag="Ferry")):
        assert SUMMER not in asked(AFTER).suggestions(scope=scope)


def test_when_all_are_over_there_are_no_documents(tmp_path: Path) -> None:
    """The reply says so, as for an empty folder."""
    (tmp_path / "ferry.txt").write_text(FERRY, "utf-8")
    answerer = answering_from(read_folder(tmp_path, today=LAST).corpus)
    assert on(answerer, AFTER).ask(SUMMER).reason == "no-documents"

"""Applications for the tests of pages and API: a scripted answerer and a store in memory, both plain fakes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.answering.reply import (
    EVERYTHING,
    Answer,
    AnswerKind,
    Citation,
    Context,
    Explanation,
    Outcome,
    Reply,
    Scope,
    TermEvidence,
)
from webapp.answering.versions import Versions
from webapp.conversations.conversation import Conversation, Recent
from webapp.conversations.feedback import Feedback
from webapp.conversations.store import StorageError
from webapp.conversations.turn import Turn
from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus, Document, PassageKind
from webapp.settings import Settings
from webapp.web.app import create_app

SEEDS = Path(__file__).parents[2] / "seeds"

NASTY = """date 2024-02-03 <script>alert("body")</script> stood in the paper. It was "quoted" & 'read'.

FAQ:

Q: What is <b onclick="x()">bold</b> & "new"?

A: Nothing is <img src=x onerror=alert(1)> new.

Not even this.
"""


@dataclass
class FakeStore:
    """Keeps turns in a dictionary; `broken` makes every call fail as a lost database does."""

    broken: bool = False
    kept: dict[str, list[Turn]] = field(default_factory=dict)
    begun: dict[str, tuple[str | None, Scope]] = field(default_factory=dict)
    made: int = 0
    thoughts: dict[tuple[str, str], Feedback] = field(default_factory=dict)
    shares: dict[str, tuple[str, str]] = field(default_factory=dict)

    def new_conversation_id(self) -> str:
        self.made += 1
        return f"conversation-{self.made}"

    def append(
        self,
        conversation_id: str,
        turn_id: str,
        reply: Reply,
        *,
        visitor: str | None = None,
        scope: Scope = EVERYTHING,
        written: str | None = None,
        begins: bool = False,
    ) -> Turn:
        assert written in (None, self.written(reply))
        known = self.find_turn(conversation_id, turn_id)
        if known is not None:
            return known
        self.begun.setdefault(conversation_id, (visitor, scope))
        turns = self.kept.setdefault(conversation_id, [])
        stored = Reply.from_dict(reply.to_dict())
        turns.append(Turn(turn_id, conversation_id, len(turns) + 1, stored, datetime.now(UTC)))
        return turns[-1]

    def written(self, reply: Reply) -> str:
        return json.dumps(reply.to_dict(), separators=(",", ":"))

    def find_turn(self, conversation_id: str, turn_id: str) -> Turn | None:
        return next((turn for turn in self.turns(conversation_id, 10**9) if turn.id == turn_id), None)

    def own_turn(self, visitor: str, turn_id: str) -> Turn | None:
        found = (self.find_turn(one.id, turn_id) for one in self.conversations(visitor, 10**9))
        return next((turn for turn in found if turn is not None), None)

    def turns(self, conversation_id: str, limit: int, before: int | None = None) -> tuple[Turn, ...]:
        if self.broken:
            raise StorageError("the database is gone")
        return tuple(self.kept.get(conversation_id, [])[: None if before is None else before - 1][-limit:])

    def recent(self, conversation_id: str, limit: int) -> Recent | None:
        turns = self.turns(conversation_id, limit)
        return Recent(self.begun[conversation_id][1], turns) if turns else None

    def turns_after(self, conversation_id: str, after: int, limit: int) -> tuple[Turn, ...]:
        self.ping()
        return tuple(self.kept.get(conversation_id, [])[after : after + limit])

    def questions(self, conversation_id: str, limit: int) -> tuple[str, ...]:
        replies = [turn.reply for turn in self.turns(conversation_id, limit)]
        own = [reply.answer.question for reply in replies if reply.answer and reply.answer.question]
        return (*(reply.question for reply in replies), *own)

    def conversation(self, conversation_id: str) -> Conversation | None:
        turns = self.turns(conversation_id, 10**9)
        if not turns:
            return None
        title, began_at = turns[0].reply.question, turns[0].asked_at
        return Conversation(
            conversation_id, *self.begun[conversation_id], title, len(turns), began_at, turns[-1].asked_at
        )

    def conversations(self, visitor: str, limit: int, offset: int = 0) -> tuple[Conversation, ...]:
        self.ping()
        known = [self.conversation(one) for one, (whose, _) in self.begun.items() if whose == visitor]
        newest = sorted((one for one in known if one), key=lambda one: one.last_asked_at, reverse=True)
        return tuple(newest[offset : offset + limit])

    def delete_conversation(self, conversation_id: str) -> None:
        self.ping()
        self.kept.pop(conversation_id, None)
        self.begun.pop(conversation_id, None)

    def delete_conversations(self, visitor: str) -> int:
        own = self.conversations(visitor, 10**9)
        for one in own:
            self.delete_conversation(one.id)
        return len(own)

    def set_feedback(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        self.ping()
        self.thoughts[conversation_id, turn_id] = feedback

    def feedback(self, conversation_id: str, turn_ids: Collection[str]) -> dict[str, Feedback]:
        self.ping()
        return {one: self.thoughts[conversation_id, one] for one in turn_ids if (conversation_id, one) in self.thoughts}

    def share(self, conversation_id: str, turn_id: str) -> str:
        self.ping()
        for share_id, turn in self.shares.items():
            if turn == (conversation_id, turn_id):
                return share_id
        share_id = f"share-{len(self.shares) + 1:04}"
        self.shares[share_id] = (conversation_id, turn_id)
        return share_id

    def shared(self, share_id: str) -> Turn | None:
        self.ping()
        return self.find_turn(*self.shares[share_id]) if share_id in self.shares else None

    def ping(self) -> None:
        self.turns("", 1)

    @property
    def all_turns(self) -> list[Turn]:
        return [turn for turns in self.kept.values() for turn in turns]


@dataclass
class FakeAnswerer:
    """Answers FAQ questions outright, "maybe" with a hedge, "when" with a date, "hello" with small talk."""

    corpus: Corpus
    heard: list[tuple[str, Context]] = field(default_factory=list)

    def ask(self, question: str, context: Context = Context()) -> Reply:  # noqa: B008 - frozen
        self.heard.append((question, context))
        if question == "fail":
            raise RuntimeError("secret detail of the fault")
        answers = self.answers()
        if question == "hello":
            text = "Hello! Ask me about the documents."
            answer = Answer(text, AnswerKind.SMALLTALK, None, 1.0)
            return Reply(question, Outcome.SMALLTALK, text, 1.0, answer, suggestions=self.suggestions())
        if question == "when":
            document = self.corpus.documents[0]
            span, day = document.published_span, document.published
            assert span is not None
            assert day is not None
            text = span.of(document.source)
            cited = Citation(document.id, document.headline, day.isoformat(), 0, span.start, span.end, text)
            return Reply(question, Outcome.ANSWERED, "", 0.9, Answer(text, AnswerKind.DATE, cited, 0.9))
        terms = tuple(TermEvidence(word, n % 2 == 0, 0.25 * (n % 2 == 0)) for n, word in enumerate(question.split()))
        why = Explanation(0.75, terms, (("question-like", 0.5), ("too far", -0.25)), answers[-1].text)
        for answer in answers:
            if answer.question == question:
                return Reply(
                    question, Outcome.ANSWERED, "", 0.95, answer, suggestions=self.suggestions(), explanation=why
                )
        if question == "maybe":
            best, *others = answers
            return Reply(
                question,
                Outcome.HEDGED,
                "The closest I found:",
                0.4,
                best,
                tuple(others[:3]),
                corrections=(("coperation", "cooperation"),),
                explanation=why,
            )
        return Reply(
            question,
            Outcome.ABSTAINED,
            "The documents here do not answer this.",
            0.1,
            alternatives=tuple(answers[:2]),
            missing_terms=tuple(question.split()[:2]),
            suggestions=self.suggestions(),
        )

    def answers(self) -> list[Answer]:
        return [
            Answer(
                document.text(passage),
                AnswerKind.FAQ if passage.kind is PassageKind.FAQ else AnswerKind.SENTENCE,
                Citation(
                    document.id,
                    document.headline,
                    document.published.isoformat() if document.published else None,
                    passage.number,
                    passage.span.start,
                    passage.span.end,
                    document.text(passage),
                ),
                0.5,
                document.question(passage),
            )
            for document in self.corpus.documents
            for passage in document.passages
        ]

    def find(self, typed: str) -> tuple[Document, ...]:
        return tuple(d for d in self.corpus.documents if typed.casefold() in d.source.casefold())

    @property
    def versions(self) -> Versions:
        return Versions.of(self.corpus)

    def suggestions(self, limit: int = 4, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        return tuple(answer.question for answer in self.answers() if answer.question)[:limit]


MakeApp = Callable[..., Flask]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture(scope="session")
def seed_corpus() -> Corpus:
    return read_folder(SEEDS).corpus


@pytest.fixture
def answerer(seed_corpus: Corpus) -> FakeAnswerer:
    return FakeAnswerer(seed_corpus)


@pytest.fixture
def nasty(tmp_path: Path) -> FakeAnswerer:
    """An answerer whose one document is full of markup."""
    (tmp_path / "nasty.txt").write_text(NASTY, encoding="utf-8")
    return FakeAnswerer(read_folder(tmp_path).corpus)


@pytest.fixture
def make_app(answerer: FakeAnswerer, store: FakeStore) -> MakeApp:
    """Makes an application; keyword arguments are settings, `answerer` stands for another answerer."""

    def make(answerer: FakeAnswerer = answerer, **settings: object) -> Flask:
        values = {"secret_key": "only for tests", **settings}
        return create_app(Settings(**values), answerer=answerer, store=store)  # type: ignore[arg-type]

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def htmx() -> dict[str, str]:
    """The headers with which htmx asks for a fragment."""
    return {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def faq(answerer: FakeAnswerer) -> str:
    """A question that is answered outright."""
    return answerer.suggestions()[0]


def without_nonce(html: str) -> str:
    """Return what a page or a fragment says, but for what is made anew for each response."""
    return re.sub(r' data-hx-nonce="[^"]*"', "", html)

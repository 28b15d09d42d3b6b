"""What the pages stand on: an answerer, a store of turns, the settings, and the problems found in the documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

from webapp.answering.reply import Context, Reply, Scope
from webapp.answering.versions import Versions
from webapp.conversations.conversation import Conversation, Recent
from webapp.conversations.feedback import Feedback
from webapp.conversations.turn import Turn
from webapp.corpus.model import Corpus, Document, Problem
from webapp.settings import Settings
from webapp.tally import Tally
from webapp.web import here
from webapp.web.remembering import Memory

EXTENSION = "newsstand"


class Answering(Protocol):
    """Answers questions from a corpus."""

    @property
    def corpus(self) -> Corpus:
        """The documents it answers from."""

    def ask(self, question: str, context: Context = ...) -> Reply:
        """Return the reply to one question."""

    def suggestions(self, limit: int = ..., scope: Scope = ...) -> tuple[str, ...]:
        """Return questions that the documents answer."""

    @property
    def versions(self) -> Versions:
        """What documents of different days say to the same questions."""

    def find(self, typed: str) -> Sequence[Document]:
        """Return the documents that hold what was typed, the one that is most about it first."""


class Turns(Protocol):
    """Keeps turns; any of these may raise `webapp.conversations.store.StorageError`."""

    def new_conversation_id(self) -> str:
        """Return an id that nobody can guess."""

    def append(
        self,
        conversation_id: str,
        turn_id: str,
        reply: Reply,
        *,
        visitor: str | None = None,
        scope: Scope = ...,
        written: str | None = None,
        begins: bool = False,
    ) -> Turn:
        """Keep a turn; the same ids again bring back what was kept first.

        `visitor` and `scope` are kept when the conversation begins: whose it is, and what it asks about. `written` is
        what the method of that name gave for the reply, when that is known; `begins` tells that the conversation does,
        when that is known.
        """

    def written(self, reply: Reply) -> str:
        """Return a reply as it is kept, for one that is kept again and again."""

    def find_turn(self, conversation_id: str, turn_id: str) -> Turn | None:
        """Return a turn that was kept, or None."""

    def own_turn(self, visitor: str, turn_id: str) -> Turn | None:
        """Return a turn of whichever conversation of a visitor, or None."""

    def turns(self, conversation_id: str, limit: int, before: int | None = None) -> tuple[Turn, ...]:
        """Return the newest `limit` turns, or those of them with a number under `before`, oldest first."""

    def recent(self, conversation_id: str, limit: int) -> Recent | None:
        """Return the newest `limit` turns and what the conversation asks about, or None before its first turn."""

    def turns_after(self, conversation_id: str, after: int, limit: int) -> tuple[Turn, ...]:
        """Return the oldest `limit` of the turns with a number over `after`, oldest first."""

    def questions(self, conversation_id: str, limit: int) -> tuple[str, ...]:
        """Return what the newest `limit` turns asked, and the documents' questions that their answers belong to."""

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return what is known of a conversation, or None when nothing was asked in it."""

    def conversations(self, visitor: str, limit: int, offset: int = 0) -> tuple[Conversation, ...]:
        """Return a visitor's conversations, the last used first."""

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation with its turns."""

    def delete_conversations(self, visitor: str) -> int:
        """Delete every conversation of a visitor; return how many there were."""

    def set_feedback(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        """Keep what is thought of a turn, in place of what was thought before."""

    def feedback(self, conversation_id: str, turn_ids: Collection[str]) -> Mapping[str, Feedback]:
        """Return what is thought of those turns, by turn id."""

    def share(self, conversation_id: str, turn_id: str) -> str:
        """Return the id under which anyone may read a turn, which nobody can guess: the same one each time."""

    def shared(self, share_id: str) -> Turn | None:
        """Return the turn that is shared under an id, or None."""

    def ping(self) -> None:
        """Raise an error when nothing can be kept or read."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a view may ask. When the documents change, an application gets another one in its place."""

    settings: Settings
    answerer: Answering
    store: Turns
    problems: tuple[Problem, ...]
    read_at: datetime
    """When the documents were read."""
    generation: int = 1
    """How often they have changed since the server started, plus one."""
    index_bytes: int = 0
    """Size of the index in files; 0 when it is in memory only."""
    tally: Tally = field(default_factory=Tally)
    """What is counted, by all workers together."""
    memory: Memory = field(default_factory=Memory)
    """The replies to what is asked again and again, of this answerer."""


def services() -> Services:
    """Return the services of the application that handles this request: the same ones until its end."""
    own = here.g()
    known: Services | None = own.get("services")
    if known is None:
        known = own.services = cast(Services, current_app.extensions[EXTENSION])
    return known


def renew(
    app: Flask,
    *,
    answerer: Answering,
    problems: tuple[Problem, ...],
    read_at: datetime,
    generation: int,
    index_bytes: int = 0,
) -> None:
    """Let the requests that begin from now on be answered from `answerer`; those under way keep what they have."""
    now = cast(Services, app.extensions[EXTENSION])
    app.extensions[EXTENSION] = replace(
        now,
        answerer=answerer,
        problems=problems,
        read_at=read_at,
        generation=generation,
        index_bytes=index_bytes,
        memory=Memory(),
    )

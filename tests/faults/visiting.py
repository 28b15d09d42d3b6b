"""Programs that ask while something goes wrong, and come again as docs/api.md says."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

QUESTIONS = (
    "Which areas of cooperation were discussed?",
    "Who is S. Jaishankar?",
    "When did the meeting take place?",
    "hello",
    "What is the price of tea in Bolivia?",
)
PASSING = {429, 502, 503, 504}
GIVE_UP_SECONDS = 60.0
"""After this long a visitor has seen a failure."""


class Failed(Exception):
    """Nobody answered, however often it was tried."""


@dataclass
class Answered:
    """A question whose answer was delivered."""

    question: str
    turn: str
    conversation: str
    text: str | None
    seconds: float
    tries: int


def post(port: int, path: str, body: dict[str, Any], timeout: float = 15) -> tuple[int, dict[str, str], bytes]:
    """Send JSON on a connection of its own; return status, headers and body.

    Raises:
        OSError, http.client.HTTPException: it was cut off.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def ask(port: int, question: str, conversation: str | None = None) -> Answered:
    """Ask until there is an answer, with one turn id.

    Raises:
        Failed: there was none.
    """
    turn, began, tries = uuid.uuid4().hex, time.monotonic(), 0
    sent = {"question": question, "turn": turn} | ({"conversation": conversation} if conversation else {})
    while True:
        wait = min(2**tries / 8, 2)
        tries += 1
        try:
            status, headers, body = post(port, "/api/v1/ask", sent)
        except (OSError, http.client.HTTPException) as error:
            said: object = repr(error)
        else:
            if status == 200:
                reply = json.loads(body)
                assert reply["turn"] == turn
                if reply["saved"]:
                    text = (reply["answer"] or {}).get("text")
                    return Answered(question, turn, reply["conversation"], text, time.monotonic() - began, tries)
                said = "not saved"
            elif status in PASSING:
                said, wait = status, max(wait, float(headers.get("Retry-After", 0)))
            else:
                raise Failed(f"{status}: {body[:200]!r}")
        if time.monotonic() - began > GIVE_UP_SECONDS:
            raise Failed(str(said))
        time.sleep(wait)


@dataclass
class Visitors:
    """Programs that ask one question after another, each in conversations of a few turns."""

    port: int
    count: int = 4
    pause_seconds: float = 0.0
    answered: list[Answered] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: Sequence[threading.Thread] = ()

    def __enter__(self) -> Visitors:
        self._threads = [threading.Thread(target=self._visit, args=(number,)) for number in range(self.count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, number: int) -> None:
        choose = random.Random(number)  # noqa: S311 - the same each time
        conversation = None
        while not self._stop.is_set():
            try:
                answered = ask(self.port, choose.choice(QUESTIONS), conversation)
            except Exception as error:
                # Whatever it is, a visitor saw it.
                self.failed.append(repr(error))
                continue
            self.answered.append(answered)
            conversation = answered.conversation if choose.random() < 0.8 else None
            time.sleep(self.pause_seconds)

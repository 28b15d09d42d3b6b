"""What is fuzzed: questions, every reader of documents, every door; each takes any bytes."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

Target = Callable[[bytes], None]

QUESTIONS = (
    "Which areas of cooperation were discussed?",
    "who is s. jaishankar and when did he visit moscow",
    "hello",
    "When was this published?",
    "tell me more",
    "¿Dónde? почему कहाँ أين 哪里",
)
SHARES = {"ask": 5, "doors": 7, "reader.html": 2, "reader.xlsx": 4}
"""How many of a hundred inputs go to the targets that take longest; the other readers share the rest."""


def readers() -> dict[str, tuple[Target, Sequence[bytes]]]:
    """Return a target for each reader, with a good file to begin with."""
    from tests.contracts.test_readers import GOOD, read

    def target(suffix: str) -> Target:
        def try_it(data: bytes) -> None:
            read(suffix, data)

        return try_it

    return {f"reader{suffix}": (target(suffix), (good,)) for suffix, good in GOOD.items()}


def ask() -> tuple[Target, Sequence[bytes]]:
    """Return the target of questions: what was asked before is the first line, what is asked now the rest."""
    from tests.fuzz.site import seed_answerer
    from webapp.answering.reply import Context, Reply

    answerer = seed_answerer()

    def try_it(data: bytes) -> None:
        before, _, question = data.decode("utf-8", "replace").rpartition("\n")
        reply = answerer.ask(question, Context(previous=tuple(before.split("\n")) if before else ()))
        assert Reply.from_dict(reply.to_dict()) == reply
        assert 0 <= reply.confidence <= 1
        for answer in (reply.answer, *reply.alternatives):
            if answer is not None and answer.citation is not None:
                cited = answer.citation
                assert answerer.corpus.by_id[cited.document_id].source[cited.start : cited.end] == cited.quote

    return try_it, [question.encode() for question in (*QUESTIONS, "\n".join(QUESTIONS[:3]))]


def open_doors() -> tuple[Target, Sequence[bytes]]:
    """Return the target of doors."""
    from tests.fuzz.doors import KINDS, doors, judge, knock_of, send, written
    from tests.fuzz.site import seed_answerer, site

    app = site(Path(tempfile.mkdtemp(prefix="newsstand-fuzz-")), seed_answerer())
    addresses = doors(app)

    def try_it(data: bytes) -> None:
        knock = knock_of(data, addresses)
        judge(knock, send(app, knock))

    forms = (
        b'{"question": "hello", "turn": "turn-0001", "previous": ["a"]}',
        b"question=hello&turn=turn-0001&q=a&page=2",
    )
    seeds = [
        written(door, method, kind, "Cookie", b"000_e9223e5004065d9e", b"q=a&page=2", b"newsstand=a.b.c", form)
        for door, (method, kind, form) in itertools.product(
            range(len(addresses)), (("GET", "", b""), ("POST", KINDS[1], forms[0]), ("POST", KINDS[2], forms[1]))
        )
    ]
    return try_it, seeds


def named() -> list[str]:
    """Return the names of all targets."""
    return ["ask", "doors", *readers()]


def made(name: str) -> tuple[Target, Sequence[bytes]]:
    """Return a target and what it begins with."""
    if name == "ask":
        return ask()
    return open_doors() if name == "doors" else readers()[name]


def share(name: str, names: Sequence[str], inputs: int) -> int:
    """Return how many of all inputs a target gets."""
    rest = [other for other in names if other not in SHARES]
    if name in SHARES:
        return inputs * SHARES[name] // 100
    return inputs * (100 - sum(SHARES.values())) // 100 // len(rest) + 1

"""``newsstand ask``: one question, a batch, a receipt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webapp.cli.previous import question_first
from webapp.settings import Settings

PAID = "Who paid for the repair of the lighthouse?"
ANSWER = "The harbour board paid for the whole repair."

Run = Callable[..., Any]


def test_people_read_the_quote_and_where_it_stands(newsstand: Run, folder: Path) -> None:
    """Words, date, place, confidence."""
    ran = newsstand("ask", PAID, "--seeds", folder)
    assert ran.code == 0
    assert ANSWER in ran.out
    assert "2024-05-01" in ran.out
    assert "/documents/lighthouse#p" in ran.out
    assert "confidence 0." in ran.out


def test_people_read_what_older_documents_say(newsstand: Run, folder: Path) -> None:
    """After the newest answer, each with its date."""
    older = (folder / "lighthouse.txt").read_text("utf-8").replace("2024-05-01", "2021-05-01")
    (folder / "older.txt").write_text(older.replace("The harbour board", "The mayor"), "utf-8")
    lines = newsstand("ask", PAID, "--seeds", folder).out.splitlines()
    assert lines[1] == ANSWER and lines[2].endswith(", 2024-05-01")
    at = lines.index("An older document says:")
    assert lines[at + 1] == "The mayor paid for the whole repair." and lines[at + 2].endswith(", 2021-05-01")


def test_people_read_why_there_is_no_answer(newsstand: Run, folder: Path) -> None:
    """A refusal is no failure; it offers what can be asked, and quotes nothing."""
    ran = newsstand("ask", "What is the capital of France?", "--seeds", folder)
    assert ran.code == 0
    assert ran.out.strip()
    assert "confidence" not in ran.out
    assert PAID in ran.out


def test_programs_read_the_same_as_from_the_api(newsstand: Run, folder: Path) -> None:
    """The API's object, but for the turn that nobody keeps."""
    from webapp.answering.answerer import Answerer
    from webapp.corpus.library import read_folder
    from webapp.web.app import create_app

    ran = newsstand("ask", PAID, "--json", "--explain", "--seeds", folder)
    printed = json.loads(ran.out)
    answerer = Answerer.build(read_folder(folder).corpus, target_precision=Settings().target_precision)
    app = create_app(Settings(secret_key="only for tests"), answerer=answerer, store=NoStore())  # type: ignore[arg-type]
    answered = app.test_client().post("/api/v1/ask", json={"question": PAID, "explain": True})
    served = {k: v for k, v in answered.json.items() if k not in {"conversation", "turn", "saved", "took_ms"}}
    assert printed == served
    source = (folder / "lighthouse.txt").read_text("utf-8")
    cited = printed["citation"]
    assert source[cited["start"] : cited["end"]] == cited["quote"] == ANSWER


def test_a_batch_is_answered_in_order(newsstand: Run, folder: Path, tmp_path: Path) -> None:
    """Ids are kept, whatever their type; blank lines are passed over."""
    rows = [
        {"id": 7, "q": PAID, "previous": None},
        {"id": "b", "q": "And when may visitors climb it?", "previous": PAID},
        {"q": "asdfghjkl"},
        {"id": "d", "q": "And when may visitors climb it?", "previous": ["hello", PAID]},
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    ran = newsstand("ask", "--batch", batch, "--seeds", folder)
    replies = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [reply["id"] for reply in replies] == [7, "b", None, "d"]
    assert replies[0]["answer"]["text"] == ANSWER
    assert replies[2]["outcome"] == "abstained"
    assert replies[3]["answer"] == replies[1]["answer"]


def test_a_bad_line_gets_an_error_in_its_place(newsstand: Run, folder: Path) -> None:
    """The others are answered; the exit code tells."""
    lines = [
        b"no json",
        b'{"id": 1, "q": 5}',
        b'{"id": 2, "q": "x", "previous": ["y", 1]}',
        b'{"id": 3, "q": "\xff"}',
        b"[" * 100_000,
        b'{"id": 4, "q": "  "}',
        b'{"id": 5, "q": "' + b"x" * 2001 + b'"}',
        json.dumps({"id": 6, "q": PAID}).encode(),
    ]
    ran = newsstand("ask", "--batch", "-", "--seeds", folder, stdin=b"\n".join(lines))
    replies = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert [reply["id"] for reply in replies] == [None, 1, 2, None, None, 4, 5, 6]
    assert all(reply["error"]["code"] == "bad-line" for reply in replies[:-1])
    assert [f"Line {number}:" in reply["error"]["message"] for number, reply in enumerate(replies[:-1], 1)] == [
        True
    ] * 7
    assert replies[-1]["answer"]["text"] == ANSWER


def test_half_a_character_passes_through(newsstand: Run, folder: Path) -> None:
    """JSON may hold what UTF-8 cannot: the reply is still one line of JSON."""
    ran = newsstand("ask", "--batch", "-", "--seeds", folder, stdin=b'{"id": "\\ud800", "q": "who paid \\ud800?"}\n')
    assert json.loads(ran.out)["id"] == "\ud800"


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "  "],
        ["ask", "x" * 2001],
        ["ask", "a question", "--batch", "-"],
        ["ask", "--batch", "/nowhere/batch.jsonl"],
        ["replay", "no receipt"],
    ],
)
def test_a_wrong_call_is_told(newsstand: Run, arguments: list[str]) -> None:
    """On standard error, with exit code 2."""
    ran = newsstand(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("newsstand")
    assert ran.out == ""


def test_a_receipt_proves_a_reply(newsstand: Run, folder: Path) -> None:
    """The same documents give the same reply; others cannot."""
    receipt = json.loads(newsstand("ask", PAID, "--json", "--seeds", folder).out)["receipt"]
    again = newsstand("replay", receipt, "--seeds", folder)
    assert again.code == 0
    assert ANSWER in again.out
    (folder / "lighthouse.txt").write_text("The lighthouse is dark.\n", "utf-8")
    assert newsstand("replay", receipt, "--seeds", folder).code == 1


def test_a_document_cannot_command_the_terminal(newsstand: Run, folder: Path) -> None:
    """Escape sequences are shown as such."""
    (folder / "lighthouse.txt").write_text("FAQ:\n\nQ: Who paid?\nA: Nobody \x1b[2J paid for it.\n", "utf-8")
    assert "\x1b" not in newsstand("ask", "Who paid?", "--seeds", folder).out


@pytest.mark.parametrize(
    ("typed", "question", "previous"),
    [
        (["Q", "--previous", "A", "B"], "Q", ["A", "B"]),
        (["--previous", "A", "B", "Q"], "Q", ["A", "B"]),
        (["--previous", "A", "--previous", "B", "Q"], "Q", ["A", "B"]),
        (["--previous", "A", "Q", "--json"], "Q", ["A"]),
        (["--seeds", "S", "--previous", "A", "Q", "--json"], "Q", ["A"]),
        (["Q", "--previous", "A", "--previous", "B"], "Q", ["A", "B"]),
        (["--previous", "A", "--json", "Q"], "Q", ["A"]),
        (["Q"], "Q", []),
        (["--previous", "A"], None, ["A"]),
    ],
)
def test_the_question_is_told_from_those_before(typed: list[str], question: str | None, previous: list[str]) -> None:
    """Whichever comes first on the command line."""
    from webapp.cli import _parser

    called = _parser().parse_args(question_first(["ask", *typed]))
    assert (called.question, called.previous) == (question, previous)


class NoStore:
    """A store that is out of order: nothing is kept, everything is answered."""

    def new_conversation_id(self) -> str:
        return "conversation-1"

    def conversation(self, *_: object) -> None:
        self._fail()

    def find_turn(self, *_: object) -> None:
        self._fail()

    def turns(self, *_: object) -> None:
        self._fail()

    def written(self, *_: object) -> str:
        return ""

    def append(self, *_: object, **__: object) -> None:
        self._fail()

    def _fail(self) -> None:
        from webapp.conversations.errors import StorageError

        raise StorageError("out of order")

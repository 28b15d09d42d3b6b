"""What every test may use, and what none may do: reach beyond this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.serving import ARGUMENTS, CHROMIUM, PATIENCE_SECONDS
from webapp.answering.reply import Answer, AnswerKind, Citation, Explanation, Outcome, Reply, TermEvidence

MakeReply = Callable[..., Reply]


@pytest.fixture(autouse=True)
def this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to other machines fail at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            pytest.fail(f"a test tried to reach {address[0]}: tests stay on this machine")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def make_reply() -> MakeReply:
    """Makes an answered reply with everything a reply may hold."""

    def make(question: str = "Where was it?", **changes: Any) -> Reply:
        quote = "The talks took place in Moscow’s old town — “behind closed doors”."
        citation = Citation("a-b", "Talks in Moscow", "2023-12-28", 3, 10, 10 + len(quote), quote)
        given: dict[str, Any] = {
            "question": question,
            "outcome": Outcome.ANSWERED,
            "message": "",
            "confidence": 0.876543,
            "answer": Answer(quote, AnswerKind.SENTENCE, citation, 0.876543),
            "alternatives": (Answer("2023-12-28", AnswerKind.DATE, citation, 0.1, "When was it?"),),
            "missing_terms": ("pakistan",),
            "suggestions": ("Who spoke?",),
            "corrections": (("moskow", "moscow"),),
            "explanation": Explanation(1.5, (TermEvidence("where", True, 0.5),), (("first sentence", 1.0),), "Other."),
            "receipt": "abc",
            "reason": "sure",
        }
        return Reply(**{**given, **changes})

    return make


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody serves on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium, one for all tests: its driver can run but once in a process.

    Without one the tests that need it are skipped, or fail where CI is set.
    """
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        _missing("Playwright is not installed")
    if CHROMIUM is None:
        _missing("no Chromium found: install Debian's package chromium, or set CHROMIUM")
    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"browser tests must run here: {reason}")
    pytest.skip(f"browser tests skipped: {reason}")

"""A visitor in a real browser, whose question is cut off: the server is killed, or the connection goes away."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.faults import figures
from tests.faults.supervising import Supervised
from tests.serving.conftest import Server

QUESTIONS = ("Which areas of cooperation were discussed?", "Who is S. Jaishankar?", "When did the meeting take place?")
BACK_WITHIN_MS = 60_000


@contextmanager
def visitor(chromium: Any, address: str) -> Iterator[Any]:
    """Give the chat page, opened by a new visitor."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def kept(folder: Path) -> list[tuple[str, str]]:
    """Return conversation and turn of all that is kept."""
    with closing(sqlite3.connect(folder / "var" / "newsstand.sqlite3")) as database:
        return database.execute("SELECT conversation_id, id FROM turns").fetchall()


def test_a_question_that_a_kill_cuts_off(chromium: Any, free_port: int, tmp_path: Path) -> None:
    """The server is killed as each question leaves, the first one too: each is answered, shown once and kept once."""
    with Supervised(free_port, tmp_path) as supervised, visitor(chromium, f"http://127.0.0.1:{free_port}") as page:

        def kill_as_it_leaves(route: Any) -> None:
            if not killed:
                killed.append(supervised.master)
                # What the server does with it is lost, as when the kill comes after the turn was kept.
                route.fetch()
                for process in (supervised.master, *supervised.workers()):
                    os.kill(process, signal.SIGKILL)
                route.abort("connectionreset")
            else:
                route.continue_()

        for number, question in enumerate(QUESTIONS):
            killed: list[int] = []
            page.route("**/chat", kill_as_it_leaves)
            if number == 0:
                # The answer is lost with its cookie: the visitor is known by nothing but the page.
                page.context.clear_cookies()
            page.fill("#question", question)
            page.press("#question", "Enter")
            if number == 0:
                expect(page.locator("#offline")).to_be_visible(timeout=BACK_WITHIN_MS)
                page.context.clear_cookies()
            expect(page.locator(".turn")).to_have_count(number + 1, timeout=BACK_WITHIN_MS)
            page.unroute("**/chat")
            expect(page.locator("#ask-error")).to_be_empty()
        expect(page.locator("#offline")).to_be_hidden()
        page.reload()
        expect(page.locator(".turn")).to_have_count(len(QUESTIONS))
        starts = supervised.starts
    rows = kept(tmp_path)
    figures.keep("kill under a browser", questions=len(QUESTIONS), server_starts=starts, kept=len(rows))
    assert len(rows) == len(set(rows)) == len(QUESTIONS)
    assert len({conversation for conversation, _ in rows}) == 1
    assert starts == 1 + len(QUESTIONS)


def test_a_browser_that_goes_offline_mid_question(chromium: Any, start: Callable[..., Server], tmp_path: Path) -> None:
    """The question has gone out when the connection goes: it waits on the page, and is answered and kept once."""
    server = start().wait()
    with visitor(chromium, server.url("")) as page:

        def lose(route: Any) -> None:
            sent = route.fetch()
            print("SENT", sent.status, sent.text()[:300])
            page.context.set_offline(True)
            route.abort("internetdisconnected")

        page.route("**/chat", lose)
        page.fill("#question", QUESTIONS[0])
        page.press("#question", "Enter")
        expect(page.locator("#offline.queued")).to_be_visible(timeout=BACK_WITHIN_MS)
        expect(page.locator("#question")).to_have_value(QUESTIONS[0])
        assert len(kept(tmp_path)) == 1
        page.unroute("**/chat")
        page.context.set_offline(False)
        expect(page.locator(".turn")).to_have_count(1, timeout=BACK_WITHIN_MS)
        expect(page.locator("#offline")).to_be_hidden()
    figures.keep("offline mid-question", kept=len(kept(tmp_path)), shown=1)
    assert len(kept(tmp_path)) == 1
    assert server.stop()[0] == 0

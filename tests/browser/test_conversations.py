"""Conversations in a real browser: kept, listed, deleted, exported, long ones, several tabs."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.browser.serving import until
from webapp.answering.answerer import Answerer
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.web.app import create_app

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "What areas of cooperation were discussed during the meetings?"
ANSWER = "The discussions focused on military and technical cooperation"


def ask(page: Any, question: str) -> None:
    """Ask on any page of a context, and wait for the turn."""
    before = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.locator(".turn").nth(before).wait_for()


def numbers(page: Any) -> list[int]:
    """Return the numbers of the turns that a page shows, in their order."""
    shown: list[int] = page.eval_on_selector_all(".turn", "turns => turns.map(turn => Number(turn.dataset.number))")
    return shown


def come_to_front(page: Any) -> None:
    """Bring a tab to the front; without a window the browser has to be told what that means."""
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")


@dataclass
class Server:
    """A server that can be stopped and started again on the same port and database."""

    answerer: Answerer
    database_url: str
    port: int = 0
    running: Any = None
    store: Any = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        upgrade(self.database_url)
        self.store = ConversationStore(self.database_url, conversation_days=1)
        app = create_app(Settings(secret_key="only for tests"), answerer=self.answerer, store=self.store)
        self.running = make_server("127.0.0.1", self.port, app, threaded=True)
        self.port = self.running.server_port
        threading.Thread(target=self.running.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.running.shutdown()
        self.running.server_close()
        self.store.close()


@pytest.fixture
def server(tmp_path: Path, answerer: Answerer) -> Iterator[Server]:
    """A server of this test's own."""
    server = Server(answerer, f"sqlite:///{tmp_path / 'own.db'}")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Answers from the seed article."""
    return Answerer.build(read_folder(SEEDS).corpus)


def test_conversation_outlives_the_server(open_tab: Callable[..., Any], server: Server) -> None:
    """After a restart the page shows what was said, and the conversation goes on."""
    page = open_tab(server.address).page
    ask(page, QUESTION)
    server.stop()
    server.start()
    page.reload()
    expect(page.locator(".turn blockquote")).to_contain_text(ANSWER)
    ask(page, "hello")
    assert numbers(page) == [1, 2]


def test_list_opens_and_continues(tab: Any) -> None:
    """An older conversation is opened from the list and goes on; it is the current one then."""
    page = tab.page
    expect(page.get_by_role("link", name="Your conversations")).to_be_hidden()
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "hello")
    page.get_by_role("link", name="Your conversations").click()
    expect(page.locator(".conversation h2")).to_have_text(["hello", QUESTION])
    expect(page.locator(".conversation").last).to_contain_text("1 question")
    page.get_by_role("link", name=QUESTION, exact=True).click()
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "thanks")
    assert numbers(page) == [1, 2]
    page.goto("/")
    expect(page.locator(".turn").first).to_contain_text(ANSWER)
    page.goto("/conversations/")
    expect(page.locator(".conversation h2")).to_have_text([QUESTION, "hello"])
    expect(page.locator(".conversation").first).to_contain_text("2 questions")


def test_delete_asks_in_a_dialog(tab: Any) -> None:
    """Escape, "Keep" and a click beside it keep; "Delete" deletes; focus comes back to where it was."""
    page = tab.page
    ask(page, QUESTION)
    page.goto("/conversations/")
    link, dialog = page.locator(".conversation .delete"), page.locator("dialog")
    for away in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.keyboard.press("Enter"),
        lambda: page.mouse.click(5, 300),
    ):
        link.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("heading")).to_have_text("Delete this conversation?")
        expect(dialog.get_by_role("link", name="Keep")).to_be_focused()
        away()
        expect(dialog).to_be_hidden()
        expect(link).to_be_focused()
    link.click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")
    expect(page.locator(".conversation")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".turn")).to_have_count(0)


def test_delete_all(tab: Any) -> None:
    """After a question in a dialog every conversation is gone."""
    page = tab.page
    for question in (QUESTION, "hello"):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
    page.get_by_role("link", name="Your conversations").click()
    expect(page.locator(".conversation")).to_have_count(2)
    page.get_by_role("link", name="Delete all…").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".none")).to_be_visible()


def test_menu_of_the_conversation(tab: Any) -> None:
    """It comes with the first turn, folds away with Escape, saves files, prints and deletes."""
    page = tab.page
    menu = page.locator(".conversation-menu")
    expect(menu).to_be_hidden()
    ask(page, QUESTION)
    summary = menu.locator("summary")
    summary.press("Enter")
    expect(menu.get_by_role("link", name="Save as text")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Save as text")).to_be_hidden()
    expect(summary).to_be_focused()
    saved = {}
    for kind in ("text", "Markdown", "JSON"):
        summary.click()
        with page.expect_download() as download:
            menu.get_by_role("link", name=f"Save as {kind}").click()
        saved[kind] = Path(download.value.path()).read_text(encoding="utf-8")
        assert ANSWER in saved[kind]
        summary.click()
    assert json.loads(saved["JSON"])["turns"][0]["question"] == QUESTION
    summary.click()
    menu.get_by_role("link", name="Print").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(QUESTION)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Print").click()
    expect(page).to_have_title("printed")
    page.get_by_role("link", name="Back to the conversation").click()
    page.locator(".conversation-menu summary").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("link", name="Keep").click()
    expect(page.locator(".turn")).to_have_count(1)


def test_times_are_told_and_kept_true(open_tab: Callable[..., Any]) -> None:
    """How long ago, in the page's language, while one looks on; the moment itself is in the title."""
    for language, told in (("en-GB", ("now", "2 minutes ago", "3 hours ago")), ("de", ("jetzt", "vor 2 Minuten"))):
        page = open_tab(locale=language).page
        page.clock.install()
        page.reload()
        ask(page, QUESTION)
        time = page.locator(".asked-at time")
        expect(time).to_have_text(told[0])
        assert re.search(r"\d{4}.* \d+:\d\d", time.get_attribute("title"))
        page.clock.run_for(155_000)
        expect(time).to_have_text(told[1])
        for later in told[2:]:
            page.clock.fast_forward(3 * 3600 * 1000)
            expect(time).to_have_text(later)


def test_tab_that_comes_to_the_front_catches_up(tab: Any) -> None:
    """What was asked in another tab is there, once, in order, and told; an empty tab gets all of it."""
    first = tab.page
    second, empty = first.context.new_page(), first.context.new_page()
    empty.goto("/")
    ask(first, QUESTION)
    second.goto("/")
    ask(second, "hello")
    ask(second, "thanks")
    for page in (first, empty):
        come_to_front(page)
        expect(page.locator(".turn")).to_have_count(3)
        assert numbers(page) == [1, 2, 3]
        expect(page.locator("#status")).to_have_text("Questions from another tab are shown now.")
    ask(empty, "hello again")
    assert numbers(empty) == [1, 2, 3, 4]
    come_to_front(first)
    come_to_front(first)
    expect(first.locator(".turn")).to_have_count(4)
    first.reload()
    assert numbers(first) == [1, 2, 3, 4]


def test_turns_of_the_other_tab_come_with_ones_own(tab: Any) -> None:
    """A tab that asks without having been away gets the turn that it missed, before its own."""
    first = tab.page
    second = first.context.new_page()
    ask(first, QUESTION)
    second.goto("/")
    ask(second, "hello")
    first.evaluate("document.querySelector('#question').value = 'thanks'")
    first.evaluate("document.querySelector('#composer').requestSubmit()")
    expect(first.locator(".turn")).to_have_count(3)
    assert numbers(first) == [1, 2, 3]
    expect(first.locator(".asked-text")).to_have_text([QUESTION, "hello", "thanks"])


def test_two_tabs_ask_at_the_same_moment(tab: Any) -> None:
    """Both questions are kept, each once, and after a reload both tabs show the same."""
    first = tab.page
    ask(first, QUESTION)
    second = first.context.new_page()
    second.goto("/")
    for n in range(3):
        for name, page in (("first", first), ("second", second)):
            page.fill("#question", f"{name} {n}")
        for page in (first, second):
            page.evaluate("document.querySelector('#composer').requestSubmit()")
        for name, page in (("first", first), ("second", second)):
            expect(page.locator(".asked-text", has_text=f"{name} {n}")).to_have_count(1)
    asked = []
    for page in (first, second):
        page.reload()
        assert numbers(page) == list(range(1, 8))
        asked.append(page.locator(".asked-text").all_inner_texts())
    assert asked[0] == asked[1] and len(set(asked[0])) == 7


def test_tabs_with_a_conversation_each(tab: Any) -> None:
    """A new conversation in one tab leaves the other one where it is."""
    first = tab.page
    ask(first, QUESTION)
    second = first.context.new_page()
    second.goto("/")
    second.get_by_role("button", name="New conversation").click()
    expect(second.locator(".turn")).to_have_count(0)
    ask(first, "thanks")
    come_to_front(second)
    second.wait_for_timeout(200)
    expect(second.locator(".turn")).to_have_count(0)
    second.fill("#question", "hello")
    second.press("#question", "Enter")
    expect(second.locator(".asked-text")).to_have_text(["hello"])
    assert numbers(first) == [1, 2]
    first.goto("/conversations/")
    expect(first.locator(".conversation h2")).to_have_text(["hello", QUESTION])


def test_question_to_a_deleted_conversation(tab: Any) -> None:
    """A tab whose conversation was deleted in another one asks in a new one."""
    first = tab.page
    ask(first, QUESTION)
    second = first.context.new_page()
    second.goto("/conversations/delete")
    second.get_by_role("button", name="Delete").click()
    first.fill("#question", "hello")
    first.press("#question", "Enter")
    expect(first.locator(".asked-text")).to_have_text(["hello"])
    first.reload()
    assert numbers(first) == [1]


def test_older_turns_come_without_moving_the_view(open_tab: Callable[..., Any], server: Server) -> None:
    """Of a thousand turns twenty are shown; more come above, and what one reads stays where it is."""
    tab = open_tab(server.address, viewport={"width": 1000, "height": 800})
    page = tab.page
    ask(page, QUESTION)
    named = page.locator(".turn").get_attribute("data-conversation")
    replies = [turn.reply for turn in server.store.turns(named, 1)] + [server.answerer.ask("hello")]
    for n in range(2, 1001):
        server.store.append(named, f"turn-{n:06}", replies[n % 2])
    began = perf_counter()
    page.reload()
    expect(page.locator(".turn")).to_have_count(20)
    assert perf_counter() - began < 15
    earlier = page.get_by_role("link", name="Show earlier questions")
    for shown in (40, 60):
        first_id = f"turn-{1001 - shown + 20}"
        first = page.locator(f"#{first_id}")
        first.scroll_into_view_if_needed()
        earlier.focus()
        before = first.bounding_box()["y"]
        page.keyboard.press("Enter")
        expect(page.locator(".turn")).to_have_count(shown)
        until(
            page,
            "([id, y]) => Math.abs(document.getElementById(id).getBoundingClientRect().y - y) <= 2",
            [first_id, before],
        )
        expect(earlier).to_be_focused()
        expect(page.locator("#status")).to_have_text("Earlier questions are shown now.")
    assert numbers(page) == list(range(941, 1001))
    ask(page, "thanks")
    assert numbers(page)[-1] == 1001
    page.goto(f"{server.address}/conversations/{named}?before=25")
    expect(page.get_by_role("link", name="Back to the newest questions")).to_be_visible()
    earlier.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1")).to_be_attached()
    expect(page.locator(".earlier")).to_have_count(0)
    expect(page.locator("#turn-5")).to_be_focused()
    assert numbers(page) == list(range(1, 25))


def test_without_javascript(open_tab: Callable[..., Any], server: Server) -> None:
    """List, older turns, deleting, files and the print page work with links and forms alone."""
    page = open_tab(server.address, java_script_enabled=False).page
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    named = page.locator(".turn").get_attribute("data-conversation")
    expect(page.locator(".asked-at time")).to_have_text(re.compile(r"^\d+ \w+ \d{4}, .* UTC$"))
    reply = server.answerer.ask("hello")
    for n in range(2, 30):
        server.store.append(named, f"turn-{n:06}", reply)
    page.goto(server.address)
    page.get_by_role("link", name="Show earlier questions").click()
    expect(page.locator(".turn")).to_have_count(9)
    page.get_by_role("link", name="Back to the newest questions").click()
    expect(page.locator(".turn")).to_have_count(20)
    page.locator(".conversation-menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as Markdown").click()
    assert ANSWER in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Print").click()
    expect(page.locator("article")).to_have_count(29)
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.goto(f"{server.address}/conversations/")
    page.locator(".conversation .delete").click()
    expect(page.get_by_role("heading", name="Delete this conversation?")).to_be_visible()
    page.get_by_role("link", name="Keep").click()
    expect(page.locator(".turn")).to_have_count(20)
    page.goto(f"{server.address}/conversations/{named}/delete")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")
    expect(page.locator(".none")).to_be_visible()

"""Asking, in a real browser."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

QUESTION = "What areas of cooperation were discussed during the meetings?"
ANSWER = "The discussions focused on military and technical cooperation"


def test_ask_and_follow_the_citation(tab: Any) -> None:
    """The answer is a quote whose link opens the article with that passage marked and in view."""
    turn = tab.ask(QUESTION)
    expect(turn.locator("blockquote")).to_contain_text(ANSWER)
    expect(turn.locator(".quote time")).to_have_text("28 December 2023")
    turn.get_by_role("link", name="Read it in the article").click()
    expect(tab.page).to_have_url(re.compile(r"/documents/000_e9223e5004065d9e#p\d+$"))
    target = tab.page.locator(":target")
    expect(target).to_contain_text(ANSWER)
    expect(target).to_be_in_viewport()
    marked = target.evaluate("element => getComputedStyle(element).backgroundColor")
    assert marked not in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}


def test_reload_and_back_keep_the_conversation(tab: Any) -> None:
    """What was said is still there after a reload and after coming back from an article."""
    tab.ask(QUESTION)
    tab.ask("hello")
    tab.page.reload()
    expect(tab.page.locator(".turn")).to_have_count(2)
    tab.page.get_by_role("link", name="Read it in the article").click()
    expect(tab.page.locator(":target")).to_be_visible()
    tab.page.go_back()
    expect(tab.page.locator(".turn")).to_have_count(2)
    expect(tab.page.locator(".turn").first).to_contain_text(ANSWER)


def test_field_empties_and_keeps_focus(tab: Any) -> None:
    """After an answer the next question can be typed at once, and the answer is in view and announced."""
    expect(tab.page.locator("#question")).to_be_focused()
    for n in range(6):
        turn = tab.ask(f"{QUESTION} {n}")
        expect(tab.page.locator("#question")).to_have_value("")
        expect(tab.page.locator("#question")).to_be_focused()
        expect(turn.locator("blockquote")).to_be_in_viewport()
    expect(tab.page.get_by_role("status")).to_contain_text(ANSWER)
    expect(tab.page.locator("#log")).not_to_have_attribute("aria-busy", "true")


def test_shift_enter_is_a_new_line(tab: Any) -> None:
    """Shift and Enter do not send."""
    tab.page.fill("#question", "one")
    tab.page.press("#question", "Shift+Enter")
    expect(tab.page.locator("#question")).to_have_value("one\n")
    expect(tab.page.locator(".turn")).to_have_count(0)


def test_enter_does_not_send_while_composing(tab: Any) -> None:
    """Enter that ends the composition of a word does not send."""
    tab.page.fill("#question", "質問")
    tab.page.locator("#question").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    tab.page.wait_for_timeout(150)
    expect(tab.page.locator(".turn")).to_have_count(0)


def test_suggestion_asks(tab: Any) -> None:
    """A suggested question is asked with a click, and the welcome gives way; the next ones do too."""
    tab.page.get_by_role("button", name=QUESTION).click()
    turn = tab.page.locator(".turn")
    expect(turn.locator(".asked")).to_contain_text(QUESTION)
    expect(turn.locator("blockquote")).to_contain_text(ANSWER)
    expect(tab.page.locator(".welcome")).to_be_hidden()
    turn.locator(".suggestions button").first.click()
    expect(tab.page.locator(".turn")).to_have_count(2)
    expect(tab.page.locator(".suggestions:visible")).to_have_count(1)


def test_double_click_on_a_suggestion_asks_once(tab: Any) -> None:
    """Two clicks in a row make one turn."""
    tab.page.get_by_role("button", name=QUESTION).dblclick()
    expect(tab.page.locator(".turn")).to_have_count(1)
    tab.page.wait_for_timeout(200)
    tab.page.reload()
    expect(tab.page.locator(".turn")).to_have_count(1)


def test_refusal_shows_no_quote(tab: Any) -> None:
    """Where the documents do not say, there is no quote but questions that they answer."""
    turn = tab.ask("What is the capital of France?")
    expect(turn.locator("blockquote")).to_have_count(0)
    expect(turn.locator(".suggestions button").first).to_be_visible()


def test_why_opens(tab: Any) -> None:
    """The explanation opens by keyboard and lists the words of the question."""
    turn = tab.ask(QUESTION)
    turn.locator(".why summary").press("Enter")
    expect(turn.get_by_role("row").nth(2)).to_be_visible()
    expect(turn.locator(".why")).to_contain_text("cooperation")


def test_new_conversation(tab: Any) -> None:
    """The button appears with the first turn and clears the page."""
    expect(tab.page.get_by_role("button", name="New conversation")).to_be_hidden()
    tab.ask(QUESTION)
    tab.page.get_by_role("button", name="New conversation").click()
    expect(tab.page.locator(".turn")).to_have_count(0)
    expect(tab.page.locator(".welcome")).to_be_visible()


def test_error_is_tied_to_the_field(open_tab: Callable[..., Any]) -> None:
    """An empty and a long question are refused beside the field, which keeps what was typed and its focus."""
    tab = open_tab()
    tab.page.press("#question", "Enter")
    expect(tab.page.locator("#ask-error")).to_contain_text("Type a question first")
    tab.page.fill("#question", "x" * 2001)
    expect(tab.page.locator("#ask-error")).to_be_empty()
    tab.page.press("#question", "Enter")
    expect(tab.page.locator("#ask-error")).to_contain_text("2,001 characters")
    expect(tab.page.locator("#question")).to_have_attribute("aria-invalid", "true")
    expect(tab.page.locator("#question")).to_be_focused()
    expect(tab.page.locator("#question")).to_have_value("x" * 2001)
    expect(tab.page.locator(".turn")).to_have_count(0)
    tab.ask(QUESTION)
    expect(tab.page.locator("#ask-error")).to_be_empty()
    assert all("422" in complaint for complaint in tab.complaints)
    tab.complaints.clear()


def test_lost_connection_keeps_the_question(open_tab: Callable[..., Any]) -> None:
    """When the answer does not arrive the question stays and is sent again, and yet it is asked once."""
    tab = open_tab()
    tries: list[str] = []

    def lose_the_first(route: Any) -> None:
        tries.append(route.request.post_data)
        if len(tries) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    tab.page.route("**/chat", lose_the_first)
    tab.page.fill("#question", QUESTION)
    tab.page.press("#question", "Enter")
    expect(tab.page.locator("#offline")).to_contain_text("is kept and sent")
    expect(tab.page.locator("#question")).to_have_value(QUESTION)
    expect(tab.page.locator(".turn")).to_have_count(1)
    assert len(set(tries)) == 1
    tab.page.reload()
    expect(tab.page.locator(".turn")).to_have_count(1)
    tab.complaints.clear()


def test_error_of_a_proxy_is_no_turn(open_tab: Callable[..., Any]) -> None:
    """A page that a proxy sends in place of an answer never stands in the conversation."""
    tab = open_tab()
    tab.page.route("**/chat", lambda r: r.fulfill(status=400, content_type="text/html", body="<h1>Bad Request</h1>"))
    tab.page.fill("#question", QUESTION)
    tab.page.press("#question", "Enter")
    expect(tab.page.locator("#ask-error")).to_contain_text("could not be reached")
    expect(tab.page.locator("#log")).not_to_contain_text("Bad Request")
    tab.complaints.clear()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_question_waits_until_a_server_is_there_again(open_tab: Callable[..., Any], status: int) -> None:
    """A server that starts or has too much to do is waited for, by a question that was chosen from a list too."""
    tab = open_tab()
    tries: list[dict[str, list[str]]] = []

    def refuse_the_first(route: Any) -> None:
        tries.append(parse_qs(route.request.post_data))
        if len(tries) == 1:
            route.fulfill(status=status, headers={"Retry-After": "1"}, content_type="text/html", body="<h1>Busy</h1>")
        else:
            route.continue_()

    tab.page.route("**/chat", refuse_the_first)
    tab.page.locator(".starters button").first.click()
    expect(tab.page.locator("#offline.queued")).to_be_visible()
    expect(tab.page.locator(".turn")).to_have_count(1)
    expect(tab.page.locator("body")).not_to_contain_text("Busy")
    assert tries[0]["turn"] == tries[1]["turn"] and tries[0]["question"] == tries[1]["question"]
    expect(tab.page.locator("#offline")).to_be_hidden()
    tab.complaints.clear()


def test_markup_in_a_question_does_nothing(tab: Any) -> None:
    """A question with markup is shown as typed."""
    payload = "<img src=x onerror=alert(1)><b data-hx-get='/' data-hx-trigger='load'>hi</b>"
    turn = tab.ask(payload)
    expect(turn.locator(".asked-text")).to_have_text(payload)
    expect(turn.locator("img, b[data-hx-get]")).to_have_count(0)


def test_without_javascript(open_tab: Callable[..., Any]) -> None:
    """Asking, suggestions, the explanation and a new conversation work with forms alone."""
    tab = open_tab(java_script_enabled=False)
    page = tab.page
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page).to_have_url(re.compile(r"/#turn-1$"))
    expect(page.locator(".turn blockquote")).to_contain_text(ANSWER)
    page.locator(".suggestions button").first.click()
    expect(page.locator(".turn")).to_have_count(2)
    page.locator(".why summary").last.click()
    expect(page.locator("details table").last).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#ask-error")).to_contain_text("Type a question first")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    tab.complaints.clear()

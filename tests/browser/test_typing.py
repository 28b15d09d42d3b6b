"""Typing: suggestions, questions asked before, a counter, a slow answer, no connection."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import Route, expect

QUESTION = "What areas of cooperation were discussed during the meetings?"


def type_in(tab: Any, text: str) -> None:
    """Type as a visitor does, key by key."""
    tab.page.locator("#question").press_sequentially(text, delay=15)


def test_suggestions_are_chosen_with_the_keyboard(tab: Any) -> None:
    """Down chooses, Escape brings back what was typed, Enter asks what is chosen; the field says which it is."""
    field, options = tab.page.locator("#question"), tab.page.get_by_role("option")
    type_in(tab, "what areas")
    expect(options).to_have_count(1)
    expect(tab.page.locator("#suggested-told")).to_contain_text("1")
    field.press("ArrowDown")
    expect(field).to_have_value(QUESTION)
    expect(field).to_have_attribute("aria-activedescendant", "suggested-0")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_value("what areas")
    expect(tab.page.get_by_role("listbox")).to_be_hidden()
    field.press("x")
    field.press("Backspace")
    expect(options).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(tab.page.locator(".asked-text")).to_have_text(QUESTION)
    expect(tab.page.get_by_role("listbox")).to_be_hidden()


def test_suggestions_mend_typing_errors_and_take_a_click(tab: Any) -> None:
    """A misspelt beginning finds its question; a click asks it once."""
    type_in(tab, "coperation discused")
    tab.page.get_by_role("option", name=QUESTION).click()
    expect(tab.page.locator(".turn")).to_have_count(1)
    expect(tab.page.locator("#question")).to_have_value("")


def test_nothing_is_suggested_while_composing(tab: Any) -> None:
    """An input method's own window is not covered, and its Enter asks nothing."""
    field = tab.page.locator("#question")
    field.evaluate(
        """field => {
            field.value = "what areas";
            field.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }));
        }"""
    )
    tab.page.wait_for_timeout(500)
    expect(tab.page.get_by_role("listbox")).to_be_hidden()
    expect(tab.page.locator(".turn")).to_have_count(0)


def test_up_brings_back_what_was_asked(tab: Any) -> None:
    """The last question first, then those before; Down and Escape lead back to the empty field."""
    tab.ask("hello")
    tab.ask(QUESTION)
    field = tab.page.locator("#question")
    field.press("ArrowUp")
    expect(field).to_have_value(QUESTION)
    field.press("ArrowUp")
    expect(field).to_have_value("hello")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_value("")
    field.press("ArrowUp")
    field.press("Escape")
    expect(field).to_have_value("")


def test_a_counter_near_the_limit(tab: Any) -> None:
    """It shows what is left, then what is too much."""
    field, counter = tab.page.locator("#question"), tab.page.locator("#counter")
    field.fill("x" * 1000)
    expect(counter).to_be_hidden()
    field.fill("x" * 1990)
    expect(counter).to_have_text("Characters left: 10")
    field.fill("x" * 2003)
    expect(counter).to_have_text("Characters too many: 3")


def test_a_slow_answer_shows_that_work_goes_on(tab: Any) -> None:
    """After a moment, and no longer than it takes."""
    held: list[Route] = []
    tab.page.route("**/chat", lambda route: held.append(route))
    tab.page.locator("#question").fill("hello")
    tab.page.locator("#question").press("Enter")
    expect(tab.page.locator("#waiting")).to_be_visible()
    held[0].continue_()
    expect(tab.page.locator(".turn")).to_have_count(1)
    expect(tab.page.locator("#waiting")).to_be_hidden()


def test_two_quick_enters_ask_once(tab: Any) -> None:
    """One question, one turn."""
    field = tab.page.locator("#question")
    field.fill("hello")
    field.evaluate(
        """field => {
            for (const _ of [1, 2]) {
                field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
            }
        }"""
    )
    expect(tab.page.locator(".turn")).to_have_count(1)
    tab.page.reload()
    expect(tab.page.locator(".turn")).to_have_count(1)


def test_a_question_waits_for_the_connection(open_tab: Callable[..., Any]) -> None:
    """The text is kept, a banner says so, and the question goes out once when there is a connection again."""
    tab = open_tab()
    tab.page.context.set_offline(True)
    banner = tab.page.locator("#offline")
    expect(banner).to_be_visible()
    field = tab.page.locator("#question")
    field.fill(QUESTION)
    field.press("Enter")
    expect(banner).to_contain_text("is kept and sent")
    expect(field).to_have_value(QUESTION)
    tab.page.context.set_offline(False)
    expect(tab.page.locator(".turn")).to_have_count(1, timeout=20_000)
    expect(banner).to_be_hidden()
    expect(field).to_have_value("")
    tab.complaints.clear()


def test_a_waiting_question_can_be_kept_back(open_tab: Callable[..., Any]) -> None:
    """It stays in the field and is not sent."""
    tab = open_tab()
    tab.page.context.set_offline(True)
    tab.page.locator("#question").fill("hello")
    tab.page.locator("#question").press("Enter")
    tab.page.get_by_role("button", name="Do not send it").click()
    tab.page.context.set_offline(False)
    expect(tab.page.locator("#offline")).to_be_hidden(timeout=20_000)
    expect(tab.page.locator(".turn")).to_have_count(0)
    expect(tab.page.locator("#question")).to_have_value("hello")
    tab.complaints.clear()

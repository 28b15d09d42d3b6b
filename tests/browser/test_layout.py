"""Nothing jumps: what stands on the page stays where it is, the view goes to the answer and stops there."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.serving import until
from tests.browser.states import HEDGED, OUTRIGHT, UNANSWERED, ask

# Shifts right after a key count too: nobody asked the page to jump.
WATCH = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    window.shifts.push([entry.value, ...entry.sources.map(source => source.node?.outerHTML?.slice(0, 80) ?? '?')]);
  }
}).observe({type: 'layout-shift', buffered: true});
"""
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/documents/", "/documents/harbour_crane"])
def test_nothing_moves_while_a_page_loads(open_tab: Callable[..., Any], town: str, size: str, path: str) -> None:
    """The cumulative layout shift of a first visit is nought."""
    page = open_tab("about:blank", base_url=town, viewport=SIZES[size]).page
    page.add_init_script(WATCH)
    page.goto(path)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_when_turns_arrive(open_tab: Callable[..., Any], town: str, size: str) -> None:
    """What was there stays in its place, the field of the question too."""
    page = open_tab("about:blank", base_url=town, viewport=SIZES[size]).page
    page.add_init_script(WATCH)
    page.goto("/")
    # Short, for the field grows with what is written in it.
    for question in ("hello", "crane visits?", "capital of France?", "library books?"):
        ask(page, question)
        page.wait_for_timeout(300)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_while_one_waits(open_tab: Callable[..., Any], town: str, size: str) -> None:
    """An answer that takes its time is told of over the page, and the field stays where it is."""
    page = open_tab("about:blank", base_url=town, viewport=SIZES[size]).page
    page.add_init_script(WATCH)
    page.goto("/")
    held: list[Any] = []
    page.route("**/chat", lambda route: held.append(route))
    for question in ("hello", "crane visits?"):
        page.fill("#question", question)
        page.locator(".send").click()
        expect(page.locator("#waiting")).to_be_in_viewport(ratio=1)
        held.pop().continue_()
        expect(page.locator(".asked-text").last).to_have_text(question)
        expect(page.locator("#waiting")).to_be_hidden()
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("size", SIZES)
def test_the_view_goes_to_the_first_line_and_stops(open_tab: Callable[..., Any], town: str, size: str) -> None:
    """The question stands below the header, its answer begins within the window, and nothing scrolls on."""
    page = open_tab("about:blank", base_url=town, viewport=SIZES[size]).page
    page.goto("/")
    for question in (HEDGED, UNANSWERED, OUTRIGHT):
        ask(page, question)
        until(page, "!document.getElementById('log').hasAttribute('aria-busy')")
    turn = page.locator(".turn").last
    expect(turn.locator(".asked-text")).to_be_in_viewport(ratio=1)
    expect(turn.locator("blockquote p").first).to_be_in_viewport()
    before = page.evaluate("scrollY")
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") == before


def test_a_button_leads_back_down(open_tab: Callable[..., Any], town: str) -> None:
    """It shows while the newest answer's end is out of sight, and goes when it is reached."""
    page = open_tab("about:blank", base_url=town, viewport=SIZES["phone"], has_touch=True).page
    page.goto("/")
    down = page.locator("#down")
    expect(down).to_be_hidden()
    for question in (OUTRIGHT, HEDGED, "hello"):
        ask(page, question)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    expect(down).to_be_visible()
    down.tap()
    expect(page.locator(".turn").last).to_be_in_viewport(ratio=1)
    expect(down).to_be_hidden()
    expect(page.locator(".turn").last).to_be_focused()

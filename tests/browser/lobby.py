"""The kiosk's page as a visitor finds it, and what the next one must find."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.states import OUTRIGHT

PORTRAIT = {"width": 1080, "height": 1920}
LANDSCAPE = {"width": 1920, "height": 1080}
IDLE, COUNTDOWN, HEARTBEAT, RELOAD_APART = 60_000, 20_000, 15_000, 60_000
SPARE = 15_000
"""What a slow machine may take of a visitor's time: the page's clock goes on by itself, too."""
SPEAKING = "Object.defineProperty(window, 'speechSynthesis', {value: {getVoices: () => [{lang: 'en'}], speaking: true, \
addEventListener() {}, speak() {}, cancel() {}}})"


def kiosk(open_tab: Callable[..., Any], town: str, path: str = "/kiosk", script: str = "", **options: Any) -> Any:
    """Open the kiosk with a clock of its own, and return the page."""
    page = open_tab("about:blank", **{"base_url": town, "viewport": PORTRAIT, "has_touch": True, **options}).page
    page.clock.install()
    if script:
        page.add_init_script(script)
    page.goto(path)
    page.locator(".hg-button-space").wait_for(state="attached")
    return page


def ask(page: Any, question: str) -> Any:
    """Ask as from a keyboard that is plugged in."""
    before = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.locator(".send").tap()
    page.clock.run_for(100)
    turn = page.locator(".turn").nth(before)
    turn.wait_for()
    return turn


def expect_nothing_of_anybody(page: Any) -> None:
    """What the next visitor must find."""
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#attract")).to_be_visible()
    assert OUTRIGHT not in page.locator("#log").inner_text() + page.locator("#inside").inner_text()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

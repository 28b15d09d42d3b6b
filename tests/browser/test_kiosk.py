"""The kiosk in a lobby: visitors come and go, nobody watches, nothing of anybody stays."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.request import urlopen

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import Error, expect

from tests.browser.lobby import (
    COUNTDOWN,
    HEARTBEAT,
    IDLE,
    RELOAD_APART,
    SPARE,
    SPEAKING,
    ask,
    expect_nothing_of_anybody,
    kiosk,
)
from tests.browser.serving import PATIENCE_SECONDS, PUBLIC_URL
from tests.browser.states import HEDGED, OUTRIGHT


def test_a_touch_asks(open_tab: Callable[..., Any], town: str) -> None:
    """A poster asks its question; the answer comes with what one can do with it, in reach of a finger."""
    page = kiosk(open_tab, town)
    poster = page.locator(".posters button").first
    question = poster.get_attribute("data-question")
    poster.tap()
    expect(page.locator(".asked-text")).to_have_text(question)
    expect(page.locator("blockquote")).to_be_visible()
    expect(page.locator("#attract")).to_be_hidden()


def test_posters_drift_by(open_tab: Callable[..., Any], town: str) -> None:
    """While nobody asks they change places; not for those who asked for less motion."""
    page = kiosk(open_tab, town, reduced_motion="no-preference")
    first = page.locator(".posters button").first.get_attribute("data-question")
    page.clock.run_for(7_000)
    assert page.locator(".posters button").first.get_attribute("data-question") != first
    calm = kiosk(open_tab, town)
    calm.clock.run_for(7_000)
    assert calm.locator(".posters button").first.get_attribute("data-question") == first


def test_a_visitor_who_left_leaves_nothing(open_tab: Callable[..., Any], town: str) -> None:
    """A countdown, then all is gone, from the server too; Back, reload, the arrow key and suggestions find nothing."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    page.locator(".open").tap()
    page.locator(".inside article").wait_for()
    page.clock.run_for(IDLE + 1_000)
    expect(page.locator("#still-there")).to_be_visible()
    expect(page.locator("#countdown")).to_have_text(re.compile(r"^(1\d|20)$"))
    ticket = page.locator("#composer input[name=ticket]").input_value()
    conversation = page.locator("#composer input[name=conversation]").input_value()
    with page.expect_response("**/kiosk/leave") as leaving:
        page.clock.run_for(COUNTDOWN + 1_000)
    assert leaving.value.status == 204
    expect_nothing_of_anybody(page)
    assert page.locator("#composer input[name=ticket]").input_value() != ticket
    page.locator("#question").press("ArrowUp")
    expect(page.locator("#question")).to_have_value("")
    page.reload()
    expect_nothing_of_anybody(page)
    page.go_back()
    page.go_forward()
    expect_nothing_of_anybody(page)
    sent = {"question": "And what does it cost?", "surface": "kiosk", "ticket": ticket, "conversation": conversation}
    answer = page.request.post("/chat", form=sent, headers={"HX-Request": "true"})
    assert answer.ok and f'data-conversation="{conversation}"' not in answer.text()


@pytest.mark.parametrize("sign", ["touch", "key", "here"])
def test_whoever_is_there_is_left_alone(open_tab: Callable[..., Any], town: str, sign: str) -> None:
    """A touch, a key or the button end the countdown, and the time begins anew."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    page.clock.run_for(IDLE + 10_000)
    expect(page.locator("#still-there")).to_be_visible()
    if sign == "touch":
        page.touchscreen.tap(20, 900)
    elif sign == "key":
        page.keyboard.press("a")
    else:
        page.locator("#here").tap()
    page.clock.run_for(500)
    expect(page.locator("#still-there")).to_be_hidden()
    page.clock.run_for(IDLE - SPARE)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#still-there")).to_be_hidden()


def test_reading_aloud_counts_as_presence(open_tab: Callable[..., Any], town: str) -> None:
    """While the kiosk speaks, somebody listens."""
    page = kiosk(open_tab, town, script=SPEAKING)
    ask(page, OUTRIGHT)
    expect(page.locator(".speak")).to_be_visible()
    page.clock.run_for(3 * IDLE)
    expect(page.locator("#still-there")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


def test_finish_forgets_at_once(open_tab: Callable[..., Any], town: str) -> None:
    """Nobody needs to wait for the next visitor's sake; what was chosen is forgotten too."""
    page = kiosk(open_tab, town)
    page.locator("#text-size").tap()
    page.locator("#contrast").tap()
    ask(page, OUTRIGHT)
    expect(page.locator("html")).to_have_attribute("data-text", "2")
    assert "contrast" in page.locator("#style").get_attribute("href")
    page.locator("#over").tap()
    expect_nothing_of_anybody(page)
    expect(page.locator("html")).to_have_attribute("data-text", "1")
    assert "contrast" not in page.locator("#style").get_attribute("href")


def test_server_away_at_the_reset(open_tab: Callable[..., Any], town: str) -> None:
    """The page is cleared in place; when the server is back it is told who has gone."""
    page = kiosk(open_tab, town, quiet=True)
    ask(page, OUTRIGHT)
    page.context.set_offline(True)
    page.clock.run_for(IDLE + COUNTDOWN + 2_000)
    expect_nothing_of_anybody(page)
    assert page.url.endswith("/kiosk")
    page.clock.run_for(10 * RELOAD_APART)
    assert page.url.endswith("/kiosk")
    expect(page.locator("#attract")).to_be_visible()
    with page.expect_response("**/kiosk/leave") as leaving:
        page.context.set_offline(False)
        page.clock.run_for(HEARTBEAT + 1_000)
    assert leaving.value.status == 204
    ask(page, HEDGED)


@pytest.mark.parametrize("cause", ["error", "version"])
def test_it_mends_itself_when_nobody_is_there(open_tab: Callable[..., Any], town: str, cause: str) -> None:
    """After a script's exception or a new version of the site it loads anew; never under a visitor's hands."""
    page = kiosk(open_tab, town, quiet=True)
    page.evaluate("window.before = true")
    if cause == "version":
        page.route("**/kiosk/heartbeat", lambda route: route.fulfill(json={"version": "another"}))
        with page.expect_response("**/kiosk/heartbeat"):
            page.clock.run_for(HEARTBEAT + 1_000)
        page.unroute("**/kiosk/heartbeat")
    else:
        page.evaluate("void Promise.reject(new Error('for the test'))")
    ask(page, OUTRIGHT)
    page.clock.run_for(IDLE - SPARE)
    assert page.evaluate("window.before")
    with page.expect_navigation():
        page.locator("#over").tap()
        page.clock.run_for(RELOAD_APART)
    assert page.evaluate("window.before") is None
    expect_nothing_of_anybody(page)


def test_a_tab_that_slept_forgets(open_tab: Callable[..., Any], town: str) -> None:
    """A clock that jumped on means that whoever asked has gone."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    page.clock.fast_forward("01:00:00")
    expect_nothing_of_anybody(page)


def test_taken_along(open_tab: Callable[..., Any], town: str) -> None:
    """The code holds the address of the answer's page, which stays when the visitor has gone."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    page.locator(".take").tap()
    expect(page.locator(".qr-frame svg")).to_be_visible()
    address = page.locator(".address").inner_text()
    assert re.fullmatch(rf"{PUBLIC_URL}/a/[\w-]{{22}}", address)
    page.locator("#reader .close").tap()
    expect(page.locator(".turn")).to_have_count(1)
    with page.expect_response("**/kiosk/leave"):
        page.locator("#over").tap()
    with urlopen(address.replace(PUBLIC_URL, town)) as shared:
        assert "The crane is open from April" in shared.read().decode()


def test_heartbeat(open_tab: Callable[..., Any], town: str) -> None:
    """The operator sees each kiosk by its name."""
    page = kiosk(open_tab, town, "/kiosk?name=lobby-1")
    with page.expect_response("**/kiosk/heartbeat"):
        page.clock.run_for(HEARTBEAT + 1_000)
    with urlopen(f"{town}/metrics") as metrics:
        text = metrics.read().decode()
    (age,) = re.findall(r'^newsstand_kiosk_last_seen_seconds\{kiosk="lobby-1"\} (\S+)$', text, re.MULTILINE)
    assert 0 <= float(age) < 60


@pytest.mark.parametrize(
    ("locale", "letters"),
    [("en", "hello"), ("de", "grün"), ("es", "año"), ("ru", "мост"), ("hi", "कल"), ("ar", "سلام")],
)
def test_keyboard_of_each_language(open_tab: Callable[..., Any], town: str, locale: str, letters: str) -> None:
    """Each has its letters; deleting, capitals and sending work, and the field keeps the focus."""
    page = kiosk(open_tab, town, locale=locale)
    page.locator("#question").tap()
    for letter in letters:
        page.locator(f'.hg-button[data-skbtn="{letter}"]').tap()
    expect(page.locator("#question")).to_have_value(letters)
    expect(page.locator("#question")).to_be_focused()
    page.locator(".hg-button-bksp").tap()
    expect(page.locator("#question")).to_have_value(letters[:-1])
    page.locator(".hg-button-shift").first.tap()
    page.locator(".hg-button-space").tap()
    page.locator(".hg-button-enter").tap()
    page.clock.run_for(200)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#keyboard")).to_be_hidden()


def test_suggestions_above_the_keyboard(open_tab: Callable[..., Any], town: str) -> None:
    """What is typed on the screen brings suggestions; a touch asks one."""
    page = kiosk(open_tab, town)
    page.locator("#question").tap()
    for letter in "crane":
        page.locator(f'.hg-button[data-skbtn="{letter}"]').tap()
    page.clock.run_for(500)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    assert option.bounding_box()["y"] < page.locator("#keyboard").bounding_box()["y"]
    option.tap()
    page.clock.run_for(100)
    expect(page.locator(".turn")).to_have_count(1)


def test_language_for_this_visitor_only(open_tab: Callable[..., Any], town: str) -> None:
    """It is chosen on the page and gone with the visitor."""
    page = kiosk(open_tab, town)
    page.locator("#choose-language").tap()
    with page.expect_navigation():
        page.locator("[data-language=ar]").tap()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#question")).to_have_attribute("placeholder", re.compile("سؤال"))
    page.locator(".hg-button-space").wait_for(state="attached")
    with page.expect_navigation():
        page.locator("#over").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.context.cookies() == []


@pytest.mark.parametrize("touched", [".send", ".turn button[name=question]", ".take", ".open"])
def test_what_comes_late_is_for_nobody(open_tab: Callable[..., Any], town: str, touched: str) -> None:
    """An answer, a code or an article that was asked for before the visitor left does not reach the next one."""
    page = kiosk(open_tab, town, quiet=True)
    ask(page, OUTRIGHT)
    held: list[Any] = []
    for address in ("**/chat", "**/kiosk/take", "**/kiosk/documents/*"):
        page.route(address, lambda route: held.append(route))
    page.locator("#question").fill(HEDGED)
    page.locator(touched).first.tap()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not held:
        assert time.monotonic() < deadline, "nothing was asked for"
        page.wait_for_timeout(20)
    page.locator("#over").tap()
    for route in held:
        # Broken off by the page already, or answered now.
        with suppress(Error):
            route.continue_()
    page.unroute_all(behavior="wait")
    page.wait_for_load_state("networkidle")
    page.clock.run_for(1_000)
    expect_nothing_of_anybody(page)
    page.clock.run_for(IDLE - SPARE)
    expect_nothing_of_anybody(page)
    ask(page, OUTRIGHT)

"""The kiosk in a lobby: visitors come and go, nobody watches, nothing of anybody stays."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.serving import PUBLIC_URL
from tests.browser.states import HEDGED, OUTRIGHT, UNANSWERED

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

PORTRAIT = {"width": 1080, "height": 1920}
LANDSCAPE = {"width": 1920, "height": 1080}
IDLE, COUNTDOWN, HEARTBEAT, RELOAD_APART = 60_000, 20_000, 15_000, 60_000
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
    page.clock.run_for(IDLE - 5_000)
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
    page.clock.run_for(IDLE - 5_000)
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


def test_nothing_leads_away(open_tab: Callable[..., Any], town: str) -> None:
    """Articles open inside with the quote marked; no menu, no selection, no address but this one."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    ask(page, UNANSWERED)
    page.locator(".open").first.tap()
    expect(page.locator(".inside .is-quoted")).to_contain_text("The crane is open from April")
    expect(page.locator(".inside .is-quoted")).to_be_in_viewport()
    page.locator("#reader .close").tap()
    page.locator(".further a").first.tap()
    expect(page.locator(".inside h2")).to_be_visible()
    assert page.url == f"{town}/kiosk"
    assert page.locator("a[href^='http']").count() == 0
    assert page.evaluate(
        "!document.body.dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote')).userSelect") == "none"
    assert page.evaluate("getComputedStyle(document.body).touchAction") == "pan-y"


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
        page.clock.run_for(RELOAD_APART)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.context.cookies() == []


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_made_for_fingers_and_for_everybody(open_tab: Callable[..., Any], town: str, size: dict[str, int]) -> None:
    """Targets of 48 pixels with space between, large type, the input in the lower half, axe-core finds nothing."""
    page = kiosk(open_tab, town, viewport=size)
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: page.locator("#question").tap(),
        lambda: ask(page, HEDGED),
        lambda: page.locator(".open").first.tap(),
        lambda: page.locator("#reader .close").tap(),
        lambda: page.locator(".take").first.tap(),
        lambda: page.locator("#reader .close").tap(),
        lambda: page.locator("#choose-language").tap(),
        lambda: page.locator("#language-choice .close").tap(),
        lambda: page.clock.run_for(IDLE + 2_000),
    ]
    for step in steps:
        step()
        time.sleep(0.3)
        found = axe_playwright.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate(
            """[...document.querySelectorAll('button, summary, .open, .further a, textarea')]
                .filter(e => e.checkVisibility() && !e.closest('.hg-row'))
                .filter(e => e.getBoundingClientRect().height < 47.5 || e.getBoundingClientRect().width < 47.5)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []
    page.locator("#here").tap()
    field = page.locator("#question").bounding_box()
    assert field["y"] > size["height"] / 2
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('blockquote')).fontSize)") >= 24

"""What one can do with an answer, in a real browser: with and without JavaScript, by mouse and by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.serving import until

QUESTION = "What areas of cooperation were discussed during the meetings?"
ANSWER = "The discussions focused on military and technical cooperation"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', {get: () => undefined})"
SHARES = "Navigator.prototype.share = async (data) => { window.shared = data }"
VOICES = """
window.spoken = [];
const voices = {
  getVoices: () => [{lang: 'en'}],
  addEventListener() {},
  speak(part) { window.spoken.push([part.text, part.lang]); window.part = part; },
  cancel() { window.cancelled = (window.cancelled || 0) + 1; },
};
Object.defineProperty(window, 'speechSynthesis', {value: voices});
"""
NO_VOICES = "Object.defineProperty(window, 'speechSynthesis', {value: undefined})"


def open_with(open_tab: Callable[..., Any], script: str, **options: Any) -> Any:
    """Open the chat in a browser whose abilities `script` changes."""
    tab = open_tab(viewport={"width": 1280, "height": 900}, **options)
    tab.page.add_init_script(script)
    tab.page.reload()
    return tab


def clipboard(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_context_unfolds(tab: Any) -> None:
    """The neighbours unfold within the chat by keyboard, with the quote marked among them."""
    turn = tab.ask(QUESTION)
    context = turn.locator(".context")
    expect(context.locator("mark")).to_be_hidden()
    context.locator("summary").press("Enter")
    expect(context.locator("mark")).to_contain_text(ANSWER)
    expect(context).to_contain_text("Concrete steps have been taken")
    expect(tab.page).to_have_url(re.compile(r"/$"))


def test_copy_gives_quote_and_source(open_tab: Callable[..., Any]) -> None:
    """The copied text has the quote, its source and its address; success is seen and announced."""
    tab = open_tab(permissions=CLIPBOARD)
    button = tab.ask(QUESTION).locator(".copy")
    expect(button).to_have_accessible_name("Copy")
    button.click()
    expect(button).to_have_accessible_name("Copied")
    expect(tab.page.locator("#status")).to_have_text("Copied with its source.")
    quote, source, address = clipboard(tab.page).split("\n")
    assert ANSWER in quote and source.startswith("— ") and source.endswith("28 December 2023")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/documents/000_e9223e5004065d9e#p\d+", address)
    expect(button).to_have_accessible_name("Copy")


def test_copy_that_fails_is_told(open_tab: Callable[..., Any]) -> None:
    """When the browser refuses, it is said under the button."""
    tab = open_with(open_tab, "Clipboard.prototype.writeText = () => Promise.reject(new Error('no'))")
    turn = tab.ask(QUESTION)
    turn.locator(".copy").click()
    expect(turn.get_by_role("alert")).to_contain_text("could not be copied")


def test_what_the_browser_cannot_do_is_hidden(open_tab: Callable[..., Any]) -> None:
    """Without clipboard and speech their buttons are gone; sharing leads to the page of the answer."""
    tab = open_with(open_tab, f"{NO_CLIPBOARD};{NO_VOICES}")
    turn = tab.ask(QUESTION)
    expect(turn.locator(".copy")).to_be_hidden()
    expect(turn.locator(".speak")).to_be_hidden()
    turn.get_by_role("button", name="Share").click()
    expect(tab.page).to_have_url(re.compile(r"/a/[\w-]{22}$"))
    expect(tab.page.get_by_role("button", name="Share")).to_be_hidden()


def test_share_copies_the_link(open_tab: Callable[..., Any], chromium: Any) -> None:
    """The link is copied; whoever opens it sees the answer and nothing else."""
    tab = open_tab(permissions=CLIPBOARD)
    tab.ask("hello")
    turn = tab.ask(QUESTION)
    turn.get_by_role("button", name="Share").click()
    expect(turn.locator(".share")).to_have_accessible_name("Link copied")
    expect(tab.page.locator("#status")).to_contain_text("link to this answer is copied")
    expect(tab.page.locator(".turn")).to_have_count(2)
    address = clipboard(tab.page)
    stranger = open_tab(address)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(stranger.page.locator("blockquote")).to_contain_text(ANSWER)
    expect(stranger.page.locator("main")).not_to_contain_text("hello")
    stranger.page.get_by_role("link", name="Read it in the article").click()
    expect(stranger.page.locator(":target")).to_contain_text(ANSWER)


def test_share_sheet_of_the_device(open_tab: Callable[..., Any]) -> None:
    """Where the device has a way to share, it is used."""
    tab = open_with(open_tab, SHARES)
    turn = tab.ask(QUESTION)
    turn.get_by_role("button", name="Share").click()
    until(tab.page, "window.shared")
    assert re.search(r"/a/[\w-]{22}$", tab.page.evaluate("window.shared.url"))
    expect(tab.page.locator(".turn")).to_have_count(1)


def test_share_that_fails_is_told(open_tab: Callable[..., Any]) -> None:
    """Without a connection the failure is said under the button, and the chat stays."""
    tab = open_tab(permissions=CLIPBOARD)
    turn = tab.ask(QUESTION)
    tab.page.route("**/a/", lambda route: route.abort())
    turn.get_by_role("button", name="Share").click()
    expect(turn.get_by_role("alert")).to_contain_text("cannot be shared right now")
    tab.page.unroute("**/a/")
    turn.get_by_role("button", name="Share").click()
    expect(turn.locator(".share")).to_have_accessible_name("Link copied")
    expect(turn.get_by_role("alert")).to_have_count(0)
    tab.complaints.clear()


def test_read_aloud_and_stop(open_tab: Callable[..., Any]) -> None:
    """The quote is read in its language; the button stops it, and so does another answer's."""
    tab = open_with(open_tab, VOICES)
    first = tab.ask(QUESTION).locator(".speak")
    expect(first).to_have_accessible_name("Read aloud")
    first.click()
    expect(first).to_have_accessible_name("Stop reading")
    text, language = tab.page.evaluate("spoken.at(-1)")
    assert text.startswith(ANSWER) and language == "en"
    first.click()
    expect(first).to_have_accessible_name("Read aloud")
    first.click()
    tab.page.evaluate("part.onend()")
    expect(first).to_have_accessible_name("Read aloud")
    second = tab.ask("Why is this partnership important for India and Russia?").locator(".speak")
    first.click()
    second.click()
    expect(first).to_have_accessible_name("Read aloud")
    expect(second).to_have_accessible_name("Stop reading")


def test_voice_that_fails_is_told(open_tab: Callable[..., Any]) -> None:
    """When the device cannot read, it is said."""
    tab = open_with(open_tab, VOICES)
    turn = tab.ask(QUESTION)
    turn.locator(".speak").click()
    tab.page.evaluate("part.onerror()")
    expect(turn.get_by_role("alert")).to_contain_text("cannot read this aloud")
    expect(turn.locator(".speak")).to_have_accessible_name("Read aloud")


def test_other_passage_becomes_a_turn(tab: Any) -> None:
    """An alternative that is chosen is shown as the answer of a turn, once, and stays after a reload."""
    turn = tab.ask(QUESTION)
    turn.locator(".others summary").press("Enter")
    choice = turn.locator(".others button").first
    beginning = choice.inner_text()[:40]
    choice.press("Enter")
    expect(tab.page.locator(".turn")).to_have_count(2)
    expect(tab.page.locator(".turn blockquote").last).to_contain_text(beginning)
    choice.click()
    tab.page.wait_for_timeout(200)
    expect(tab.page.locator(".turn")).to_have_count(2)
    tab.page.reload()
    expect(tab.page.locator(".turn .lead-in").last).to_have_text("The passage you chose:")


def test_thumbs_by_keyboard(tab: Any) -> None:
    """A vote keeps the focus and is announced; question field and turns are left alone."""
    turn = tab.ask(QUESTION)
    tab.page.fill("#question", "half a thought")
    down = turn.get_by_role("button", name="No", exact=True)
    down.press("Enter")
    expect(turn.locator(".feedback").get_by_role("status")).to_contain_text("Thank you.")
    expect(down).to_be_focused()
    expect(down).to_have_attribute("aria-pressed", "true")
    reason = turn.get_by_label("Why? (optional)")
    reason.fill("<b>Too short</b>")
    turn.get_by_role("button", name="Send").press("Enter")
    expect(turn.locator(".feedback").get_by_role("status")).to_contain_text("What you wrote is kept.")
    turn.get_by_role("button", name="Yes", exact=True).click()
    expect(turn.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(down).to_have_attribute("aria-pressed", "false")
    expect(tab.page.locator("#question")).to_have_value("half a thought")
    expect(tab.page.locator(".turn")).to_have_count(1)
    tab.page.reload()
    expect(tab.page.get_by_label("Why? (optional)")).to_have_value("<b>Too short</b>")
    expect(tab.page.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "true")


def test_vote_that_fails_is_told(open_tab: Callable[..., Any]) -> None:
    """Without a connection, or with a proxy's error, it is said beside the thumbs and nowhere else."""
    tab = open_tab()
    turn = tab.ask(QUESTION)
    for answer in (
        lambda route: route.abort(),
        lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>"),
    ):
        tab.page.route("**/feedback", answer)
        turn.get_by_role("button", name="Yes", exact=True).click()
        expect(turn.locator(".feedback").get_by_role("status")).to_contain_text("could not be kept")
        tab.page.unroute("**/feedback")
        turn.get_by_role("button", name="Yes", exact=True).click()
        expect(turn.locator(".feedback").get_by_role("status")).to_contain_text("Thank you.")
    expect(tab.page.locator("#ask-error")).to_be_empty()
    expect(turn).not_to_contain_text("Bad Gateway")
    tab.complaints.clear()


def test_all_of_it_without_javascript(open_tab: Callable[..., Any]) -> None:
    """Context, other passages, thumbs with a reason and the link work with forms alone; the rest is hidden."""
    tab = open_tab(java_script_enabled=False)
    page = tab.page
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".context summary").click()
    expect(page.locator(".context mark")).to_contain_text(ANSWER)
    expect(page.locator(".copy")).to_be_hidden()
    expect(page.locator(".speak")).to_be_hidden()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page).to_have_url(re.compile(r"#turn-1$"))
    page.get_by_label("Why? (optional)").fill("Too short")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Why? (optional)")).to_have_value("Too short")
    page.locator(".others summary").click()
    page.locator(".others button").first.click()
    expect(page).to_have_url(re.compile(r"#turn-2$"))
    expect(page.locator(".turn")).to_have_count(2)
    page.locator("#turn-1").get_by_role("button", name="Share").click()
    expect(page).to_have_url(re.compile(r"/a/[\w-]{22}$"))
    expect(page.locator("blockquote")).to_contain_text(ANSWER)
    page.locator(".context summary").click()
    expect(page.locator(".context mark")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shared_page_passes_axe(open_tab: Callable[..., Any], scheme: str) -> None:
    """No rule of axe-core is broken on a shared answer or around an answer with everything unfolded."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    tab = open_with(open_tab, VOICES, permissions=CLIPBOARD, color_scheme=scheme)
    turn = tab.ask(QUESTION)
    for summary in turn.locator("summary").all():
        summary.click()
    turn.get_by_role("button", name="Yes", exact=True).click()
    turn.locator(".reason").wait_for()
    found = axe.Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()
    turn.get_by_role("button", name="Share").click()
    expect(turn.locator(".share")).to_have_accessible_name("Link copied")
    tab.page.goto(clipboard(tab.page))
    tab.page.locator(".context summary").click()
    found = axe.Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()


def test_everything_can_be_touched(open_tab: Callable[..., Any]) -> None:
    """On a narrow touch screen every control is 44 pixels high and wide, and nothing overflows."""
    tab = open_with(open_tab, VOICES, permissions=CLIPBOARD, has_touch=True)
    tab.page.set_viewport_size({"width": 320, "height": 640})
    turn = tab.ask(QUESTION)
    for summary in turn.locator("summary").all():
        summary.click()
    turn.get_by_role("button", name="Yes", exact=True).tap()
    turn.locator(".reason").wait_for()
    small = turn.evaluate(
        """turn => [...turn.querySelectorAll('button, summary, .open, textarea')].filter(e => e.checkVisibility())
            .filter(e => { const box = e.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5 })
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    root = "document.documentElement"
    assert tab.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0

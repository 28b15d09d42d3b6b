"""Everything a visitor can do, done with the keyboard alone; the focus is seen wherever it stops, and never lost."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.states import HEDGED, OUTRIGHT

STOPS_MAX = 150
SCROLLED_AFTER = 200
VOICES = """
const voices = {getVoices: () => [{lang: 'en'}], addEventListener() {}, speak() { window.spoke = true }, cancel() {}};
Object.defineProperty(window, 'speechSynthesis', {value: voices});
"""
# An outline of its own, of what stands for it, or of the field around it; and nothing on top of it.
SEEN = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return true;
  const styles = [getComputedStyle(focused), getComputedStyle(focused, '::after')];
  for (let around = focused.parentElement, n = 0; around && n < 2; around = around.parentElement, n += 1) {
    styles.push(getComputedStyle(around));
  }
  const outlined = styles.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
  const box = focused.getClientRects()[0];
  const points = [.1, .5, .9].flatMap(x => [.2, .5, .8].map(y => [box.left + x * box.width, box.top + y * box.height]));
  const onTop = points.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (focused.contains(hit) || hit.contains(focused));
  });
  return outlined && onTop;
}"""


class Keys:
    """A visitor who has a keyboard and nothing else."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, selector: str, key: str = "Tab") -> "Keys":
        """Press Tab until what matches `selector` has the focus."""
        for _ in range(STOPS_MAX):
            self.page.keyboard.press(key)
            self.see()
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return self
        raise AssertionError(f"Tab never comes to {selector}")

    def see(self) -> None:
        """Expect the focus to be seen, when the browser has scrolled to it."""
        for _ in range(SCROLLED_AFTER):
            if self.page.evaluate(SEEN):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))

    def press(self, *keys: str) -> "Keys":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> "Keys":
        self.page.keyboard.type(text)
        return self


@pytest.fixture
def visitor(open_tab: Callable[..., Any], town: str) -> Keys:
    """Has just come to the chat of the town."""
    tab = open_tab(
        "about:blank",
        base_url=town,
        viewport={"width": 1100, "height": 800},
        permissions=["clipboard-read", "clipboard-write"],
    )
    tab.page.add_init_script(VOICES)
    tab.page.goto("/")
    return Keys(tab.page)


def test_asking(visitor: Keys) -> None:
    """A question of one's own, one of the starters, a suggestion, the last one again."""
    page = visitor.page
    visitor.to(".starters button").press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#question")).to_be_focused()
    visitor.type(HEDGED).press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    visitor.type("when can the cr")
    expect(page.get_by_role("option")).not_to_have_count(0)
    visitor.press("ArrowDown", "Enter")
    expect(page.locator(".turn").nth(2).locator(".asked-text")).to_have_text(OUTRIGHT)
    visitor.press("ArrowUp")
    expect(page.locator("#question")).to_have_value(OUTRIGHT)
    visitor.press("Escape").to(".suggestions button").press("Enter")
    expect(page.locator(".turn")).to_have_count(4)
    expect(page.locator("#question")).to_be_focused()


def test_what_an_answer_offers(visitor: Keys) -> None:
    """Context, copy, share, read aloud, thumbs with a reason, why, another passage, and the article."""
    page = visitor.page
    visitor.to("#question").type(OUTRIGHT).press("Enter")
    turn = page.locator(".turn").first
    expect(turn).to_be_visible()
    visitor.to(".context summary").press("Enter")
    expect(turn.locator(".context mark").first).to_be_visible()
    visitor.to(".copy").press("Enter")
    expect(turn.locator(".copy")).to_have_accessible_name("Copied")
    visitor.to(".share").press("Enter")
    expect(turn.locator(".share")).to_have_accessible_name("Link copied")
    visitor.to(".speak").press("Enter")
    assert page.evaluate("window.spoke")
    visitor.to(".votes button[value=down]").press("Enter")
    expect(turn.locator(".thanks")).to_contain_text("Thank you.")
    expect(turn.locator(".votes button[value=down]")).to_be_focused()
    visitor.to(".reason textarea").type("Too short").to(".reason button").press("Enter")
    expect(turn.locator(".thanks")).to_contain_text("What you wrote is kept.")
    visitor.to(".why summary").press("Enter")
    expect(turn.locator(".why table")).to_be_visible()
    visitor.to(".others summary")
    if not turn.locator(".others").evaluate("others => others.open"):
        visitor.press("Enter")
    visitor.to(".others button").press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    visitor.to(".turn:first-child .tags a").to(".turn:first-child .open").press("Enter")
    expect(page.locator(":target")).to_contain_text("The crane is open")


def test_conversations(visitor: Keys) -> None:
    """A new one, the list, opening, deleting with second thoughts, saving, printing, and the way back down."""
    page = visitor.page
    for question in (OUTRIGHT, HEDGED, "hello"):
        visitor.to("#question").type(question).press("Enter")
        expect(page.locator(".asked-text").last).to_have_text(question)

    visitor.to(".afresh button", "Shift+Tab").press("Home")
    while page.evaluate("scrollY"):
        page.wait_for_timeout(50)
    visitor.to("#down", "Shift+Tab").press("Enter")
    expect(page.locator(".turn").last).to_be_focused()
    expect(page.locator(".turn").last).to_be_in_viewport()
    visitor.to(".conversation-menu summary").press("Enter").to(".conversation-menu a")
    with page.expect_download() as download:
        visitor.press("Enter")
    assert download.value.suggested_filename.endswith(".txt")
    visitor.press("Escape")
    expect(page.locator(".conversation-menu summary")).to_be_focused()
    visitor.to(".afresh button").press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    visitor.to(".bar-link").press("Enter")
    expect(page.locator(".conversation")).to_have_count(1)
    visitor.to(".conversation .delete").press("Enter")
    expect(page.locator("dialog .cancel")).to_be_focused()
    visitor.press("Escape")
    expect(page.locator(".conversation .delete")).to_be_focused()
    visitor.press("Enter")
    expect(page.locator("dialog .cancel")).to_be_focused()
    visitor.to("dialog button.delete").press("Enter")
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")


def test_reading_and_preferences(visitor: Keys) -> None:
    """Past the header, another appearance, another language, search, a tag, an article, its questions, asking on."""
    page = visitor.page
    visitor.to(".skip").press("Enter")
    expect(page.locator("#main")).to_be_focused()
    visitor.to(".appearances summary", "Shift+Tab").press("Enter").to("button[value=dark]").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    visitor.to(".languages summary").press("Enter").to("button[value=de]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    visitor.to(".languages summary").press("Enter").to("button[value=en]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visitor.to(".kiosk nav a[href='/documents/']").press("Enter")
    expect(page).to_have_title("Documents · Newsstand")
    visitor.to("#search").type("crane").press("Enter")
    expect(page.locator(".entry")).to_have_count(1)
    visitor.to(".tag-choice a").press("Enter")
    expect(page.locator(".tag-choice [aria-current]")).to_have_text("Harbour")
    visitor.to(".entry h2 a[href='/documents/harbour_crane']").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The old harbour crane opens to visitors")
    visitor.to(".exchange summary").press("Enter")
    expect(page.locator(".exchange .passage").first).to_be_visible()
    visitor.to(".ways .button").press("Enter")
    expect(page.locator(".limit")).to_be_visible()
    visitor.to("#question").type("What does a visit cost?").press("Enter")
    expect(page.locator(".turn blockquote")).to_contain_text("6 euros")
    visitor.to(".limit button").press("Enter")
    expect(page.locator(".limit")).to_have_count(0)

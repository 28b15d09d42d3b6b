"""The kiosk under fingers: targets large enough and apart, and nothing that a browser does by itself."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.lobby import IDLE, LANDSCAPE, PORTRAIT, ask, kiosk
from tests.browser.serving import until
from tests.browser.states import HEDGED, OUTRIGHT, UNANSWERED

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")


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


# Whatever takes a touch, as far as it can be seen: its sides, and what is between it and the next one.
TARGETS = """([target, apart]) => {
    const top = document.querySelector('dialog[open]') ?? document;
    const clip = element => {
        let {left, top, right, bottom} = element.getBoundingClientRect();
        for (let above = element.parentElement; above; above = above.parentElement) {
            if (getComputedStyle(above).overflowY === 'visible') continue;
            const edge = above.getBoundingClientRect();
            left = Math.max(left, edge.left);
            right = Math.min(right, edge.right);
            top = Math.max(top, edge.top);
            bottom = Math.min(bottom, edge.bottom);
        }
        return {left, top, right, bottom};
    };
    const all = [...top.querySelectorAll('button, a[href], summary, textarea, [role=option]')]
        .filter(element => element.checkVisibility({visibilityProperty: true}));
    const wrong = [];
    for (const element of all) {
        const {width, height} = element.getBoundingClientRect();
        if (Math.min(width, height) < target - .5) wrong.push([width, height, element.outerHTML.slice(0, 120)]);
    }
    const seen = all.map(element => [element, clip(element)])
        .filter(([, box]) => box.right > box.left && box.bottom > box.top);
    for (const [number, [one, a]] of seen.entries()) {
        for (const [other, b] of seen.slice(number + 1)) {
            const between = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
            if (between < apart - .5) wrong.push([between, one.outerHTML.slice(0, 120), other.outerHTML.slice(0, 120)]);
        }
    }
    return wrong;
}"""
TARGET, APART = 48, 8


def settle(page: Any) -> None:
    """Wait until nothing moves: what is measured is what one touches."""
    until(page, "document.getAnimations().every(each => each.playState !== 'running')")
    page.evaluate(
        "new Promise(done => { const m = new MessageChannel(); m.port1.onmessage = done; m.port2.postMessage(0); })"
    )


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_made_for_fingers_and_for_everybody(open_tab: Callable[..., Any], town: str, size: dict[str, int]) -> None:
    """Targets of 48 pixels with space between, large type, the input in the lower half, axe-core finds nothing."""
    page = kiosk(open_tab, town, viewport=size)
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: ask(page, OUTRIGHT),
        lambda: page.locator("#question").tap(),
        lambda: ask(page, HEDGED),
        lambda: page.locator(".open").first.tap(),
        lambda: page.locator("#reader .close").tap(),
        lambda: page.locator(".take").first.tap(),
        lambda: page.locator("#reader .close").tap(),
        lambda: page.locator("#choose-language").tap(),
        lambda: page.locator("#language-choice .close").tap(),
        lambda: ask(page, UNANSWERED),
        lambda: page.locator("#text-size").tap(),
        lambda: page.locator("#text-size").tap(),
        lambda: page.locator("#question").tap(),
        lambda: page.locator("#contrast").tap(),
        lambda: page.clock.run_for(IDLE + 2_000),
    ]
    for step in steps:
        step()
        settle(page)
        found = axe_playwright.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(TARGETS, [TARGET, APART]) == []
    page.locator("#here").tap()
    field = page.locator("#question").bounding_box()
    assert field["y"] > size["height"] / 2
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('blockquote')).fontSize)") >= 24


def test_no_zoom_by_accident(open_tab: Callable[..., Any], town: str) -> None:
    """Two fingers, a double tap, the wheel with Ctrl and the browser's keys change no size; the button does."""
    page = kiosk(open_tab, town)
    session = page.context.new_cdp_session(page)
    for x, y in ((540, 60), (540, 700), (540, 1850)):
        session.send("Input.synthesizePinchGesture", {"x": x, "y": y, "scaleFactor": 2.5, "gestureSourceType": "touch"})
        session.send("Input.synthesizeTapGesture", {"x": 20, "y": y, "tapCount": 2, "gestureSourceType": "touch"})
    page.mouse.move(540, 700)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.press("+")
    page.keyboard.up("Control")
    settle(page)
    assert page.evaluate("[visualViewport.scale, devicePixelRatio, innerWidth]") == [1, 1, PORTRAIT["width"]]
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.locator("#text-size").tap()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 1.1 * before


def test_no_menu_and_no_selection(open_tab: Callable[..., Any], town: str) -> None:
    """A long press selects nothing and opens nothing; no other window opens from a link, whatever button is pressed."""
    page = kiosk(open_tab, town)
    ask(page, OUTRIGHT)
    session = page.context.new_cdp_session(page)
    for place in ("blockquote", ".open", "#question"):
        box = page.locator(place).first.bounding_box()
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        session.send("Input.synthesizeTapGesture", {**middle, "duration": 900, "gestureSourceType": "touch"})
        assert page.evaluate("getSelection().toString()") == ""
    page.locator(".open").click(button="middle")
    page.locator(".open").click(modifiers=["Control"])
    page.locator("#reader .close").tap()
    page.keyboard.press("Alt+ArrowLeft")
    settle(page)
    assert len(page.context.pages) == 1
    assert page.url == f"{town}/kiosk"
    expect(page.locator(".turn")).to_have_count(1)

"""Choosing a language in a real browser, and pages that read from right to left."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

PHONE = {"width": 320, "height": 640}
WIDTHS = [320, 768, 1280]
ARABIC = "العربية"


def choose(page: Any, name: str) -> None:
    page.locator(".languages summary").click()
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripted", [True, False])
def test_choose_and_come_back(open_tab: Callable[..., Any], scripted: bool) -> None:
    """With and without JavaScript the choice leads back to the same page, and it lasts."""
    page = open_tab("/documents/?page=1", locale="de-CH", java_script_enabled=scripted).page
    expect(page.locator("html")).to_have_attribute("lang", "de")
    choose(page, "Español")
    assert page.url.endswith("/documents/?page=1")
    expect(page.locator("h1")).to_have_text("Documentos")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_conversation_changes_its_language(open_tab: Callable[..., Any]) -> None:
    """A turn that came through htmx is in the language, and is shown in another one after the choice."""
    tab = open_tab(locale="ru")
    turn = tab.ask("thanks")
    expect(turn).to_contain_text("Пожалуйста!")
    choose(tab.page, "हिन्दी")
    expect(tab.page.locator(".turn")).to_contain_text("आपका स्वागत है!")


def test_menu_by_keyboard(open_tab: Callable[..., Any]) -> None:
    """Enter opens the menu, Tab walks through it, Escape closes it and gives the focus back."""
    page = open_tab().page
    summary = page.locator(".languages summary")
    menu = page.locator(".languages")
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="English", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_menu_folds_away(open_tab: Callable[..., Any]) -> None:
    """A click elsewhere, and a focus elsewhere, close the menu."""
    page = open_tab(viewport={"width": 1280, "height": 900}).page
    menu = page.locator(".languages")
    menu.locator("summary").click()
    page.mouse.click(200, 700)
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.locator("#question").focus()
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", ["ar", "ru", "de"])
def test_nothing_sticks_out(open_tab: Callable[..., Any], width: int, locale: str) -> None:
    """No page is wider than the window in a long or a mirrored language, also with the menu open."""
    tab = open_tab(locale=locale, viewport={"width": width, "height": 800})
    tab.ask("What areas of cooperation were discussed during the meetings?")
    for path in ("/", "/documents/", "/documents/000_e9223e5004065d9e", "/nowhere"):
        tab.page.goto(path)
        tab.page.locator(".languages summary").click()
        box = tab.page.locator(".languages ul").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, path
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path
    tab.complaints[:] = [text for text in tab.complaints if "404" not in text]


def test_arabic_reads_from_right_to_left(open_tab: Callable[..., Any]) -> None:
    """The page is mirrored; an English quote in it still reads from left to right."""
    tab = open_tab(locale="ar", viewport={"width": 1280, "height": 900})
    turn = tab.ask("What areas of cooperation were discussed during the meetings?")
    mark, menu = (tab.page.locator(place).bounding_box() for place in (".wordmark", ".languages"))
    assert mark["x"] > menu["x"]
    send, field = (tab.page.locator(place).bounding_box() for place in (".send", "#question"))
    assert send["x"] < field["x"]
    quote = turn.locator("blockquote")
    assert quote.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert quote.get_attribute("lang") == "en"
    asked = turn.locator(".asked-text").bounding_box()
    clipping = turn.locator(".clipping").first.bounding_box()
    assert asked["x"] <= clipping["x"] + 1


def test_chooser_has_room_for_a_finger(open_tab: Callable[..., Any]) -> None:
    """On a phone the button and every language are at least 44 pixels each way."""
    page = open_tab(viewport=PHONE, has_touch=True, is_mobile=True).page
    page.locator(".languages summary").tap()
    for target in [page.locator(".languages summary"), *page.locator(".languages button").all()]:
        box = target.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44
    page.get_by_role("button", name=ARABIC).tap()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

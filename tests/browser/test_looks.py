"""Nothing overflows, nothing is out of reach: sizes, colour schemes, and axe-core on every kind of page."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

QUESTION = "What areas of cooperation were discussed during the meetings?"
ARTICLE = "/documents/000_e9223e5004065d9e"
LONG = "x" * 400

PAGES = {
    "empty": ("/", []),
    "answered": ("/", [QUESTION]),
    "abstained": ("/", ["What is the capital of France?"]),
    "smalltalk": ("/", ["hello"]),
    "documents": ("/documents/", []),
    "article": (f"{ARTICLE}#p10", []),
    "error": ("/nowhere", []),
}


def visit(open_tab: Callable[..., Any], name: str, **options: Any) -> Any:
    path, questions = PAGES[name]
    tab = open_tab(path, **options)
    for question in questions:
        tab.ask(question)
    tab.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    tab.complaints[:] = [text for text in tab.complaints if "404" not in text]
    return tab


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_tab: Callable[..., Any], name: str) -> None:
    """No accessibility rule of axe-core is broken, in light and in dark."""
    tab = visit(open_tab, name, viewport={"width": 1280, "height": 900})
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        found = axe_playwright.Axe().run(tab.page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


def overflow(tab: Any) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows(open_tab: Callable[..., Any], name: str) -> None:
    """No page scrolls sideways at any width, from a small phone to a wall."""
    tab = visit(open_tab, name, viewport={"width": 1280, "height": 800})
    for width in (320, 390, 640, 1080, 3840):
        tab.page.set_viewport_size({"width": width, "height": 800})
        assert overflow(tab) == 0, f"at {width} pixels"


def test_long_words_break(open_tab: Callable[..., Any]) -> None:
    """Text without a space stays inside on the narrowest screen."""
    tab = open_tab(viewport={"width": 320, "height": 640})
    tab.ask(LONG)
    assert overflow(tab) == 0


@pytest.mark.parametrize("name", ["empty", "answered", "documents", "article"])
def test_controls_can_be_touched(open_tab: Callable[..., Any], name: str) -> None:
    """Buttons and links that stand alone are at least 44 pixels high."""
    tab = visit(open_tab, name, viewport={"width": 390, "height": 844}, has_touch=True)
    small = tab.page.evaluate(
        """() => [...document.querySelectorAll('button, summary, nav a, .open, .ways a, textarea')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_right_to_left(open_tab: Callable[..., Any]) -> None:
    """Turned around, the page still fits and the question stands on the other side."""
    tab = visit(open_tab, "answered", viewport={"width": 800, "height": 800})
    place = "document.querySelector('.asked-text').getBoundingClientRect().left"
    before = tab.page.evaluate(place)
    tab.page.evaluate("document.documentElement.dir = 'rtl'")
    assert tab.page.evaluate(place) < before
    assert overflow(tab) == 0


@pytest.mark.parametrize("path", ["/", ARTICLE])
def test_skip_link_comes_first(open_tab: Callable[..., Any], path: str) -> None:
    """The first stop of the Tab key leads past the header."""
    tab = open_tab(path, has_touch=True, is_mobile=True)
    tab.page.locator("body").press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.id") == "main"

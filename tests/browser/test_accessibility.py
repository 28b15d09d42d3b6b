"""axe-core on every state of every page, in every look, and the outline of each."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")
from tests.browser.states import STATES

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

WINDOW = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOOKS: list[dict[str, str]] = [
    {"color_scheme": "dark"},
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
]


def visit(open_tab: Callable[..., Any], town: str, name: str, *, scripts: bool = True, **options: Any) -> Any:
    """Open a page of the town, bring it into a state, and return it; without `scripts` none of the site's is loaded."""
    state = STATES[name]
    page = open_tab("about:blank", base_url=town, quiet=state.noisy or not scripts, **options).page
    if not scripts:
        page.route("**/static/**/*.js?*", lambda route: route.abort())
    page.goto(state.path)
    state.reach(page)
    return page


def violations(page: Any, *rules: str) -> str:
    """Return what axe-core complains of, by these rules or by all; empty when it is nothing."""
    found = axe_playwright.Axe().run(page, options={"runOnly": list(rules)} if rules else None)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_in_any_look(open_tab: Callable[..., Any], town: str, name: str) -> None:
    """Light, dark, and more contrast in both."""
    page = visit(open_tab, town, name, viewport=WINDOW, color_scheme="light")
    assert violations(page) == ""
    for look in LOOKS:
        page.emulate_media(**look)
        assert violations(page, "color-contrast") == "", look


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_from_right_to_left(open_tab: Callable[..., Any], town: str, name: str) -> None:
    """In Arabic, on a phone that is touched."""
    page = visit(open_tab, town, name, viewport=PHONE, locale="ar", has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert violations(page) == ""


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if not state.scripted])
def test_axe_finds_nothing_without_javascript(open_tab: Callable[..., Any], town: str, name: str) -> None:
    """Every state that needs none; axe-core is a script itself, so that only the site's are left out."""
    assert violations(visit(open_tab, town, name, viewport=WINDOW, scripts=False)) == ""


@pytest.mark.parametrize("name", STATES)
def test_outline(open_tab: Callable[..., Any], town: str, name: str) -> None:
    """One main landmark, one first heading, no level left out; every control has a name."""
    page = visit(open_tab, town, name, viewport=WINDOW)
    assert page.locator("main").count() == 1
    levels = page.evaluate(
        """[...(document.querySelector('dialog[open]') ?? document).querySelectorAll('h1, h2, h3, h4')]
            .filter(heading => heading.getClientRects().length).map(heading => Number(heading.tagName[1]))"""
    )
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(lower - upper <= 1 for upper, lower in zip(levels, levels[1:], strict=False)), levels
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, a[href], input:not([type=hidden]), textarea, summary')]
            .filter(e => e.checkVisibility() && !(e.innerText || '').trim() && !e.textContent.trim() && !e.ariaLabel
                && !e.labels?.length).map(e => e.outerHTML)"""
    )
    assert nameless == []

"""Newer and older documents that answer the same question differently, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")
from tests.browser.serving import running, until

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

QUESTION = "How much is a day ticket of the harbour museum?"
ARTICLE = "date {date}\n{headline}\n\nPrices change in the harbour.\n\nFAQ:\n\nQ: {question}\nA: {answer}\n"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the prices of two years."""
    seeds: Path = tmp_path_factory.mktemp("prices")
    for name, date, answer in (("old", "2023-05-01", "Five euros."), ("new", "2024-06-03", "Seven euros.")):
        text = ARTICLE.format(date=date, headline=f"The {name} prices", question=QUESTION, answer=answer)
        (seeds / f"{name}.txt").write_text(text, "utf-8")
    with running(tmp_path_factory.mktemp("harbour"), seeds) as address:
        yield address


@pytest.mark.parametrize("width", [360, 1280])
def test_each_version_is_copied_with_its_own_source(open_tab: Callable[..., Any], harbour: str, width: int) -> None:
    """One below the other, within the page, without a fault of accessibility."""
    tab = open_tab("/", base_url=harbour, viewport={"width": width, "height": 800})
    page = tab.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=harbour)
    turn = tab.ask(QUESTION)
    clippings = turn.locator(".clipping")
    tops = [clippings.nth(n).bounding_box()["y"] for n in range(clippings.count())]
    assert len(tops) == 2 and tops == sorted(tops)
    for n, words in enumerate(
        ("“Seven euros.”\n— The new prices, 3 June 2024", "“Five euros.”\n— The old prices, 1 May")
    ):
        clippings.nth(n).locator(".copy").click()
        until(page, "words => navigator.clipboard.readText().then(text => text.startsWith(words))", words)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_playwright.Axe().run(page).violations_count == 0


def test_an_older_article_opens_the_newer_answer(open_tab: Callable[..., Any], harbour: str) -> None:
    """The link at its head leads to the passage, unfolded."""
    page = open_tab("/documents/old", base_url=harbour).page
    assert axe_playwright.Axe().run(page).violations_count == 0
    page.locator(".notice a").click()
    page.wait_for_url("**/documents/new#p1")
    page.get_by_text("Seven euros.").wait_for()

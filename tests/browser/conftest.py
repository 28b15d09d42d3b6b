"""A real server on a free port of this machine, and a real Chromium that visits it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.serving import DOCUMENTS, PATIENCE_SECONDS, PUBLIC_URL, SEEDS, running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the seed article and a database of its own."""
    with running(tmp_path_factory.mktemp("site"), SEEDS) as address:
        yield address


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the seed article and those of a small town."""
    with running(tmp_path_factory.mktemp("town"), SEEDS, DOCUMENTS, public_url=PUBLIC_URL) as address:
        yield address


@dataclass
class Tab:
    """A page of the browser with what its console complained of."""

    page: Any
    complaints: list[str]

    def ask(self, question: str) -> Any:
        """Type a question, send it with Enter, and return the turn that comes."""
        before = self.page.locator(".turn").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        turn = self.page.locator(".turn").nth(before)
        turn.wait_for()
        return turn


@pytest.fixture
def open_tab(chromium: Any, site: str) -> Iterator[Callable[..., Tab]]:
    """Opens a page in a context of its own; every complaint of a console fails the test."""
    contexts, tabs = [], []

    def open_one(path: str = "/", *, quiet: bool = False, **options: Any) -> Tab:
        """Open `path`; `quiet` overhears complaints, where what is tried must bring some."""
        context = chromium.new_context(**{"base_url": site, "reduced_motion": "reduce", **options})
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        contexts.append(context)
        page = context.new_page()
        tab = Tab(page, [])
        if not quiet:
            page.on("console", lambda message: message.type == "error" and tab.complaints.append(message.text))
            page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        if options.get("java_script_enabled", True):
            page.add_init_script(
                "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
            )
        page.goto(path)
        tabs.append(tab)
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


@pytest.fixture
def tab(open_tab: Callable[..., Tab]) -> Tab:
    """The chat page, opened by a new visitor on a desktop."""
    return open_tab(viewport={"width": 1280, "height": 900})

"""The kiosk for a long time, at high speed: its memory does not grow."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from tests.browser.states import HEDGED, OUTRIGHT, UNANSWERED

CYCLES, CONVERSATIONS, WARM_UP = 2_000, 500, 25
GROWTH = 1.10
# Minutes become tenths of a second; what happens in them stays the same.
HURRY = """
const slow = window.setInterval;
window.setInterval = (what, pause, ...more) => slow(what, pause / 600, ...more);
"""
COUNT = """window.cycles = 0;
new MutationObserver(() => { window.cycles += 1; }).observe(document.getElementById('posters'), {childList: true});"""


def memory(page: Any, session: Any) -> dict[str, float]:
    """Return what the page holds after everything that can be freed was freed."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    return {
        "heap": session.send("Runtime.getHeapUsage")["usedSize"],
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
    }


def converse(page: Any, number: int) -> None:
    """A visitor comes, asks, reads, and leaves."""
    page.evaluate(
        """question => new Promise(done => {
            const log = document.getElementById('log');
            const seen = new MutationObserver(() => {
                if (!log.querySelector('.turn')) return;
                seen.disconnect();
                document.getElementById('over').click();
                done();
            });
            seen.observe(log, {childList: true});
            document.getElementById('question').value = question;
            document.getElementById('composer').requestSubmit();
        })""",
        (OUTRIGHT, HEDGED, UNANSWERED)[number % 3],
    )


def test_memory_does_not_grow(open_tab: Callable[..., Any], town: str, record_property: Callable[..., None]) -> None:
    """After 2,000 changes of the posters and 500 conversations the page holds what it held before, within a tenth."""
    page = open_tab("about:blank", base_url=town, reduced_motion="no-preference").page
    page.add_init_script(HURRY)
    page.goto("/kiosk")
    page.locator(".hg-button-space").wait_for(state="attached")
    page.evaluate(COUNT)
    session = page.context.new_cdp_session(page)
    for number in range(WARM_UP):
        converse(page, number)
    before = memory(page, session)
    for number in range(CONVERSATIONS):
        converse(page, number)
    while page.evaluate("window.cycles") < CYCLES:
        page.wait_for_timeout(500)
    after = memory(page, session)
    for what, held in before.items():
        record_property(what, f"{held:.0f} -> {after[what]:.0f}")
        assert after[what] <= GROWTH * held, (what, before, after)
    print(before, after)

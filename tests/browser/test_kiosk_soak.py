"""The kiosk for a long time, at high speed: its memory does not grow."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from tests.browser.states import HEDGED, OUTRIGHT, UNANSWERED

CYCLES, CONVERSATIONS, WARM_UP = 2_000, 500, 200
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


# Visitors come, ask, read, and leave; all of it within the page, for a driver outside leaves traces in the heap.
CONVERSE = """async ([count, questions]) => {
    const log = document.getElementById('log');
    for (let number = 0; number < count; number += 1) {
        const answered = new Promise(done => {
            const seen = new MutationObserver(() => {
                if (!log.querySelector('.turn')) return;
                seen.disconnect();
                done();
            });
            seen.observe(log, {childList: true});
        });
        document.getElementById('question').value = questions[number % questions.length];
        document.getElementById('composer').requestSubmit();
        await answered;
        while (log.getAttribute('aria-busy')) await new Promise(done => setTimeout(done, 5));
        document.getElementById('over').click();
    }
}"""


def converse(page: Any, count: int) -> None:
    """Have so many visitors, one after the other."""
    page.evaluate(CONVERSE, [count, [OUTRIGHT, HEDGED, UNANSWERED]])


def test_memory_does_not_grow(open_tab: Callable[..., Any], town: str, record_property: Callable[..., None]) -> None:
    """After 2,000 changes of the posters and 500 conversations the page holds what it held before, within a tenth."""
    page = open_tab("about:blank", base_url=town, reduced_motion="no-preference").page
    page.add_init_script(HURRY)
    page.goto("/kiosk")
    page.locator(".hg-button-space").wait_for(state="attached")
    page.evaluate(COUNT)
    session = page.context.new_cdp_session(page)
    converse(page, WARM_UP)
    before = memory(page, session)
    converse(page, CONVERSATIONS)
    while page.evaluate("window.cycles") < CYCLES:
        page.wait_for_timeout(500)
    after = memory(page, session)
    for what, held in before.items():
        record_property(what, f"{held:.0f} -> {after[what]:.0f}")
        assert after[what] <= GROWTH * held, (what, before, after)
    print(before, after)

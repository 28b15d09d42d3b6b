"""Every state in which a visitor may see a page, and how to get there: tests and the gallery go to the same ones.

What is clicked is found by class, so that it is found in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CHAT = "/"
ARTICLE = "/documents/harbour_crane"
OUTRIGHT = "When can the crane be visited?"
HEDGED = "What happens on the harbour square?"
UNANSWERED = "What is the capital of France?"
TOO_LONG = "Is the crane open? " * 120


@dataclass(frozen=True, slots=True)
class State:
    """One state of a page."""

    path: str
    reach: Callable[[Any], None] = lambda page: None
    """What a visitor does there."""
    scripted: bool = False
    """True where JavaScript is needed to see it."""
    noisy: bool = False
    """True where the browser itself complains: of a page that is not there, of a connection that is lost."""


def ask(page: Any, question: str) -> None:
    """Type a question, send it, and wait for the turn."""
    before = page.locator(".turn").count()
    page.fill("#question", question)
    page.locator(".send").click()
    page.locator(".turn").nth(before).wait_for()


def asking(*questions: str) -> Callable[[Any], None]:
    """Return what asks these questions one after the other."""

    def reach(page: Any) -> None:
        for question in questions:
            ask(page, question)

    return reach


def _unfolded(page: Any) -> None:
    ask(page, OUTRIGHT)
    page.locator(".votes button").last.click()
    page.locator(".reason").wait_for()
    for summary in page.locator(".turn summary").all():
        summary.click()


def _typing(page: Any) -> None:
    page.locator("#question").press_sequentially("when is the cra")
    page.locator(".suggested li").first.wait_for()
    page.locator("#question").press("ArrowDown")


def _counting(page: Any) -> None:
    page.fill("#question", TOO_LONG)
    page.locator(".counter.over").wait_for()


def _refused(page: Any) -> None:
    page.fill("#question", TOO_LONG)
    page.locator(".send").click()
    page.locator("#ask-error p").wait_for()


def _waiting(page: Any) -> None:
    network = {"offline": False, "latency": 60_000, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
    page.fill("#question", OUTRIGHT)
    page.locator(".send").click()
    page.locator("#waiting").wait_for()


def _offline(page: Any) -> None:
    ask(page, OUTRIGHT)
    page.context.set_offline(True)
    page.fill("#question", "What does a visit cost?")
    page.locator(".send").click()
    page.locator("#offline.queued").wait_for()


def _scrolled_up(page: Any) -> None:
    asking(OUTRIGHT, HEDGED, UNANSWERED)(page)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.locator("#down").wait_for()


def _opening(selector: str, *questions: str) -> Callable[[Any], None]:
    def reach(page: Any) -> None:
        asking(*questions)(page)
        page.locator(selector).first.click()

    return reach


def _listed(page: Any) -> None:
    asking("hello", OUTRIGHT)(page)
    page.locator(".afresh button").click()
    page.locator(".welcome").wait_for()
    ask(page, UNANSWERED)
    page.goto("/conversations/")


def _deleting(page: Any) -> None:
    _listed(page)
    page.locator(".conversation .delete").first.click()
    page.locator(".confirm h1").wait_for()


def _printing(page: Any) -> None:
    asking(OUTRIGHT, UNANSWERED)(page)
    page.locator(".conversation-menu summary").click()
    page.locator(".conversation-menu a[href$='print']").click()
    page.locator("article").first.wait_for()


def _shared(page: Any) -> None:
    ask(page, OUTRIGHT)
    # Sent as without JavaScript, which leads to the page.
    page.locator(".share").evaluate("button => button.form.submit()")
    page.locator(".shared").wait_for()


def _unfold_all(page: Any) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


STATES = {
    "empty": State(CHAT),
    "typing": State(CHAT, _typing, scripted=True),
    "over-the-limit": State(CHAT, _counting, scripted=True),
    "waiting": State(CHAT, _waiting, scripted=True, noisy=True),
    "answered": State(CHAT, asking(OUTRIGHT)),
    "unfolded": State(CHAT, _unfolded),
    "hedged": State(CHAT, asking(HEDGED)),
    "abstained": State(CHAT, asking(UNANSWERED)),
    "small-talk": State(CHAT, asking("hello")),
    "refused": State(CHAT, _refused, noisy=True),
    "offline": State(CHAT, _offline, scripted=True, noisy=True),
    "scrolled-up": State(CHAT, _scrolled_up, scripted=True),
    "appearances": State(CHAT, _opening(".appearances summary")),
    "languages": State(CHAT, _opening(".languages summary")),
    "conversation-menu": State(CHAT, _opening(".conversation-menu summary", OUTRIGHT)),
    "one-article-new": State("/?document=harbour_crane"),
    "one-article": State("/?document=harbour_crane", asking(OUTRIGHT)),
    "conversations": State(CHAT, _listed),
    "deleting": State(CHAT, _deleting),
    "print": State(CHAT, _printing),
    "shared": State(CHAT, _shared),
    "documents": State("/documents/"),
    "found": State("/documents/?q=crane"),
    "not-found": State("/documents/?q=zeppelin"),
    "tagged": State("/documents/?tag=Harbour"),
    "article": State(f"{ARTICLE}#p1"),
    "article-unfolded": State(ARTICLE, _unfold_all),
    "no-such-page": State("/nowhere", noisy=True),
}
"""By name."""


def _lobby(page: Any) -> None:
    # Its keyboard is loaded after everything else.
    page.locator(".hg-button-space").wait_for(state="attached")


def _lobby_asking(page: Any) -> None:
    _lobby(page)
    ask(page, OUTRIGHT)


def _lobby_typing(page: Any) -> None:
    _lobby(page)
    page.locator("#question").tap()
    # Put in as its keys do, which are other ones in every language.
    page.locator("#question").evaluate("field => { field.value = 'when'; field.dispatchEvent(new Event('input')) }")
    page.locator(".suggested li").first.wait_for()


def _lobby_then(selector: str, shown: str) -> Callable[[Any], None]:
    def reach(page: Any) -> None:
        _lobby_asking(page)
        page.locator(selector).first.tap()
        page.locator(shown).wait_for()

    return reach


def _lobby_left(page: Any) -> None:
    _lobby_asking(page)
    page.evaluate("document.getElementById('countdown').textContent = '17'")
    page.evaluate("document.getElementById('still-there').showModal()")


KIOSK_STATES = {
    "attract": State("/kiosk", _lobby, scripted=True),
    "typing": State("/kiosk", _lobby_typing, scripted=True),
    "answered": State("/kiosk", _lobby_asking, scripted=True),
    "reading": State("/kiosk", _lobby_then(".open", ".inside article"), scripted=True),
    "take-along": State("/kiosk", _lobby_then(".take", ".inside .qr"), scripted=True),
    "still-there": State("/kiosk", _lobby_left, scripted=True),
}
"""Of the kiosk, touched with a finger."""


def _framed(page: Any) -> Any:
    page.locator("button.open").click()
    frame = page.frame_locator(".panel iframe")
    frame.locator("#question:focus").wait_for()
    return frame


def _framed_asking(question: str) -> Callable[[Any], None]:
    def reach(page: Any) -> None:
        frame = _framed(page)
        frame.locator("#question").fill(question)
        frame.locator("#question").press("Enter")
        frame.locator(".turn").wait_for()

    return reach


WIDGET = "/embed/demo"
WIDGET_STATES = {
    "closed": State(WIDGET, scripted=True),
    "open": State(WIDGET, lambda page: _framed(page) and None, scripted=True),
    "answered": State(WIDGET, _framed_asking(OUTRIGHT), scripted=True),
    "abstained": State(WIDGET, _framed_asking(UNANSWERED), scripted=True),
    "colour": State(f"{WIDGET}?color=%23ffcc00&position=left", _framed_asking(OUTRIGHT), scripted=True),
    "arabic": State(f"{WIDGET}?lang=ar", _framed_asking(OUTRIGHT), scripted=True),
    "about-one-tag": State(f"{WIDGET}?tag=Harbour", lambda page: _framed(page) and None, scripted=True),
}
"""Of the widget, on its example page."""

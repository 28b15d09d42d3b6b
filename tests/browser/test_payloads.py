"""Everything shown is text: payloads in documents, names, questions and settings run nowhere and become no element."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.serving import running

RUN = "window.ran=1"
PAYLOAD = (
    f"\"'></title></script></style></textarea><script data-planted>{RUN}</script>"
    f"<img data-planted src=x onerror={RUN}><svg data-planted onload={RUN}></svg>"
    f'<a data-planted href="javascript:{RUN}">x</a>'
    '<iframe data-planted srcdoc="<script>parent.ran=1</script>"></iframe>'
    '<b data-planted data-hx-get="/nowhere" data-hx-trigger="load" hx-nonce="">y</b>{{1337*1337}}${1337*1337}]]>-->'
)
SHORT = f"<img data-planted src=x onerror={RUN}>"
"""Where a file system or a reader lets nothing longer through."""
COMPUTED = str(1337 * 1337)
QUESTION = "When does the ferry leave?"

TEXT = f"""date 2026-05-02
tags: {PAYLOAD.replace(",", "")}, Ferry
source: https://www.example.org/{quote(PAYLOAD)}

{PAYLOAD} The ferry leaves from the quay.

The ferry {PAYLOAD} leaves the quay at noon, says {PAYLOAD}. It carries forty cars and no lorries.

FAQ:

Q: {QUESTION} {SHORT}
Q: {QUESTION}

A: The ferry leaves at noon {PAYLOAD} on weekdays.
"""
MARKDOWN = f"""---
title: 'Boats {SHORT}'
tags: ["{SHORT}"]
source: javascript:{RUN}
---

# Boats {SHORT}

{PAYLOAD}

The boat [is red](javascript:{RUN}) and [blue](data:text/html,x) and ![big](x" onerror="{RUN}).
It is **and <b data-planted>old</b>**.

## FAQ

### Which colour has the boat {SHORT}?

The boat is [red](JaVaScRiPt:{RUN}) and <u data-planted onclick="{RUN}">old</u>, says <script>{RUN}</script> the owner.
"""
ANSWER = f"The train from <a href='javascript:{RUN}' data-planted>town</a> is late. {SHORT}"
PAGE = f"""<!doctype html><html lang=en><head><title>Trains {SHORT.replace("<", "&lt;")}</title>
<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [{{
"@type": "Question", "name": "Which train is late?", "acceptedAnswer": {{"@type": "Answer",
"text": {json.dumps(ANSWER)}}}}}]}}</script></head>
<body><main><h1>Trains {SHORT}</h1><p data-planted onclick="{RUN}">The train to the coast is fast.
<a data-planted href="java&#9;script:{RUN}">Read</a>
<form data-planted action="https://evil.example/"><button>Go</button></form>
<math data-planted><mtext><img data-planted src=x onerror={RUN}></mtext></math>
<template data-planted><script>{RUN}</script></template></p></main></body></html>
"""
ENTRIES = [{"question": f"Which bus goes {SHORT}?", "answer": f"The bus number nine. {PAYLOAD}", "tags": [PAYLOAD]}]

WATCH = f"""
addEventListener("securitypolicyviolation", (event) => console.error("policy: " + event.violatedDirective));
addEventListener("htmx:security:strip", () => console.error("planted markup reached htmx"));
Object.defineProperty(window, "ran", {{ set() {{ console.error("ran: " + "{RUN}"); }} }});
"""
FOUND = """() => [
  ...document.querySelectorAll("[data-planted], iframe, object, embed, base:not([target]), meta[http-equiv]"),
  ...[...document.querySelectorAll("[href], [src], [action], [formaction]")].filter((element) =>
    ["href", "src", "action", "formaction"].some((name) => /^\\s*(javascript|data|vbscript):/i.test(
      (element.getAttribute(name) ?? "").replace(/[\\u0000-\\u0020]/g, "")))),
  ...[...document.querySelectorAll("*")].filter((element) =>
    [...element.attributes].some((attribute) => /^on/.test(attribute.name) || /^style$/.test(attribute.name))),
].map((element) => element.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose every text is hostile."""
    documents = tmp_path_factory.mktemp("planted")
    for name, text in (
        ("text.txt", TEXT),
        ("boats.md", MARKDOWN),
        ("trains.html", PAGE),
        (f"{SHORT}.json", json.dumps(ENTRIES)),
        (f"a {SHORT} b.txt", TEXT.replace("ferry", "plane")),
    ):
        (documents / name).write_text(text, encoding="utf-8")
    site = tmp_path_factory.mktemp("site")
    with running(site, documents, title=f"News {PAYLOAD}", development=True) as address:
        yield address


@dataclass
class Visitor:
    """A browser's page, and what went wrong on it."""

    page: Any
    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def look(self, path: str | None = None) -> None:
        """Open a page, or stay, and see that nothing of what was planted lives in it or in its frames."""
        if path is not None:
            self.page.goto(path)
        for frame in self.page.frames:
            found = frame.evaluate(FOUND)
            # The example page of the widget has a frame of ours within its shadow, which is looked through itself.
            self.wrong += [f"{self.page.url}: {element}" for element in found]
            if COMPUTED in frame.content():
                self.wrong.append(f"{self.page.url}: a template was evaluated")
        self.seen.append(self.page.url)

    def ask(self, question: str) -> None:
        """Ask, and look at what comes."""
        turns = self.page.locator(".turn")
        before = turns.count()
        self.page.fill("#question", question)
        self.page.locator(".send").click()
        turns.nth(before).wait_for()
        self.look()


@pytest.fixture
def visitor(chromium: Any, planted: str) -> Iterator[Callable[..., Visitor]]:
    """Opens pages in a context of their own; whatever runs, or is refused by the policy, fails the test."""
    visitors: list[Visitor] = []
    contexts: list[Any] = []

    def one(**options: Any) -> Visitor:
        context = chromium.new_context(base_url=planted, reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        made = Visitor(page)
        visitors.append(made)
        if options.get("java_script_enabled", True):
            page.add_init_script(WATCH)
        page.on("dialog", lambda dialog: (made.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: made.wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                # That a page is not there is what some of these are about.
                made.wrong.append(f"{page.url}: {said.text}")
                if said.type == "error" and "the server responded with a status of 4" not in said.text
                else None
            ),
        )
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((planted, "data:", "about:")) else made.wrong.append(asked.url),
        )
        return made

    yield one
    for context in contexts:
        context.close()
    assert [wrong for visitor in visitors for wrong in visitor.wrong] == []


def test_the_documents_are_read(planted: str, visitor: Callable[..., Visitor]) -> None:
    """What was planted is there, as text: the other tests look at something."""
    tab = visitor()
    tab.look("/documents/")
    assert tab.page.locator("main a[href^='/documents/']").count() >= 5
    assert "<script data-planted>" in tab.page.locator("main").inner_text()
    tab.look("/documents/text")
    assert tab.page.locator("main").inner_text().count("<svg data-planted") >= 3


def test_the_chat_shows_text(visitor: Callable[..., Visitor]) -> None:
    """Questions, answers, tags, names, suggestions, reasons, what else was meant, what is said of the conversation."""
    tab = visitor(viewport={"width": 1280, "height": 900})
    tab.look("/")
    for question in (
        QUESTION,
        PAYLOAD,
        f"ferry {SHORT}",
        "Which colour has the boat?",
        "Which train is late?",
        "bus nine",
        "hello",
    ):
        tab.ask(question)
    for summary in tab.page.locator("main summary").all():
        summary.click()
    tab.page.locator(".votes button").last.click()
    tab.page.locator(".reason").first.wait_for()
    tab.look()
    tab.page.locator("#question").press_sequentially("when does the fer")
    tab.page.locator(".suggested li").first.wait_for()
    tab.look()
    tab.page.fill("#question", PAYLOAD * 20)
    tab.page.locator(".send").click()
    tab.page.locator("#ask-error p").wait_for()
    tab.look()
    for path in ("/", "/conversations/", "/conversations/current", "/conversations/current/print"):
        tab.look(path)
    tab.look("/conversations/")
    tab.page.locator(".conversation .delete").first.click()
    tab.page.locator("#confirm h1").wait_for()
    tab.look()
    tab.look("/conversations/current/delete")


def test_a_shared_answer_is_text(visitor: Callable[..., Visitor]) -> None:
    """With its data for search engines."""
    tab = visitor()
    tab.look("/")
    tab.ask(f"{QUESTION} {PAYLOAD}")
    if not tab.page.locator(".share").count():
        tab.ask(QUESTION)
    tab.page.locator(".share").first.evaluate("button => button.form.submit()")
    tab.page.locator(".shared").wait_for()
    tab.look()


def test_the_chat_without_javascript_shows_text(visitor: Callable[..., Visitor]) -> None:
    """What the server itself makes of it; scripts are off, so that only elements can be found."""
    tab = visitor(java_script_enabled=False)
    tab.page.goto("/")
    for question in (PAYLOAD, QUESTION):
        tab.page.fill("#question", question)
        tab.page.locator(".send").click()
        tab.page.locator(".turn").last.wait_for()
        assert tab.page.locator("[data-planted]").count() == 0
    tab.page.goto(f"/documents/?q={quote(PAYLOAD)}")
    assert tab.page.locator("[data-planted]").count() == 0


def test_the_reading_room_shows_text(visitor: Callable[..., Visitor]) -> None:
    """Lists, searches, tags, and each article with its name, its questions and where it comes from."""
    tab = visitor()
    tab.look("/documents/")
    articles = tab.page.locator("main a[href^='/documents/']").evaluate_all("all => all.map((one) => one.href)")
    for address in dict.fromkeys(articles):
        tab.look(address)
        for summary in tab.page.locator("main summary").all():
            summary.click()
        tab.look()
    for query in (
        f"q={quote(PAYLOAD)}",
        f"q=ferry+{quote(SHORT)}",
        f"tag={quote(PAYLOAD)}",
        f"tag={quote(SHORT)}",
        "page=%3Cb%3E",
    ):
        tab.look(f"/documents/?{query}")
    for path in ("/?document=text", f"/?document={quote(PAYLOAD)}", f"/?tag={quote(SHORT)}", f"/?{quote(PAYLOAD)}=1"):
        tab.look(path)


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/sitemap.xml", "/api/v1/documents", "/api/v1/documents/text", "/robots.txt"]
)
def test_what_machines_read_is_no_page(visitor: Callable[..., Visitor], path: str) -> None:
    """Opened in a browser all the same, it runs nothing."""
    tab = visitor()
    tab.page.goto(path)
    assert tab.page.evaluate("document.querySelectorAll('[data-planted], script').length") == 0
    assert COMPUTED not in tab.page.content()
    # Chromium's own viewer of XML has a style sheet, which the policy refuses it.
    tab.wrong = [wrong for wrong in tab.wrong if "style-src" not in wrong]


@pytest.mark.parametrize(
    "path",
    [
        f"/{quote(PAYLOAD, safe='')}",
        f"/documents/{quote(PAYLOAD, safe='')}",
        f"/a/{quote(PAYLOAD, safe='')}",
        f"/conversations/{quote(PAYLOAD, safe='')}",
        f"/api/v1/{quote(PAYLOAD, safe='')}",
        f"/api/v1/suggest?q={quote(PAYLOAD)}",
        f"/static/{quote(PAYLOAD, safe='')}",
        "/chat",
    ],
)
def test_what_goes_wrong_is_told_in_text(visitor: Callable[..., Visitor], path: str) -> None:
    """Whatever address was asked for."""
    tab = visitor()
    tab.look(path)


def test_the_kiosk_shows_text(visitor: Callable[..., Visitor]) -> None:
    """Posters, answers, the article within the page, its keyboard."""
    tab = visitor(viewport={"width": 1080, "height": 1920}, has_touch=True)
    tab.look(f"/kiosk?name={quote(SHORT)}")
    tab.look("/kiosk")
    tab.page.locator(".hg-button-space").wait_for(state="attached")
    tab.look()
    for question in (QUESTION, PAYLOAD):
        tab.ask(question)
    tab.page.locator(".open").first.tap()
    tab.page.locator(".inside article").wait_for()
    tab.look()


def test_the_widget_shows_text(visitor: Callable[..., Visitor]) -> None:
    """Alone, whatever its address says, and in the frame of a page."""
    tab = visitor(viewport={"width": 1280, "height": 900})
    tab.look(f"/embed?color={quote(PAYLOAD)}&lang={quote(PAYLOAD)}&document={quote(PAYLOAD)}&tag={quote(SHORT)}")
    for question in (QUESTION, PAYLOAD):
        tab.ask(question)
    tab.look(f"/embed/demo?color={quote(PAYLOAD)}&position={quote(PAYLOAD)}&lang={quote(PAYLOAD)}&tag={quote(SHORT)}")
    tab.page.locator("button.open").click()
    framed = tab.page.frame_locator(".panel iframe")
    framed.locator("#question").fill(PAYLOAD)
    framed.locator("#question").press("Enter")
    # Those of before come again: the tab goes on.
    framed.locator(".turn").nth(2).wait_for()
    tab.look()


def test_planted_markup_is_found(visitor: Callable[..., Visitor]) -> None:
    """The eye sees what it should: elements, addresses and handlers."""
    tab = visitor()
    tab.page.goto("/documents/")
    for name, value in (("data-planted", ""), ("href", " java\tscript:x"), ("onclick", "x"), ("style", "top:0")):
        tab.page.evaluate(
            "([name, value]) => { const one = document.createElement('a'); one.id = 'put';"
            " if (name !== 'style' && name !== 'onclick') one.setAttribute(name, value);"
            " else if (name === 'style') one.style.top = '0';"
            " else one.setAttributeNS(null, 'on-click', value);"
            " document.body.append(one); }",
            [name, value],
        )
        assert len(tab.page.evaluate(FOUND)) == 1, name
        tab.page.evaluate("document.getElementById('put').remove()")

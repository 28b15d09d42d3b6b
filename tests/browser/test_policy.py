"""What a page's policy refuses markup that slipped in, on each page that uses htmx, and what it lets pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

PAGES = ["/", "/conversations/", "/kiosk", "/embed"]
PREFIXES = ["hx-", "data-hx-"]
NONCES = {"none": None, "empty": "", "guessed": "AAAAAAAAAAAAAAAAAAAAAA"}
PLANT = """([prefix, nonce]) => {
  const planted = document.createElement("button");
  planted.id = "planted";
  planted.setAttribute(prefix + "get", "/planted");
  planted.setAttribute(prefix + "trigger", "click");
  if (nonce !== null) planted.setAttribute(prefix + "nonce", nonce);
  document.body.append(planted);
  htmx.process(planted);
  planted.click();
  return [...planted.attributes].map((attribute) => attribute.name).filter((name) => name.includes("hx-get"));
}"""


@pytest.mark.parametrize("path", PAGES)
def test_markup_without_the_pages_nonce_cannot_use_htmx(open_tab: Callable[..., Any], path: str) -> None:
    """Under either name of its attributes, with no nonce or a wrong one, it is disarmed and asks for nothing."""
    page = open_tab("/", quiet=True).page
    page.fill("#question", "hello")
    page.press("#question", "Enter")
    page.locator(".turn").wait_for()
    page.goto(path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for prefix in PREFIXES:
        for nonce in NONCES.values():
            assert page.evaluate(PLANT, [prefix, nonce]) == [], (path, prefix, nonce)
            page.evaluate("document.getElementById('planted').remove()")
    page.wait_for_timeout(300)
    assert [url for url in asked if "planted" in url] == []
    # What carries the nonce does ask: the eye sees what it should.
    own = page.evaluate("document.querySelector('script[nonce]').nonce")
    assert page.evaluate(PLANT, ["data-hx-", own]) == ["data-hx-get"]
    page.wait_for_timeout(300)
    assert len([url for url in asked if "planted" in url]) == 1


@pytest.mark.parametrize("path", [*PAGES, "/documents/", "/documents/000_e9223e5004065d9e", "/nowhere"])
def test_text_becomes_neither_elements_nor_code(open_tab: Callable[..., Any], path: str) -> None:
    """By none of the ways that a script has; nor does a script in the page run, or one of another site load."""
    page = open_tab(path, quiet=True).page
    refused = page.evaluate(
        """() => [
          () => { document.createElement("div").innerHTML = "<b>x</b>"; },
          () => { document.body.insertAdjacentHTML("beforeend", "<b>x</b>"); },
          () => { document.write("<b>x</b>"); },
          () => { new DOMParser().parseFromString("<b>x</b>", "text/html"); },
          () => { document.createRange().createContextualFragment("<b>x</b>"); },
          () => { document.createElement("script").text = "window.ran = 1"; },
          () => { document.createElement("script").src = "https://evil.example/x.js"; },
          () => { document.createElement("iframe").srcdoc = "<b>x</b>"; },
          () => { trustedTypes.createPolicy("mine", { createHTML: (text) => text }); },
        ].map((attempt) => { try { attempt(); return String(attempt); } catch { return ""; } }).filter(Boolean)"""
    )
    # The kiosk's own policy takes text, and takes the markup out of it.
    assert refused == [] or path == "/kiosk", refused
    assert page.locator("body b:text-is('x')").count() == 0
    page.evaluate(
        """() => {
          const inline = document.createElement("script");
          inline.append("window.ran = 1");
          document.body.append(inline);
          try {
            const image = document.createElement("img");
            image.setAttribute("onerror", "window.ran = 1");
            image.src = "/nowhere.png";
            document.body.append(image);
          } catch { /* Refused as text already. */ }
          // Later: what the test itself evaluates is allowed to.
          setTimeout(() => { window.ran = eval("2"); });
          setTimeout(() => { window.ran = new Function("return 3")(); });
          try { setTimeout("window.ran = 4"); } catch { /* The same. */ }
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None


def test_no_other_site_is_asked(open_tab: Callable[..., Any]) -> None:
    """Neither for pictures nor data, nor as the target of a form."""
    page = open_tab("/", quiet=True).page
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    violated = page.evaluate(
        """async () => {
          const violated = [];
          addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
          const image = new Image();
          image.src = "http://127.0.0.2:1/x.png";
          await fetch("http://127.0.0.2:1/").catch(() => {});
          const form = document.createElement("form");
          form.action = "http://127.0.0.2:1/";
          document.body.append(form);
          form.submit();
          const base = document.createElement("base");
          base.href = "http://127.0.0.2:1/";
          document.head.append(base);
          await new Promise((done) => setTimeout(done, 300));
          return violated;
        }"""
    )
    assert {"img-src", "connect-src", "form-action", "base-uri"} <= set(violated)
    assert not [url for url in asked if "127.0.0.2" in url]

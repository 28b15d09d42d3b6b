"""The widget on somebody else's page: another origin, a strict policy, hostile styles, no cookies of third parties."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import ARGUMENTS, CHROMIUM, DOCUMENTS, PATIENCE_SECONDS, SEEDS, running, until

QUESTION = "What areas of cooperation were discussed during the meetings?"
HOSTILE = """
* { all: unset !important; display: none !important; visibility: hidden !important; opacity: 0 !important }
html, head, head * { display: none !important } html, body { display: block !important; transform: scale(.5); }
div, iframe, button { position: absolute !important; left: -9999px !important; width: 1px !important; }
"""


@dataclass
class Host:
    """A newspaper's site on an origin of its own; what its pages hold is set by each test."""

    origin: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, body: str, head: str = "", **headers: str) -> str:
        """Make a page and return its address."""
        html = (
            f"<!doctype html><html lang=en><head><title>Gazette</title>{head}</head>"
            f"<body><main><h1>News</h1>{body}</main></body></html>"
        )
        self.pages[path] = (html, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.origin + path


@contextmanager
def serving(name: str) -> Iterator[Host]:
    """Serve a host's pages on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = host.pages.get(urlsplit(self.path).path, ("", {}))
            self.send_response(200 if html else 204)
            for key, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(f"http://{name}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield host
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Its name is another site than 127.0.0.1."""
    with serving("localhost") as served:
        yield served


@pytest.fixture(scope="module")
def widget(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Newsstand that lets `host` show its widget."""
    with running(tmp_path_factory.mktemp("widget"), SEEDS, DOCUMENTS, embed_origins=host.origin) as address:
        yield address


@pytest.fixture(scope="module")
def strict_chromium(chromium: Any) -> Iterator[Any]:
    """A Chromium that blocks the cookies of third parties."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, "--test-third-party-cookie-phaseout"]
    )
    yield browser
    browser.close()


@pytest.fixture
def visit(strict_chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the host in a context of its own; complaints of the console fail the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(address: str, *, quiet: bool = False, **options: Any) -> Any:
        context = strict_chromium.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        contexts.append(context)
        page = context.new_page()
        if not quiet:
            page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(
            "addEventListener('message', (e) => (window.told ??= []).push([e.origin, JSON.stringify(e.data)]));"
            "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
        )
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def script(widget: str, **data: str) -> str:
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<script src="{widget}/static/embed.js"{attributes} defer></script>'


def opened(page: Any) -> Any:
    """Press the button and return the frame, ready."""
    page.locator("button.open").click()
    return ready(page)


def ready(page: Any) -> Any:
    frame = page.frame_locator(".panel iframe")
    frame.locator("#question:focus").wait_for()
    return frame


def ask(frame: Any, question: str = QUESTION) -> Any:
    before = frame.locator(".turn").count()
    frame.locator("#question").fill(question)
    frame.locator("#question").press("Enter")
    turn = frame.locator(".turn").nth(before)
    turn.wait_for()
    return turn


def told(page: Any) -> list[dict[str, Any]]:
    """What the host's page heard; all of it from the widget's own origin."""
    return [json.loads(data) for _, data in page.evaluate("window.told ?? []")]


def test_a_question_is_answered_without_cookies(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """With third parties' cookies blocked, on a page whose policy allows this one origin and nothing else."""
    strict = f"default-src 'none'; script-src {widget}; frame-src {widget}; require-trusted-types-for 'script'"
    page = visit(host.put("/strict", script(widget), Content_Security_Policy=strict))
    assert page.locator("iframe").count() == 0
    frame = opened(page)
    turn = ask(frame)
    assert "answered" in turn.get_attribute("class")
    assert "military and technical" in turn.locator("blockquote").inner_text()
    follow_up = ask(frame, "tell me more")
    assert "More from the same article" in follow_up.inner_text()
    # What the frame keeps is its own: for this host's pages only, sent with no question.
    (kept,) = page.context.cookies()
    assert (kept["partitionKey"], kept["path"]) == (host.origin.rpartition(":")[0], "/embed")


def test_hostile_styles_change_nothing(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Rules for everything, marked important, and a body that is moved and scaled, leave it where and as it was."""
    places = []
    for path, head in (("/plain", ""), ("/hostile", f"<style>{HOSTILE}</style>")):
        page = visit(host.put(path, script(widget), head), viewport={"width": 1000, "height": 800})
        frame = opened(page)
        panel = page.locator(".panel")
        style = panel.evaluate("e => [getComputedStyle(e).display, getComputedStyle(e).fontSize, e.checkVisibility()]")
        places.append([panel.bounding_box(), frame.locator("#question").bounding_box(), style])
    assert places[0] == places[1]
    assert places[0][0]["x"] + places[0][0]["width"] <= 1000 and places[0][0]["y"] >= 0


def test_keyboard_and_focus(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Enter opens, focus is in the field; Escape closes from inside and brings the focus back to what opened it."""
    page = visit(host.put("/focus", f'<p><a id="link" href="#ask">Ask us</a></p>{script(widget)}'))
    button = page.locator("button.open")
    button.focus()
    page.keyboard.press("Enter")
    frame = ready(page)
    assert page.locator("[role=dialog]").get_attribute("aria-label") == "Ask a question"
    frame.locator("#question").fill("what are")
    frame.locator("#suggested li").first.wait_for()
    page.keyboard.press("Escape")
    frame.locator("#suggested").wait_for(state="hidden")
    # That closed the suggestions, the next one closes the panel.
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="hidden")
    assert button.evaluate("e => e.getRootNode().activeElement === e")
    assert button.get_attribute("aria-expanded") == "false"
    page.locator("#link").click()
    ready(page)
    assert page.url.endswith("/focus")
    # Shift and Tab leave the frame for the button that closes it.
    frame.locator("#question").fill("")
    page.locator("header button").focus()
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "link"


def test_tab_goes_in_and_out(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Nobody is caught: from the close button into the frame, and back out of it."""
    page = visit(host.put("/tab", f'<p><a id="link" href="/tab">Home</a></p>{script(widget)}'))
    frame = opened(page)
    page.locator("header button").focus()
    page.keyboard.press("Tab")
    until(page, "document.documentElement.lastElementChild.shadowRoot.activeElement?.localName === 'iframe'")
    # The frame is another process: the focus comes out of it a while after the key.
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(200)
        if page.evaluate("document.activeElement.id") == "link":
            break
    assert page.evaluate("document.activeElement.id") == "link"
    assert frame.locator("#question").is_visible()


def test_a_link_from_elsewhere_opens_it(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """The page's address may say so itself."""
    page = visit(host.put("/linked", script(widget)) + "#ask")
    ready(page)


def test_events_for_the_host(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """What happened and where the answer stands; never what was asked."""
    page = visit(host.put("/events", script(widget)))
    frame = opened(page)
    ask(frame)
    ask(frame, "What is the capital of France?")
    page.locator("header button").click()
    until(page, "(window.told ?? []).some(([, data]) => data.includes('closed'))")
    heard = told(page)
    assert {origin for origin, _ in page.evaluate("window.told")} == {widget}
    assert [one["newsstand"] for one in heard] == ["ready", "opened", "asked", "asked", "closed"]
    assert heard[2]["outcome"] == "answered" and heard[2]["source"].startswith(f"{widget}/documents/")
    assert heard[3] == {"newsstand": "asked", "outcome": "abstained", "source": None}
    assert "France" not in json.dumps(heard) and "cooperation" not in json.dumps(heard)


def test_origins_are_checked_both_ways(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """What others say moves neither the page's part nor the frame's."""
    page = visit(host.put("/spoofed", script(widget)))
    frame = opened(page)
    # The host's own window is not the frame.
    page.evaluate("postMessage({ newsstand: 'leave' }, '*')")
    until(page, "window.told.some(([, data]) => data.includes('leave'))")
    assert page.locator(".panel").is_visible()
    # A frame of another site inside the host's page is not the host.
    with serving("127.0.0.1") as other:
        address = other.put("/", "<p>other</p>")
        page.evaluate(
            "address => new Promise((done) => { const one = document.createElement('iframe'); one.id = 'other';"
            " one.onload = done; one.src = address; document.body.append(one); })",
            address,
        )
        intruder = next(one for one in page.frames if one.url.startswith(other.origin))
        intruder.evaluate(
            "() => { for (let i = 0; i < parent.frames.length; i++)"
            " for (const said of ['hello', 'open', 'close']) parent.frames[i].postMessage({ newsstand: said }, '*') }"
        )
        ask(frame)
        until(page, "window.told.some(([, data]) => data.includes('asked'))")
        # It hears itself, and nothing of the widget.
        assert {origin for origin, _ in intruder.evaluate("window.told")} == {other.origin}
        assert [one["newsstand"] for one in told(page) if one["newsstand"] in ("opened", "closed")] == ["opened"]


def test_an_origin_that_is_not_listed_gets_nothing(visit: Callable[..., Any], widget: str) -> None:
    """The browser refuses the frame; the visitor is told and given a way."""
    with serving("localhost") as stranger:
        page = visit(stranger.put("/", script(widget, lang="de")), quiet=True)
        page.clock.install()
        page.reload()
        page.locator("button.open").click()
        page.wait_for_timeout(300)
        assert all("/embed" not in frame.url for frame in page.frames)
        page.clock.run_for(11_000)
        page.locator(".away").wait_for()
        assert "kann hier nicht gezeigt werden" in page.locator(".away").inner_text()
        assert page.locator(".away a").get_attribute("href") == f"{widget}/"


def test_the_conversation_goes_on_from_page_to_page(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Without storage, too; a new conversation leaves nothing of it."""
    page = visit(host.put("/one", script(widget)))
    ask(opened(page))
    page.goto(host.put("/two", script(widget)))
    frame = opened(page)
    frame.locator(".turn").wait_for()
    assert QUESTION in frame.locator(".turn").inner_text()
    assert "More from the same article" in ask(frame, "tell me more").inner_text()
    frame.locator(".afresh button").click()
    frame.locator(".welcome").wait_for()
    assert frame.locator(".turn").count() == 0
    page.goto(host.origin + "/one")
    frame = opened(page)
    page.wait_for_timeout(500)
    assert frame.locator(".turn").count() == 0
    assert page.context.cookies() == []


def test_everything_one_can_do_with_an_answer(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Judge it, choose another passage, ask on, follow the source to a page of its own."""
    page = visit(host.put("/doing", script(widget)))
    frame = opened(page)
    turn = ask(frame)
    turn.locator("[name=vote][value=up]").click()
    frame.get_by_text("Thank you.").wait_for()
    turn.locator(".others summary").click()
    turn.locator(".others button").first.click()
    frame.locator(".turn").nth(1).wait_for()
    assert "The passage you chose" in frame.locator(".turn").nth(1).inner_text()
    frame.locator(".turn").nth(1).locator(".suggestions button").first.click()
    frame.locator(".turn").nth(2).wait_for()
    with page.context.expect_page() as follow:
        frame.locator(".turn").nth(1).locator(".open").click()
    follow.value.wait_for_load_state()
    assert follow.value.url.startswith(f"{widget}/documents/")
    assert follow.value.evaluate("window.opener") is None


def test_one_tag_or_document(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """It says what it speaks about, suggests and answers of that alone."""
    page = visit(host.put("/document", script(widget, document="library_hours")))
    frame = opened(page)
    assert "About this article only" in frame.locator(".limit").inner_text()
    turn = ask(frame, QUESTION)
    assert "answered" not in turn.get_attribute("class").split()
    frame.locator("#question").fill("when does the mar")
    page.wait_for_timeout(500)
    assert frame.locator("#suggested li").count() == 0


def test_options_of_the_line(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Side, language, label, and a colour that its own text stays readable on."""
    page = visit(
        host.put("/options", script(widget, color="#ffcc00", position="left", lang="ar", label="اسألنا")),
        viewport={"width": 1000, "height": 800},
    )
    button = page.locator("button.open")
    assert button.inner_text() == "اسألنا" and button.bounding_box()["x"] < 100
    colors = button.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
    assert colors == ["rgb(255, 204, 0)", "rgb(0, 0, 0)"]
    frame = opened(page)
    assert frame.locator("html").get_attribute("dir") == "rtl"
    assert frame.locator("html").evaluate("e => getComputedStyle(e).getPropertyValue('--kiosk').trim()") == "#ffcc00"


def test_it_fills_a_phone(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """From edge to edge, with nothing wider than the screen."""
    page = visit(host.put("/phone", script(widget)), viewport={"width": 320, "height": 640}, has_touch=True)
    frame = opened(page)
    ask(frame)
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 640}
    assert frame.locator("html").evaluate("e => e.scrollWidth") <= 320


def test_it_leaves_no_name_behind(visit: Callable[..., Any], host: Host, widget: str) -> None:
    """Neither in the window nor in the host's own document, but for the one element that holds it."""
    bare = visit(host.put("/bare", "<p>nothing</p>"))
    with_it = visit(host.put("/with", f"<p>nothing</p>{script(widget)}"))
    names = "[...Object.getOwnPropertyNames(window)].filter((name) => name !== 'told').sort()"
    assert with_it.evaluate(names) == bare.evaluate(names)
    assert with_it.evaluate("document.documentElement.children.length") == 3
    assert with_it.evaluate("document.querySelectorAll('[id]').length") == 0


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(visit: Callable[..., Any], host: Host, widget: str, dark: bool) -> None:
    """The button alone, the panel, and the answer inside it."""
    axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe = axe_module.Axe()
    page = visit(host.put("/axe", f"<p>Words.</p>{script(widget)}"), color_scheme="dark" if dark else "light")
    assert axe.run(page).response["violations"] == []
    frame = opened(page)
    ask(frame)
    found = axe.run(page).response["violations"]
    assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found] == []


def test_the_example_page(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In development it shows the widget as it is chosen, without complaint."""
    with running(tmp_path_factory.mktemp("demo"), SEEDS, development=True) as address:
        page = chromium.new_page(base_url=address)
        complaints: list[str] = []
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.goto("/embed/demo")
        page.select_option("#lang", "es")
        page.get_by_role("button", name="Show it").click()
        page.wait_for_url("**lang=es**")
        assert 'data-lang="es"' in page.locator("pre").inner_text()
        frame = opened(page)
        assert "answered" in ask(frame).get_attribute("class")
        page.close()
    assert complaints == []

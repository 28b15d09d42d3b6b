"""What pages of other sites can have a visitor's browser do here: nothing, at no door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from webapp.web.assets import folder
from webapp.web.security import SAFE_METHODS

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
]
VALUES = {"name": "icon.svg", "number": "1"}
"""What stands for a part of an address, where it is not an id."""


def address(rule: Rule) -> str:
    """Return an address that a rule serves."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: VALUES.get(part[1], "0123456789abcdef"), rule.rule)


def doors(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and address of whatever may change something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE_METHODS):
            yield method, address(rule)


@pytest.fixture
def open_app(make_app: Callable[..., Flask]) -> Flask:
    """The site with everything that it can serve."""
    return make_app(development=True, embed_origins="https://www.example.org")


def test_every_door_is_closed_to_other_sites(open_app: Flask, store) -> None:  # type: ignore[no-untyped-def]
    """Those of the future, too: the list is the application's own."""
    found = list(doors(open_app))
    assert len(found) >= 14
    client = open_app.test_client()
    for method, path in found:
        for headers in FOREIGN:
            for body in ({"data": {"question": "hello"}}, {"json": {"question": "hello"}}):
                response = client.open(path, method=method, headers=headers, **body)
                assert response.status_code == 403, (method, path, headers)
                assert "another site" in response.text
                assert "Set-Cookie" not in response.headers
    assert store.all_turns == [] and store.thoughts == {} and store.shares == {}


def test_every_door_opens_to_this_site(open_app: Flask) -> None:
    """None answers 403 to a form of its own: what was tested is the origin."""
    client = open_app.test_client()
    for method, path in doors(open_app):
        response = client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"}, data={})
        assert response.status_code not in {403, 405}, (method, path)


class Forms(HTMLParser):
    """Gathers method and action of the forms of a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append((str(given.get("method", "get")).lower(), given.get("action") or ""))
        for name in ("data-hx-post", "data-hx-put", "data-hx-patch", "data-hx-delete", "formaction"):
            if given.get(name):
                self.found.append((name, str(given[name])))


def test_every_form_leads_to_such_a_door(open_app: Flask) -> None:
    """What a template sends goes to an address of this site that is asked for its origin, or only reads."""
    changing = {rule.endpoint for rule in open_app.url_map.iter_rules() if (rule.methods or set()) - SAFE_METHODS}
    forms = Forms()
    for template in sorted(folder("templates").rglob("*.html")):
        # Templates compare with single quotes within double ones; the parser minds neither.
        forms.feed(template.read_text("utf-8"))
    assert len(forms.found) >= 15
    for method, action in forms.found:
        if method == "get":
            continue
        for endpoint in re.findall(r"url_for\(\s*'([\w.]+)'", action):
            assert endpoint in changing, (method, action)
        assert "url_for" in action or re.fullmatch(r"\{\{ ?[\w.]+ ?\}\}", action), (method, action)


def test_looking_changes_nothing(open_app: Flask, store, faq: str) -> None:  # type: ignore[no-untyped-def]
    """Whatever a page of another site has loaded, as a picture or a link, keeps, deletes and chooses nothing."""
    client = open_app.test_client()
    client.post("/chat", data={"question": faq, "turn": "11112222333344445555666677778888"})
    (conversation,) = store.kept
    before = (dict(store.kept), dict(store.thoughts), dict(store.shares))
    cookie = client.get_cookie("newsstand")
    everything = {"question": "hello", "language": "de", "appearance": "dark", "vote": "up", "delete": "all"}
    for rule in open_app.url_map.iter_rules():
        path = address(rule).replace("0123456789abcdef", conversation)
        for method in ("GET", "HEAD", "OPTIONS"):
            client.open(path, method=method, query_string=everything)
    assert (store.kept, store.thoughts, store.shares) == before
    assert len(store.kept[conversation]) == 1
    after = client.get_cookie("newsstand")
    assert cookie is not None
    assert after is not None
    # The same ids, signed anew: they last from the last visit on.
    assert after.value.rpartition(".")[0].rpartition(".")[0] == cookie.value.rpartition(".")[0].rpartition(".")[0]
    assert client.get_cookie("newsstand_language") is None and client.get_cookie("newsstand_appearance") is None


def test_a_method_cannot_be_smuggled_in(client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """No header and no field turns a request into one of another method."""
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert client.get("/chat?question=hello&_method=POST", headers={name: "POST"}).status_code == 405
    assert store.all_turns == []


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/feedback"])
def test_programs_must_say_that_they_send_json(client: FlaskClient, path: str) -> None:
    """A form that any page may send without being asked about it first is none."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = client.post(path, data='{"question": "hello"}', content_type=kind)
        assert response.status_code == 415
    for answer in (client.options(path, headers={"Origin": "https://evil.example"}), client.get("/api/v1/documents")):
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]

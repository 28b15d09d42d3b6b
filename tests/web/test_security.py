"""What every response says, and which requests are refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.web.assets import folder
from webapp.web.security import HEADERS

SEED = "/documents/000_e9223e5004065d9e"
EVERYWHERE = [
    "/",
    "/documents/",
    SEED,
    "/healthz",
    "/readyz",
    "/a/0000000000000000",
    "/api/v1/documents",
    "/static/icon.svg",
    "/nowhere",
    "/api/x",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_headers_stand_on_every_response(client: FlaskClient, path: str) -> None:
    """The policy and its company are there, on errors as well."""
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy and "*" not in policy and "data:" not in policy
    rules = ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'")
    for rule in rules:
        assert rule in policy.split("; ")
    assert "Strict-Transport-Security" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_headers_stand_on_every_kind_of_response(make_app: Callable[..., Flask], answerer: Any) -> None:
    """Of every address, by every method: pages, files, redirects, nothing at all, refusals of each kind."""
    app = make_app(answerer, development=True, embed_origins="https://www.example.org", ratelimit_client="2000/minute")
    client = app.test_client()
    own = {"Sec-Fetch-Site": "same-origin"}
    kinds = set()
    paths = {re.sub(r"<[^>]*>", "1", rule.rule) for rule in app.url_map.iter_rules()} | {"/nowhere", "/static/x.css"}
    for path in sorted(paths):
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "NONSENSE"):
            for data in ({}, {"question": "x" * 70_000}) if method == "POST" else ({},):
                response = client.open(path, method=method, headers=own, data=data)
                kinds.add(response.status_code)
                policy = response.headers["Content-Security-Policy"].split("; ")
                assert {"default-src 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"} <= set(policy)
                assert not re.search(r"unsafe|\*|data:|http:", "; ".join(policy))
                framed = path == "/embed" and method in {"GET", "HEAD"}
                assert ("frame-ancestors 'none'" not in policy) == framed, (path, method)
                assert ("X-Frame-Options" not in response.headers) == framed
                for name in HEADERS:
                    assert name in response.headers or name == "X-Frame-Options", (path, method, name)
    few = make_app(answerer, ratelimit_client="1/minute").test_client()
    for _ in range(2):
        refused = few.post("/chat", data={"question": "hello"})
        assert {"HX-Request", "Cookie"} <= set(refused.vary)
    style = "/static/css/device.bundle.css"
    known = client.get(style, headers={"If-None-Match": client.get(style).headers["ETag"]})
    for response in (refused, known):
        kinds.add(response.status_code)
        assert "Content-Security-Policy" in response.headers and response.headers["X-Content-Type-Options"] == "nosniff"
    assert {200, 204, 303, 304, 308, 404, 405, 413, 415, 422, 429} <= kinds


def test_headers_stand_on_a_fault(client: FlaskClient) -> None:
    """A fault has the headers too, and no stack trace."""
    response = client.post("/chat", data={"question": "fail"})
    assert response.status_code == 500
    assert "Content-Security-Policy" in response.headers
    assert "secret detail" not in response.text and "Something went wrong on our side" in response.text


def test_a_nonce_is_made_for_each_response(client: FlaskClient) -> None:
    """Scripts and whatever uses htmx carry it, pages without either have none, and no two are alike."""
    page = client.get("/")
    [nonce] = set(re.findall(r'nonce="([^"]*)"', page.text))
    assert f"script-src 'self' 'nonce-{nonce}'" in page.headers["Content-Security-Policy"]
    assert "trusted-types htmx newsstand default" in page.headers["Content-Security-Policy"]
    assert nonce not in client.get("/").text and len(nonce) == 22
    assert "trusted-types 'none'" in client.get("/readyz").headers["Content-Security-Policy"]


def test_what_uses_htmx_carries_the_nonce() -> None:
    """In every template: hx-csp lets nothing else through."""
    users = 0
    for template in sorted(folder("templates").rglob("*.html")):
        for element in re.findall(r"<[^>]*\bdata-hx-[^>]*>", template.read_text("utf-8").replace("'>", "'")):
            assert 'data-hx-nonce="{{ nonce() }}"' in element, (template, element)
            users += 1
    assert users >= 8


def test_a_fragment_names_its_own_nonce(client: FlaskClient, htmx: dict[str, str]) -> None:
    """By it the page knows what this server wrote."""
    turn = client.post("/chat", data={"question": "hello"}, headers=htmx)
    for nonce in re.findall(r'nonce="([^"]*)"', turn.text):
        assert f"'nonce-{nonce}'" in turn.headers["Content-Security-Policy"]


def test_browsers_are_told_to_stay_with_tls(make_app: Callable[..., Flask], answerer: Any) -> None:
    """Where the operator says that TLS stands in front, or a proxy of theirs does."""
    said = make_app(answerer, cookie_secure=True).test_client().get("/nowhere").headers
    assert said["Strict-Transport-Security"] == "max-age=31536000"
    behind = make_app(answerer, proxies=1).test_client()
    assert "Strict-Transport-Security" in behind.get("/", headers={"X-Forwarded-Proto": "https"}).headers
    alone = make_app(answerer).test_client()
    assert "Strict-Transport-Security" not in alone.get("/", headers={"X-Forwarded-Proto": "https"}).headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {},
    ],
)
def test_own_pages_and_programs_can_post(client: FlaskClient, headers: dict[str, str]) -> None:
    """This site's own forms are served, and programs that are no browsers."""
    assert client.post("/chat", data={"question": "hello"}, headers=headers).status_code == 303


def test_other_sites_may_link_here(client: FlaskClient) -> None:
    """Reading is open to links from anywhere."""
    assert client.get(SEED, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_conversations_are_not_cached(client: FlaskClient) -> None:
    """The chat is neither stored nor mixed up by caches."""
    for response in (client.get("/"), client.post("/chat", data={"question": "hello"})):
        assert response.headers["Cache-Control"] == "no-store"
        assert {"HX-Request", "Cookie"} <= set(response.vary)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/chat"), ("POST", "/"), ("DELETE", SEED), ("PUT", "/healthz"), ("TRACE", "/")]
)
def test_wrong_methods_are_405(client: FlaskClient, method: str, path: str) -> None:
    """A method that an address does not know is refused with the ones it does."""
    response = client.open(path, method=method)
    assert response.status_code == 405 and response.headers["Allow"]


def test_large_form_is_413(client: FlaskClient) -> None:
    """A form over the limit is refused, with a page."""
    response = client.post("/chat", data={"question": "x" * 70_000})
    assert response.status_code == 413 and "too much at once" in response.text


def test_error_for_htmx_goes_into_its_place(client: FlaskClient, htmx: dict[str, str]) -> None:
    """An error never becomes a turn of the conversation."""
    response = client.post("/chat", data={"question": "fail"}, headers=htmx)
    assert response.status_code == 500
    assert response.headers["HX-Retarget"] == "#ask-error" and response.text.startswith("<p>")


def test_probes(client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """Alive is always said; ready only with documents and a database."""
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    told = {name: value for name, value in ready.json.items() if name != "details"}
    assert told == {"status": "ready", "documents": 1, "problems": 0, "database": "reachable", "wrong": []}
    store.broken = True
    gone = client.get("/readyz")
    assert gone.status_code == 503 and gone.json["database"] == "unreachable"
    assert client.get("/healthz").status_code == 200


def test_no_documents_is_not_ready(make_app: Callable[..., Flask], answerer) -> None:  # type: ignore[no-untyped-def]
    """Without documents the page is kind and the probe is not."""
    answerer.corpus = type(answerer.corpus)(())
    client = make_app(answerer).test_client()
    assert client.get("/readyz").status_code == 503
    assert "no documents on the stand yet" in client.get("/").text
    assert "no documents on the stand yet" in client.get("/documents/").text

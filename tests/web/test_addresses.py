"""What addresses, and the hosts in them, cannot be made to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import timed

SEED = "/documents/000_e9223e5004065d9e"
PAGES = ["/", "/documents/", SEED, "/feed.atom", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/kiosk", "/nowhere"]
EVIL = "evil.example"
UNKEYED = dict.fromkeys(
    ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-URL", "X-Rewrite-URL", "Forwarded"), EVIL
) | {"X-Forwarded-Prefix": "/evil.example", "X-Forwarded-Port": "666"}
"""What caches do not look at."""
MakeApp = Callable[..., Flask]


def shown(text: str) -> str:
    """Return a page without what is made anew for each."""
    return re.sub(r'nonce="[^"]*"|"[0-9a-f]{32}"|<updated>[^<]*', "", text)


@pytest.mark.parametrize("path", PAGES)
def test_a_foreign_host_stands_in_no_page(make_app: MakeApp, path: str) -> None:
    """Where the operator says the site's address, no request can have links lead elsewhere."""
    client = make_app(public_url="https://ask.example.org").test_client()
    response = client.get(path, headers={"Host": EVIL})
    assert EVIL not in response.text + str(response.headers)


@pytest.mark.parametrize("path", PAGES)
def test_what_caches_do_not_look_at_changes_nothing(make_app: MakeApp, path: str) -> None:
    """So that nobody can put a page of their making in front of others; behind proxies neither."""
    for settings in ({}, {"proxies": 1}):
        client = make_app(**settings).test_client()
        # Without a proxy that says it anew, a visitor may say it.
        scheme = {} if settings else {"X-Forwarded-Proto": EVIL}
        plain, tried = client.get(path), client.get(path, headers=UNKEYED | scheme)
        assert tried.status_code == plain.status_code
        assert shown(tried.text) == shown(plain.text) and EVIL not in tried.text
        assert tried.vary == plain.vary


@pytest.mark.parametrize("host", ["bad host", "a/b", "a@b", 'a"b', "a:99999999", "[::1", "a\\b", "<script>"])
def test_a_host_that_is_none_stands_nowhere(client: FlaskClient, host: str) -> None:
    """In no link of a page or feed, and no page fails."""
    for path in PAGES:
        response = client.get(path, headers={"Host": host})
        assert response.status_code in {200, 400, 404}
        assert f"//{host}" not in response.text and "<script>" not in response.text.replace("<script >", "")


def test_what_differs_by_visitor_says_so_to_caches(
    client: FlaskClient, faq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be kept sets nobody's cookie, however old theirs is; pages with something of a visitor are not kept."""
    now = timed.TimestampSigner.get_timestamp
    with monkeypatch.context() as days_ago:
        days_ago.setattr(timed.TimestampSigner, "get_timestamp", lambda signer: now(signer) - 2 * 24 * 3600)
        client.post("/chat", data={"question": faq})
    for path in ("/documents/", SEED, "/feed.atom", "/static/icon.svg", "/static/embed.js"):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers
        assert faq not in response.text or path == SEED
    assert "Set-Cookie" in client.get("/").headers
    private = ["/", "/conversations/", "/conversations/current", "/conversations/current/json"]
    private += ["/conversations/current/print", "/conversations/current/delete"]
    for path in private:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.headers["Cache-Control"] == "no-store" and "Cookie" in response.vary, path


def test_a_file_that_is_not_there_is_no_page_of_a_visitor(client: FlaskClient, faq: str) -> None:
    """A page under the name of a style sheet would be kept by caches that go by the name."""
    client.post("/chat", data={"question": faq})
    for path in ("/conversations/current/x.css", "/x.css", "/conversations/x.js", "/;x.css", "/%2fx.css"):
        response = client.get(path)
        assert response.status_code in {404, 405} and faq not in response.text
        assert response.headers["Cache-Control"] == "no-store"


ELSEWHERE = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}/",
    f"/\t/{EVIL}/",
    f"/\n/{EVIL}",
    f"%2f%2f{EVIL}",
    f" //{EVIL}",
    f"http:{EVIL}",
    "javascript:alert(1)",
    "data:text/html,x",
    f"@{EVIL}",
    f".{EVIL}",
]


@pytest.mark.parametrize("back", ELSEWHERE)
def test_nobody_is_led_to_another_site(client: FlaskClient, faq: str, back: str) -> None:
    """By no field of a form, no address and no header; every redirect begins with one slash."""
    headers = {"Referer": back.replace("\n", "")}
    fields = {"back": back, "next": back, "url": back, "return": back, "Referer": back}
    answers = [
        client.post("/language", data={"language": "de", **fields}, headers=headers),
        client.post("/appearance", data={"appearance": "dark", **fields}, headers=headers),
        client.post("/chat", data={"question": faq, "turn": "11112222333344445555666677778888", **fields}),
        client.post("/conversation/new", data=fields, headers=headers),
        client.post("/a/", data={"turn": "11112222333344445555666677778888", **fields}, headers=headers),
        client.post("/conversations/delete", data=fields, headers=headers),
        client.get("/documents", query_string=fields, headers=headers),
        client.get(f"/documents?{quote(back)}"),
    ]
    places = [answer.headers["Location"] for answer in answers if "Location" in answer.headers]
    assert len(places) >= 6
    for place in places:
        assert re.match(r"/(?![/\\])", place), place
        assert EVIL not in place.partition("?")[0]


@pytest.mark.parametrize("path", [f"//{EVIL}", f"//{EVIL}/", f"///{EVIL}/documents", f"/{EVIL}//", "//documents"])
def test_doubled_slashes_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    """An address that begins like one of another site is none of ours, or stays here."""
    response = client.get("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path})
    place = response.headers.get("Location", "/")
    assert response.status_code in {404, 308}
    assert re.match(r"/(?![/\\])|http://localhost/(?![/\\])", place), place


UPWARDS = [
    "../pyproject.toml",
    "..%2fpyproject.toml",
    "%2e%2e%2fpyproject.toml",
    "..%252fpyproject.toml",
    "..%5cpyproject.toml",
    "....//pyproject.toml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "..%c0%afpyproject.toml",
    "000_e9223e5004065d9e%00.txt",
    "000_e9223e5004065d9e.txt",
    ".",
    "..",
    "var%2fsecret_key",
]


@pytest.mark.parametrize("named", UPWARDS)
def test_no_id_leads_to_a_file(client: FlaskClient, named: str) -> None:
    """Ids are looked up among those that were read; none becomes a path."""
    for place in ("/documents/", "/api/v1/documents/", "/kiosk/documents/", "/static/", "/static/css/", "/a/"):
        response = client.get(place + named, follow_redirects=True)
        assert "[build-system]" not in response.text and "root:" not in response.text
        # Two dots and one are taken out of addresses by whoever sends them: what remains is another page.
        assert response.status_code == 404 or named in {".", ".."}, (place, named)
    for place in ("text", "markdown", "json", "print", "delete"):
        assert client.get(f"/conversations/{named}/{place}").status_code in {404, 308}

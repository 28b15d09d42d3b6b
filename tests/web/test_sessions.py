"""Whose a conversation is: what the signed cookie says, and nothing that somebody else can say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

CHOSEN = "0123456789abcdef0123456789abcdef"
"""An id that an attacker knows."""
MakeApp = Callable[..., Flask]


def planted(app: Flask, values: dict[str, str]) -> str:
    """Return a cookie as `app` would sign it."""
    signing = app.session_interface
    assert isinstance(signing, SecureCookieSessionInterface)
    serializer = signing.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(values))


@pytest.mark.parametrize(
    "sent",
    [
        {"visitor": CHOSEN},
        {"conversation": CHOSEN, "visitor": CHOSEN},
        {"ticket": CHOSEN, "surface": "site"},
        {"newsstand": CHOSEN},
    ],
)
def test_nobody_chooses_a_visitors_ids(client: FlaskClient, store, sent: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Not by a link, not by a form, not by a header: they are made here, by chance."""
    client.get("/", query_string=sent)
    client.get("/conversations/", query_string=sent)
    client.post("/chat", data={"question": "hello", **sent}, headers={"X-Visitor": CHOSEN})
    with client.session_transaction() as session:
        assert CHOSEN not in session.values()
    assert CHOSEN not in store.kept and all(visitor != CHOSEN for visitor, _ in store.begun.values())


def test_a_cookie_of_another_key_is_nobodys(make_app: MakeApp, store) -> None:  # type: ignore[no-untyped-def]
    """Nor is one that was signed otherwise, changed, or is no cookie at all."""
    app = make_app()
    foreign = make_app(secret_key="another key of another server")
    values = {"visitor": CHOSEN, "conversation": CHOSEN}
    good = planted(app, values)
    body, stamp, signature = good.rsplit(".", 2)
    cookies = [
        planted(foreign, values),
        f"{body}.{stamp}.{signature[:-2]}AA",
        f"{body}.{stamp}.",
        body,
        f"{body[:-4]}AAAA.{stamp}.{signature}",
        str(URLSafeTimedSerializer("only for tests", salt="another").dumps(values)),
        # As Flask would by itself, with a weaker hash.
        str(SecureCookieSessionInterface().get_signing_serializer(app).dumps(values)),  # type: ignore[union-attr]
        "x" * 3900,
        "",
    ]
    for cookie in cookies:
        client = app.test_client()
        client.set_cookie("newsstand", cookie)
        assert client.post("/chat", data={"question": "hello"}).status_code == 303
        with client.session_transaction() as session:
            assert CHOSEN not in session.values()
    assert CHOSEN not in store.kept


def test_a_cookie_ends_with_its_days(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is kept by whoever has it."""
    app = make_app(conversation_days=1)
    with monkeypatch.context() as past:
        past.setattr("itsdangerous.timed.time.time", lambda: 1_700_000_000.0)
        old = planted(app, {"visitor": CHOSEN, "conversation": CHOSEN})
    client = app.test_client()
    client.set_cookie("newsstand", old)
    client.post("/chat", data={"question": "hello"})
    with client.session_transaction() as session:
        assert CHOSEN not in session.values()


def test_ids_are_random(app: Flask) -> None:
    """As many visitors as there are, none like another, and the pages of none name an id of another."""
    seen = set()
    for _ in range(20):
        client = app.test_client()
        client.post("/chat", data={"question": "hello"})
        with client.session_transaction() as session:
            seen.add(session["visitor"])
    assert len(seen) == 20


def test_a_cookie_is_for_this_host_alone(make_app: MakeApp) -> None:
    """Behind TLS its name has browsers see to it; every cookie of the site, and each by itself."""
    client = make_app(cookie_secure=True).test_client()
    tls = {"base_url": "https://localhost"}
    for path, data in (
        ("/chat", {"question": "hello"}),
        ("/language", {"language": "de"}),
        ("/appearance", {"appearance": "dark"}),
    ):
        for cookie in client.post(path, data=data, **tls).headers.getlist("Set-Cookie"):
            assert re.match(r"__Host-newsstand(_language|_appearance)?=", cookie), cookie
            assert {"; Secure", "; Path=/", "; HttpOnly", "; SameSite=Lax"} <= set(re.findall(r"; [^;]+", cookie))
            assert "Domain" not in cookie and len(cookie.partition(";")[0]) <= 4096
    page = client.get("/", **tls).text
    assert '<html lang="de"' in page and 'data-look="dark"' in page


def test_a_cookie_planted_by_a_neighbour_is_not_read(make_app: MakeApp, store) -> None:  # type: ignore[no-untyped-def]
    """One signed here, of an attacker's own visit, set for the whole domain under the plain name."""
    app = make_app(cookie_secure=True)
    client = app.test_client()
    client.set_cookie("newsstand", planted(app, {"visitor": CHOSEN, "conversation": CHOSEN}))
    client.post("/chat", data={"question": "my secret"}, base_url="https://localhost")
    assert len(store.all_turns) == 1
    assert CHOSEN not in store.kept


def test_what_was_deleted_cannot_be_opened_with_an_old_cookie(app: Flask) -> None:
    """A copy of the cookie from before opens nothing."""
    client, thief = app.test_client(), app.test_client()
    client.post("/chat", data={"question": "my secret"})
    cookie = client.get_cookie("newsstand")
    assert cookie is not None
    client.post("/conversations/delete")
    thief.set_cookie("newsstand", cookie.value)
    assert "my secret" not in thief.get("/").text + thief.get("/conversations/").text
    assert thief.get("/conversations/current/text").status_code == 404

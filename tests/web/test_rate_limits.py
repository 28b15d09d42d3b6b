"""How many requests are answered: of one address, and of all together."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.settings import Settings, SettingsError
from webapp.web.rate_limits import STORAGE_SECONDS, RateLimits

AWAY = "203.0.113.7"
MakeApp = Callable[..., Flask]


def ask(client: FlaskClient, address: str, **headers: str) -> Any:
    """Ask a question from an address."""
    return client.post(
        "/api/v1/ask", json={"question": "hello"}, environ_base={"REMOTE_ADDR": address}, headers=headers
    )


def test_one_address_is_limited(make_app: MakeApp) -> None:
    """What is over the limit is refused with when to come again; others are answered."""
    client = make_app(ratelimit_client="3/minute").test_client()
    assert [ask(client, AWAY).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = ask(client, AWAY)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["error"]["code"] == "rate-limited" and "Wait a moment" in refused.json["error"]["message"]
    assert refused.headers["Content-Security-Policy"]
    assert ask(client, "203.0.113.8").status_code == 200


def test_refusals_are_pages_and_fragments_too(make_app: MakeApp, htmx: dict[str, str]) -> None:
    """The chat says it under the question field, without JavaScript on a page."""
    client = make_app(ratelimit_client="1/minute").test_client()
    client.post("/chat", data={"question": "hello"})
    fragment = client.post("/chat", data={"question": "hello"}, headers=htmx)
    assert (
        fragment.status_code == 429
        and fragment.headers["HX-Retarget"] == "#ask-error"
        and "Retry-After" in fragment.headers
    )
    page = client.post("/chat", data={"question": "hello"})
    assert page.status_code == 429 and page.text.startswith("<!doctype html>") and "Retry-After" in page.headers


def test_pages_are_limited_at_five_times_as_much(make_app: MakeApp) -> None:
    """Reading counts apart from asking; files and probes are free."""
    client = make_app(ratelimit_client="2/minute").test_client()
    assert [client.get("/documents/").status_code for _ in range(11)] == [200] * 10 + [429]
    for free in ("/healthz", "/readyz", "/metrics", "/static/icon.svg"):
        assert client.get(free).status_code == 200
    assert client.post("/chat", data={"question": "hello"}).status_code == 303


def test_this_machine_is_limited_only_where_it_is_said(make_app: MakeApp) -> None:
    """From here comes the operator, or a proxy that nobody told of, with everybody behind it."""
    usual = make_app().test_client()
    assert {ask(usual, "127.0.0.1").status_code for _ in range(150)} == {200}
    assert [ask(usual, AWAY).status_code for _ in range(121)].count(429) == 1
    chosen = make_app(ratelimit_client="2/minute").test_client()
    assert [ask(chosen, "127.0.0.1").status_code for _ in range(3)] == [200, 200, 429]
    unlimited = make_app(ratelimit_client="off").test_client()
    assert {ask(unlimited, AWAY).status_code for _ in range(150)} == {200}


def test_all_together_are_limited(make_app: MakeApp) -> None:
    """Whoever they are."""
    client = make_app(ratelimit_global="4/minute", ratelimit_client="off").test_client()
    assert [ask(client, f"203.0.113.{n}").status_code for n in range(6)] == [200] * 4 + [429] * 2


def test_what_visitors_say_of_their_address_does_nothing(make_app: MakeApp) -> None:
    """Without a proxy that the operator told of, and before the entries of those that were."""
    alone = make_app(ratelimit_client="2/minute").test_client()
    spoofed = [ask(alone, AWAY, **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(4)]
    assert spoofed == [200, 200, 429, 429]
    behind = make_app(ratelimit_client="2/minute", proxies=1).test_client()
    claims = [f"198.51.100.{n}, {AWAY}" for n in range(4)]
    assert [ask(behind, "127.0.0.1", **{"X-Forwarded-For": one}).status_code for one in claims] == [200, 200, 429, 429]
    others = [ask(behind, "127.0.0.1", **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(4)]
    assert others == [200] * 4


def test_nobody_can_claim_to_be_this_machine(make_app: MakeApp) -> None:
    """Past an outer proxy there are fewer entries than were stated, past all of them whatever one likes."""
    for proxies, claim in ((2, AWAY), (1, "127.0.0.1"), (1, "::1"), (2, "127.0.0.1, 127.0.0.1")):
        client = make_app(proxies=proxies).test_client()
        answers = [ask(client, "127.0.0.1", **{"X-Forwarded-For": claim}).status_code for _ in range(121)]
        assert answers.count(429) == 1, (proxies, claim)
    # A probe of the operator's that no proxy passed on.
    own = make_app(proxies=1).test_client()
    assert {ask(own, "127.0.0.1").status_code for _ in range(121)} == {200}


def test_a_subscriber_has_many_addresses_of_ipv6(make_app: MakeApp) -> None:
    """They count as one; an IPv4 address in IPv6 clothes as itself."""
    client = make_app(ratelimit_client="2/minute").test_client()
    assert [ask(client, f"2001:db8::{n}").status_code for n in range(1, 4)] == [200, 200, 429]
    assert ask(client, "2001:db8:0:1::1").status_code == 200
    assert [ask(client, f"::ffff:{AWAY}").status_code for _ in range(2)] == [200, 200]
    assert ask(client, AWAY).status_code == 429


def test_a_storage_that_is_away_costs_nobody_their_answer(make_app: MakeApp, caplog: pytest.LogCaptureFixture) -> None:
    """Each process counts for itself then, and says so once."""
    pytest.importorskip("redis", reason="redis is not installed")
    client = make_app(ratelimit_client="2/minute", ratelimit_storage_url="redis://127.0.0.1:9/0").test_client()
    assert [ask(client, AWAY).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert len([one for one in caplog.records if "storage is away" in one.message]) == 1


def test_nobody_waits_for_a_storage_that_hangs(make_app: MakeApp) -> None:
    """One that takes connections and says nothing holds up the first visitor a moment, and nobody after."""
    pytest.importorskip("redis", reason="redis is not installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        client = make_app(ratelimit_client="50/minute", ratelimit_storage_url=url).test_client()
        began = time.monotonic()
        assert {ask(client, AWAY).status_code for _ in range(20)} == {200}
        # Each of the twenty would have waited as long.
        assert time.monotonic() - began < 20 * STORAGE_SECONDS


def test_no_address_is_kept() -> None:
    """What is counted is a digest."""
    limits = RateLimits(Settings(ratelimit_client="5/minute"), "key")
    limits.wait_seconds(AWAY, asks=True)
    assert AWAY not in str(vars(limits._shared.storage))
    assert RateLimits(Settings(), "another")._digest(AWAY) != limits._digest(AWAY) == limits._digest(AWAY)


@pytest.mark.parametrize("said", ["lots", "5", "0/minute", "-1/minute", "5/fortnight"])
def test_limits_that_cannot_be_read_are_told(said: str) -> None:
    """At the start, with an example."""
    with pytest.raises(SettingsError, match="RATELIMIT_CLIENT: write a number and a time"):
        Settings.from_environment({"NEWSSTAND_RATELIMIT_CLIENT": said})
    with pytest.raises(SettingsError, match="RATELIMIT_STORAGE_URL"):
        Settings.from_environment({"NEWSSTAND_RATELIMIT_STORAGE_URL": f"memcached://{said}"})

"""Visitors are known when the clock is set back, and forgotten when their time is over."""

from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

DAY = 86_400


@pytest.mark.parametrize(
    ("signed_days_from_now", "known"), [(0, True), (2, True), (400, True), (-29, True), (-31, False)]
)
def test_a_cookie_of_the_future_is_known(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, signed_days_from_now: int, known: bool
) -> None:
    """Its visitor's conversation is shown; one that is older than conversations are kept is not."""
    app = make_app(conversation_days=30)
    now = TimestampSigner.get_timestamp
    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + signed_days_from_now * DAY)
        cookie = app.test_client().post("/chat", data={"question": "hello"}).headers["Set-Cookie"].partition(";")[0]
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    page = client.get("/").text
    assert ('class="turn ' in page) is known

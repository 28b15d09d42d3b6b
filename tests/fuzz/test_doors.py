"""Whatever is sent to whatever door: a response with every header, one shape of error, never a fault of the server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.doors import HEADERS, KINDS, METHODS, Knock, doors, filled, judge, send

many = settings(
    max_examples=150,
    # Far above what anything takes here: only what hangs fails.
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NASTY = (
    b"",
    b"%00",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"../../etc/passwd",
    b"..%2f..%2fetc",
    b"a" * 5000,
    "\u202egnp.exe".encode(),
    "\u200b\u200d\ufeff".encode(),
    ("e" + "\u0301" * 10_000).encode(),
    ("\ufdfa" * 300).encode(),
    b"\r\nSet-Cookie: a=b",
    b"<script>alert(1)</script>",
    b"{{7*7}}",
    b"%",
    b"1e999",
    b"9" * 5000,
    b"-1",
)
"""Parts of addresses, fields and headers that have broken servers."""
FIELDS = (
    "question turn conversation document tag surface ticket q offset limit page vote reason name color lang language "
    "appearance back share choice after before v"
).split()

nasty = st.one_of(
    st.sampled_from(NASTY), st.binary(max_size=60), st.text(max_size=40).map(lambda t: t.encode("utf-8", "replace"))
)
pairs = st.lists(st.tuples(st.sampled_from(FIELDS).map(str.encode), nasty), max_size=5).map(
    lambda pairs: b"&".join(name + b"=" + value for name, value in pairs)
)
bodies = st.one_of(st.just(b""), nasty, pairs)
headers = st.lists(st.tuples(st.sampled_from(HEADERS), nasty), max_size=3)


def test_every_door_with_every_method(served: Flask) -> None:
    """Those it knows and those it does not."""
    for door in doors(served):
        for method in METHODS:
            knock = Knock(method, filled(door, b"anything"))
            judge(knock, send(served, knock))


@pytest.mark.parametrize("nasty", NASTY, ids=lambda part: repr(part[:12]))
def test_every_door_with_nasty_parts(served: Flask, nasty: bytes) -> None:
    """In its address, its query, a form, JSON and a cookie."""
    query = b"&".join(name.encode() + b"=" + nasty for name in FIELDS)
    for door in doors(served):
        for knock in (
            Knock("GET", filled(door, nasty), query, headers=[("Cookie", b"newsstand=" + nasty)]),
            Knock("POST", filled(door, nasty), kind="application/x-www-form-urlencoded", body=query),
            Knock("POST", filled(door, nasty), kind="application/json", body=b'{"question": "' + nasty + b'"}'),
            Knock("GET", filled(door, b"x"), headers=[(name, nasty) for name in HEADERS]),
        ):
            judge(knock, send(served, knock))


@given(data=st.data())
@many
def test_anything_to_any_door(served: Flask, data: st.DataObject) -> None:
    """Whatever hypothesis thinks of."""
    knock = Knock(
        method=data.draw(st.sampled_from(METHODS)),
        path=filled(data.draw(st.sampled_from(doors(served))), data.draw(nasty)),
        query=data.draw(pairs | nasty),
        kind=data.draw(st.sampled_from(KINDS)),
        headers=data.draw(headers),
        body=data.draw(bodies),
        told_bytes=data.draw(st.none() | st.integers(0, 100)),
        chunked=data.draw(st.booleans()),
    )
    judge(knock, send(served, knock))


@given(path=st.binary(max_size=60).map(lambda path: b"/" + path), method=st.sampled_from(METHODS))
@many
def test_addresses_where_nothing_stands(served: Flask, path: bytes, method: str) -> None:
    """Nor is any address a fault of the server."""
    for prefix in (b"", b"/api", b"/static", b"/conversations", b"/embed"):
        knock = Knock(method, prefix + path)
        judge(knock, send(served, knock))

"""Requests are read as Werkzeug reads them, with less ado."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from webapp.web.incoming import FORM, Incoming

PIECES = st.sampled_from(
    [b"question", b"turn", b"=", b"&", b"+", b"%", b"%C3%BC", b"%FF", b"\xc3\xbc", b"\xff", b";", b"\0"]
)


def both(body: bytes, **headers: str) -> tuple[Incoming, Request]:
    """Return the same request twice."""
    made = [EnvironBuilder(method="POST", data=body, content_type=FORM, headers=headers).get_environ() for _ in "ab"]
    return Incoming(made[0]), Request(made[1])


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_forms(body: bytes) -> None:
    """Whatever a browser, or somebody else, sends."""
    ours, theirs = both(body)
    assert ours.form == theirs.form
    assert ours.files == theirs.files


def test_forms_with_files() -> None:
    """Which Werkzeug reads itself."""
    builder = EnvironBuilder(method="POST", data={"question": "Where?", "file": (BytesIO(b"x"), "file.txt")})
    with Incoming(builder.get_environ()) as read:
        assert read.form["question"] == "Where?" and "file" in read.files


def test_fields() -> None:
    """The first of several, what stands for none, and other types."""
    form = both(b"turn=1&turn=2&question=")[0].form
    assert form.get("turn") == "1" and form.getlist("turn") == ["1", "2"] and form.get("turn", type=int) == 1
    assert form.get("question", "none") == "" and form.get("conversation", "none") == "none"
    assert form.get("conversation") is None and form.get("question", 7, int) == 7


@pytest.mark.parametrize("cookie", ["", "a=1", "a=1; b=2; a=3", "nonsense", 'a="quoted; too"'])
def test_cookies(cookie: str) -> None:
    """With a header, and with none."""
    ours, theirs = both(b"", **({"Cookie": cookie} if cookie else {}))
    assert ours.cookies == theirs.cookies


@pytest.mark.parametrize("said", ["3", "0", "5", "", "-1", "three", "\u0663", "999999999", "9" * 5000])
def test_bodies(said: str) -> None:
    """As long as they say, no longer; one that ends too early, or says to be longer than may be, is an error alike."""

    def read(kind: type[Request]) -> object:
        environ = EnvironBuilder(method="POST", data=b"abcd", content_type="text/plain").get_environ()
        environ["CONTENT_LENGTH"] = said
        request = kind(environ)
        request.max_content_length = 1000
        try:
            return request.get_data()
        except HTTPException as error:
            return type(error)

    assert read(Incoming) == read(Request)


def test_an_address_with_ends_of_lines(client: FlaskClient) -> None:
    """Nothing of it becomes a header."""
    response = client.get("/conversations//delete", query_string="\r\nSet-Cookie: a=b")
    assert response.status_code in {308, 404}
    assert "Set-Cookie" not in response.headers

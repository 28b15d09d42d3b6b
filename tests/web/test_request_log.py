"""Every request has a name; what was asked and read stays out of its line."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from webapp.logs import request_id
from webapp.settings import Settings
from webapp.web import outgoing, request_log
from webapp.web.request_log import HEADER

QUESTION = "Where did my zebra go?"


def test_every_response_has_a_name_of_its_own(client: FlaskClient) -> None:
    """Pages, errors and probes; afterwards nothing has it."""
    names = [client.get(path).headers[HEADER] for path in ("/", "/nothing", "/healthz", "/api/v1/nothing", "/readyz")]
    assert len(set(names)) == len(names)
    assert request_id.get() == ""


def test_a_name_from_outside_is_taken_from_a_proxy_only() -> None:
    """And from it only where it is well formed."""
    named = {}
    for behind_proxy in (False, True):
        app = Flask(__name__)
        request_log.register(app, behind_proxy=behind_proxy)
        outgoing.register(app, Settings())
        for given in ("given-by-somebody", "short", "x" * 65, "with space", 'quo"te-12345'):
            named[behind_proxy, given] = app.test_client().get("/", headers={HEADER: given}).headers[HEADER]
    assert named.pop((True, "given-by-somebody")) == "given-by-somebody"
    assert all(name != given for (_, given), name in named.items())


def test_the_error_page_shows_the_name(client: FlaskClient) -> None:
    """As page, as fragment, as JSON; what visitors mend themselves is nothing to report."""
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post("/chat", data={"question": "fail"}, headers=headers)
        assert response.status_code == 500
        assert response.headers[HEADER] in response.text
    missing = client.get("/nothing")
    assert missing.headers[HEADER] not in missing.text
    assert client.get("/api/v1/nothing").json["error"]["reference"]


@pytest.mark.parametrize("level", ["INFO", "WARNING", "ERROR"])
def test_no_question_is_logged_down_to_info(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, level: str, faq: str
) -> None:
    """Asked in every way, answered, refused or failed; a line a request at info, none above."""
    caplog.set_level(level)
    for question in (QUESTION, faq, "fail", "x" * 3000):
        client.post("/chat", data={"question": question})
        client.post("/api/v1/ask", json={"question": question})
        client.get("/api/v1/suggest", query_string={"q": question})
        client.get("/documents/", query_string={"q": question})
    told = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for secret in (QUESTION, "zebra", faq, "xxx", "127.0.0.1"):
        assert secret not in told
    lines = [record for record in caplog.records if record.name == "webapp.access"]
    assert len(lines) == (16 if level == "INFO" else 0)


def test_the_line_of_a_request_has_its_route(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """Which document was read is left out, and so is what nobody serves."""
    caplog.set_level(logging.INFO, "webapp.access")
    client.get("/documents/some-document?q=zebra")
    client.get("/secret/path")
    told = [record.getMessage().rsplit(" ", 2)[0] for record in caplog.records]
    assert told == ["GET /documents/<document_id> 404", "GET (none) 404"]


def test_a_page_that_cannot_be_made_is_told_once(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """With the name that its visitor was shown."""

    @app.get("/broken")
    def broken() -> str:
        return render_template("nowhere.html")

    response = app.test_client().get("/broken")
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "GET /broken failed"
    assert response.headers[HEADER] in response.text

"""JSON that has broken servers: refused or read, with one shape of error, and never a fault of ours."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

ASK = "/api/v1/ask"
DEEP = 100_000


def send(client: FlaskClient, body: bytes | str) -> tuple[int, dict[str, object]]:
    """Send a body as JSON; return status and what came back."""
    response = client.post(ASK, data=body, content_type="application/json")
    return response.status_code, json.loads(response.data)


@pytest.mark.parametrize("opening", ["[", '{"question":', '{"previous":['])
def test_json_nested_as_deep_as_fits(client: FlaskClient, opening: str) -> None:
    """A RecursionError elsewhere: here it is no JSON, and what is longer than the limit is not even read."""
    status, told = send(client, opening * (60_000 // len(opening)))
    assert status == 400 and told["error"]["code"] == "malformed-json"  # type: ignore[index]
    status, told = send(client, opening * DEEP)
    assert status == 413 and told["error"]["code"] == "too-large"  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"question": NaN}', 422),
        (b'{"question": 1e999}', 422),
        (b'{"question": "a", "question": "hello"}', 200),
        (b'{"question": "hello \\ud800"}', 200),
        (b'{"question": "\\u0000hello"}', 200),
        ('{"question": "\u202ehello\u200b\ufeff"}'.encode(), 200),
        (json.dumps({"question": "e" + "\u0301" * 1_900}).encode(), 200),
        (json.dumps({"question": "e" + "\u0301" * 10_000}, ensure_ascii=False).encode(), 422),
        (json.dumps({"question": "\ufdfa" * 1_900}).encode(), 200),
        (json.dumps({"question": "hello", "previous": ["a"] * 1_000}).encode(), 422),
        (json.dumps({"question": "hello", "previous": [["a"]]}).encode(), 422),
        (b'{"question": "hello", "turn": null, "conversation": null}', 200),
        (b'{"question": "hello", "__proto__": {"explain": true}, "constructor": 1}', 200),
        (b"\xff\xfe{}", 400),
        (b"", 400),
        (b'"hello"', 400),
    ],
    ids=range(16),
)
def test_values_that_are_odd(client: FlaskClient, body: bytes, status: int) -> None:
    """Read as far as they say something, refused with the reason else."""
    answered, told = send(client, body)
    assert answered == status, told
    assert ("error" in told) == (status != 200)

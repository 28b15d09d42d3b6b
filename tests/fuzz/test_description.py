"""The API does what its description says, for what it allows and for what it forbids."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask

from tests.fuzz.description import DESCRIPTION, examine

CHECKS = {
    "allow_header_conformance",
    "content_type_conformance",
    "negative_data_rejection",
    "not_a_server_error",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
}
"""Those that find something to look at here; the others are about keys, of which the API has none."""


@pytest.mark.filterwarnings("default")
def test_every_check_on_every_operation(served: Flask) -> None:
    """Allowed and forbidden values, edges of every limit, methods that are none, operations after each other."""
    # The same each time: what others find is found by asking for more of them.
    found = examine(served, examples=20, seed=10)
    assert found.failures == []
    assert found.server_errors == 0
    assert set(found.checks) >= CHECKS
    assert found.requests["coverage"] > 100 and found.requests["fuzzing"] >= 100 and found.requests["stateful"] > 50


@pytest.fixture
def description(served: Flask) -> dict[str, Any]:
    """What the API says of itself."""
    told = served.test_client().get(DESCRIPTION)
    assert told.status_code == 200
    return dict(told.json)


def test_every_door_is_described(served: Flask, description: dict[str, Any]) -> None:
    """No operation is left out, and none is there that is not served."""
    doors = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in served.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert doors == {(path, method) for path, methods in description["paths"].items() for method in methods}


def test_the_description_is_one(served: Flask) -> None:
    """It holds to OpenAPI itself."""
    schemathesis.openapi.from_wsgi(DESCRIPTION, served).validate()


def test_text_fields_of_requests_have_limits(description: dict[str, Any]) -> None:
    """Whoever writes a client knows how long each may be."""
    schemas = description["components"]["schemas"]
    for name in ("AskRequest", "FeedbackRequest"):
        for field, schema in schemas[name]["properties"].items():
            for kind in schema.get("anyOf", [schema]):
                if kind.get("type") == "string":
                    assert {"maxLength", "pattern"} & set(kind), (name, field)
                elif kind.get("type") == "array":
                    assert "maxItems" in kind and "maxLength" in kind["items"], (name, field)


def test_every_operation_tells_of_waiting(description: dict[str, Any]) -> None:
    """Whoever asks too much is told how long to wait."""
    for methods in description["paths"].values():
        for operation in methods.values():
            assert operation["responses"]["429"]["headers"]["Retry-After"]["required"] is True

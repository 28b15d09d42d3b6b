"""What is taken along is never read by a spreadsheet as formulas: nothing is exported as a table."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webapp

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1;1)", "\t=1+1", '=HYPERLINK("https://evil.example")', "=cmd|'/C calc'!A0"]
TABLES = ("csv", "tab-separated", "spreadsheet", "excel", "officedocument")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_export_is_a_table(client: FlaskClient, formula: str) -> None:
    """Each is a file to keep, of a kind that no spreadsheet opens, whose browser must not guess another."""
    client.post("/chat", data={"question": formula})
    for part, kind in (("text", "text/plain"), ("markdown", "text/markdown"), ("json", "application/json")):
        response = client.get(f"/conversations/current/{part}")
        assert response.mimetype == kind and response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("attachment; filename=conversation-")
        assert not response.headers["Content-Disposition"].endswith((".csv", ".tsv", ".xlsx", ".ods", ".slk"))
    kept = json.loads(client.get("/conversations/current/json").text)
    assert formula.strip() in json.dumps(kept, ensure_ascii=False).replace('\\"', '"')


def test_no_door_gives_a_table(client: FlaskClient) -> None:
    """Those of the future, too."""
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            kind = client.get(rule.rule).mimetype
            assert not any(table in kind for table in TABLES), rule.rule


def test_nothing_here_writes_tables() -> None:
    """A module that begins to must escape what spreadsheets read as formulas, and say so here."""
    writers = []
    for module in sorted(Path(webapp.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter", "Workbook", "to_csv"}:
                writers.append(module.name)
    assert writers == []

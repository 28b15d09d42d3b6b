"""The view that others are compared with."""

from __future__ import annotations

from flask import Flask


def constant_view() -> Flask:
    """Return an application that says the same each time."""
    app = Flask("bare")

    @app.post("/")
    def constant() -> str:
        return "constant"

    return app

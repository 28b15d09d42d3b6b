"""Is it alive, is it ready: for supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify

from webapp.conversations.store import StorageError
from webapp.web.services import Services, services

blueprint = Blueprint("health", __name__)

PROBLEMS_SHOWN = 50
FINGERPRINT_DIGITS = 16
"""As many as a receipt has."""


def register(app: Flask) -> None:
    """Serve the probes."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process serves requests; touches nothing else."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether questions can be answered and kept: 200 when both can, else 503."""
    about = services()
    documents = len(about.answerer.corpus.documents)
    try:
        about.store.ping()
        reachable = True
    except StorageError:
        reachable = False
    is_ready = reachable and documents > 0
    body = jsonify(
        status="ready" if is_ready else "not ready",
        documents=documents,
        problems=len(about.problems),
        database="reachable" if reachable else "unreachable",
        details=_details(about),
    )
    return body, 200 if is_ready else 503


def _details(about: Services) -> dict[str, object]:
    """Return which documents are served, and the first problems with them."""
    return {
        "generation": about.generation,
        "fingerprint": about.answerer.corpus.fingerprint[:FINGERPRINT_DIGITS],
        "read_at": about.read_at.isoformat(timespec="seconds"),
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "code": problem.code,
                "severity": problem.severity.value,
                "message": problem.message,
            }
            for problem in about.problems[:PROBLEMS_SHOWN]
        ],
    }

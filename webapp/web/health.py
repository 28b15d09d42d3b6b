"""Is it alive, is it ready: for supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, jsonify

from webapp.conversations.store import StorageError
from webapp.tally import READING_FAILED, WATCHERS, WATCHERS_WANTED, WORKERS, WORKERS_BEHIND
from webapp.web.services import Services, services

blueprint = Blueprint("health", __name__)

STORAGE = "storage"
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
    """Say whether questions can be answered and kept: 200 when both can, else 503; and all that is wrong."""
    about = services()
    wrong = list(_wrong(about))
    is_ready = not any(one.keeps_from_serving for one in wrong)
    body = jsonify(
        status="ready" if is_ready else "not ready",
        documents=len(about.answerer.corpus.documents),
        problems=len(about.problems),
        database="unreachable" if any(one.what == STORAGE for one in wrong) else "reachable",
        wrong=[{"what": one.what, "message": one.message, "advice": one.advice} for one in wrong],
        details=_details(about),
    )
    return body, 200 if is_ready else 503


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is not as it should be, and what to do about it."""

    what: str
    message: str
    advice: str
    keeps_from_serving: bool = False
    """Whether questions cannot be answered, or not kept."""


def _wrong(about: Services) -> Iterator[Wrong]:
    if not about.answerer.corpus.documents:
        yield Wrong(
            "documents",
            "There is no document to answer from.",
            "Put documents into the folder that NEWSSTAND_SEEDS names; “newsstand check” tells why one is not served.",
            keeps_from_serving=True,
        )
    try:
        about.store.ping()
    except StorageError:
        # Its words name files and hosts, which are for the log and not for everybody.
        yield Wrong(
            STORAGE,
            "Conversations can be neither kept nor read. Questions are answered.",
            "Run “newsstand doctor”; it looks at the database, its permissions and the disk.",
            keeps_from_serving=True,
        )
    tally = about.tally
    if behind := int(tally.total(WORKERS_BEHIND)):
        yield Wrong(
            "index",
            f"{behind} of {int(tally.total(WORKERS))} workers cannot open the newest documents.",
            "The log says why. Make room and memory; it is tried again every ten seconds.",
        )
    if tally.total(WATCHERS_WANTED) and not tally.total(WATCHERS):
        yield Wrong(
            "watcher",
            "Nobody looks for changes of the documents; what was read before is served on.",
            "It is started again by itself. If this stays, the log says why; restart Newsstand.",
        )
    if tally.total(READING_FAILED):
        yield Wrong(
            "reading",
            "The documents could not be read again; what was read before is served on.",
            "Make room in the data folder and mend its permissions, then run “newsstand reload”.",
        )


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

"""What can go wrong with a request, and the one place that turns it into a page, a fragment or JSON."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from webapp.logs import request_id
from webapp.web.frame import Frame
from webapp.web.htmx import into_error_place, wants_fragment
from webapp.web.languages import gettext, lazy_gettext
from webapp.web.services import services

logger = logging.getLogger(__name__)

API_PREFIX = "/api/"
REPORTED_FROM = 500
"""The status from which a page names the request, so that a visitor can report it."""


class RequestProblem(Exception):
    """A request that cannot be served, said so that the reader knows what to do next."""

    status = 400
    code = "bad-request"
    message = lazy_gettext("The request could not be read.")

    def __init__(self, message: str | None = None, field: str | None = None) -> None:
        self.message = message or str(self.message)
        self.field = field
        super().__init__(self.message)


class MalformedBody(RequestProblem):
    """The body is no JSON object."""

    code = "malformed-json"
    message = 'Send a JSON object, such as {"question": "When does it open?"}.'


class CrossOrigin(RequestProblem):
    """A page of another site sent a form here."""

    status = 403
    code = "cross-origin"
    message = lazy_gettext(
        "This request came from another site, so it was not carried out. Open the page here and try again."
    )


class UnknownDocument(RequestProblem):
    """No document has this id."""

    status = 404
    code = "unknown-document"
    message = lazy_gettext("There is no document with this id. It may have been taken down.")


class UnknownConversation(RequestProblem):
    """The visitor has no conversation with this id."""

    status = 404
    code = "unknown-conversation"
    message = lazy_gettext("This conversation is not among yours. It may have been deleted, or its time has run out.")


class UnknownTurn(RequestProblem):
    """The visitor's conversation has no turn with this id."""

    status = 404
    code = "unknown-turn"
    message = lazy_gettext("This answer is not in your conversation. It may have been deleted.")


class UnknownShare(RequestProblem):
    """No answer is shared under this id."""

    status = 404
    code = "unknown-share"
    message = lazy_gettext("No answer is shared at this address. It may have been deleted with its conversation.")


class NotJson(RequestProblem):
    """The body is not declared as JSON."""

    status = 415
    code = "not-json"
    message = "Send the body as JSON, with the header Content-Type: application/json."


class InvalidField(RequestProblem):
    """One field of the request has a value that cannot be used."""

    status = 422
    code = "invalid-field"


class TooManyRequests(RequestProblem):
    """More requests come from one address, or from all, than are answered."""

    status = 429
    code = "rate-limited"
    message = lazy_gettext("So many questions at once cannot be answered. Wait a moment, then try again.")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class Unavailable(RequestProblem):
    """The database cannot be reached."""

    status = 503
    code = "unavailable"
    message = lazy_gettext("That cannot be kept or read right now. Try again in a moment.")


_BY_STATUS = {
    400: ("bad-request", lazy_gettext("That request could not be read"), lazy_gettext("Go back and try once more.")),
    403: (
        "forbidden",
        lazy_gettext("That is not allowed from there"),
        lazy_gettext("Open the page here and try again."),
    ),
    404: (
        "not-found",
        lazy_gettext("Nothing stands at this address"),
        lazy_gettext("It may have moved, or the address has a slip of the pen."),
    ),
    405: (
        "method-not-allowed",
        lazy_gettext("That does not work here"),
        lazy_gettext("This address cannot be used in that way."),
    ),
    413: ("too-large", lazy_gettext("That was too much at once"), lazy_gettext("Shorten what you send and try again.")),
    415: (
        "unsupported-media-type",
        lazy_gettext("That kind of content is not read here"),
        lazy_gettext("Send the question with the form."),
    ),
    422: ("invalid", lazy_gettext("Something in that request cannot be used"), lazy_gettext("Go back and mend it.")),
    429: ("rate-limited", lazy_gettext("That was a lot at once"), lazy_gettext("Try again shortly.")),
    500: (
        "internal-error",
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext("Try again in a moment. The fault has been noted."),
    ),
    503: ("unavailable", lazy_gettext("Not available for a moment"), lazy_gettext("Try again shortly.")),
}


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What the error page shows."""

    frame: Frame
    status: int
    title: str
    advice: str
    reference: str | None
    """Names the request in the log; None where there is nothing to report."""


def register(app: Flask) -> None:
    """Show every problem of `app` as a page, a fragment or JSON; never as a stack trace."""

    @app.errorhandler(RequestProblem)
    def known(problem: RequestProblem) -> Response:
        response = _response(problem.status, problem.code, problem.message, problem.field)
        if isinstance(problem, TooManyRequests):
            response.headers["Retry-After"] = str(problem.retry_after_seconds)
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:
            return make_response(error.get_response())
        if request_ctx.url_adapter is None:
            # The host that was named can be none, but the page that says so has addresses all the same.
            request_ctx.url_adapter = app.url_map.bind("localhost")
        status = error.code or 500
        code, title, advice = _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500])
        response = _response(status, code, _sentences(title, advice))
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        logger.error("%s %s failed", request.method, request.url_rule or "(no route)", exc_info=error)
        code, title, advice = _BY_STATUS[500]
        return _response(500, code, _sentences(title, advice))


def _sentences(title: object, advice: object) -> str:
    return gettext("%(title)s. %(advice)s", title=title, advice=advice)


def _response(status: int, code: str, message: str, field: str | None = None) -> Response:
    # What visitors can mend themselves, they need not report.
    reference = request_id.get() if status >= REPORTED_FROM else None
    if request.path.startswith(API_PREFIX):
        response = jsonify(error={"code": code, "message": message, "field": field, "reference": request_id.get()})
    elif wants_fragment():
        shown = render_template("problems/fragment.html", message=message, reference=reference)
        response = into_error_place(make_response(shown))
    else:
        _, title, advice = map(str, _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500]))
        if message != _sentences(title, advice):
            advice = message
        frame = Frame.of(services(), title)
        page = ProblemPage(frame, status, title, advice, reference)
        response = make_response(render_template("problems/page.html", page=page))
    response.status_code = status
    return response

"""What htmx says with a request, and what it is told with a response (htmx 4)."""

from __future__ import annotations

from flask import Response

from webapp.web import here
from webapp.web.varying import vary

ERROR_PLACE = "#ask-error"
"""Where the chat page shows what went wrong with a question."""


def wants_fragment() -> bool:
    """Tell whether htmx asks, and so wants a piece of a page instead of a page."""
    vary("HX-Request")
    headers = here.request().environ
    return headers.get("HTTP_HX_REQUEST") == "true" and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in headers


def into_error_place(response: Response) -> Response:
    """Have htmx show `response` as the error of the question field, not as a turn."""
    response.headers["HX-Retarget"] = ERROR_PLACE
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def redirect_to(address: str) -> Response:
    """Have htmx open a page in place of this one."""
    return Response(headers={"HX-Redirect": address})

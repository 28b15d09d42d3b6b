"""Gives every request a name that stands in its response and in the log, and tells the log how it ended.

The line of a request has its route, not its address: what somebody read or looked for is their own affair.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter

from flask import Flask, Response, g, request

from webapp.logs import request_id

logger = logging.getLogger("webapp.access")

HEADER = "X-Request-ID"
ID_BYTES = 8
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def register(app: Flask, *, behind_proxy: bool = False) -> None:
    """Name every request of `app`; register it first, so that everything that happens has the name.

    Args:
        app: whose requests.
        behind_proxy: whether a proxy of the operator stands in front, whose names are taken where they are well formed.
    """

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "") if behind_proxy else ""
        named = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(ID_BYTES)
        request_id.set(named)
        g.began = perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers.add(HEADER, request_id.get())
        if logger.isEnabledFor(logging.INFO):
            route = request.url_rule.rule if request.url_rule is not None else "(none)"
            milliseconds = round(1000 * (perf_counter() - g.get("began", perf_counter())), 1)
            logger.info(
                "%s %s %s %s ms",
                request.method,
                route,
                response.status_code,
                milliseconds,
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "milliseconds": milliseconds,
                },
            )
        return response

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        request_id.set("")

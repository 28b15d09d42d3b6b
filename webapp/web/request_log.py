"""Gives every request a name, for its response and the log, and tells the log how it ended.

The line of a request has its route, not its address: what somebody read or looked for is their own affair.
"""

from __future__ import annotations

import logging
import random
import re
from time import perf_counter

from flask import Flask, Response

from webapp.logs import request_id
from webapp.web import here

logger = logging.getLogger("webapp.access")

HEADER = "X-Request-ID"
ID_BITS = 64
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def register(app: Flask, *, behind_proxy: bool = False) -> None:
    """Name every request of `app`; register it first, so that everything that happens has the name.

    Args:
        app: whose requests.
        behind_proxy: whether a proxy of the operator stands in front, whose names are taken where they are well formed.
    """

    @app.before_request
    def begin() -> None:
        given = here.request().headers.get(HEADER, "") if behind_proxy else ""
        # Nothing is opened with it: it need not be hard to guess. Each process draws from a seed of its own.
        named = given if _WELL_FORMED.fullmatch(given) else f"{random.getrandbits(ID_BITS):016x}"  # nosec B311
        request_id.set(named)
        here.g().began = perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        if logger.isEnabledFor(logging.INFO):
            request = here.request()
            route = request.url_rule.rule if request.url_rule is not None else "(none)"
            milliseconds = round(1000 * (perf_counter() - here.g().get("began", perf_counter())), 1)
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

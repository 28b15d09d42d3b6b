"""gunicorn's own messages, in the log like all others and without what they tell of a visitor."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from webapp.logs import exception_lines

_OF_VISITORS = {
    "Invalid request from ip=": "A request that is no valid HTTP was refused.",
    "Error handling request": "A request could not be handled.",
    "Ignored premature client disconnection": "A client left early.",
    "Invalid HTTP": "A request that is no valid HTTP was refused.",
}
"""How messages begin that name an address or what was asked for, and what is told instead."""


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Hands gunicorn's messages on to the log of the process."""

    def setup(self, cfg: Any) -> None:
        """Take the level of the log; its handlers are the root's."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.loglevel = logging.getLogger().level
        self.error_log.propagate = True
        self.error_log.setLevel(logging.NOTSET)
        if not any(isinstance(one, WithoutVisitors) for one in self.error_log.filters):
            self.error_log.addFilter(WithoutVisitors())


class WithoutVisitors(logging.Filter):
    """Takes addresses and what was asked for out of messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mend one message; let all pass."""
        if logging.getLogger().isEnabledFor(logging.DEBUG):
            return True
        for beginning, instead in _OF_VISITORS.items():
            if str(record.msg).startswith(beginning):
                record.msg, record.args = instead, ()
                if record.exc_info:
                    record.exc_text = "\n".join(exception_lines(record.exc_info, of_visitor=True))
                    record.exc_info = None
        return True

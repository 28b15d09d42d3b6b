"""A connection: what has come on it, the response to it, and what of that is still to be sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.http.wsgi import Response, create

from webapp.worker.arriving import Has, what_came

READ_BYTES = 64 * 1024
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Received(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """What was received, for gunicorn's parser: it never waits for more."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def chunk(self, _: int | None = None) -> bytes:
        """Return all there is."""
        data, self.data = self.data, b""
        return data


class Whole(Response):  # type: ignore[misc]  # gunicorn has no types
    """A response that is sent when there is all of it, at once."""

    def __init__(self, request: Any, sock: socket.socket, cfg: Any) -> None:
        super().__init__(request, sock, cfg)
        self.headers_sent: bool = False
        self.sent_parts: list[bytes] = []

    def send_headers(self) -> None:
        """Write the head, once."""
        if not self.headers_sent:
            self.headers_sent = True
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self.sent_parts.append("".join(lines).encode("latin-1"))

    def _emit_body(self, data: bytes) -> None:
        self.sent_parts.append(b"%X\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def close(self) -> None:
        """Write what stands at the end."""
        self.send_headers()
        if self.chunked:
            self.sent_parts.append(b"0\r\n\r\n")


class Connection:
    """A connection of a client.

    Args:
        sock: its socket, which never blocks.
        address: of the client.
        server: the address that it called.
        cfg: gunicorn's configuration.
        body_max_bytes: how long the body of a request may be.
    """

    __slots__ = (
        "_body_max_bytes",
        "_parser",
        "_received",
        "_server",
        "_told_to_go_on",
        "_unread",
        "address",
        "ends",
        "is_at_work",
        "lingers",
        "sock",
        "unsent",
        "until",
        "was_used",
        "watched_for",
    )

    def __init__(
        self, sock: socket.socket, address: Any, server: Any, cfg: Any, *, body_max_bytes: int, until: float
    ) -> None:
        self.sock, self.address, self._server = sock, address, server
        self._body_max_bytes = body_max_bytes
        self._received = Received()
        self._parser = RequestParser(cfg, (), address)
        self._parser.unreader = self._received
        self._unread = b""
        self._told_to_go_on = False
        self.until = until
        """How long it may take for what it waits for, on the monotonic clock."""
        self.unsent: memoryview | None = None
        """What is left of a response."""
        self.ends = False
        """Whether nothing comes after this response."""
        self.lingers = False
        """Whether all is sent and only the client's end is waited for."""
        self.is_at_work = False
        """Whether a thread works on its request."""
        self.was_used = False
        """Whether a request came before."""
        self.watched_for = 0
        """Which events are told, as selectors have it."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come of a request."""
        return not self._unread

    def receive(self) -> Has | None:
        """Take what has come, and tell what that is; None when the client has gone."""
        try:
            data = self.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return Has.A_PART
        except OSError:
            return None
        if not data:
            return None
        self._unread += data
        return self.look()

    def look(self) -> Has:
        """Tell what has come."""
        has = what_came(self._unread, self._body_max_bytes) if self._unread else Has.A_PART
        if has is Has.TOO_MUCH:
            # The rest of it is never read.
            self.ends = True
            return Has.ALL
        if has is Has.A_HEAD and not self._told_to_go_on:
            self._told_to_go_on = True
            self.unsent = memoryview(GO_ON)
            self.send()
        return has

    def respond(self, worker: Any) -> None:
        """Have a worker's application answer the request that has come; `unsent` is what it answers."""
        request = None
        self.was_used = True
        self._received.data, self._unread = self._unread, b""
        try:
            request = next(self._parser)
            # It was told when its body was still to come.
            request._expected_100_continue = False
            content = self._answer(worker, request)
        except StopIteration:
            self.ends = True
        except Exception as error:
            self.ends = True
            worker.handle_error(request, self.sock, self.address, error)
        else:
            self._told_to_go_on = False
            self.ends = self.ends or not self._parser.finish_body()
            # It would look for the end of this request once more.
            self._parser.mesg = None
            self._unread = self._received.take_buffered() + self._received.chunk()
            self.unsent = memoryview(content)

    def _answer(self, worker: Any, request: Any) -> bytes:
        response, environ = create(request, self.sock, self.address, self._server, worker.cfg, response_class=Whole)
        environ["wsgi.multithread"] = True
        if self.ends or not worker.alive:
            response.force_close()
        parts = worker.wsgi(environ, response.start_response)
        try:
            for part in parts:
                response.write(part)
            response.close()
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        self.ends = response.should_close()
        return b"".join(response.sent_parts)

    def send(self) -> None:
        """Send of what is `unsent` what the system takes now."""
        if self.unsent is None:
            return
        try:
            sent = self.sock.send(self.unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # Nobody is there to read it.
            self.unsent, self.ends = None, True
            return
        self.unsent = self.unsent[sent:] if sent < len(self.unsent) else None

    def linger(self) -> bool:
        """Say that nothing more comes; False when the client has gone.

        Closed at once, what was not read would have the system take back what was sent.
        """
        self.lingers = True
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        return True

    def discard(self) -> bool:
        """Read what comes to nobody; tell whether the client's end has come."""
        try:
            return not self.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

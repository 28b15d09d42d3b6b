"""Lets a connection wait for the rest of its request without holding a thread.

gunicorn's threads read from their client until the request is whole. A few clients that send slowly, or a browser's
spare connections that send nothing, then hold every thread, and nobody is answered. Here connections wait in one place
until the kernel holds all of their request (it is looked at, never taken out), and only then get a thread.
"""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from webapp.allocating import Rest, give_back
from webapp.tally import BUSY_THREADS, CONNECTIONS, QUEUED_REQUESTS, WAITING_CONNECTIONS, Tally

WHOLE_WITHIN_SECONDS = 10.0
"""How long a request may take to come."""
HEAD_MAX_BYTES = 16 * 1024
LOOK_MAX_BYTES = 96 * 1024
"""A longer request gets its thread at once: the application refuses it by its length, without reading it."""
BUFFER_BYTES = 256 * 1024
"""What the kernel may hold for a connection; more than is looked at."""
STALL_SECONDS = 5
"""How long a thread waits for more of a request that was too long to be waited for."""
PRECEDENCE_SECONDS = 0.001
"""How long a worker leaves a new connection to another one that has fewer."""
TURN_SECONDS = 0.5
"""How often connections are looked through for those that waited too long."""

_TIMEVAL = struct.pack("@ll", STALL_SECONDS, 0)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Has(Enum):
    """What has come of a request."""

    NOTHING = "nothing"
    A_PART = "a part"
    A_HEAD = "a head that waits to be told to go on"
    ALL = "all, or so much that a thread must see to it"
    NO_USE = "the client has gone, or sends a head longer than any of ours"


def look(connection: socket.socket) -> Has:
    """Tell what has come on a connection, and leave it there."""
    try:
        data = connection.recv(LOOK_MAX_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return Has.NOTHING
    except OSError:
        return Has.NO_USE
    return what_came(data) if data else Has.NO_USE


def what_came(data: bytes) -> Has:
    """Tell what has come of the request that `data` begins; `data` is at most `LOOK_MAX_BYTES` long."""
    head, blank_line, body = data.partition(b"\r\n\r\n")
    if not blank_line:
        return Has.NO_USE if len(data) > HEAD_MAX_BYTES else Has.A_PART
    head += b"\r\n"
    if len(data) >= LOOK_MAX_BYTES:
        return Has.ALL
    if _CHUNKED.search(head):
        whole = body.endswith(_LAST_CHUNK) or body.startswith(_LAST_CHUNK[2:])
    else:
        length = _LENGTH.search(head)
        needed = int(length[1]) if length else 0
        whole = len(body) >= needed or len(head) + needed > LOOK_MAX_BYTES
    if whole:
        return Has.ALL
    return Has.A_HEAD if _EXPECTS.search(head) and not body else Has.A_PART


@dataclass(slots=True)
class _Waiting:
    connection: Any
    until: float
    """On the monotonic clock."""
    told_to_go_on: bool = False


class WaitingRoom:
    """Where connections wait, watched by one thread.

    Args:
        ready: called with a connection whose request has come.
        leave: called with a connection that waited too long, or sends what no browser does.
        stopping: tells whether the server stops, so that connections that sent nothing need not wait.
    """

    def __init__(
        self, ready: Callable[[Any], None], leave: Callable[[Any], None], stopping: Callable[[], bool]
    ) -> None:
        self._ready, self._leave, self._stopping = ready, leave, stopping
        self._waiting: dict[int, _Waiting] = {}
        # Edge-triggered: a connection is looked at when more has come, not as long as something is there.
        self._epoll = select.epoll()
        threading.Thread(target=self._watch, name="waiting room", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many connections wait."""
        return len(self._waiting)

    def admit(self, connection: Any) -> None:
        """Let a connection wait."""
        place = connection.sock.fileno()
        self._waiting[place] = _Waiting(connection, time.monotonic() + WHOLE_WITHIN_SECONDS)
        try:
            self._epoll.register(place, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET)
        except (OSError, ValueError):
            self._waiting.pop(place, None)
            self._leave(connection)

    def _watch(self) -> None:
        next_turn = 0.0
        while True:
            for place, _ in self._epoll.poll(TURN_SECONDS):
                self._look(place)
            if time.monotonic() >= next_turn:
                next_turn = time.monotonic() + TURN_SECONDS
                self._see_off()

    def _look(self, place: int) -> None:
        waiting = self._waiting.get(place)
        if waiting is None:
            return
        has = look(waiting.connection.sock)
        if has is Has.ALL:
            self._dismiss(place, self._ready)
        elif has is Has.NO_USE:
            self._dismiss(place, self._leave)
        elif has is Has.A_HEAD and not waiting.told_to_go_on:
            waiting.told_to_go_on = True
            with suppress(OSError):
                waiting.connection.sock.send(GO_ON, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)

    def _see_off(self) -> None:
        now, stopping = time.monotonic(), self._stopping()
        for place, waiting in list(self._waiting.items()):
            if waiting.until <= now or (stopping and look(waiting.connection.sock) is Has.NOTHING):
                self._dismiss(place, self._leave)

    def _dismiss(self, place: int, onward: Callable[[Any], None]) -> None:
        waiting = self._waiting.pop(place)
        try:
            self._epoll.unregister(place)
        except (OSError, ValueError):
            onward = self._leave
        try:
            onward(waiting.connection)
        except RuntimeError:
            # The threads have stopped.
            self._leave(waiting.connection)


class WaitingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threaded worker, whose threads get whole requests only."""

    def init_process(self) -> None:
        """Open the waiting room, in the worker's own process."""
        self._room = WaitingRoom(self._queue, self._part, lambda: not self.alive)
        self._tally: Tally = self.app.tally
        self._rest = Rest()
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, unless a worker that has fewer takes it first.

        A browser keeps its connection for many requests. Whoever is quickest would take them all when several come at
        once, and answer alone what the others have time for.
        """
        if self.nr_conns > self._tally.least(CONNECTIONS):
            time.sleep(PRECEDENCE_SECONDS)
        super().accept(listener)
        self._tally.set(CONNECTIONS, self.nr_conns)

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection a thread when its request has come."""
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            # The next request was read along with the last one; the kernel no longer holds its beginning.
            self._queue(conn)
            return
        if conn.parser is None:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
        if look(conn.sock) is Has.ALL:
            # Mostly so: a request fits in a packet or two.
            self._queue(conn)
        else:
            self._room.admit(conn)

    def handle(self, conn: Any) -> Any:
        """Work on a request, in a thread."""
        self._tally.move(QUEUED_REQUESTS, -1)
        self._tally.move(BUSY_THREADS, 1)
        try:
            return super().handle(conn)
        finally:
            self._tally.move(BUSY_THREADS, -1)

    def notify(self) -> None:
        """Tell the master that this worker lives; at least once a second, whatever happens."""
        super().notify()
        self._tally.set(CONNECTIONS, self.nr_conns)
        self._tally.set(WAITING_CONNECTIONS, self._room.waiting)
        if self._rest.begins(self.nr, time.monotonic()):
            give_back()

    def _queue(self, conn: Any) -> None:
        # The threads may have stopped: what they never take must not count.
        super().enqueue_req(conn)
        self._tally.move(QUEUED_REQUESTS, 1)

    def _part(self, conn: Any) -> None:
        # What the worker counts is counted in its own thread.
        self.method_queue.defer(self._close, conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

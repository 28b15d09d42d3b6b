"""Answers what comes on many connections, in one thread at a time.

The thread that leads waits for connections, reads what comes on them, and answers each request that has come whole.
Requests that come together are one round. No thread waits for a client: who sends or takes slowly is waited for with
all others.
"""

from __future__ import annotations

import logging
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from webapp.tally import CONNECTIONS, QUEUED_REQUESTS, WAITING_CONNECTIONS, Tally
from webapp.worker.arriving import Has
from webapp.worker.connection import Connection
from webapp.worker.leading import Leader, Leading

logger = logging.getLogger(__name__)

WHOLE_WITHIN_SECONDS = 10.0
"""How long a request may take to come, and a client to take more of a response."""
LINGER_SECONDS = 2.0
"""How long the client's end of a connection is waited for, and, when the server stops, the next request on one."""
TURN_SECONDS = 0.5
"""How often connections are looked through for those that waited too long."""
STOPPING_TURN_SECONDS = 0.1
MORE = 1.25
"""How many times as many connections as another worker one may have."""
PRECEDENCE_SECONDS = 0.01
"""How long a worker that has more leaves new ones to others."""
PRECEDENCE_STEP_SECONDS = 0.002
"""After which it looks again."""
TOGETHER_SECONDS = 0.005
"""After which no more requests become part of a round: so long a response waits for others, at most."""
_WAKE_BYTES = 4096


class Loop:
    """Serves the connections of one worker.

    Args:
        worker: gunicorn's; its ``wsgi`` answers, its ``alive`` tells whether to go on.
        tally: where it counts.
        body_max_bytes: how long the body of a request may be.
    """

    def __init__(self, worker: Any, tally: Tally, body_max_bytes: int) -> None:
        self._worker, self._tally, self._body_max_bytes = worker, tally, body_max_bytes
        self.leading = Leading(self._serve, worker.cfg.threads, tally)
        self._connections: dict[int, Connection] = {}
        self._ready: deque[Connection] = deque()
        """Whose request has come."""
        self._answered: deque[Connection] = deque()
        """Whose request was answered, by any thread."""
        self._selector = selectors.DefaultSelector()
        self._woken, self._waking = os.pipe()
        for end in (self._woken, self._waking):
            os.set_blocking(end, False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        for listener in worker.sockets:
            listener.setblocking(False)
        self._listens = self._stopping = False
        self._listens_again = self._gives_way_until = self._next_turn = 0.0

    def wake(self) -> None:
        """Have whoever leads look around."""
        with suppress(OSError):
            os.write(self._waking, b"\0")

    def _serve(self, me: Leader) -> bool:
        """Serve until another thread leads; tell whether there is nothing more to serve."""
        while True:
            while self._answered:
                self._settle(self._answered.popleft())
            if self._ready and not self._answer(me):
                return False
            now = time.monotonic()
            if not self._worker.alive and not self._stopping:
                self._stop(now)
            if now >= self._next_turn:
                self._see_off(now)
            if self._stopping and not self._connections:
                return True
            if not self._ready and not self._answered:
                self._wait(now)

    def _wait(self, now: float) -> None:
        """See what comes."""
        self._listen(now)
        until = self._next_turn if self._listens else min(self._next_turn, self._listens_again)
        called = False
        for key, _ in self._selector.select(max(0.0, until - now)):
            if isinstance(key.data, Connection):
                self._see(key.data)
            elif key.data is None:
                os.read(self._woken, _WAKE_BYTES)
            else:
                called = True
                self._accept(key.data)
        if self._listens and not called:
            # What this worker left to another one is taken.
            self._gives_way_until = 0.0

    # New connections

    def _listen(self, now: float) -> None:
        """Take new connections, or leave them alone: to others for a moment, or since there are enough."""
        has_room = self._has_room
        if not has_room or self._stopping:
            self._listens_again = self._next_turn
        listens = has_room and not self._stopping and now >= self._listens_again
        if listens != self._listens:
            self._listens = listens
            for listener in self._worker.sockets:
                if listens:
                    self._selector.register(listener, selectors.EVENT_READ, listener)
                else:
                    self._selector.unregister(listener)

    @property
    def _has_room(self) -> bool:
        most: int = self._worker.cfg.worker_connections
        return len(self._connections) < most

    def _accept(self, listener: socket.socket) -> None:
        """Take connections, unless a worker that has fewer takes them first.

        A browser keeps its connection for many requests. Whoever is quickest would take them all when several come at
        once, and answer alone what the others have time for.
        """
        now = time.monotonic()
        while self._has_room:
            if len(self._connections) > MORE * self._tally.least(CONNECTIONS):
                self._gives_way_until = self._gives_way_until or now + PRECEDENCE_SECONDS
                if now < self._gives_way_until:
                    self._listens_again = now + PRECEDENCE_STEP_SECONDS
                    return
            self._gives_way_until = 0.0
            if not self._take(listener, now):
                return

    def _take(self, listener: socket.socket, now: float) -> bool:
        """Take a connection, and what has come on it; tell whether there was one."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            # Another worker has it, or the client has gone.
            return False
        except OSError as error:
            # There are no more files to open, say: in a moment there may be.
            logger.warning("a connection could not be taken: %s", error)
            self._listens_again = now + TURN_SECONDS
            return False
        sock.setblocking(False)
        connection = Connection(
            sock,
            address,
            listener.getsockname(),
            self._worker.cfg,
            body_max_bytes=self._body_max_bytes,
            until=now + WHOLE_WITHIN_SECONDS,
        )
        self._connections[sock.fileno()] = connection
        self._tally.set(CONNECTIONS, len(self._connections))
        self._watch(connection, selectors.EVENT_READ)
        # Mostly its request is there already.
        self._see(connection)
        return True

    def _stop(self, now: float) -> None:
        """Take what has come until now, and leave connections on which nothing has, but for those used before."""
        for listener in self._worker.sockets:
            while self._has_room and self._take(listener, now):
                pass
        for connection in list(self._connections.values()):
            if not connection.is_at_work and connection.is_silent and connection.unsent is None:
                connection.until = min(connection.until, now + LINGER_SECONDS if connection.was_used else now)
                self._see(connection)
        self._stopping, self._next_turn = True, now

    # Connections

    def _watch(self, connection: Connection, events: int) -> None:
        """Be told of these events, 0 for none."""
        if events == connection.watched_for:
            return
        if not connection.watched_for:
            self._selector.register(connection.sock, events, connection)
        elif not events:
            self._selector.unregister(connection.sock)
        else:
            self._selector.modify(connection.sock, events, connection)
        connection.watched_for = events

    def _see(self, connection: Connection) -> None:
        """Go on with a connection on which something has happened."""
        if connection.is_at_work:
            # Whatever it is, its request comes first.
            self._watch(connection, 0)
        elif connection.unsent is not None:
            self._settle(connection)
        elif connection.lingers:
            if connection.discard():
                self._drop(connection)
        else:
            was_silent = connection.is_silent
            has = connection.receive()
            if has is Has.ALL:
                self._make_ready(connection)
            elif has is None or has is Has.NO_USE:
                self._drop(connection)
            elif was_silent and not connection.is_silent:
                connection.until = time.monotonic() + WHOLE_WITHIN_SECONDS

    def _make_ready(self, connection: Connection) -> None:
        connection.is_at_work = True
        self._ready.append(connection)

    def _settle(self, connection: Connection) -> None:
        """Send a response, as far as the system takes it, and go on with its connection."""
        connection.is_at_work = False
        connection.send()
        now = time.monotonic()
        if connection.unsent is not None:
            connection.until = now + WHOLE_WITHIN_SECONDS
            self._watch(connection, selectors.EVENT_WRITE)
            return
        if connection.ends:
            connection.until = now + LINGER_SECONDS
            if not connection.linger():
                self._drop(connection)
                return
        else:
            if connection.look() is Has.ALL:
                self._make_ready(connection)
                return
            connection.until = now + (LINGER_SECONDS if self._stopping else self._worker.cfg.keepalive)
        self._watch(connection, selectors.EVENT_READ)

    def _drop(self, connection: Connection) -> None:
        self._watch(connection, 0)
        del self._connections[connection.sock.fileno()]
        connection.sock.close()
        self._tally.set(CONNECTIONS, len(self._connections))

    def _see_off(self, now: float) -> None:
        """Drop connections that waited too long, and where there is no room for others, those that nobody uses."""
        waiting, is_full = 0, not self._has_room
        for connection in list(self._connections.values()):
            if connection.is_at_work:
                continue
            is_spare = connection.was_used and connection.is_silent and connection.unsent is None
            if connection.until <= now or (is_full and is_spare):
                self._drop(connection)
            elif not connection.is_silent or not connection.was_used:
                waiting += 1
        self._tally.set(WAITING_CONNECTIONS, waiting)
        self._next_turn = now + (STOPPING_TURN_SECONDS if self._stopping else TURN_SECONDS)

    # Requests

    def _answer(self, me: Leader) -> bool:
        """Answer requests that have come, a round of them; tell whether this thread still leads."""
        leads, until = True, time.monotonic() + TOGETHER_SECONDS
        while leads and self._ready:
            connection = self._ready.popleft()
            self._tally.set(QUEUED_REQUESTS, len(self._ready))
            leads = self._work(me, partial(me.round.begin, partial(self._respond, connection)))
            if time.monotonic() >= until:
                break
        return leads if me.round.is_over else self._work(me, me.round.finish)

    def _work(self, me: Leader, work: Callable[[], None]) -> bool:
        leads = self.leading.work(me, work)
        if not leads and self._answered:
            # Whoever leads may be waiting.
            self.wake()
        return leads

    def _respond(self, connection: Connection) -> None:
        try:
            connection.respond(self._worker)
        finally:
            self._worker.nr += 1
            self._answered.append(connection)

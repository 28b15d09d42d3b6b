"""One thread at a time answers what comes; nobody waits for who is slow, be it a client or an answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from http.client import parse_headers
from typing import Any

import pytest
from gunicorn.config import Config

from webapp.pausing import pause
from webapp.tally import Tally
from webapp.worker import leading, loop
from webapp.worker.loop import Loop

THREADS = 3
BODY_MAX_BYTES = 1000
LARGE_BYTES = 16_000_000
PATIENCE_SECONDS = 10
SLOW_SECONDS = 1.0
END = "/end"


class Site:
    """An application, and what stands for gunicorn's worker; its `paths` are those that were asked for."""

    def __init__(self) -> None:
        self.cfg = Config()
        for name, value in {"threads": THREADS, "keepalive": 5, "worker_connections": 50}.items():
            self.cfg.set(name, value)
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.alive = True
        self.nr = 0
        self.paths: list[str] = []
        self.held_up = threading.Event()
        self.let_go = threading.Event()
        self.failed: list[BaseException] = []
        self.loop = Loop(self, Tally(1), BODY_MAX_BYTES)

    def wsgi(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer."""
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read()
        if path == "/slow":
            self.held_up.set()
            assert self.let_go.wait(PATIENCE_SECONDS)
        elif path == "/pause":
            pause()
        elif path == "/fault":
            raise ValueError("a fault")
        self.paths.append(path)
        content = b"x" * LARGE_BYTES if path == "/large" else path.encode() + b" " + body
        start("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    def handle_error(self, _: Any, client: socket.socket, __: Any, error: BaseException) -> None:
        """Say that something went wrong, as gunicorn does."""
        self.failed.append(error)
        client.send(b"HTTP/1.1 500 Fault\r\nContent-Length: 0\r\n\r\n")

    def connect(self) -> Client:
        """Open a connection."""
        return Client(self.sockets[0].getsockname()[1])

    def look_after(self) -> None:
        """What a worker's first thread does."""
        while not self.loop.leading.ended.is_set():
            self.loop.leading.look_after()


class Client:
    """A connection to a site."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.came = self.sock.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.came.close()
        self.sock.close()

    def send(self, path: str, body: bytes = b"", *lines: str) -> None:
        """Send a request."""
        head = "\r\n".join((f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *lines, "", ""))
        self.sock.sendall(head.encode() + body)

    def answer(self) -> tuple[int, bytes]:
        """Return the status and the content of the next response."""
        status = int(self.came.readline().split()[1])
        head = parse_headers(self.came)
        return status, self.came.read(int(head["Content-Length"]))

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.came.read(1) == b""


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that is served."""
    one = Site()
    one.loop.leading.begin()
    looking = threading.Thread(target=one.look_after)
    looking.start()
    yield one
    one.let_go.set()
    one.alive = False
    one.loop.wake()
    assert one.loop.leading.ended.wait(PATIENCE_SECONDS)
    looking.join()
    one.sockets[0].close()


def test_requests_follow_each_other(site: Site) -> None:
    """On one connection, each after the response to the last one, with what was sent."""
    with site.connect() as client:
        for number in range(3):
            client.send(f"/{number}", b"abc")
            assert client.answer() == (200, f"/{number} abc".encode())


def test_requests_that_are_sent_at_once(site: Site) -> None:
    """Before any is answered: each is, in turn."""
    with site.connect() as client:
        client.sock.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(5)))
        came = b""
        while came.count(b"HTTP/1.1 200") < 5 or not came.endswith(b"/4 "):
            came += client.sock.recv(4096)
    assert site.paths == ["/0", "/1", "/2", "/3", "/4"]


def test_one_that_takes_long_holds_up_nobody(site: Site) -> None:
    """Nor as many as there are threads but one."""
    with ExitStack() as opened:
        slow = []
        for _ in range(THREADS - 1):
            site.held_up.clear()
            slow.append(opened.enter_context(site.connect()))
            slow[-1].send("/slow")
            assert site.held_up.wait(PATIENCE_SECONDS)
        quick = opened.enter_context(site.connect())
        for number in range(20):
            quick.send(f"/{number}")
            assert quick.answer()[0] == 200
        site.let_go.set()
        assert all(one.answer()[0] == 200 for one in slow)
        # And their connections go on.
        for one in slow:
            one.send("/again")
            assert one.answer() == (200, b"/again ")


def test_with_every_thread_held_up_nothing_is_lost(site: Site) -> None:
    """What comes meanwhile waits; what comes on a connection that is at work, too."""
    with ExitStack() as opened:
        clients = [opened.enter_context(site.connect()) for _ in range(2 * THREADS)]
        for client in clients:
            client.send("/slow")
            client.send("/behind")
        time.sleep(10 * leading.HELD_UP_SECONDS)
        assert site.paths == []
        site.let_go.set()
        for client in clients:
            assert [client.answer()[0], client.answer()[0]] == [200, 200]
    assert sorted(site.paths) == ["/behind"] * 2 * THREADS + ["/slow"] * 2 * THREADS


def test_requests_that_come_together_pause_for_each_other(site: Site) -> None:
    """And all are answered."""
    with ExitStack() as opened:
        clients = [opened.enter_context(site.connect()) for _ in range(20)]
        for _ in range(10):
            for client in clients:
                client.send("/pause")
            assert all(client.answer() == (200, b"/pause ") for client in clients)


def test_who_takes_slowly_holds_up_nobody(site: Site) -> None:
    """More than the system takes at once is sent when there is room; others are answered meanwhile."""
    with site.connect() as slow, site.connect() as quick:
        slow.send("/large")
        time.sleep(0.2)
        for number in range(5):
            quick.send(f"/{number}")
            assert quick.answer()[0] == 200
        assert slow.answer() == (200, b"x" * LARGE_BYTES)
        slow.send("/after")
        assert slow.answer() == (200, b"/after ")


def test_who_never_takes_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while."""
    monkeypatch.setattr(loop, "WHOLE_WITHIN_SECONDS", 0.2)
    with site.connect() as client:
        client.send("/large")
        time.sleep(3 * loop.TURN_SECONDS)
        came = 0
        while some := client.sock.recv(1_000_000):
            came += len(some)
    assert came < LARGE_BYTES


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"])
def test_who_never_sends_is_left(site: Site, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """After a while, in silence."""
    monkeypatch.setattr(loop, "WHOLE_WITHIN_SECONDS", 0.2)
    with site.connect() as client:
        client.sock.sendall(sent)
        assert client.sock.recv(10) == b""


def test_a_client_that_asks_to_go_on(site: Site) -> None:
    """Is told once, sends the rest, and is answered."""
    with site.connect() as client:
        head = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        client.sock.sendall(head)
        assert client.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sock.sendall(b"abc")
        assert client.answer() == (200, b"/x abc")


def test_what_is_too_long_is_answered_by_its_head(site: Site) -> None:
    """Its rest is read to nobody, so that the answer arrives, and the connection ends."""
    with site.connect() as client:
        client.sock.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        for _ in range(50):
            client.sock.sendall(b"x" * 1000)
        assert client.answer()[0] == 200
        client.sock.sendall(b"x")
        assert client.has_ended


def test_what_is_wrong_is_told_and_the_rest_goes_on(site: Site) -> None:
    """A fault of the application, or of the request, ends its own connection."""
    with site.connect() as faulty, site.connect() as wrong, site.connect() as right:
        faulty.send("/fault")
        assert faulty.answer()[0] == 500
        assert faulty.has_ended
        wrong.sock.sendall(b"zebra\r\n\r\n")
        assert wrong.answer()[0] == 500
        right.send("/right")
        assert right.answer() == (200, b"/right ")
    assert [type(error).__name__ for error in site.failed] == ["ValueError", "InvalidRequestLine"]


def test_who_leaves_early_is_forgotten(site: Site) -> None:
    """Before the answer, and in the middle of it."""
    for path in ("/slow", "/large"):
        with site.connect() as client:
            client.send(path)
            time.sleep(0.05)
    site.let_go.set()
    with site.connect() as client:
        client.send("/after")
        assert client.answer() == (200, b"/after ")
    until = time.monotonic() + PATIENCE_SECONDS
    while site.loop._connections and time.monotonic() < until:
        time.sleep(0.05)
    assert not site.loop._connections


def test_no_more_connections_than_may_be(site: Site) -> None:
    """Others wait until there is room again: until one ends, or is not used any more."""
    most = site.cfg.worker_connections
    with ExitStack() as opened:
        clients = [opened.enter_context(site.connect()) for _ in range(most)]
        for client in clients:
            client.sock.sendall(b"GET /x")
        for how in ("ends", "is not used"):
            with site.connect() as late:
                late.send("/late")
                late.sock.settimeout(2 * loop.TURN_SECONDS)
                with pytest.raises(TimeoutError):
                    late.sock.recv(10)
                late.sock.settimeout(PATIENCE_SECONDS)
                if how == "ends":
                    clients.pop().__exit__()
                else:
                    clients[0].sock.sendall(b" HTTP/1.1\r\nHost: x\r\n\r\n")
                    assert clients[0].answer() == (200, b"/x ")
                assert int(late.sock.recv(12).split()[1]) == 200
                clients.append(opened.enter_context(site.connect()))
                clients[-1].sock.sendall(b"GET /x")


def test_a_loop_that_fails_ends(site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the worker does, and another one takes its place; the log tells why."""

    def fail(_: float) -> None:
        raise RuntimeError("no more selectors")

    monkeypatch.setattr(site.loop, "_see_off", fail)
    assert site.loop.leading.ended.wait(PATIENCE_SECONDS)
    assert "no more selectors" in caplog.text


def test_what_is_under_way_is_finished(site: Site) -> None:
    """When the server stops: its connection is told to end, and no other one is taken."""
    with site.connect() as client:
        client.send("/slow")
        assert site.held_up.wait(PATIENCE_SECONDS)
        site.alive = False
        site.loop.wake()
        time.sleep(2 * loop.STOPPING_TURN_SECONDS)
        assert not site.loop.leading.ended.is_set()
        site.let_go.set()
        assert client.answer()[0] == 200
        assert client.has_ended
    assert site.loop.leading.ended.wait(PATIENCE_SECONDS)

"""Two hundred slow and half-open clients hold up nobody, with nginx in front and without it."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults import figures, scale
from tests.faults.proxying import Proxy
from tests.faults.tools import tool

CLIENTS = 200
SECONDS = scale.of(4, 30)
WITHIN_SECONDS = 2.0
SHARE = 0.99
PAUSE_SECONDS = 0.05

ATTACKS = {
    "slow headers": ["-H", "-u", "{site}/documents"],
    "slow body": ["-B", "-s", "8192", "-u", "{site}/chat"],
    "slow read": ["-X", "-w", "1", "-y", "8", "-n", "5", "-z", "8", "-k", "3", "-u", "{site}/documents"],
}


@pytest.mark.parametrize("proxied", [False, True], ids=["alone", "behind nginx"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_others_are_answered(start: Callable[..., Any], tmp_path: Path, attack: str, proxied: bool) -> None:
    """At least 99 of a hundred questions of others, within two seconds, all the while."""
    slow = tool("slowhttptest")
    if not proxied:
        server = start().wait()
        with _attack(slow, attack, server.url("")):
            took = _ask_on(lambda: _plain(server.port))
    else:
        server = start(NEWSSTAND_PROXIES="1", NEWSSTAND_COOKIE_SECURE="true").wait()
        site = "https://127.0.0.1:{}"
        running = Proxy(tmp_path / "nginx", server.port).running()
        with running as proxy, _attack(slow, attack, site.format(proxy.port)):
            took = _ask_on(lambda: _through(proxy))
    answered = sum(1 for seconds in took if seconds <= WITHIN_SECONDS)
    figures.keep(
        f"{attack}, {'behind nginx' if proxied else 'alone'}",
        clients=CLIENTS,
        asked=len(took),
        within_2_seconds=answered,
        slowest_seconds=round(max(took), 2),
    )
    assert len(took) >= 10
    assert answered >= SHARE * len(took)
    assert server.stop()[0] == 0


@contextmanager
def _attack(slow: str, attack: str, site: str) -> Iterator[None]:
    """Open the clients, and keep them for the length of a ``with`` block."""
    arguments = [part.format(site=site) for part in ATTACKS[attack]]
    process = subprocess.Popen(
        [slow, "-c", str(CLIENTS), "-r", str(CLIENTS), "-i", "3", "-l", str(SECONDS + 10), "-p", "1", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(2)
        assert process.poll() is None, "there are no slow clients"
        yield
    finally:
        process.kill()
        process.wait()


def _ask_on(ask: Callable[[], bool]) -> list[float]:
    """Ask from two places at once; return how many seconds each took, a failure as endless."""
    took: list[float] = []
    until = time.monotonic() + SECONDS

    def visit() -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                answered = ask()
            except (OSError, http.client.HTTPException):
                answered = False
            took.append(time.monotonic() - began if answered else float("inf"))
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=visit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _plain(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        return _answered(connection)
    finally:
        connection.close()


_sources = [f"127.0.1.{number}" for number in range(1, 255)]


def _through(proxy: Proxy) -> bool:
    # Others are not the ones who send slowly: they have addresses of their own.
    _sources.append(_sources.pop(0))
    with proxy.connection(_sources[0], timeout=10) as connection:
        return _answered(connection)


def _answered(connection: http.client.HTTPConnection) -> bool:
    body = json.dumps({"question": "Which areas of cooperation were discussed?"})
    connection.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status == 200 and json.load(response)["outcome"] == "answered"

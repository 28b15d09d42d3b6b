"""The kiosk in front of ``newsstand serve`` itself, with its profile: stopped, and started again."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("playwright", reason="browser tests skipped: Playwright is not installed")

from playwright.sync_api import expect

from tests.browser.lobby import COUNTDOWN, HEARTBEAT, IDLE, ask, expect_nothing_of_anybody, kiosk
from tests.browser.serving import DOCUMENTS
from tests.browser.states import HEDGED, OUTRIGHT
from tests.serving.conftest import Server


@contextmanager
def lobby(port: int, folder: Path) -> Iterator[Server]:
    """Run the server as its unit does, and stop it as a power cut would."""
    server = Server(
        port, folder, NEWSSTAND_PROFILE="kiosk", NEWSSTAND_SEEDS=str(DOCUMENTS), NEWSSTAND_DATA_DIR=str(folder)
    )
    try:
        yield server.wait()
    finally:
        server.stop(signal.SIGKILL)


def refused(address: str, data: bytes | None = None) -> int:
    with pytest.raises(HTTPError) as told, urlopen(Request(address, data, {"Content-Type": "application/json"})):
        pass
    with told.value as answer:
        return answer.code


def test_it_outlives_its_server(open_tab: Callable[..., Any], free_port: int, tmp_path: Path) -> None:
    """It dies under a visitor and is away when they are forgotten; the next one's question waits until it is back."""
    address = f"http://127.0.0.1:{free_port}"
    with lobby(free_port, tmp_path):
        page = kiosk(open_tab, address, "/kiosk?name=lobby-2", quiet=True)
        ask(page, OUTRIGHT)
        # No phone could open an address of this machine alone.
        expect(page.locator(".take")).to_have_count(0)
    page.clock.run_for(IDLE + COUNTDOWN + 2_000)
    expect_nothing_of_anybody(page)
    page.clock.run_for(10 * IDLE)
    assert page.url == f"{address}/kiosk?name=lobby-2"
    page.locator("#question").fill(HEDGED)
    page.locator(".send").tap()
    expect(page.locator("#offline")).to_be_visible()
    with lobby(free_port, tmp_path) as server:
        page.clock.run_for(HEARTBEAT)
        expect(page.locator(".asked-text")).to_have_text([HEDGED])
        expect(page.locator("#offline")).to_be_hidden()
        with page.expect_response("**/kiosk/heartbeat"):
            page.clock.run_for(HEARTBEAT + 1_000)
        assert 'newsstand_kiosk_last_seen_seconds{kiosk="lobby-2"}' in server.get("/metrics").decode()


def test_nothing_that_was_asked_is_on_the_disk(open_tab: Callable[..., Any], free_port: int, tmp_path: Path) -> None:
    """Conversations end with the server; programs get nothing, other machines neither."""
    address = f"http://127.0.0.1:{free_port}"
    with lobby(free_port, tmp_path):
        page = kiosk(open_tab, address, quiet=True)
        ask(page, "When can the crane be visited in the zzyzx season?")
        assert refused(f"{address}/api/v1/ask", b'{"question": "hello"}') == 404
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path for path in written if b"zzyzx" in path.read_bytes()] == []
    other = Server(free_port, tmp_path, NEWSSTAND_PROFILE="kiosk", HOST="0.0.0.0")  # noqa: S104 - to be refused
    _, err = other.process.communicate(timeout=60)
    assert other.process.returncode != 0 and "127.0.0.1" in err
    assert "zzyzx" not in err

"""The configuration for nginx that ships, with Debian's nginx in front of a real server."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults import figures
from tests.faults.proxying import Proxy

ASK = "/api/v1/ask"
BEHIND = {"NEWSSTAND_PROXIES": "1", "NEWSSTAND_COOKIE_SECURE": "true"}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def asked(question: str = "hello") -> str:
    return json.dumps({"question": question})


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    """Without a warning."""
    said = Proxy(tmp_path / "nginx", 1).check()
    assert "syntax is ok" in said and "warn" not in said, said


def test_pages_and_answers_come_through(start: Callable[..., Any], tmp_path: Path) -> None:
    """Over TLS, compressed by Newsstand alone, with each header once; plain HTTP is sent to TLS."""
    server = start(**BEHIND).wait()
    with Proxy(tmp_path / "nginx", server.port).running() as proxy, proxy.connection() as connection:
        connection.request("GET", "/", headers={"Accept-Encoding": "gzip", "Host": "ask.example.org"})
        page = connection.getresponse()
        page.read()
        names = Counter(name.lower() for name, _ in page.getheaders())
        assert page.status == 200 and page.headers["Content-Encoding"]
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert all(names[name] == 1 for name in ("content-security-policy", "strict-transport-security", "vary"))
        assert "nginx/" not in page.headers["Server"]
        connection.request("POST", ASK, asked("Which areas of cooperation were discussed?"), JSON)
        reply = json.load(connection.getresponse())
        assert reply["outcome"] == "answered" and reply["saved"] is True
        connection.request("POST", "/chat", "question=hello", FORM)
        chat = connection.getresponse()
        chat.read()
        assert chat.status == 303 and "Secure" in chat.headers["Set-Cookie"]
        with closing(http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=5)) as plain:
            plain.request("GET", "/documents?q=x", headers={"Host": "ask.example.org"})
            moved = plain.getresponse()
            assert (moved.status, moved.headers["Location"]) == (308, "https://ask.example.org/documents?q=x")
    server.stop()


def test_figures_are_for_this_machine(start: Callable[..., Any], tmp_path: Path) -> None:
    """Whoever comes from elsewhere is refused; what a client claims to be makes no difference."""
    server = start(**BEHIND).wait()
    more = "set_real_ip_from 127.0.0.2; real_ip_header X-Elsewhere;"
    with Proxy(tmp_path / "nginx", server.port, more).running() as proxy:
        status = {}
        for address in ("127.0.0.1", "127.0.0.2"):
            sent = {"X-Elsewhere": "203.0.113.7", "X-Forwarded-For": "127.0.0.1"}
            with proxy.connection(address) as connection:
                connection.request("GET", "/metrics", headers=sent)
                status[address] = connection.getresponse().status
    assert status == {"127.0.0.1": 200, "127.0.0.2": 403}
    server.stop()


@pytest.mark.parametrize(("path", "kind"), [(ASK, "application/json"), ("/chat", "text/html; charset=utf-8")])
def test_one_address_is_limited_and_told_when_to_come_again(
    start: Callable[..., Any], tmp_path: Path, path: str, kind: str
) -> None:
    """Past its burst it gets 429 with ``Retry-After``, while another address is answered."""
    server = start(**BEHIND).wait()
    body, headers = (asked(), JSON) if path == ASK else ("question=", FORM)
    statuses: Counter[int] = Counter()
    with (
        Proxy(tmp_path / "nginx", server.port).running() as proxy,
        proxy.connection("127.0.0.5") as connection,
        proxy.connection("127.0.0.6") as other,
    ):
        for _ in range(80):
            connection.request("POST", path, body, {**headers, "X-Forwarded-For": "203.0.113.9"})
            response = connection.getresponse()
            text = response.read().decode()
            statuses[response.status] += 1
            if response.status == 429:
                assert int(response.headers["Retry-After"]) > 0
                assert response.headers.get_all("Content-Type") == [kind]
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]
                assert (json.loads(text)["error"]["code"] == "busy") if path == ASK else "<h1>" in text
        other.request("POST", ASK, asked(), JSON)
        assert other.getresponse().status == 200
    figures.keep(f"nginx, one address at {path}", statuses=dict(statuses))
    assert statuses[429] >= 20 and sum(statuses.values()) - statuses[429] >= 40
    server.stop()


def test_a_server_that_is_away_is_told_kindly(tmp_path: Path, free_port: int) -> None:
    """503 with ``Retry-After``, as a page and as JSON, never nginx's own page."""
    with Proxy(tmp_path / "nginx", free_port).running() as proxy, proxy.connection() as connection:
        doors = (("GET", "/", "text/html"), ("POST", "/chat", "text/html"), ("POST", ASK, "application/json"))
        for method, path, kind in doors:
            connection.request(method, path, "" if method == "GET" else asked(), JSON)
            response = connection.getresponse()
            text = response.read().decode()
            assert (response.status, response.headers["Retry-After"]) == (503, "2"), text
            assert response.headers["Content-Type"].startswith(kind) and "nginx" not in text

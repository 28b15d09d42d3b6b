"""Debian's nginx with the configuration that ships, on ports of the test's own."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.tools import tool

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx" / "newsstand.conf"
START_SECONDS = 10
SELF_SIGNED = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ask.example.org"

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/around.log warn;
worker_processes 2;
worker_rlimit_nofile 8192;
events {{ worker_connections 2048; }}
http {{
    include /etc/nginx/mime.types;
    log_format measured '$msec $status $request_time $upstream_addr $uri';
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {more}
    include {folder}/newsstand.conf;
}}
"""
CROWD = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Crowd;"
"""Lets a load generator come from many addresses, as a crowd does."""


class Proxy:
    """nginx in front of a server."""

    def __init__(self, folder: Path, upstream: int, more: str = "") -> None:
        self.folder, self.port, self.plain_port = folder, _free_port(), _free_port()
        folder.mkdir()
        # nginx runs its workers as nobody when it is started by root.
        folder.chmod(0o755)
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            [tool("openssl"), *SELF_SIGNED.split(), "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
        text = SHIPPED.read_text("utf-8")
        for shipped, here in {
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "    listen [::]:443 ssl http2;\n": "",
            "    listen [::]:80;\n": "",
            "/etc/ssl/newsstand/fullchain.pem": str(certificate),
            "/etc/ssl/newsstand/privkey.pem": str(key),
            "access_log off;": f"access_log {folder}/access.log measured;",
            "/var/log/nginx/": f"{folder}/",
        }.items():
            assert shipped in text, f"{shipped} is no longer in the configuration"
            text = text.replace(shipped, here)
        (folder / "newsstand.conf").write_text(text, "utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, more=more), "utf-8")
        self.command = [tool("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]

    def check(self) -> str:
        """Return what nginx says of the configuration.

        Raises:
            CalledProcessError: it is not accepted.
        """
        done = subprocess.run([*self.command, "-t"], check=True, capture_output=True, text=True)
        return done.stderr

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        """Run it for the length of a ``with`` block."""
        with (self.folder / "stderr.txt").open("w") as said:
            process = subprocess.Popen(self.command, stderr=said)
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                try:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                    break
                except OSError:
                    assert process.poll() is None, (self.folder / "stderr.txt").read_text("utf-8")
                    assert time.monotonic() < until
                    time.sleep(0.05)
            yield self
        finally:
            process.terminate()
            process.wait(START_SECONDS)

    @contextmanager
    def connection(self, address: str = "127.0.0.1", timeout: float = 15) -> Iterator[http.client.HTTPSConnection]:
        """Give a connection that comes from an address of this machine."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        opened = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, source_address=(address, 0), context=trusting
        )
        try:
            yield opened
        finally:
            opened.close()

    def logged(self) -> list[tuple[float, int, float, bool, str]]:
        """Return of each request when it ended, its status, its seconds, whether it was passed on, and its path."""
        lines = (self.folder / "access.log").read_text("utf-8").splitlines()
        split = (line.split(" ", 3) for line in lines)
        found = []
        for ended, status, took, rest in split:
            upstream, _, path = rest.rpartition(" ")
            found.append((float(ended), int(status), float(took), "127.0.0.1" in upstream, path))
        return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

"""Static files."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from flask.testing import FlaskClient
from rcssmin import cssmin
from rjsmin import jsmin

from webapp.web.assets import BUNDLES, folder

VENDOR = folder("static") / "vendor"
FIRST_LOAD_BYTES = 30_000
FIRST_LOAD_REQUESTS = 6


def addresses(page: str) -> Iterable[str]:
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_vendored_files_are_unmodified() -> None:
    """Each vendored file is the one that was published, and each has a licence and a version."""
    listed: set[str] = set()
    for package in json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8")).values():
        assert package["version"] and package["licence"] and package["source"]
        for name, digest in package["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
            listed.add(name)
        assert any(Path(name).name == "LICENSE" for name in package["files"])
    kept = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file() and not p.name.startswith(".")}
    assert kept - {"vendor.json"} == listed


def test_versioned_address_is_cached_for_good(client: FlaskClient) -> None:
    """The address of a file holds its version; under another version it is asked for again."""
    address = next(iter(addresses(client.get("/").text)))
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get(address.partition("?")[0]).headers["Cache-Control"] == "no-cache"
    assert client.get(address.partition("?")[0] + "?v=old").headers["Cache-Control"] == "no-cache"


def test_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    """A known version costs no body."""
    first = client.get("/static/css/device.bundle.css")
    again = client.get("/static/css/device.bundle.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


def test_files_come_packed(client: FlaskClient) -> None:
    """Browsers that take gzip get it; the content is the same."""
    plain = client.get("/static/css/device.bundle.css")
    packed = client.get("/static/css/device.bundle.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.vary
    assert gzip.decompress(packed.data) == plain.data
    refused = client.get("/static/css/device.bundle.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_pages_come_packed(client: FlaskClient) -> None:
    """So do pages."""
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    assert client.head("/", headers={"Accept-Encoding": "gzip"}).data == b""


def test_first_load_is_small(client: FlaskClient) -> None:
    """The page and all it needs fit the budget."""
    headers = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=headers).data
    parts = [page, *(client.get(a, headers=headers).data for a in addresses(gzip.decompress(page).decode()))]
    assert len(parts) <= FIRST_LOAD_REQUESTS
    assert sum(map(len, parts)) <= FIRST_LOAD_BYTES


def test_bundles_hold_their_files(client: FlaskClient) -> None:
    """What is sent as one is its files in order: those of others as they were published, ours minified."""
    for name, parts in BUNDLES.items():
        bundle = client.get(f"/static/{name}").text
        for part in parts:
            sent = client.get(f"/static/{part}").text
            written = sent if part.startswith("vendor/") else cssmin(sent) if part.endswith(".css") else jsmin(sent)
            before, found, bundle = bundle.partition(written)
            assert found and before.strip() == ""
        assert bundle == ""


def test_only_files_of_the_folder_are_served(client: FlaskClient) -> None:
    """Nothing outside the folder, nothing hidden, no listing."""
    for path in ("", "../pyproject.toml", "%2e%2e/pyproject.toml", "vendor", "vendor/.gitattributes", "none.css"):
        assert client.get(f"/static/{path}").status_code == 404

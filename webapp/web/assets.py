"""Where templates and static files are, and how a static file is sent: from memory, packed, cached for good.

In an installed package both folders stand beside the modules; in a working copy they stand at the top level.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    "": "text/plain; charset=utf-8",
}
"""What is served, by suffix; other files in the folder are not."""

BUNDLES = {
    "css/chat-page.css": ("css/answers.css", "css/conversation.css", "css/typing.css"),
    "js/chat-page.js": (
        "js/chat.js",
        "js/typing.js",
        "js/connection.js",
        "js/answers.js",
        "js/conversation.js",
        "js/times.js",
    ),
}
"""Files of the chat page that are sent as one, in this order: fewer requests, and they pack better together."""

FOREVER = "public, max-age=31536000, immutable"


def folder(name: str) -> Path:
    """Return the folder `name`: the packaged one, or the working copy's."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / name
    return packaged if packaged.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file, ready to be sent."""

    media_type: str
    body: bytes
    packed: bytes | None
    """The body under gzip; None when that saves nothing."""
    version: str
    """Changes with the content; part of the address."""


def load(root: Path) -> Mapping[str, Asset]:
    """Read every file under `root` that has a known media type, by its POSIX path."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in MEDIA_TYPES and not path.name.startswith("."):
            found[path.relative_to(root).as_posix()] = _asset(path.suffix, path.read_bytes())
    return found


def bundled(files: Mapping[str, Asset]) -> Mapping[str, Asset]:
    """Return `files` and their bundles."""
    made = {
        name: _asset(Path(name).suffix, b"\n".join(_lean(files[part].body) for part in parts))
        for name, parts in BUNDLES.items()
    }
    return {**files, **made}


def _lean(body: bytes) -> bytes:
    """Return a file of ours without its comments, which stand on lines of their own, and without indentation."""
    lines = (line.strip() for line in body.splitlines())
    return b"\n".join(line for line in lines if line and not line.startswith((b"//", b"/*")))


def _asset(suffix: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0)
    return Asset(
        MEDIA_TYPES[suffix],
        body,
        packed if len(packed) < len(body) and suffix != ".png" else None,
        hashlib.sha256(body).hexdigest()[:10],
    )


def register(app: Flask) -> None:
    """Serve the static folder and give templates ``asset(name)``, an address that changes with the content."""
    assets = bundled(load(folder("static")))
    blueprint = Blueprint("static", __name__)

    @blueprint.get("/static/<path:name>")
    def file(name: str) -> Response:
        asset = assets.get(name)
        if asset is None:
            abort(404)
        packed = asset.packed is not None and request.accept_encodings.quality("gzip") > 0
        response = Response(asset.packed if packed else asset.body, content_type=asset.media_type)
        if packed:
            response.content_encoding = "gzip"
        if asset.packed is not None:
            response.vary.add("Accept-Encoding")
        response.set_etag(asset.version + ("-gzip" if packed else ""))
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") == asset.version else "no-cache"
        response.make_conditional(request)
        return response

    def asset_url(name: str) -> str:
        return url_for("static.file", name=name, v=assets[name].version)

    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset_url

"""Where templates and static files are, and how a static file is sent: from memory, packed, cached for good.

In an installed package both folders stand beside the modules; in a working copy they stand at the top level.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response, abort, request, url_for
from rcssmin import cssmin
from rjsmin import jsmin

from webapp.web.look import Look, properties
from webapp.web.varying import vary

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    "": "text/plain; charset=utf-8",
}
"""What is served, by suffix; other files in the folder are not."""

STYLES = tuple(f"css/{name}.css" for name in ("newsstand", "answers", "conversation", "typing"))
"""The parts of the style sheet that every page has."""

HTMX = ("vendor/htmx/htmx.min.js", "vendor/htmx/hx-csp.min.js")

BUNDLES = {
    "js/chat-page.js": (
        *HTMX,
        "js/fragments.js",
        "js/menus.js",
        "js/chat.js",
        "js/typing.js",
        "js/connection.js",
        "js/answers.js",
        "js/conversation.js",
        "js/times.js",
    ),
    "js/conversations-page.js": (*HTMX, "js/times.js", "js/confirm.js"),
    "js/embed-page.js": (
        *HTMX,
        "js/fragments.js",
        "js/chat.js",
        "js/typing.js",
        "js/connection.js",
        "js/answers.js",
        "js/conversation.js",
        "js/times.js",
        "js/surface.js",
        "js/frame.js",
    ),
    "js/kiosk-page.js": (
        *HTMX,
        "js/fragments.js",
        "js/chat.js",
        "js/typing.js",
        "js/connection.js",
        "js/answers.js",
        "js/surface.js",
        "js/kiosk.js",
    ),
    "css/kiosk-page.css": ("vendor/simple-keyboard/index.css", "css/reading.css", "css/kiosk.css"),
}
"""Scripts and styles that are sent as one, in this order: fewer requests, and they pack better together."""

FOREVER = "public, max-age=31536000, immutable"
FOR_OTHERS = "embed.js"
"""The one file that pages of other sites load: its address has no version, and hosts need not ask for it each time."""


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


def bundled(files: Mapping[str, Asset], look: Look) -> Mapping[str, Asset]:
    """Return `files`, their bundles, the style sheet for each appearance, and the operator's logo."""
    made = {name: _asset(PurePosixPath(name).suffix, _bundle(files, name)) for name in BUNDLES}
    made |= {style_name(name): _asset(".css", style) for name, style in _styles(files, look).items()}
    if look.logo is not None:
        made[logo_name(look.logo)] = _asset(look.logo.suffix.lower(), look.logo.read_bytes())
    return {**files, **made}


def style_name(appearance: str) -> str:
    """Return the name of the style sheet for an appearance."""
    return f"css/{appearance}.bundle.css"


def logo_name(logo: Path) -> str:
    """Return the name under which the operator's logo is served."""
    return f"logo{logo.suffix.lower()}"


def _styles(files: Mapping[str, Asset], look: Look) -> Mapping[str, bytes]:
    """Return one style sheet for each appearance: whole, so that a page needs no second request for its colours."""
    light = _joined(files, STYLES) + properties(look.light).encode()
    dark = files["css/dark.css"].body + properties(look.dark).encode()
    contrast = files["css/contrast.css"].body
    device = b"@media (prefers-color-scheme: dark) {%b}\n@media (prefers-contrast: more) {%b}\n" % (dark, contrast)
    whole = {"device": light + device, "light": light, "dark": light + dark, "contrast": light + contrast}
    return {name: cssmin(style.decode()).encode() for name, style in whole.items()}


def _bundle(files: Mapping[str, Asset], bundle: str) -> bytes:
    """Return scripts or styles as one, ours without what only people read."""
    shorter = cssmin if bundle.endswith(".css") else jsmin
    parts = ((name, files[name].body) for name in BUNDLES[bundle])
    return b"\n".join(body if name.startswith("vendor/") else shorter(body) for name, body in parts)


def _joined(files: Mapping[str, Asset], parts: Iterable[str]) -> bytes:
    return b"\n".join(files[part].body for part in parts)


def _asset(suffix: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0)
    return Asset(
        MEDIA_TYPES[suffix],
        body,
        packed if len(packed) < len(body) and suffix not in {".png", ".webp"} else None,
        hashlib.sha256(body).hexdigest()[:10],
    )


def register(app: Flask, look: Look) -> None:
    """Serve the static folder in the operator's look.

    Templates get ``asset(name)``, an address that changes with the content, ``style(appearance)``, that of its style
    sheet, ``logo``, the operator's or None, ``theme_colors``, the page's top in light and in dark, and
    ``assets_version``, which changes when any file does.
    """
    assets = bundled(load(folder("static")), look)
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
            vary("Accept-Encoding")
        response.set_etag(asset.version + ("-gzip" if packed else ""))
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") == asset.version else "no-cache"
        if name == FOR_OTHERS:
            response.headers["Cache-Control"] = "public, max-age=3600"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.make_conditional(request)
        return response

    def asset_url(name: str) -> str:
        return url_for("static.file", name=name, v=assets[name].version)

    every = "".join(f"{name} {one.version}\n" for name, one in sorted(assets.items()))
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        asset=asset_url,
        assets_version=hashlib.sha256(every.encode()).hexdigest()[:10],
        style=lambda appearance: asset_url(style_name(appearance)),
        logo=logo_name(look.logo) if look.logo else None,
        theme_colors=look.theme_colors,
    )

"""Photographs every state of the pages into docs/gallery: ``python -m tests.browser.gallery``."""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.serving import ARGUMENTS, CHROMIUM, DOCUMENTS, PUBLIC_URL, SEEDS, running
from tests.browser.states import KIOSK_STATES, STATES, WIDGET_STATES, State

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"
QUALITY = 35
"""Of the WebP files, from 0 to 100."""

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 834, "height": 1112}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}

LOOKS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "tablet": TABLET,
    "desktop": DESKTOP,
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "right-to-left": {**PHONE, "locale": "ar"},
}
"""How every state is looked at."""

MORE_LOOKS: dict[str, dict[str, Any]] = {
    "contrast": {**DESKTOP, "contrast": "more"},
    "forced-colours": {**DESKTOP, "forced_colors": "active"},
    "no-javascript": {**DESKTOP, "java_script_enabled": False},
    "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
}
"""How some states are looked at as well; 200 % zoom halves the window and doubles its pixels."""
MORE_STATES = ("empty", "answered", "hedged", "conversations", "documents", "article")

PORTRAIT = {"viewport": {"width": 1080, "height": 1920}, "has_touch": True}
LANDSCAPE = {"viewport": {"width": 1920, "height": 1080}, "has_touch": True}
KIOSK_LOOKS: dict[str, dict[str, Any]] = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "dark": {**PORTRAIT, "color_scheme": "dark"},
    "right-to-left": {**PORTRAIT, "locale": "ar"},
}
WIDGET_LOOKS: dict[str, dict[str, Any]] = {name: LOOKS[name] for name in ("phone", "desktop", "dark")}


@dataclass(frozen=True, slots=True)
class Room:
    """A table of the gallery: states, and how each is looked at."""

    title: str
    prefix: str
    """Of the names of its pictures."""
    states: Mapping[str, State]
    looks: Mapping[str, Mapping[str, Any]]


ROOMS = (
    Room("Every page", "", STATES, LOOKS),
    Room("And in other ways", "", {name: STATES[name] for name in MORE_STATES}, MORE_LOOKS),
    Room("The kiosk", "kiosk-", KIOSK_STATES, KIOSK_LOOKS),
    Room("The widget", "widget-", WIDGET_STATES, WIDGET_LOOKS),
)


def main() -> int:
    """Take every picture and write the page that shows them."""
    if CHROMIUM is None:
        print("No Chromium found: install Debian's package chromium, or set CHROMIUM.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with running(Path(folder), SEEDS, DOCUMENTS, public_url=PUBLIC_URL, development=True) as address:
            for room in ROOMS:
                for state, look in product(room.states, room.looks):
                    picture = photograph(browser, address, room.states[state], room.looks[look])
                    (FOLDER / name(room, state, look)).write_bytes(picture)
                    taken.append(name(room, state, look))
        browser.close()
    for old in FOLDER.glob("*.webp"):
        if old.name not in taken:
            old.unlink()
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(taken)} pictures in {FOLDER.relative_to(Path.cwd())}, {size / 1e6:.1f} MB")
    return 0


def name(room: Room, state: str, look: str) -> str:
    """Return the name of a picture's file."""
    return f"{room.prefix}{state}-{look}.webp"


def photograph(browser: Any, address: str, state: State, look: Mapping[str, Any]) -> bytes:
    """Return the window's picture of a state, as WebP."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", **look)
    tab = context.new_page()
    tab.goto(state.path)
    state.reach(tab)
    tab.wait_for_timeout(300)
    picture = context.new_cdp_session(tab).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    context.close()
    return base64.b64decode(picture["data"])


def page() -> str:
    """Return the page that shows the pictures, a row a state."""
    intro = "Taken by `make gallery` with the seed article and those in `tests/browser/documents`."
    return "\n".join(["# Every state of every page", "", intro, *(line for room in ROOMS for line in _table(room)), ""])


def _table(room: Room) -> Iterator[str]:
    yield from ("", f"## {room.title}", "")
    yield f"| | {' | '.join(map(_words, room.looks))} |"
    yield f"|---|{'---|' * len(room.looks)}"
    for state in room.states:
        pictures = (
            f'<img src="{name(room, state, look)}" width="160" alt="{_words(state)}, {_words(look)}">'
            for look in room.looks
        )
        yield f"| {_words(state)} | {' | '.join(pictures)} |"


def _words(name: str) -> str:
    return name.replace("-", " ")


if __name__ == "__main__":
    sys.exit(main())

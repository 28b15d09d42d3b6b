"""The operator's look: two colours that stay readable in light and in dark, and a logo.

A colour as an operator gives it seldom suits every place: text in it, lines in it, text upon it, by day and by night.
Hue and chroma stay; lightness moves, in OKLCH, until the contrast is what WCAG 2.2 asks for (1.4.3 and 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from webapp.settings import PREFIX, Settings

LOGO_MAX_BYTES = 200_000
LOGO_MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

TEXT_CONTRAST = 4.5
LINE_CONTRAST = 3.0

# Those of newsstand.css and dark.css that the operator's colours stand beside.
_LIGHT = {"ground": "#eceee8", "paper": "#ffffff", "ink": "#17201b"}
_DARK = {"ground": "#0d1310", "paper": "#18201c", "ink": "#e9eee8"}
_KIOSK_COLOURS = ("#0d4636", "#0a2a21")
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Look:
    """What differs from the look that ships."""

    light: Mapping[str, str] = field(default_factory=dict)
    """Custom properties of the style sheet with their values."""
    dark: Mapping[str, str] = field(default_factory=dict)
    """The same for the dark."""
    logo: Path | None = None
    warnings: tuple[str, ...] = ()
    """What the operator should know."""

    def style(self) -> str:
        """Return a style sheet that changes the one before it to this look, but for who asks for high contrast."""
        dark = f"@media (prefers-color-scheme: dark) {{\n{properties(self.dark)}}}\n"
        return f"@media not all and (prefers-contrast: more) {{\n{properties(self.light)}{dark}}}\n"

    @property
    def theme_colors(self) -> tuple[str, str]:
        """The colour of the page's top, in light and in dark: browsers paint what is around it alike."""
        return self.light.get("kiosk", _KIOSK_COLOURS[0]), self.dark.get("kiosk", _KIOSK_COLOURS[1])


def brand(color: str) -> Look:
    """Return the look of a page whose header, buttons and links are in `color`, such as ``#0d4636``."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    _brand(color, light, dark, [])
    return Look(light, dark)


def look_of(settings: Settings) -> Look:
    """Return the look that `settings` ask for; what cannot be used is left out, with a warning."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    warnings: list[str] = []
    if settings.marker_color:
        _mark(settings.marker_color, light, dark, warnings)
    if settings.brand_color:
        _brand(settings.brand_color, light, dark, warnings)
    return Look(light, dark, _logo(settings.logo, warnings), tuple(warnings))


def properties(values: Mapping[str, str]) -> str:
    """Return a rule of a style sheet that sets custom properties; nothing where there are none."""
    lines = "".join(f"--{name}: {value};\n" for name, value in values.items())
    return f":root {{\n{lines}}}\n" if lines else ""


def _brand(color: str, light: dict[str, str], dark: dict[str, str], warnings: list[str]) -> None:
    link, contrast = readable(color, _LIGHT["ground"], TEXT_CONTRAST)
    if link != color:
        warnings.append(
            f"{PREFIX}BRAND_COLOR={color} has a contrast of {contrast:.1f} to 1 with the page, and text needs "
            f"{TEXT_CONTRAST} to 1: links are {link} instead."
        )
    ink = _ink_on(color)
    light |= {"kiosk": color, "kiosk-ink": ink, "asked": color, "asked-ink": ink, "link": link}
    light["lead"] = readable(color, _LIGHT["ground"], LINE_CONTRAST)[0]
    light["sign"] = _sign_on(color, light.get("marker", "#ffe15a"), ink)
    kiosk, asked = at_lightness(color, 0.26), at_lightness(color, 0.42)
    dark |= {"kiosk": kiosk, "kiosk-ink": "#ffffff", "asked": asked, "asked-ink": "#ffffff"}
    dark["lead"] = readable(at_lightness(color, 0.59), _DARK["paper"], LINE_CONTRAST)[0]
    dark["link"] = readable(at_lightness(color, 0.82), _DARK["paper"], TEXT_CONTRAST)[0]
    dark["sign"] = light["sign"] if light["sign"] != ink else "#ffffff"


def _mark(color: str, light: dict[str, str], dark: dict[str, str], warnings: list[str]) -> None:
    marker, contrast = readable(color, _LIGHT["ink"], TEXT_CONTRAST)
    if marker != color:
        warnings.append(
            f"{PREFIX}MARKER_COLOR={color} has a contrast of {contrast:.1f} to 1 with the text upon it, which needs "
            f"{TEXT_CONTRAST} to 1: quotes are marked in {marker} instead."
        )
    light["marker"] = light["sign"] = dark["sign"] = marker
    dark["marker"] = readable(at_lightness(color, 0.43), _DARK["ink"], TEXT_CONTRAST)[0]


def _ink_on(color: str) -> str:
    """Return white or black, whichever stands out more; the better one has at least 4.58 to 1 on any colour."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast_of(color, ink))


def _sign_on(color: str, sign: str, ink: str) -> str:
    return sign if contrast_of(color, sign) >= LINE_CONTRAST else ink


def contrast_of(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    from coloraide import Color

    return float(Color(one).contrast(other, method="wcag21"))


def at_lightness(color: str, lightness: float) -> str:
    """Return the colour of that hue and chroma with another OKLCH lightness (0 to 1), as near as a screen shows it."""
    from coloraide import Color

    moved = Color(color).convert("oklch").set("lightness", lightness)
    return str(moved.convert("srgb").fit().to_string(hex=True))


def readable(color: str, beside: str, ratio: float) -> tuple[str, float]:
    """Return `color`, moved away from `beside` until their contrast is `ratio`, and the contrast that it had."""
    from coloraide import Color

    had = contrast_of(color, beside)
    lightness = Color(color).convert("oklch")["lightness"]
    away = -_STEP if Color(beside).convert("oklch")["lightness"] > 0.5 else _STEP
    moved = color
    while contrast_of(moved, beside) < ratio and 0 < lightness + away < 1:
        lightness += away
        moved = at_lightness(color, lightness)
    return moved, had


def _logo(setting: str, warnings: list[str]) -> Path | None:
    if not setting:
        return None
    file = Path(setting)
    if file.suffix.lower() not in LOGO_MEDIA_TYPES:
        wrong = f"is no picture that browsers show everywhere: use {', '.join(LOGO_MEDIA_TYPES)}"
    elif not file.is_file():
        wrong = "is no file"
    elif file.stat().st_size > LOGO_MAX_BYTES:
        wrong = f"has more than {LOGO_MAX_BYTES:,} bytes"
    else:
        return file
    warnings.append(f"{PREFIX}LOGO={setting} {wrong}; the sign that ships is shown instead.")
    return None

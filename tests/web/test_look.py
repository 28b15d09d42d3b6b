"""The operator's colours and logo, and the visitor's appearance."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.settings import Settings, SettingsError
from webapp.web.look import LINE_CONTRAST, TEXT_CONTRAST, contrast_of, look_of

COLOURS = ["#0d4636", "#ffcc00", "#c8102e", "#777777", "#ffffff", "#000000", "#0000ff", "#00ff88", "#ff66cc"]
APPEARANCES = ["device", "light", "dark", "contrast"]
PNG = b"\x89PNG\r\n\x1a\n"


def style(client: FlaskClient, appearance: str = "device") -> str:
    client.set_cookie("newsstand_appearance", appearance)
    page = client.get("/").text
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    return str(client.get(address).text)


@pytest.mark.parametrize("brand", COLOURS)
@pytest.mark.parametrize("marker", COLOURS[1::3])
def test_any_colour_becomes_readable(brand: str, marker: str) -> None:
    """Text, lines and marks reach the contrast that WCAG 2.2 asks for, by day and by night."""
    look = look_of(Settings(brand_color=brand, marker_color=marker))
    for values, grounds, ink in (
        (look.light, ("#eceee8", "#ffffff"), "#17201b"),
        (look.dark, ("#0d1310", "#18201c"), "#e9eee8"),
    ):
        for ground in grounds:
            assert contrast_of(values["link"], ground) >= TEXT_CONTRAST
            assert contrast_of(values["lead"], ground) >= LINE_CONTRAST
        assert contrast_of(values["kiosk"], values["kiosk-ink"]) >= TEXT_CONTRAST
        assert contrast_of(values["asked"], values["asked-ink"]) >= TEXT_CONTRAST
        assert contrast_of(values["marker"], ink) >= TEXT_CONTRAST
        assert contrast_of(values["sign"], values["kiosk"]) >= LINE_CONTRAST


def test_colour_that_must_move_is_told(make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture) -> None:
    """A warning at the start names the contrast and what is used instead; a good colour brings none."""
    make_app(brand_color="#ffcc00")
    (said,) = caplog.messages
    assert re.fullmatch(
        r"NEWSSTAND_BRAND_COLOR=#ffcc00 has a contrast of 1\.3 to 1 with the page, .* links are #\w{6} instead\.", said
    )
    caplog.clear()
    make_app(brand_color="#7a1f3d", marker_color="#cdeeff")
    assert caplog.messages == []


def test_what_is_no_colour_is_refused() -> None:
    """The message says how to write one."""
    with pytest.raises(SettingsError, match="NEWSSTAND_BRAND_COLOR: write a colour as six hexadecimal digits"):
        Settings.from_environment({"NEWSSTAND_BRAND_COLOR": "red;}body{display:none"})


def test_colours_reach_the_page(make_app: Callable[..., Flask]) -> None:
    """The style sheet of every appearance but high contrast ends with them; so does the browser's own frame."""
    client = make_app(brand_color="#7a1f3d").test_client()
    for appearance in APPEARANCES:
        assert "--kiosk:#7a1f3d" in style(client, appearance)
    contrast = style(client, "contrast")
    assert contrast.index("--kiosk:#7a1f3d") < contrast.index("--kiosk:#000")
    client.set_cookie("newsstand_appearance", "device")
    assert '<meta name="theme-color" content="#7a1f3d" media="(prefers-color-scheme: light)">' in client.get("/").text


def test_logo_is_shown(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """Beside the name, and as the icon of the browser's tab."""
    logo = tmp_path / "logo.PNG"
    logo.write_bytes(PNG)
    client = make_app(logo=str(logo)).test_client()
    page = client.get("/").text
    (address,) = re.findall(r'<img class="logo" src="([^"]+)" alt=""', page)
    assert f'<link rel="icon" href="{address}">' in page
    served = client.get(address)
    assert (served.data, served.mimetype) == (PNG, "image/png")
    assert "immutable" in served.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "size", "why"), [("none.png", None, "is no file"), ("a.gif", 1, "use .svg"), ("a.png", 200_001, "200,000")]
)
def test_logo_that_cannot_be_shown_is_told(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    size: int | None,
    why: str,
) -> None:
    """The site starts all the same, with the sign that ships."""
    if size is not None:
        (tmp_path / name).write_bytes(b"x" * size)
    page = make_app(logo=str(tmp_path / name)).test_client().get("/").text
    assert 'class="logo-roof"' in page
    (said,) = caplog.messages
    assert said.startswith("NEWSSTAND_LOGO=") and why in said


@pytest.mark.parametrize("chosen", APPEARANCES)
def test_appearance_is_kept(client: FlaskClient, chosen: str) -> None:
    """The choice comes back here, is marked in the menu and lasts a year."""
    answer = client.post("/appearance", data={"appearance": chosen, "back": "/documents/?q=a"})
    assert (answer.status_code, answer.location) == (303, "/documents/?q=a")
    cookie = client.get_cookie("newsstand_appearance")
    assert cookie is not None and (cookie.value, cookie.http_only, cookie.max_age) == (chosen, True, 365 * 24 * 3600)
    page = client.get("/documents/").text
    assert f'data-look="{chosen}"' in page
    assert f'name="appearance" value="{chosen}" aria-current="true"' in page
    assert "cookie" in {name.lower() for name in client.get("/documents/").vary}


def test_each_appearance_has_its_colours(client: FlaskClient) -> None:
    """Only "as on this device" asks the device whether it is dark."""
    sheets = {name: style(client, name) for name in APPEARANCES}
    assert len(set(sheets.values())) == 4
    assert "prefers-color-scheme" not in sheets["light"] + sheets["dark"]
    assert "prefers-contrast:more" in sheets["device"]
    assert "color-scheme:dark" in sheets["dark"] and "color-scheme:dark" not in sheets["light"]


@pytest.mark.parametrize("sent", [{}, {"appearance": "pink"}])
def test_unknown_appearance_is_refused(client: FlaskClient, sent: dict[str, str]) -> None:
    """And an unknown one in the cookie is as on this device."""
    assert client.post("/appearance", data=sent).status_code == 422
    client.set_cookie("newsstand_appearance", "pink")
    assert 'data-look="device"' in client.get("/").text

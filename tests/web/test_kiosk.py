"""The kiosk's doors: whose a conversation is without a cookie, what is left when a visitor has gone, what is told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient

from webapp.web.heartbeats import FORGOTTEN_AFTER_SECONDS, KIOSKS_MAX, Heartbeats
from webapp.web.kiosk import qr_code

TICKET = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2


def sent(ticket: str = TICKET, **fields: str) -> dict[str, str]:
    return {"surface": "kiosk", "ticket": ticket, **fields}


def ask(client: FlaskClient, htmx: dict[str, str], question: str, **fields: str) -> tuple[str, str]:
    """Ask on the kiosk; return the conversation and the page's fragment."""
    answer = client.post("/chat", data=sent(question=question, **fields), headers=htmx)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    return re.findall(r'data-conversation="([^"]+)"', answer.text)[0], answer.text


def test_ticket_holds_a_conversation_together(client: FlaskClient, htmx: dict[str, str], faq: str) -> None:
    """The same ticket goes on with it; another one, and none, begin another."""
    first, text = ask(client, htmx, faq)
    assert f'value="{first}"' in text
    assert ask(client, htmx, "hello", conversation=first)[0] == first
    assert ask(client, htmx, "hello", ticket=OTHER, conversation=first)[0] != first
    site = client.post("/chat", data={"question": "hello", "ticket": TICKET, "conversation": first}, headers=htmx)
    assert f'data-conversation="{first}"' not in site.text


@pytest.mark.parametrize("ticket", ["", "short", "0" * 31, "Z" * 32, "0" * 65])
def test_what_is_no_ticket_belongs_to_nobody(client: FlaskClient, htmx: dict[str, str], faq: str, ticket: str) -> None:
    """The question is answered; nothing can be gone on with."""
    first, _ = ask(client, htmx, faq, ticket=ticket)
    assert ask(client, htmx, "hello", ticket=ticket, conversation=first)[0] != first


def test_leaving_deletes_what_was_asked(client: FlaskClient, htmx: dict[str, str], faq: str, store) -> None:  # type: ignore[no-untyped-def]
    """Of this ticket alone; the language that was chosen goes too."""
    mine, _ = ask(client, htmx, faq)
    theirs, _ = ask(client, htmx, faq, ticket=OTHER)
    client.set_cookie("newsstand_language", "de")
    left = client.post("/kiosk/leave", data=sent())
    assert left.status_code == 204 and client.get_cookie("newsstand_language") is None
    assert mine not in store.kept and theirs in store.kept
    assert client.post("/kiosk/leave", data={"surface": "kiosk"}).status_code == 204


def test_leaving_waits_for_the_database(client: FlaskClient, htmx: dict[str, str], faq: str, store) -> None:  # type: ignore[no-untyped-def]
    """The page is told to come again."""
    ask(client, htmx, faq)
    store.broken = True
    assert client.post("/kiosk/leave", data=sent()).status_code == 503


def test_cookies_play_no_part(client: FlaskClient, htmx: dict[str, str], faq: str) -> None:
    """Whoever has conversations on the site finds none of them on the kiosk, and loses none by it."""
    client.post("/chat", data={"question": faq})
    assert faq in client.get("/").text
    kiosk = client.get("/kiosk")
    assert 'class="turn' not in kiosk.text
    assert kiosk.headers["Cache-Control"] == "no-store"
    client.post("/kiosk/leave", data=sent())
    assert 'class="turn' in client.get("/").text


def test_taken_along(make_app: Callable[..., Flask], htmx: dict[str, str], faq: str) -> None:
    """A copy that belongs to nobody has the address in the code; where no phone could open it nothing is offered."""
    client = make_app(public_url="https://ask.example.org").test_client()
    _, text = ask(client, htmx, faq)
    turn = re.findall(r'data-hx-post="/kiosk/take"[^>]*>\s*<input type="hidden" name="turn" value="([^"]+)"', text)[0]
    taken = client.post("/kiosk/take", data=sent(turn=turn), headers=htmx).text
    (address,) = re.findall(r"<code dir=\"ltr\">(https://ask\.example\.org/a/[\w-]+)</code>", taken)
    assert str(qr_code(address)) in taken
    client.post("/kiosk/leave", data=sent())
    assert client.get(address.removeprefix("https://ask.example.org")).status_code == 200
    assert client.post("/kiosk/take", data=sent(OTHER, turn=turn), headers=htmx).status_code == 404


def test_nothing_to_take_to_loopback(client: FlaskClient, htmx: dict[str, str], faq: str) -> None:
    """A phone cannot open what only this machine knows."""
    _, text = ask(client, htmx, faq)
    assert "Take it with you" not in text


def test_qr_code_is_the_address() -> None:
    """Dark and light as the standard has it, with the quiet zone of four modules."""
    code = segno.make("https://ask.example.org/a/x", error="m", micro=False)
    side = code.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in qr_code("https://ask.example.org/a/x")


def test_articles_are_read_inside(client: FlaskClient) -> None:
    """A fragment without a link; unknown ones are said to be so."""
    inside = client.get("/kiosk/documents/000_e9223e5004065d9e").text
    assert "<html" not in inside and "<a " not in inside and 'id="inside-p1"' in inside
    assert client.get("/kiosk/documents/none").status_code == 404


@pytest.mark.parametrize("name", ["Lobby", "a b", "../x", "", "x" * 41])
def test_names_of_kiosks(client: FlaskClient, name: str) -> None:
    """Only short, plain ones are noted."""
    assert client.post("/kiosk/heartbeat", data={"name": name}).status_code == 422
    if name:
        assert client.get("/kiosk", query_string={"name": name}).status_code == 422


def test_heartbeats_reach_the_metrics(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """By name, in seconds, in the format that Prometheus reads."""
    client = make_app(data_dir=str(tmp_path)).test_client()
    told = client.post("/kiosk/heartbeat", data={"name": "lobby-1"})
    assert told.json == {"version": re.findall(r'data-version="([^"]+)"', client.get("/kiosk").text)[0]}
    metrics = client.get("/metrics")
    assert metrics.mimetype == "text/plain"
    assert re.search(r'^newsstand_kiosk_last_seen_seconds\{kiosk="lobby-1"\} [\d.e-]+$', metrics.text, re.MULTILINE)
    assert "newsstand_documents 1.0" in metrics.text


def test_heartbeats_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more names than a fleet has; the silent are forgotten; a folder that cannot be written harms nobody."""
    beats = Heartbeats(tmp_path)
    for number in range(KIOSKS_MAX + 5):
        beats.beat(f"kiosk-{number}")
    assert len(beats.ages()) == KIOSKS_MAX
    monkeypatch.setattr("webapp.web.heartbeats.time.time", lambda: __import__("time").time_ns() / 1e9 + 8 * 24 * 3600)
    assert FORGOTTEN_AFTER_SECONDS < 8 * 24 * 3600
    assert beats.ages() == {}
    assert list((tmp_path / "kiosks").iterdir()) == []
    (tmp_path / "file").touch()
    Heartbeats(tmp_path / "file").beat("lobby")
    assert Heartbeats(tmp_path / "file").ages() == {}


def test_profile_closes_the_api(make_app: Callable[..., Flask]) -> None:
    """Programs get nothing; the page's own suggestions go on."""
    client = make_app(profile="kiosk").test_client()
    assert client.post("/api/v1/ask", json={"question": "hello"}).status_code == 404
    assert client.get("/api/v1/documents").status_code == 404
    assert client.get("/api/v1/suggest?q=what").status_code == 200
    assert client.get("/kiosk").status_code == 200

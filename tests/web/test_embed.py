"""The widget: who may frame it, what it knows of its visitors, and what it speaks about."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import FakeAnswerer, FakeStore, MakeApp
from webapp.answering.reply import Scope
from webapp.settings import Settings, SettingsError
from webapp.web.assets import folder
from webapp.web.look import TEXT_CONTRAST, contrast_of

HOST = "https://www.gazette.example"
TICKET = "0123456789abcdef" * 2
VISITOR = {"surface": "embed", "ticket": TICKET}
SCRIPT_BYTES = 5000


@pytest.fixture
def framed(make_app: MakeApp) -> FlaskClient:
    """A visitor of a site whose widget one host may show."""
    return make_app(embed_origins=HOST).test_client()


def ancestors(policy: str) -> str:
    return re.search(r"frame-ancestors ([^;]+)", policy)[1]  # type: ignore[index]


def test_nobody_may_frame_it_unless_told(client: FlaskClient) -> None:
    """Without a list the widget's page is as closed as all others."""
    response = client.get("/embed")
    assert response.status_code == 200
    assert ancestors(response.headers["Content-Security-Policy"]) == "'none'"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_listed_origins_may_frame_it_and_nothing_else(make_app: MakeApp) -> None:
    """Each is named; every other page stays closed; a browser that knows X-Frame-Options is not told no."""
    client = make_app(embed_origins=f"{HOST}, http://localhost:8080").test_client()
    response = client.get("/embed")
    assert ancestors(response.headers["Content-Security-Policy"]) == f"{HOST} http://localhost:8080"
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in ("/", "/documents/", "/kiosk", "/embed/turns", "/embed/nothing", "/api/v1/documents"):
        closed = client.get(path)
        assert ancestors(closed.headers["Content-Security-Policy"]) == "'none'"
        assert closed.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "origins",
    ["gazette.example", "https://gazette.example/", "https://*.example", "https://a.example;script-src *", "*"],
)
def test_what_is_no_origin_stops_the_start(origins: str) -> None:
    """Nothing that is no origin ever reaches the policy."""
    with pytest.raises(SettingsError, match="NEWSSTAND_EMBED_ORIGINS"):
        Settings.from_environment({"NEWSSTAND_EMBED_ORIGINS": origins})


def test_the_script_is_small_and_loads_anywhere(client: FlaskClient) -> None:
    """Pages of other sites may load this one file; browsers keep it for an hour."""
    response = client.get("/static/embed.js", headers={"Accept-Encoding": "gzip"})
    assert len(response.data) < SCRIPT_BYTES
    assert gzip.decompress(response.data) == (folder("static") / "embed.js").read_bytes()
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    others = client.get("/static/js/embed-page.js")
    assert others.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_cookie_is_set(framed: FlaskClient, faq: str, htmx: dict[str, str]) -> None:
    """Neither by the page nor by an answer."""
    page = framed.get("/embed")
    answer = framed.post("/chat", data={**VISITOR, "question": faq}, headers=htmx)
    assert "Set-Cookie" not in page.headers and "Set-Cookie" not in answer.headers
    assert 'class="turn' in answer.text


def test_links_leave_the_frame(framed: FlaskClient) -> None:
    """Whatever is followed opens beside the host's page, not inside it."""
    assert '<base target="_blank">' in framed.get("/embed").text


def test_a_conversation_goes_on_for_its_ticket_only(
    framed: FlaskClient, faq: str, htmx: dict[str, str], store: FakeStore
) -> None:
    """The next page of the host gets the turns back; whoever has another ticket, or none, gets nothing."""
    framed.post("/chat", data={**VISITOR, "question": faq}, headers=htmx)
    (named,) = store.kept
    again = framed.post("/embed/turns", data={**VISITOR, "conversation": named})
    assert again.status_code == 200 and faq in again.text and 'value="embed"' in again.text
    for stranger in ({"surface": "embed", "ticket": "f" * 32}, {"surface": "embed"}, {"ticket": TICKET}):
        assert framed.post("/embed/turns", data={**stranger, "conversation": named}).status_code == 204
    assert framed.post("/embed/turns", data={**VISITOR, "conversation": "none"}).status_code == 204


def test_a_new_conversation_deletes_the_old(
    framed: FlaskClient, faq: str, htmx: dict[str, str], store: FakeStore
) -> None:
    """Nothing of it is kept; who has no ticket deletes nothing."""
    framed.post("/chat", data={**VISITOR, "question": faq}, headers=htmx)
    assert framed.post("/embed/leave", data={"surface": "embed"}).status_code == 204
    assert len(store.kept) == 1
    assert framed.post("/embed/leave", data=VISITOR).status_code == 204
    assert not store.kept


def test_a_broken_store_is_told(framed: FlaskClient, store: FakeStore) -> None:
    """As anywhere: try again."""
    store.broken = True
    assert framed.post("/embed/turns", data={**VISITOR, "conversation": "c" * 22}).status_code == 503
    assert framed.post("/embed/leave", data=VISITOR).status_code == 503


def test_the_host_says_the_language(framed: FlaskClient, htmx: dict[str, str]) -> None:
    """Whatever the browser asks for, and in answers, too; an unknown one counts as not said."""
    wish = {"Accept-Language": "es"}
    page = framed.get("/embed?lang=de-AT", headers=wish)
    assert '<html lang="de"' in page.text and 'name="lang" value="de"' in page.text
    assert '<html lang="es"' in framed.get("/embed?lang=xx", headers=wish).text
    answer = framed.post("/chat", data={**VISITOR, "lang": "de", "question": "nothing"}, headers={**htmx, **wish})
    assert "Dokumente" in answer.text
    # On the site itself that is the visitor's own choice.
    assert '<html lang="es"' in framed.get("/?lang=de", headers=wish).text


def test_it_speaks_about_one_document(
    framed: FlaskClient, answerer: FakeAnswerer, faq: str, htmx: dict[str, str]
) -> None:
    """The form says so with the first question; a document that is not there limits nothing."""
    document = answerer.corpus.documents[0]
    page = framed.get(f"/embed?document={document.id}")
    assert f'name="document" value="{document.id}"' in page.text and document.headline in page.text
    assert "Ask all articles" not in page.text
    framed.post("/chat", data={**VISITOR, "document": document.id, "question": faq}, headers=htmx)
    assert answerer.heard[-1][1].scope == Scope(document.id)
    assert 'name="document"' not in framed.get("/embed?document=none").text


def test_the_hosts_colour_stays_readable(framed: FlaskClient) -> None:
    """A light one becomes darker where text stands in it; what is no colour is not taken."""
    page = framed.get("/embed?color=%23ffcc00").text
    address = re.search(r'href="(/embed/colors.css[^"]+)"', page)[1]  # type: ignore[index]
    style = framed.get(address)
    assert style.content_type.startswith("text/css")
    link = re.search(r"--link: (#\w+)", style.text)[1]  # type: ignore[index]
    assert contrast_of(link, "#eceee8") >= TEXT_CONTRAST
    for wrong in ("red", "#fff", "#ffcc00}", "%23fffffg", ""):
        assert "colors.css" not in framed.get("/embed", query_string={"color": wrong}).text
        assert framed.get("/embed/colors.css", query_string={"color": wrong}).status_code == 404


def test_the_example_page_is_for_development(make_app: MakeApp, client: FlaskClient) -> None:
    """Elsewhere there is none; there it may frame the widget, and shows the line that does it."""
    assert client.get("/embed/demo").status_code == 404
    developing = make_app(development=True).test_client()
    page = developing.get("/embed/demo?color=%237a1f3d&position=left&lang=de&document=none")
    assert 'data-color="#7a1f3d" data-position="left" data-lang="de" defer' in page.text
    assert "data-document" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert ancestors(developing.get("/embed").headers["Content-Security-Policy"]) == "'self'"
    assert "<script>" not in developing.get("/embed/demo?lang=<script>").text

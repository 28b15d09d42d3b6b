"""The languages of the interface: which one a visitor reads, how it is chosen, and what stays as it is."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from webapp.answering import messages, smalltalk
from webapp.answering.reply import Answer, AnswerKind, Outcome, Reply, Scope
from webapp.web.dates import DateView
from webapp.web.languages import COOKIE, LANGUAGES, decimal, ngettext
from webapp.web.wording import listed_words, reply_message

SPOKEN = {
    "en": "New conversation",
    "de": "Neues Gespräch",
    "es": "Nueva conversación",
    "ru": "Новый разговор",
    "hi": "नई बातचीत",
    "ar": "محادثة جديدة",
}


@pytest.fixture
def speaking(app: Flask) -> Callable[..., object]:
    """A request in one language."""
    return lambda tag: app.test_request_context(headers={"Accept-Language": tag})


@pytest.mark.parametrize("tag", SPOKEN)
def test_page_is_in_the_browsers_language(client: FlaskClient, tag: str) -> None:
    """The words, ``lang``, ``dir`` and ``Content-Language`` are those of the language the browser asks for."""
    page = client.get("/", headers={"Accept-Language": tag})
    assert SPOKEN[tag] in page.text
    html = html5lib.parse(page.text, namespaceHTMLElements=False)
    assert (html.get("lang"), html.get("dir")) == (tag, "rtl" if tag == "ar" else "ltr")
    assert page.headers["Content-Language"] == tag
    assert {"accept-language", "cookie"} <= {name.lower() for name in page.vary}


@pytest.mark.parametrize(
    ("wished", "tag"),
    [
        ("", "en"),
        ("de-AT", "de"),
        ("fr, de;q=0.5", "de"),
        ("en-GB, ru;q=0.9", "en"),
        ("fr", "en"),
        ("ru;q=0, *", "en"),
        ("AR-eg;q=0.8, fr;q=0.9", "ar"),
        ("hi;q=nonsense, ,;;", "en"),
        ("de" * 4000, "en"),
    ],
)
def test_best_of_the_wished_languages(client: FlaskClient, wished: str, tag: str) -> None:
    """The first wish that can be met counts, by quality; English is for everyone else."""
    assert f'<html lang="{tag}"' in client.get("/", headers={"Accept-Language": wished}).text


def test_choice_lasts_and_wins(client: FlaskClient) -> None:
    """What was chosen counts more than what the browser asks for, for a year, and brings back where one was."""
    answer = client.post("/language", data={"language": "es", "back": "/documents/?page=1"})
    assert (answer.status_code, answer.location) == (303, "/documents/?page=1")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site, cookie.max_age) == ("es", True, "Lax", 365 * 24 * 3600)
    assert '<html lang="es"' in client.get("/", headers={"Accept-Language": "ru"}).text


def test_choice_outlives_the_conversation(client: FlaskClient, faq: str) -> None:
    """A new conversation is in the language that was chosen."""
    client.post("/language", data={"language": "hi"})
    client.post("/chat", data={"question": faq})
    client.post("/conversation/new")
    assert SPOKEN["hi"] in client.get("/").text


@pytest.mark.parametrize(
    "back",
    [
        "",
        "x",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/a\r\nX: y",
        "/" + "a" * 5000,
        "/é",
    ],
)
def test_choice_never_leads_elsewhere(client: FlaskClient, back: str) -> None:
    """Only a path of this site is gone back to."""
    answer = client.post("/language", data={"language": "de", "back": back})
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("sent", [{}, {"language": ""}, {"language": "xx"}, {"language": "../../etc/passwd"}])
def test_unknown_language_is_refused(client: FlaskClient, sent: dict[str, str]) -> None:
    """A language that is not offered is refused with a page, and nothing is kept."""
    answer = client.post("/language", data=sent)
    assert answer.status_code == 422
    assert "cannot be used" in answer.text
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, "xx")
    assert '<html lang="en"' in client.get("/").text


def test_another_site_cannot_choose(client: FlaskClient) -> None:
    """The choice is guarded like every form."""
    answer = client.post("/language", data={"language": "de"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_secure_cookie_where_the_operator_wants_it(make_app: Callable[..., Flask]) -> None:
    """The setting for the cookie holds for this one too."""
    client = make_app(cookie_secure=True).test_client()
    answer = client.post("/language", data={"language": "de"}, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path",
    ["/", "/documents/", "/documents/?page=1&q=%C3%BC%20b", "/documents/000_e9223e5004065d9e", "/nowhere/%C3%A9"],
)
def test_chooser_names_every_language_and_comes_back_here(client: FlaskClient, path: str) -> None:
    """The form offers each language by its own name and returns to the same page, whatever its address."""
    page = client.get(path)
    html = html5lib.parse(page.text, namespaceHTMLElements=False)
    (form,) = (form for form in html.iter("form") if form.get("action") == "/language")
    offered = {button.get("value"): (button.text, button.get("lang")) for button in form.iter("button")}
    assert offered == {tag: (language.name, tag) for tag, language in LANGUAGES.items()}
    (back,) = (field.get("value") for field in form.iter("input"))
    answer = client.post("/language", data={"language": "de", "back": back})
    assert client.get(answer.location).status_code == page.status_code
    assert answer.location == path


def test_programs_read_english(client: FlaskClient, faq: str) -> None:
    """The API speaks English whoever asks, and its answers do not vary by language."""
    german = {"Accept-Language": "de"}
    refused = client.post("/api/v1/ask", json={"question": ""}, headers=german)
    assert "question" in refused.json["error"]["message"]
    assert "Frage" not in refused.text
    missing = client.get("/api/v1/documents/none", headers=german)
    assert "There is no document" in missing.json["error"]["message"]
    for response in (refused, missing, client.get("/healthz", headers=german)):
        assert "Content-Language" not in response.headers
        assert "accept-language" not in {name.lower() for name in response.vary}


def test_problem_pages_and_fragments_are_in_the_language(client: FlaskClient, htmx: dict[str, str]) -> None:
    """What went wrong is said in the visitor's language, on a page and within one."""
    german = {"Accept-Language": "de"}
    assert "Unter dieser Adresse steht nichts" in client.get("/nowhere", headers=german).text
    too_long = client.post("/chat", data={"question": "x" * 2001}, headers=htmx | german)
    assert "2.001 Zeichen; höchstens 2.000" in too_long.text


def test_documents_keep_their_language(client: FlaskClient) -> None:
    """On an Arabic page an English article is marked as English and finds its own direction."""
    page = client.get("/documents/000_e9223e5004065d9e", headers={"Accept-Language": "ar"})
    html = html5lib.parse(page.text, namespaceHTMLElements=False)
    (article,) = html.iter("article")
    assert article.get("lang") == "en"
    (heading,) = (h for h in article.iter() if h.get("id") == "faq-title")
    assert (heading.get("lang"), heading.get("dir"), heading.text) == ("ar", "rtl", "أسئلة وأجوبة")
    assert all(p.get("dir") == "auto" for p in article.iter("p") if p.get("class") is None)


@pytest.mark.parametrize(
    ("tag", "words", "number"),
    [
        ("en", "28 December 2023", "1,234.5"),
        ("de", "28. Dezember 2023", "1.234,5"),
        ("es", "28 de diciembre de 2023", "1.234,5"),
        ("ru", "28 декабря 2023\N{NARROW NO-BREAK SPACE}г.", "1\N{NO-BREAK SPACE}234,5"),
        ("hi", "28 दिसंबर 2023", "1,234.5"),
        ("ar", "28 ديسمبر 2023", "1,234.5"),
    ],
)
def test_dates_and_numbers(speaking, tag: str, words: str, number: str) -> None:  # type: ignore[no-untyped-def]
    """Dates and numbers are written as people write them."""
    with speaking(tag):
        assert DateView.of(date(2023, 12, 28)) == DateView("2023-12-28", words)
        assert decimal(1234.5) == number


@pytest.mark.parametrize(
    ("tag", "counted"),
    [
        ("en", {1: "1 sentence", 2: "2 sentences"}),
        ("de", {1: "1 Satz", 1000: "1.000 Sätze"}),
        ("es", {1: "1 frase", 0: "0 frases"}),
        ("ru", {1: "1 предложение", 21: "21 предложение", 3: "3 предложения", 12: "12 предложений"}),
        ("hi", {0: "0 वाक्य", 5: "5 वाक्य"}),
        ("ar", {1: "جملة واحدة", 2: "جملتان", 3: "3 جمل", 11: "11 جملة", 100: "100 جملة", 103: "103 جمل"}),
    ],
)
def test_plurals(speaking, tag: str, counted: dict[int, str]) -> None:  # type: ignore[no-untyped-def]
    """Each language counts in its own forms."""
    with speaking(tag):
        told = {number: ngettext("%(num)s sentence", "%(num)s sentences", number) for number in counted}
        assert told == counted


def abstained(message: str, missing: tuple[str, ...] = ()) -> Reply:
    return Reply("?", Outcome.ABSTAINED, message, 0.0, missing_terms=missing)


def test_answerers_sentences_are_translated(speaking) -> None:  # type: ignore[no-untyped-def]
    """Fixed sentences are said in the visitor's language, with the words that no document holds."""
    with speaking("de"):
        assert reply_message(abstained(messages.NOTHING_MORE)) == "Mehr steht in diesem Artikel nicht."
        missing = ("pakistan", "%(x)s", "<b>")
        assert reply_message(abstained(messages.not_answered(missing, Scope("one")), missing)) == (
            "Dieses Dokument beantwortet das nicht. Kein Dokument hier erwähnt „pakistan“, „%(x)s“ oder „<b>“."
        )
        # A name is told as it was typed, also of a turn that was kept with it as it was looked up.
        asked = replace(abstained("", ("pakistan",)), question="And Pakistan?")
        for told in (("pakistan",), ("Pakistan",)):
            assert reply_message(replace(asked, message=messages.not_answered(told))) == (
                "Die Dokumente hier beantworten das nicht. Kein Dokument hier erwähnt „Pakistan“."
            )
        hello = Answer(smalltalk.REPLIES["thanks"], AnswerKind.SMALLTALK, None, 1.0)
        thanks = replace(abstained(""), outcome=Outcome.SMALLTALK, answer=hello)
        assert reply_message(thanks) == "Gern geschehen! Möchten Sie noch etwas wissen?"


def test_unknown_sentences_stay_as_they_are(speaking) -> None:  # type: ignore[no-untyped-def]
    """A sentence that an earlier version kept is shown as it was kept; an empty one stays empty."""
    with speaking("de"):
        for said in ("", "An older sentence with 100 % of its words.", "Ask"):
            assert reply_message(abstained(said)) == said


def test_what_is_kept_is_english(client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """A conversation asked in Russian is shown in Hindi afterwards: what is kept names no language."""
    client.post("/chat", data={"question": "maybe"}, headers={"Accept-Language": "ru"})
    assert store.all_turns[0].reply.message == messages.CLOSEST
    assert "इससे सबसे मिलता-जुलता यह मिला:" in client.get("/", headers={"Accept-Language": "hi"}).text


def test_listed_words_are_text(speaking) -> None:  # type: ignore[no-untyped-def]
    """Words of a question are never markup, also in a list."""
    with speaking("es"):
        listed = listed_words(["<i>", "i{0}", "b"], "em", "or")
    assert re.sub(r"</?em[^>]*>", "", listed) == "&lt;i&gt;, i{0} o b"


def test_text_of_the_other_direction_is_set_apart(client: FlaskClient) -> None:
    """A question in another script keeps its marks, in sentences of templates and of modules."""
    client.post("/chat", data={"question": "hello"})
    for tag, question, apart in (("ar", "Why? <b>", True), ("ar", "لماذا؟", False), ("en", "לָמָה?", True)):
        told = f"\u2068{question}\u2069" if apart else question
        sought = client.get("/documents/", query_string={"q": question}, headers={"Accept-Language": tag})
        assert f"{told.replace('<', '&lt;').replace('>', '&gt;')}" in sought.text
    asked = client.get("/conversations/current/delete", headers={"Accept-Language": "ar"})
    assert "«\u2068hello\u2069»" in asked.text
    assert "\u2068" not in client.get("/conversations/current/delete").text


def test_outside_a_request_it_is_english(app: Flask) -> None:
    """What happens before or beside requests needs no language."""
    with app.app_context():
        assert decimal(1234) == "1,234"
        with force_locale("de"):
            assert decimal(1234) == "1.234"

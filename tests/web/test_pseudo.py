"""Pseudo-localisation: in a language whose every letter is foreign, a string left out of the catalogues shows itself.

The pages speak Russian from a catalogue made here, in which every Latin letter of the English text is a wide one, as in
"Ａｓｋ". Documents, questions and the site's name are Greek. A plain Latin letter that is still to be seen is then a
text that nobody can translate.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, abort
from flask.testing import FlaskClient
from flask_babel import get_babel

from webapp.answering import messages, smalltalk
from webapp.answering.explaining import LIKE_WORDINGS, SAME_QUESTION, THE_REST, TOLD_AS
from webapp.answering.reply import Context, Outcome, Reply
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.web.app import create_app
from webapp.web.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
TAG = "ru"
SITE = "Κιόσκι"
ARTICLE = """date 2024-02-{day:02} Η βιβλιοθήκη άνοιξε στην πόλη {day}. Ήρθαν πολλοί άνθρωποι. Ο δήμαρχος μίλησε.

Το βράδυ έπαιξε μουσική.

FAQ:

Q: Πότε άνοιξε η βιβλιοθήκη {day};

A: Άνοιξε τον Φεβρουάριο {day}.
"""
SCRIPT = {"Γεια": "hello", "Ίσως": "maybe", "Πότε": "when", "Λάθος": "fail"}
"""What is asked in Greek, and what the scripted answerer hears."""
TOLD_ATTRIBUTES = (
    "alt",
    "aria-description",
    "aria-label",
    "aria-valuetext",
    "label",
    "placeholder",
    "summary",
    "title",
)
# A document's own words; what languages are called.
KEPT = {"date", *(word for language in LANGUAGES.values() for word in re.findall("[A-Za-z]+", language.name))}
NOT_TEXT = re.compile(r"(%\(\w+\)s|%%|<[^>]*>|&\w+;)")
LATIN = re.compile(r"[A-Za-z]{2,}|\b[A-Za-z]\b")


def pseudo(text: str) -> str:
    """Return `text` with wide letters, its placeholders as they are."""
    parts = NOT_TEXT.split(text)
    parts[::2] = [re.sub("[A-Za-z]", lambda letter: chr(ord(letter[0]) + 0xFEE0), part) for part in parts[::2]]
    return "".join(parts)


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pseudo catalogue."""
    folder = tmp_path_factory.mktemp("translations")
    place = folder / TAG / "LC_MESSAGES"
    place.mkdir(parents=True)
    extract = ["pybabel", "--quiet", "extract", "--mapping-file", "pyproject.toml", "--keywords", "lazy_gettext"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run([*extract, "--keywords", "N_", "--output", str(folder / "messages.pot"), "."])
    with (folder / "messages.pot").open("rb") as file:
        template = read_po(file)
    made = Catalog(locale=TAG)
    for message in template:
        if message.id:
            several = message.pluralizable
            many = tuple(pseudo(message.id[1]) for _ in range(made.num_plurals)) if several else ""
            made.add(message.id, many or pseudo(message.id), context=message.context)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, made)
    return folder


class Scripted:
    """Hears Greek and says what the real answerer says; all else is the fake's."""

    def __init__(self, fake: object) -> None:
        self._fake = fake

    def __getattr__(self, name: str) -> object:
        return getattr(self._fake, name)

    def ask(self, question: str, context: Context = Context()) -> Reply:  # noqa: B008 - frozen
        reply: Reply = self._fake.ask(SCRIPT.get(question, question), context)  # type: ignore[attr-defined]
        told = tuple((name, 0.5) for name in (*TOLD_AS, LIKE_WORDINGS, SAME_QUESTION, THE_REST))
        if reply.explanation is not None:
            word = replace(reply.explanation.terms[0], word="λέξη")
            reply = replace(reply, explanation=replace(reply.explanation, terms=(word,), evidence=told))
        if reply.outcome is Outcome.SMALLTALK and reply.answer is not None:
            said = smalltalk.REPLIES["ability"]
            reply = replace(reply, message="", answer=replace(reply.answer, text=said))
        if reply.outcome is Outcome.ABSTAINED:
            missing = ("λέξη", "άλλη")
            reply = replace(reply, missing_terms=missing, message=messages.not_answered(missing))
        return replace(reply, question=question, corrections=(("λεξη", "λέξη"),) if reply.corrections else ())


Visit = Callable[..., FlaskClient]


@pytest.fixture
def visit(tmp_path: Path, answerer, translations: Path) -> Iterator[Visit]:  # type: ignore[no-untyped-def]
    """Makes visitors of a Greek site that speaks the pseudo language."""
    stores = []

    def make(store: object = None, articles: int = 3, **settings: object) -> FlaskClient:
        seeds = tmp_path / f"seeds{len(stores)}"
        seeds.mkdir()
        for day in range(1, articles + 1):
            (seeds / f"n{day}.txt").write_text(ARTICLE.format(day=day), encoding="utf-8")
        if store is None:
            database_url = f"sqlite:///{tmp_path / f'{len(stores)}.db'}"
            upgrade(database_url)
            store = ConversationStore(database_url, conversation_days=30)
            stores.append(store)
        given = Settings(**{"secret_key": "only for tests", "title": SITE, **settings})  # type: ignore[arg-type]
        scripted = Scripted(type(answerer)(read_folder(seeds).corpus))
        app = create_app(given, answerer=scripted, store=store)  # type: ignore[arg-type]
        get_babel(app).translation_directories = [str(translations)]

        @app.get("/pseudo/<int:status>")
        def refuse(status: int) -> None:
            abort(status)

        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = TAG
        return client

    yield make
    for store in stores:
        store.close()


def left_out(html: str) -> set[str]:
    """Return every text that a visitor meets in `html` and that is in plain Latin letters."""
    found = set()
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if isinstance(element.tag, str):
            found |= {text for text in texts(element) if set(LATIN.findall(text)) - KEPT}
    return found


def texts(element: Element) -> Iterator[str]:
    if element.tag not in {"script", "style", "code", "time"}:
        yield element.text or ""
    yield element.tail or ""
    for name, value in element.attrib.items():
        words_for_a_script = name.startswith("data-") and not name.startswith("data-hx-") and " " in value.strip()
        if name in TOLD_ATTRIBUTES or words_for_a_script or (name == "content" and told_in_meta(element)):
            yield value


def told_in_meta(element: Element) -> bool:
    return element.get("name", element.get("property", "")).rpartition(":")[2] in {"description", "title", "site_name"}


def read(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.mimetype == "text/html", path
    return response.text


def test_a_string_left_out_is_found() -> None:
    """The test itself sees texts and attributes, and passes what is no text."""
    assert pseudo("Page %(number)s of 3 <b>&amp;") == "Ｐａｇｅ %(number)s ｏｆ 3 <b>&amp;"
    assert left_out("<p>Ａｓｋ <time>May</time> Κιόσκι 3<code>ab</code></p><script>a b</script>") == set()
    page = '<p title="Ａ tip">Ｏｎｅ<b data-say="in words" data-id="ab12">x</b> tail<input placeholder=Ask>'
    assert left_out(page) == {"Ａ tip", "in words", "x", " tail", "Ask"}


ASKED = ("Πότε άνοιξε η βιβλιοθήκη 1;", *(question for question in SCRIPT if question != "Λάθος"), "Τίποτα")


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("fragment", [True, False])
def test_turns(visit: Visit, htmx: dict[str, str], question: str, fragment: bool) -> None:
    """Every kind of answer, as htmx gets it and as the page shows it."""
    client = visit()
    answer = client.post("/chat", data={"question": question}, headers=htmx if fragment else {})
    assert answer.status_code == (200 if fragment else 303)
    assert left_out(answer.text if fragment else read(client, "/")) == set()


@pytest.mark.parametrize("question", ASKED)
def test_turns_that_could_not_be_kept(visit: Visit, store, question: str) -> None:  # type: ignore[no-untyped-def]
    """Answers while the database is away, and the page that cannot show the conversation."""
    client = visit(store=store)
    store.broken = True
    assert left_out(client.post("/chat", data={"question": question}).text) == set()
    assert left_out(read(client, "/")) == set()


def test_scripts_hold_no_sentences() -> None:
    """Scripts take their words from the page: none of their strings begins as a sentence does."""
    for script in (ROOT / "static" / "js").glob("*.js"):
        code = re.sub(r"^\s*//[^\n]*|/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        strings = re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", code)
        assert [string for string in strings if re.match(r".[A-Z][a-z]*[ .!?…]", string)] == [], script.name


def test_errors_in_the_form(visit: Visit, htmx: dict[str, str]) -> None:
    """An empty question and one that is too long."""
    client = visit(question_max_chars=5)
    for question in ("", "αβγδεζ"):
        for headers in (htmx, {}):
            answer = client.post("/chat", data={"question": question}, headers=headers)
            assert answer.status_code == 422
            assert left_out(answer.text) == set()


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 500, 503])
def test_problem_pages(visit: Visit, htmx: dict[str, str], status: int) -> None:
    """Everything that can go wrong, as a page and as a fragment."""
    client = visit()
    for headers in (htmx, {}):
        answer = client.get(f"/pseudo/{status}", headers=headers)
        assert answer.status_code == status
        assert left_out(answer.text) == set()


def test_problems_told_by_the_pages(visit: Visit) -> None:
    """What is unknown, from elsewhere, or broken."""
    client = visit()
    for answer in (
        client.get("/documents/none"),
        client.get("/a/nothing-is-shared-here"),
        client.post("/chat", data={"question": "Λάθος"}),
        client.post("/chat", data={"question": "Γεια"}, headers={"Sec-Fetch-Site": "cross-site"}),
        client.post("/language", data={"language": "xx"}),
    ):
        assert answer.status_code >= 400
        assert left_out(answer.text) == set()


@pytest.mark.parametrize("articles", [0, 1, 70])
def test_every_page_that_can_be_reached(visit: Visit, articles: int) -> None:
    """Every page that links and forms lead to, before and after a conversation, until all of it is deleted."""
    client = visit(articles=articles, turns_shown=3)
    crawled = crawl(client)
    for question in (*ASKED, *ASKED):
        client.post("/chat", data={"question": question})
    crawled |= crawl(client)
    assert {"/", "/documents/", "/conversations/"} <= crawled
    deleted = client.post("/conversations/delete", follow_redirects=True)
    assert deleted.status_code == 200
    assert left_out(deleted.text) == set()


NOT_SENT = re.compile("/language|/conversation/new|.*/delete")
"""Forms that end what is being looked at."""


def crawl(client: FlaskClient, most: int = 80) -> set[str]:
    """Visit what pages lead to, and send their forms once; return the paths visited."""
    waiting, seen, sent = ["/", *routes(client.application)], set(), set()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        assert left_out(answer.text) == set(), path
        page = html5lib.parse(answer.text, namespaceHTMLElements=False)
        waiting += [urldefrag(link.get("href", "")).url for link in page.iter("a") if link.get("href", "")[:1] == "/"]
        for form in page.iter("form"):
            for action, data in sendings(form):
                if (action, *sorted(data)) not in sent and not NOT_SENT.fullmatch(action):
                    sent.add((action, *sorted(data)))
                    answered = client.post(action, data=data)
                    assert left_out(answered.text if answered.status_code != 303 else "") == set(), action
                    if answered.status_code == 303:
                        waiting.append(urldefrag(answered.location).url)
    return seen


def sendings(form: Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Return what each button of a form sends."""
    if form.get("method") == "post":
        fields = {field.get("name", ""): field.get("value", "") for field in form.iter("input")}
        fields |= {field.get("name", ""): "λόγος" for field in form.iter("textarea")}
        for button in form.iter("button"):
            named = {button.get("name", ""): button.get("value", "")} if button.get("name") else {}
            yield form.get("action", ""), fields | named


def routes(app: Flask) -> list[str]:
    """Return the pages whose address needs no value."""
    rules = app.url_map.iter_rules()
    return [rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]

"""A visitor's own conversations: listed, opened, continued, deleted; nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

Headers = dict[str, str]
LINK = re.compile(r'href="/conversations/([\w-]{8,})"')
PARTS = ("", "/turns", "/text", "/markdown", "/json", "/print", "/delete")


def listed(client: FlaskClient) -> list[str]:
    """Return the ids in the list."""
    return LINK.findall(client.get("/conversations/").text)


def begin(client: FlaskClient, *questions: str) -> str:
    """Ask in a new conversation and return its id."""
    client.post("/conversation/new")
    for question in questions:
        client.post("/chat", data={"question": question})
    with client.session_transaction() as session:
        named: str = session["conversation"]
    return named


def test_list_shows_the_last_used_first(client: FlaskClient, faq: str) -> None:
    """With first question, moment and number of questions."""
    first, second = begin(client, faq), begin(client, "hello", "no idea")
    assert listed(client) == [second, first]
    text = client.get("/conversations/").text
    assert faq in text and "hello" in text and "no idea" not in text
    assert "1 question<" in text and "2 questions<" in text
    assert re.search(
        r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" data-moment>\d+ \w+ \d{4}, [^<]+ UTC</time>', text
    )


def test_list_of_a_new_visitor_is_empty(client: FlaskClient) -> None:
    """It says so and leads to the chat; no cookie is set for looking."""
    page = client.get("/conversations/")
    assert page.status_code == 200 and "There are none yet." in page.text
    assert "Set-Cookie" not in page.headers
    assert "Delete all" not in page.text


def test_long_list_has_pages(client: FlaskClient) -> None:
    """Thirty at a time; a number that is none leads to the first page."""
    named = [begin(client, f"question {n}") for n in range(31)]
    assert listed(client) == named[:0:-1]
    older = client.get("/conversations/?page=2").text
    assert LINK.findall(older) == named[:1] and 'rel="prev"' in older and 'rel="next"' not in older
    for odd in ("x", "-5", "0", "9" * 5000, "٣"):
        assert client.get("/conversations/", query_string={"page": odd}).status_code == 200


def test_opening_an_older_conversation_continues_it(client: FlaskClient, answerer) -> None:  # type: ignore[no-untyped-def]
    """What is asked on its page goes into it, with what was said there as context; it is the current one from then."""
    first, second = begin(client, "one"), begin(client, "two")
    page = client.get(f"/conversations/{first}")
    assert "one" in page.text and f'name="conversation" value="{first}"' in page.text
    response = client.post("/chat", data={"question": "three", "conversation": first})
    assert (response.status_code, response.location) == (303, "/#turn-2")
    assert answerer.heard[-1][1].previous == ("one",)
    assert listed(client) == [first, second]
    assert 'id="turn-2"' in client.get("/").text


def test_looking_at_a_conversation_changes_nothing(client: FlaskClient) -> None:
    """A page that is only opened does not become the current one."""
    first, second = begin(client, "one"), begin(client, "two")
    client.get(f"/conversations/{first}")
    client.post("/chat", data={"question": "three"})
    assert listed(client) == [second, first]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("named", ["theirs", "none-such-1", "current", "x", "%2e%2e", "💥" * 9])
def test_somebody_elses_conversation_stays_closed(app: Flask, part: str, named: str) -> None:
    """Another visitor's id is no more than an id that does not exist, for pages, files and deleting."""
    theirs, mine = app.test_client(), app.test_client()
    their_id = begin(theirs, "private matter")
    begin(mine, "hello")
    stranger = mine if named != "current" else app.test_client()
    path = f"/conversations/{their_id if named == 'theirs' else named}{part}"
    response = stranger.get(path)
    assert response.status_code == (204 if part == "/turns" else 404)
    assert "private" not in response.text
    if part == "/delete":
        assert stranger.post(path).status_code == 404
    assert "private matter" in theirs.get("/").text


def test_asking_into_somebody_elses_conversation_begins_ones_own(app: Flask, store) -> None:  # type: ignore[no-untyped-def]
    """A form that names another visitor's conversation adds nothing to it."""
    theirs, mine = app.test_client(), app.test_client()
    their_id = begin(theirs, "private matter")
    mine.post("/chat", data={"question": "hello", "conversation": their_id})
    assert len(store.kept[their_id]) == 1
    assert "private" not in mine.get("/").text and "hello" in mine.get("/").text


def test_one_is_deleted_after_a_question(client: FlaskClient, store) -> None:  # type: ignore[no-untyped-def]
    """The page asks, names what goes, and leads back; the form deletes and leads to the list, which says so."""
    first, second = begin(client, "one"), begin(client, "two", "three")
    page = client.get(f"/conversations/{second}/delete").text
    assert "Delete this conversation?" in page and "2 questions and answers" in page
    assert f'href="/conversations/{second}"' in page
    assert second in store.kept
    response = client.post(f"/conversations/{second}/delete")
    assert (response.status_code, response.location) == (303, "/conversations/?deleted=one")
    assert "The conversation is deleted." in client.get(response.location).text
    assert listed(client) == [first] and second not in store.kept
    assert "two" not in client.get("/").text


def test_deleting_another_one_leaves_the_current(client: FlaskClient) -> None:
    """The conversation one is in goes on."""
    first, second = begin(client, "one"), begin(client, "two")
    client.post(f"/conversations/{first}/delete")
    client.post("/chat", data={"question": "three"})
    assert listed(client) == [second]
    assert 'id="turn-2"' in client.get("/").text


def test_all_are_deleted_after_a_question(app: Flask, store) -> None:  # type: ignore[no-untyped-def]
    """Every one of this visitor's, and the cookie with them; others' stay."""
    mine, theirs = app.test_client(), app.test_client()
    begin(mine, "one"), begin(mine, "two")
    their_id = begin(theirs, "three")
    assert "Delete all your conversations?" in mine.get("/conversations/delete").text
    response = mine.post("/conversations/delete")
    assert response.location == "/conversations/?deleted=all"
    assert "Expires=Thu, 01 Jan 1970" in response.headers["Set-Cookie"]
    assert "All your conversations are deleted." in mine.get(response.location).text
    assert list(store.kept) == [their_id]


def test_deleting_without_any_is_no_error(client: FlaskClient) -> None:
    """A new visitor who deletes all is told that all are deleted."""
    assert client.post("/conversations/delete").status_code == 303


@pytest.mark.parametrize("path", ["/conversations/delete", "/conversations/{}/delete"])
def test_other_sites_cannot_delete(client: FlaskClient, path: str) -> None:
    """A form on another site is refused; a link only asks."""
    path = path.format(begin(client, "one"))
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(path).status_code == 200
    assert len(listed(client)) == 1


def test_dialog_gets_the_question_alone(client: FlaskClient, htmx: Headers) -> None:
    """What htmx shows in a dialog is the form of the page."""
    named = begin(client, "one")
    for path in (f"/conversations/{named}/delete", "/conversations/delete"):
        fragment = client.get(path, headers=htmx).text
        assert fragment.startswith("<h1") and fragment.strip() in client.get(path).text


def test_cookie_holds_two_random_ids(client: FlaskClient) -> None:
    """Of visitor and conversation, and nothing else; another conversation is another id of the same visitor."""
    begin(client, "one")
    with client.session_transaction() as session:
        first = {key: value for key, value in session.items() if key != "_permanent"}
    begin(client, "two")
    with client.session_transaction() as session:
        assert set(first) == {"visitor", "conversation"} and len(set(first.values())) == 2
        assert session["visitor"] == first["visitor"] and session["conversation"] != first["conversation"]


def test_cookie_of_the_first_version_goes_on(client: FlaskClient, store, answerer) -> None:  # type: ignore[no-untyped-def]
    """It names a conversation only: that is listed, continued and stays the visitor's own."""
    store.append("conversation-of-old", "turn-0001", answerer.ask("one"), visitor="conversation-of-old")
    with client.session_transaction() as session:
        session["conversation"] = "conversation-of-old"
    assert listed(client) == ["conversation-of-old"]
    client.post("/chat", data={"question": "two"})
    assert len(store.kept["conversation-of-old"]) == 2
    later = begin(client, "three")
    assert listed(client) == [later, "conversation-of-old"]


def test_conversation_about_one_document(make_app: Callable[..., Flask], nasty) -> None:  # type: ignore[no-untyped-def]
    """A page for one document begins a conversation about it, also while another one goes on."""
    client = make_app(nasty).test_client()
    other = begin(client, "one")
    page = client.get("/?document=nasty").text
    assert "About this article only:" in page and 'name="document" value="nasty"' in page and "turn-1" not in page
    client.post("/chat", data={"question": "two", "conversation": "", "document": "nasty"})
    assert nasty.heard[-1][1].scope.document_id == "nasty" and nasty.heard[-1][1].previous == ()
    client.post("/chat", data={"question": "three"})
    assert nasty.heard[-1][1].scope.document_id == "nasty" and nasty.heard[-1][1].previous == ("two",)
    assert "About this article only:" in client.get("/").text
    client.post("/chat", data={"question": "four", "conversation": other})
    assert nasty.heard[-1][1].scope.document_id is None
    assert "About this article only:" not in client.get("/").text


def test_refused_question_stays_with_its_document(make_app: Callable[..., Flask], nasty) -> None:  # type: ignore[no-untyped-def]
    """An empty question on the page of one document shows that page again."""
    client = make_app(nasty).test_client()
    begin(client, "one")
    page = client.post("/chat", data={"question": " ", "conversation": "", "document": "nasty"})
    assert page.status_code == 422
    assert "About this article only:" in page.text and "turn-1" not in page.text


def test_document_that_is_gone_is_told(make_app: Callable[..., Flask], nasty) -> None:  # type: ignore[no-untyped-def]
    """A conversation about it goes on with all documents and says so; an unknown one is none."""
    before, after = make_app(nasty).test_client(), make_app().test_client()
    before.post("/chat", data={"question": "one", "document": "nasty"})
    after.set_cookie("newsstand", before.get_cookie("newsstand").value)  # type: ignore[union-attr]
    assert "is no longer here. Your questions go to all articles now." in after.get("/").text
    assert after.post("/chat", data={"question": "two"}).status_code == 303
    assert "About this article" not in after.get("/?document=none").text


def test_database_that_fails_is_told(app: Flask, store, htmx: Headers) -> None:  # type: ignore[no-untyped-def]
    """Lists, conversations and deleting say that it does not work now; answers still come."""
    client = app.test_client()
    named = begin(client, "one")
    store.broken = True
    for path in ("/conversations/", *(f"/conversations/{named}{part}" for part in PARTS)):
        response = client.get(path)
        assert response.status_code == 503 and "Try again in a moment." in response.text
    assert client.post(f"/conversations/{named}/delete").status_code == 503
    assert client.post("/conversations/delete").status_code == 503
    for conversation in (named, "another-conversation", ""):
        answer = client.post("/chat", data={"question": "two", "conversation": conversation}, headers=htmx)
        assert answer.status_code == 200 and "was not saved" in answer.text


def test_titles_are_escaped_and_short(client: FlaskClient) -> None:
    """Markup in a first question is text; a long one is cut."""
    begin(client, "<script>alert(1)</script> " + "long " * 300)
    for path in ("/conversations/", "/conversations/current/delete", "/conversations/current/print"):
        text = client.get(path).text
        assert "<script>alert" not in text and "&lt;script&gt;" in text
    assert client.get("/conversations/").text.count("long") < 80


def test_pages_are_well_formed(client: FlaskClient, faq: str) -> None:
    """Each parses without an error."""
    for question in (faq, "maybe", "hello", "nothing <b>"):
        client.post("/chat", data={"question": question})
    paths = ("/conversations/", "/conversations/?deleted=all", "/conversations/delete")
    for path in (*paths, "/conversations/current/delete", "/conversations/current/print", "/conversations/current"):
        text = client.get(path).text
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text)

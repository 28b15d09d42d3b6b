"""The chat page and its form."""

import re
from collections.abc import Callable

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import without_nonce

TURN = "11112222333344445555666677778888"

Headers = dict[str, str]


def test_empty_page_says_what_can_be_asked(client: FlaskClient, faq: str) -> None:
    """Before the first question the page names the documents and offers questions; it sets no cookie."""
    page = client.get("/")
    assert page.status_code == 200
    assert "the one document" in page.text
    assert f'value="{faq}"' in page.text
    assert "Set-Cookie" not in page.headers


def test_without_javascript_the_question_leads_back_to_the_page(client: FlaskClient, faq: str) -> None:
    """A plain POST is answered with 303 to the page, which shows the turn."""
    response = client.post("/chat", data={"question": faq})
    assert response.status_code == 303
    assert response.location == "/#turn-1"
    page = client.get("/")
    assert 'id="turn-1"' in page.text
    assert "The collaboration between India and Russia" in page.text
    assert 'href="/documents/000_e9223e5004065d9e#p9"' in page.text
    assert "28 December 2023" in page.text
    assert "welcome-title" not in page.text


@pytest.mark.parametrize("question", ["faq", "maybe", "hello", "no idea"])
def test_fragment_is_the_one_the_page_includes(client: FlaskClient, htmx: Headers, faq: str, question: str) -> None:
    """What htmx receives stands in the full page character for character."""
    question = faq if question == "faq" else question
    fragment = client.post("/chat", data={"question": question}, headers=htmx)
    assert fragment.status_code == 200
    assert fragment.text.startswith("<article")
    assert without_nonce(fragment.text).strip() in without_nonce(client.get("/").text)


def test_hedge_shows_the_closest_and_others(client: FlaskClient, htmx: Headers) -> None:
    """A hedge says so, shows its quote, up to three others to choose and what spelling was used."""
    text = client.post("/chat", data={"question": "maybe"}, headers=htmx).text
    assert "The closest I found:" in text
    assert text.count("<blockquote") == 1 and text.count('name="choice"') == 3
    assert "Perhaps not what you asked for" in text
    assert "Showing answers for" in text and "cooperation" in text


def test_abstention_never_shows_a_citation(client: FlaskClient, htmx: Headers) -> None:
    """Under a refusal there is no quote, only the missing words, nearest questions and documents to read."""
    text = client.post("/chat", data={"question": "zanzibar cricket"}, headers=htmx).text
    assert "<blockquote" not in text and "#p" not in text
    assert "zanzibar" in text and "No document mentions" in text
    assert 'name="question" value="What' in text
    assert 'href="/documents/000_e9223e5004065d9e"' in text


def test_smalltalk_is_answered_in_own_words(client: FlaskClient, htmx: Headers) -> None:
    """Small talk shows no quote and no explanation."""
    text = client.post("/chat", data={"question": "hello"}, headers=htmx).text
    assert "Hello! Ask me about the documents." in text
    assert "<blockquote" not in text and "<details" not in text


def test_date_is_quoted_and_marked(client: FlaskClient, htmx: Headers) -> None:
    """A date is quoted as the document writes it, and its link leads to the article's date."""
    text = client.post("/chat", data={"question": "when"}, headers=htmx).text
    assert '<span class="marked">2023-12-28</span>' in text
    assert 'href="/documents/000_e9223e5004065d9e#date"' in text
    assert 'id="date"' in client.get("/documents/000_e9223e5004065d9e").text


def test_why_lists_the_words(client: FlaskClient, htmx: Headers, faq: str) -> None:
    """The explanation lists each word of the question with its weight, and what speaks against the answer."""
    text = client.post("/chat", data={"question": faq}, headers=htmx).text
    assert "Why this answer" in text and "About 95 in 100" in text
    assert '<rect class="bar" width="50%"' in text
    assert "\N{MINUS SIGN}0.25" in text and 'class="against"' in text


def test_first_question_sent_again_is_kept_once(make_app: Callable[..., Flask], htmx: Headers, faq: str, store) -> None:  # type: ignore[no-untyped-def]
    """Whose answer was lost, and the cookie with it: the page's ticket finds the turn, and they go on with it."""
    app = make_app()
    page = app.test_client().get("/").text
    form = page[page.index('id="composer"') :]
    sent = {name: re.findall(f'name="{name}" value="([0-9a-zA-Z_-]+)"', form)[0] for name in ("turn", "ticket")} | {
        "question": faq
    }
    app.test_client().post("/chat", data=sent, headers=htmx)
    client = app.test_client()
    assert client.post("/chat", data=sent, headers=htmx).status_code == 200
    assert len(store.all_turns) == 1
    client.post("/chat", data={"question": "and when?"}, headers=htmx)
    assert len({turn.conversation_id for turn in store.all_turns}) == 1
    assert 'name="ticket"' not in client.get("/").text


def test_same_turn_twice_is_kept_once(client: FlaskClient, htmx: Headers, faq: str, store, answerer) -> None:  # type: ignore[no-untyped-def]
    """A turn id sent again brings the same turn and asks nothing."""
    data = {"question": faq, "turn": TURN}
    first = client.post("/chat", data=data, headers=htmx)
    again = client.post("/chat", data=data, headers=htmx)
    assert without_nonce(first.text) == without_nonce(again.text)
    assert len(store.all_turns) == 1 and len(answerer.heard) == 1


def test_same_turn_id_with_another_question_is_another_turn(client: FlaskClient, htmx: Headers, store) -> None:  # type: ignore[no-untyped-def]
    """A form that was sent before may ask something else: nothing of the first answer is shown for it."""
    client.post("/chat", data={"question": "hello", "turn": TURN}, headers=htmx)
    text = client.post("/chat", data={"question": "something else", "turn": TURN}, headers=htmx).text
    assert "something else" in text and "Hello!" not in text
    assert [turn.reply.question for turn in store.all_turns] == ["hello", "something else"]


def test_earlier_turns_are_the_context(client: FlaskClient, faq: str, answerer) -> None:  # type: ignore[no-untyped-def]
    """The answerer hears what was asked before and which passages were shown."""
    for question in (faq, "no idea", "and then?"):
        client.post("/chat", data={"question": question})
    _, context = answerer.heard[-1]
    assert context.previous == (faq, "no idea")
    assert context.told == (("000_e9223e5004065d9e", 9),)


def test_new_conversation_starts_afresh(client: FlaskClient, faq: str, answerer) -> None:  # type: ignore[no-untyped-def]
    """After "New conversation" nothing of the former one is shown or heard."""
    client.post("/chat", data={"question": faq})
    assert client.post("/conversation/new").status_code == 303
    assert "turn-1" not in client.get("/").text
    client.post("/chat", data={"question": "hello"})
    assert answerer.heard[-1][1].previous == ()


def test_two_visitors_see_only_their_own(app: Flask, faq: str) -> None:
    """Conversations of different cookies do not mix."""
    first, second = app.test_client(), app.test_client()
    first.post("/chat", data={"question": faq})
    assert "turn-1" not in second.get("/").text


@pytest.mark.parametrize("typed", ["", "   \n\t ", "\x00\x01"])
def test_empty_question_is_a_kind_error(client: FlaskClient, htmx: Headers, typed: str) -> None:
    """Nothing typed: 422, for htmx into the field's error, else on the page, tied to the field."""
    fragment = client.post("/chat", data={"question": typed}, headers=htmx)
    assert fragment.status_code == 422
    assert fragment.headers["HX-Retarget"] == "#ask-error"
    assert fragment.text.strip() == "<p>Type a question first, such as one of those suggested.</p>"
    page = client.post("/chat", data={"question": typed})
    assert page.status_code == 422
    assert fragment.text.strip() in page.text
    assert 'aria-invalid="true"' in page.text


def test_missing_field_is_an_empty_question(client: FlaskClient) -> None:
    """A form without the field is treated as an empty one."""
    assert client.post("/chat").status_code == 422


def test_too_long_question_keeps_what_was_typed(make_app: Callable[..., Flask]) -> None:
    """A question over the limit is refused with both figures, and stays in the field."""
    client = make_app(question_max_chars=20).test_client()
    assert client.post("/chat", data={"question": "x" * 20}).status_code == 303
    page = client.post("/chat", data={"question": "x" * 21})
    assert page.status_code == 422
    assert "has 21 characters; at most 20" in page.text
    assert "x" * 21 in page.text


@pytest.mark.parametrize(
    "typed", ["a\x00b", b"\xff\xfe\xed\xa0\x80 question", "\N{RIGHT-TO-LEFT OVERRIDE}txt", "e" + "\u0301" * 500]
)
def test_odd_characters_are_survived(client: FlaskClient, typed: str | bytes) -> None:
    """NUL, broken UTF-8, direction marks and piles of accents are asked like anything else."""
    assert client.post("/chat", data={"question": typed}).status_code == 303
    assert client.get("/").status_code == 200


def test_question_is_escaped(client: FlaskClient, htmx: Headers) -> None:
    """Markup in a question is shown as text, wherever it stands."""
    payload = """"><script>alert(1)</script><img src=x onerror='a()' data-hx-get="/">{{ 7*7 }}"""
    for text in (client.post("/chat", data={"question": payload}, headers=htmx).text, client.get("/").text):
        assert "<script>alert" not in text and "<img" not in text and "{{ 7*7 }}" in text
    page = client.post("/chat", data={"question": payload * 99})
    assert page.status_code == 422 and "<img" not in page.text


def test_document_is_escaped(make_app: Callable[..., Flask], nasty, htmx: Headers) -> None:  # type: ignore[no-untyped-def]
    """Markup in a document is shown as text in answers and suggestions."""
    client = make_app(nasty).test_client()
    for question in ("maybe", nasty.suggestions()[0], "nothing"):
        text = client.post("/chat", data={"question": question}, headers=htmx).text
        assert "<script" not in text and "<img" not in text and "<b " not in text
    assert "&lt;script&gt;" in client.get("/").text


def test_store_that_fails_costs_only_the_keeping(app: Flask, store, htmx: Headers, faq: str) -> None:  # type: ignore[no-untyped-def]
    """With the database gone, questions are answered and the page says that they are not saved."""
    client = app.test_client()
    client.post("/chat", data={"question": faq})
    store.broken = True
    assert "was not saved" in client.post("/chat", data={"question": faq}, headers=htmx).text
    page = client.post("/chat", data={"question": faq})
    assert page.status_code == 200
    assert "was not saved" in page.text and "<blockquote" in page.text
    assert "cannot be shown right now" in client.get("/").text


def test_only_the_newest_turns_are_shown(make_app: Callable[..., Flask]) -> None:
    """Older turns are left out, and a link leads to them."""
    client = make_app(turns_shown=2).test_client()
    for n in range(3):
        client.post("/chat", data={"question": f"question {n}"})
    text = client.get("/").text
    assert "question 0" not in text and "question 1" in text and "question 2" in text
    assert "Show earlier questions" in text


def test_quote_whose_document_changed_says_so(
    make_app: Callable[..., Flask],
    nasty,
    faq: str,  # type: ignore[no-untyped-def]
) -> None:
    """A kept answer outlives its document; its link does not pretend otherwise."""
    before, after = make_app().test_client(), make_app(nasty).test_client()
    before.post("/chat", data={"question": faq})
    after.set_cookie("newsstand", before.get_cookie("newsstand").value)  # type: ignore[union-attr]
    text = after.get("/").text
    assert "The article is no longer here." in text
    assert "/documents/000_e9223e5004065d9e" not in text


def test_cookie_is_kept_from_scripts(make_app: Callable[..., Flask]) -> None:
    """The cookie is HttpOnly and SameSite=Lax, and Secure when set so."""
    cookie = make_app(cookie_secure=True).test_client().post("/chat", data={"question": "hi"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "; Secure" in cookie
    plain = make_app().test_client().post("/chat", data={"question": "hi"}).headers["Set-Cookie"]
    assert "; Secure" not in plain


def test_forged_cookie_is_ignored(client: FlaskClient) -> None:
    """A cookie that was not signed here is no conversation."""
    client.set_cookie("newsstand", "eyJjb252ZXJzYXRpb24iOiJjb252ZXJzYXRpb24tMSJ9.aaaa.bbbb")
    assert client.get("/").status_code == 200


def test_pages_are_well_formed(client: FlaskClient, faq: str) -> None:
    """Every page parses without an error, and no attribute is one that the policy forbids."""
    for question in (faq, "maybe", "hello", "nothing <b>"):
        client.post("/chat", data={"question": question})
    for path in ("/", "/documents/", "/documents/000_e9223e5004065d9e", "/nowhere"):
        text = client.get(path).text
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
        assert not re.search(r"<button(?![^>]*\stype=)", text)
        identifiers = re.findall(r'\sid="([^"]+)"', text)
        assert len(identifiers) == len(set(identifiers))

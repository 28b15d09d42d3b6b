"""One analyzer for passages and questions: every wording of a thing is one term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.retrieval.analysis import WORD_MAX_CHARS, character_terms, fold, plain_words, terms, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bridges", "bridge"),
        ("children", "child"),
        ("bought", "buys"),
        ("colour", "color"),
        ("organised", "organizing"),
        ("centre", "centers"),
        ("travelling", "traveling"),
        ("twelve", "12"),
        ("4,000", "4000"),
        ("1st", "1"),
        ("Town's", "town"),
        ("town’s", "town"),
        ("CAFÉ", "cafe"),
        ("Straße", "strasse"),
        ("ﬁre", "fire"),
        ("москвы", "москвы"),
        ("€", "euro"),
    ],
)
def test_wordings_of_one_term(one: str, other: str) -> None:
    """Inflection, spelling, digits, marks and letter forms do not tell two words apart."""
    assert terms(one) == terms(other) != []


def test_hyphens_join_what_spaces_join() -> None:
    """ "Flood-warning" is found by "flood warning"."""
    assert terms("a flood-warning system") == terms("a flood warning system")


def test_contractions_are_written_out() -> None:
    """ "What's" is asked as "what is"."""
    assert [word.folded for word in plain_words("What's open? I can't find it")] == (
        ["what", "is", "open", "i", "can", "not", "find", "it"]
    )


def test_places_are_true() -> None:
    """Every word's span is where it stands in the text, whatever was folded."""
    text = "The café’s “ﬁrst” day: 1,000 visitors"
    assert [fold(text[word.span.start : word.span.end].replace("’", "'")) for word in words(text)] == [
        word.folded for word in words(text)
    ]


def test_character_terms_hold_the_edges() -> None:
    """N-grams of three to five letters, the word's ends marked."""
    assert character_terms("cat") == (" ca", "cat", "at ", " cat", "cat ", " cat ")
    assert character_terms("") == ("  ",)


@given(st.text(max_size=200))
def test_any_text_has_terms_of_bounded_length(text: str) -> None:
    """No text fails, no term grows without bounds, and words and terms agree."""
    found = list(words(text))
    assert [word.term for word in found] == [term for term in terms(text) if term]
    assert all(len(word.folded) <= 4 * WORD_MAX_CHARS for word in found)
    assert all(0 <= word.span.start < word.span.end <= len(text) for word in found)

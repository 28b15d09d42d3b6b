"""Acronyms are known by the documents that spell them out."""

import pytest

from webapp.retrieval.acronyms import Acronyms

TEXTS = (
    "The World Health Organization (WHO) sent three doctors.",
    "NASA (National Aeronautics and Space Administration) was asked.",
    "Four Central Bank Digital Currencies (CBDCs) were compared.",
    "It opened in spring (March) and closed (Sunday) again (OK).",
)


@pytest.fixture(scope="module")
def acronyms() -> Acronyms:
    """Those of a few sentences."""
    return Acronyms.build(TEXTS)


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("who pays NASA?", "national aeronautics and space administration"),
        ("what did the World Health Organization send", "who"),
        ("Did the WHO help?", "world health organization"),
        ("is a cbdc safe", "central bank digital currencies"),
    ],
)
def test_the_other_form_is_added(acronyms: Acronyms, question: str, added: str) -> None:
    """A question says both forms, its own words first."""
    assert acronyms.expanded(question) == f"{question} {added}"


@pytest.mark.parametrize("question", ["who sent the doctors?", "what is ok", "march"])
def test_nothing_else_is_added(acronyms: Acronyms, question: str) -> None:
    """A function word that looks like an acronym is not one, and brackets alone do not make one."""
    assert acronyms.expanded(question) == question


def test_hostile_text_costs_little() -> None:
    """Endless capitals and brackets are gone through once."""
    texts = ("A" * 300_000 + " (AB)", "Aa Bb " * 60_000 + "(XY)", "AB (" * 100_000, "Aa" * 99 + "(AA)")
    assert Acronyms.build(texts).spelt == {}

"""Numbers by their values, however they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.authoring.numbers import numbers_in


def values(text: str, tag: str = "en") -> list[set[float]]:
    return [{float(value) for value in number.values} for number in numbers_in(text, tag)]


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("en", "1,000 people", 1000),
        ("en", "1000 people", 1000),
        ("en", "12,345,678 people", 12345678),
        ("en", "1,00,000 rupees", 100000),
        ("en", "4.5 crore", 45_000_000),
        ("en", "45 million", 45_000_000),
        ("en", "45 lakh", 4_500_000),
        ("en", "$2.4bn", 2_400_000_000),
        ("en", "twelve hours", 12),
        ("en", "Twenty-five hours", 25),
        ("en", "thirty years", 30),
        ("en", "three million", 3_000_000),
        ("en", "the 13th game", 13),
        ("en", "60%", 60),
        ("en", "60 percent", 60),
        ("en", "25\u00a0000 people", 25000),
        ("de", "1.000 Leute", 1000),
        ("de", "2,80 Euro", 2.8),
        ("de", "84 Millionen Euro", 84_000_000),
        ("fr", "25 000 euros", 25000),
        ("fr", "5,8 millions d'euros", 5_800_000),
        ("es", "3 mil euros", 3000),
        ("ru", "210 миллионов рублей", 210_000_000),
        ("hi", "२५ लाख", 2_500_000),
        ("ar", "٢٥ مليون", 25_000_000),
        ("zh", "共有25万人", 250_000),
    ],
)
def test_one_number(tag: str, text: str, expected: float) -> None:
    """One of its readings is what it means."""
    (found,) = values(text, tag)
    assert expected in found


def test_marks_that_mean_two_things_are_read_both_ways() -> None:
    """A thousand here is one there."""
    assert values("1.000", "de") == [{1000, 1}]
    assert values("12.05.2024", "de") == [{12, 5, 2024}]


@pytest.mark.parametrize(
    "text",
    [
        "see https://example.org/2024/05 or www.example.org/7",
        "write to desk4@example.org",
        "call +44 20 7946 0018 or 0800 123 456",
        "take an A320 or COVID-19",
        "1. Open it.\n2. Close it.",
        "nobody",
        "9" * 31,
    ],
)
def test_what_is_no_number_of_anything(text: str) -> None:
    """Addresses, telephones, names, list items."""
    assert [value for found in values(text) for value in found if value not in (1, 2)] == []


def test_a_number_knows_what_it_counts() -> None:
    """The next word, unless it is one of grammar."""
    shown = [
        (number.shown, number.counted) for number in numbers_in("210 flights, 19 of them, a 48-hour walkout", "en")
    ]
    assert shown == [("210 flights", "flight"), ("19", ""), ("48-hour", "hour")]


@given(st.text(), st.sampled_from(["en", "de", "zh", "hi", "xx"]))
def test_any_text(text: str, tag: str) -> None:
    """Nothing raises, and every value is one."""
    for number in numbers_in(text, tag):
        assert number.values
        assert all(isinstance(value, Decimal) and value >= 0 for value in number.values)

"""Suspicious characters: told where somebody should look, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.corpus.lint.characters import suspicious_characters


def found(document: Any, text: str) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in suspicious_characters(document(text))]


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("The \u202efee is ten euros.", "bidi-control", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("The \u2066fee is ten euros.", "bidi-control", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("The fer\u200bry runs.", "invisible-character", "U+200B ZERO WIDTH SPACE"),
        ("The fer\u200dry runs.", "invisible-character", "U+200D ZERO WIDTH JOINER"),
        ("The fer\u00adry runs.", "invisible-character", "U+00AD SOFT HYPHEN"),
        ("The fer\ufeffry runs.", "invisible-character", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("The ferry\x1b[31m runs.", "control-character", "U+001B"),
        ("The ferry\x0cruns.", "control-character", "U+000C"),
        ("The ferry\x85runs.", "control-character", "U+0085"),
        ("The caf\ufffd is open.", "lost-character", "U+FFFD REPLACEMENT CHARACTER"),
        ("The ferry \uf0b7 runs.", "private-character", "U+F0B7"),
        ("M\u043escow is far.", "mixed-scripts", "U+043E CYRILLIC SMALL LETTER O in “Mоscow”"),
        ("Поезд в М\u006fскву.", "mixed-scripts", "U+006F LATIN SMALL LETTER O in “Мoскву”"),
        ("Visit Pari\u03c1 soon, \u039fslo is open.", "mixed-scripts", "U+039F GREEK CAPITAL LETTER OMICRON"),
    ],
)
def test_a_suspicious_character_is_named(document: Any, text: str, code: str, named: str) -> None:
    """With its line, its number and its name."""
    problems = list(suspicious_characters(document(f"The first line.\n\n{text}")))
    assert [(problem.code, problem.line) for problem in problems] == [(code, 3)]
    assert named in problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        "The ferry — “all night” — costs 10 € (20%)…\tsee below.",
        "می\u200cخواهم به خانه بروم.",
        "क्\u200dष और क्\u200cष।",
        "กรุงเทพ\u200bมหานคร",
        "A family 👨\u200d👩\u200d👧 came.",
        "東京タワーのWi-Fiは無料です。",
        "서울에서 KTX를 타세요.",
        "ИТ-отдел и SMS-сообщения, e-mail, VIP-зал.",
        "Угол α и 5 kΩ, 10 μm, Δt.",
        "A \u200f right-to-left mark in שלום.",
        "The fee\u200b is ten euros.",
        "Tschüß, naïve Ångström, Łódź, İstanbul.",
        "Η Ελλάδα και το UNESCO.",
        "e\u0301te\u0301",
    ],
)
def test_what_writing_needs_is_left_alone(document: Any, text: str) -> None:
    """Joiners where letters join, marks of direction, several scripts side by side."""
    assert found(document, text) == []


def test_a_kind_is_told_once_a_line(document: Any) -> None:
    """However many there are, three are named."""
    problems = list(suspicious_characters(document("A\x01b\x02c\x03d\x04e\x01f.\nA\x01b.")))
    assert [(problem.code, problem.line) for problem in problems] == [
        ("control-character", 1),
        ("control-character", 2),
    ]
    assert "U+0001; U+0002; U+0003 and 1 more." in problems[0].message


def test_questions_and_answers_are_looked_at(document: Any) -> None:
    """They are part of the document."""
    text = "The ferry runs.\n\nFAQ:\n\nQ: Who ru\u200bns it?\nA: The to\u200bwn."
    assert found(document, text) == [("invisible-character", 5), ("invisible-character", 6)]

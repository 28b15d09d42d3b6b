"""Acronyms that the documents spell out: "the World Health Organization (WHO)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.retrieval.function_words import FUNCTION_WORDS

NAME_WORDS = 10
NAME_MAX_CHARS = 120
"""A spelled-out name has no more words and characters than this."""

_SHORT_AFTER = re.compile(r"\(([A-Z][A-Za-z]{0,7}[A-Z])s?\)")
_SHORT_BEFORE = re.compile(r"\b([A-Z]{2,8})s? \(([^()\n]{3,120})\)")
_WORD = re.compile(r"\w+")
_SMALL = frozenset("of the for and on in &".split())


@dataclass(frozen=True)
class Acronyms:
    """Acronyms by their spelled-out names and the other way round, both case-folded."""

    spelt: Mapping[str, str]
    short: Mapping[str, str]

    @classmethod
    def build(cls, texts: Iterable[str]) -> Acronyms:
        """Collect the acronyms of all texts."""
        spelt: dict[str, str] = {}
        for text in texts:
            cls.collect(text, spelt)
        return cls.of(spelt)

    @classmethod
    def of(cls, spelt: Mapping[str, str]) -> Acronyms:
        """Take what was collected."""
        return cls(spelt, {name: short for short, name in spelt.items()})

    @staticmethod
    def collect(text: str, spelt: dict[str, str]) -> None:
        """Add the acronyms that a text both spells out and abbreviates side by side; `spelt` grows."""
        if "(" not in text:
            return
        pairs = [
            (match[1], text[max(0, match.start() - NAME_MAX_CHARS) : match.start()], False)
            for match in _SHORT_AFTER.finditer(text)
        ]
        pairs += [(match[1], match[2], True) for match in _SHORT_BEFORE.finditer(text)]
        for short, name, whole in pairs:
            spelled = _named(short, name, whole=whole)
            if spelled:
                spelt.setdefault(short.casefold(), " ".join(_WORD.findall(spelled.casefold())))

    def expanded(self, question: str) -> str:
        """Return the question with the other form of each acronym or spelled-out name added at its end.

        An acronym that is also a function word ("who", "it") must be typed in capitals.
        """
        said = " ".join(_WORD.findall(question.casefold()))
        added = [short for name, short in self.short.items() if f" {name} " in f" {said} "]
        for word in _WORD.findall(question):
            name = self.spelt.get(word.casefold())
            if name is not None and (word.isupper() or word.casefold() not in FUNCTION_WORDS):
                added.append(name)
        return " ".join([question, *dict.fromkeys(added)]) if added else question


def _named(short: str, text: str, *, whole: bool) -> str:
    """Return the end of `text`, or the whole of it, whose capital initials are `short`; empty if there is none."""
    words = re.split(r"[ -]+", text.strip())
    for start in [0] if whole else range(max(0, len(words) - NAME_WORDS), len(words) - 1):
        rest = words[start:]
        if not all(word in _SMALL or word[:1].isupper() for word in rest) or rest[0] in _SMALL:
            continue
        capitals = "".join(word[0] for word in rest if word not in _SMALL)
        everything = "".join(word[0] for word in rest)
        if len(rest) > 1 and short.upper() in (capitals.upper(), everything.upper()):
            return " ".join(rest)
    return ""

"""Acronyms that the documents spell out: "the World Health Organization (WHO)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.retrieval.function_words import FUNCTION_WORDS

_NAME = r"(?:[A-Z][\w’'-]+(?: (?:of|the|for|and|on|in|&) | ?[- ] ?)?){2,8}"
_SPELT_THEN_SHORT = re.compile(rf"({_NAME}) ?\(([A-Z][A-Za-z]{{0,7}}[A-Z]s?)\)")
_SHORT_THEN_SPELT = re.compile(rf"\b([A-Z]{{2,8}}) \(({_NAME})\)")
_WORD = re.compile(r"\w+")
_SMALL = frozenset("of the for and on in &".split())


@dataclass(frozen=True)
class Acronyms:
    """Acronyms by their spelled-out names and the other way round, both case-folded."""

    spelt: Mapping[str, str]
    short: Mapping[str, str]

    @classmethod
    def build(cls, texts: Iterable[str]) -> Acronyms:
        """Collect the acronyms that a text both spells out and abbreviates side by side."""
        spelt: dict[str, str] = {}
        for text in texts:
            pairs = [(match[2], match[1]) for match in _SPELT_THEN_SHORT.finditer(text)]
            pairs += [(match[1], match[2]) for match in _SHORT_THEN_SPELT.finditer(text)]
            for short, name in pairs:
                whole = _named(short.rstrip("s"), name)
                if whole is not None:
                    spelt.setdefault(short.rstrip("s").casefold(), " ".join(_WORD.findall(whole.casefold())))
        return cls(spelt, {name: short for short, name in spelt.items()})

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


def _named(short: str, name: str) -> str | None:
    """Return the end of `name` whose initials are `short`, or None."""
    words = re.split(r"[ -]+", name.strip())
    for start in range(len(words)):
        rest = words[start:]
        capitals = "".join(word[0] for word in rest if word not in _SMALL)
        everything = "".join(word[0] for word in rest)
        if rest[0] not in _SMALL and short.upper() in (capitals.upper(), everything.upper()):
            return " ".join(rest)
    return None

"""What kind of answer a question expects: asked of visitors' questions and of the FAQ's own.

The kind is read from the question's form, with general knowledge of English only: question words ("when"), measured
attributes ("how long", "cost") and, for "which city" or "what animal", the kind of thing the noun names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from webapp.patterns import Pattern
from webapp.retrieval import flags
from webapp.retrieval.analysis import Word
from webapp.retrieval.function_words import FUNCTION_WORDS
from webapp.retrieval.language import ENGLISH, Language
from webapp.retrieval.lexicon import Lexicon, sense_bit
from webapp.retrieval.question_forms import KINDS, READ_CHARS, Kind, kind_of


class Group(StrEnum):
    """Kinds whose answers are of one sort."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    REASON = "reason"
    SAYING = "saying"
    YES_NO = "yes or no"


GROUPS = {
    Kind.MONEY: Group.NUMBER,
    Kind.COUNT: Group.NUMBER,
    Kind.PERCENT: Group.NUMBER,
    Kind.MEASURE: Group.NUMBER,
    Kind.AGE: Group.NUMBER,
    Kind.DURATION: Group.NUMBER,
    Kind.EXTENT: Group.NUMBER,
    Kind.HOW_OFTEN: Group.NUMBER,
    Kind.PERSON: Group.NAME,
    Kind.PLACE: Group.NAME,
    Kind.NAME: Group.NAME,
    Kind.TIME: Group.DATE,
    Kind.REASON: Group.REASON,
    Kind.SAYING: Group.SAYING,
    Kind.YES_NO: Group.YES_NO,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a passage must hold to answer: one of the row's flags, or a new number, name or thing of a kind."""

    kind: Kind
    row: int = 0
    number: bool = False
    name: bool = False
    senses: int = 0
    focus: tuple[str, ...] = ()
    """Terms of the noun that "which", "what" or "how many" asks for."""

    @property
    def anything(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.row or self.number or self.name or self.senses)


_WANTED = {
    Kind.PERSON: Wanted(Kind.PERSON, flags.FULL_NAME | flags.ROLE, name=True),
    Kind.PLACE: Wanted(Kind.PLACE, flags.IN_PLACE, name=True),
    Kind.TIME: Wanted(Kind.TIME, flags.YEAR | flags.CALENDAR | flags.CLOCK),
    Kind.DURATION: Wanted(Kind.DURATION, flags.TIME_SPAN),
    Kind.EXTENT: Wanted(Kind.EXTENT, flags.LENGTH | flags.TIME_SPAN),
    Kind.COUNT: Wanted(Kind.COUNT, number=True),
    Kind.MONEY: Wanted(Kind.MONEY, flags.MONEY | flags.FREE),
    Kind.PERCENT: Wanted(Kind.PERCENT, flags.PERCENT),
    Kind.MEASURE: Wanted(Kind.MEASURE, flags.UNIT | flags.PERCENT, number=True),
    Kind.AGE: Wanted(Kind.AGE, flags.AGE),
    Kind.REASON: Wanted(Kind.REASON, flags.REASON | flags.PURPOSE),
    Kind.SAYING: Wanted(Kind.SAYING, flags.SAID | flags.QUOTED),
    Kind.NAME: Wanted(Kind.NAME, flags.QUOTED | flags.CALLED, name=True),
    Kind.HOW_OFTEN: Wanted(Kind.HOW_OFTEN, flags.EVERY | flags.TIME_SPAN),
    Kind.YES_NO: Wanted(Kind.YES_NO, flags.YES_NO | flags.NEGATION),
    Kind.HOW_TO: Wanted(Kind.HOW_TO, flags.INSTRUCTION | flags.CONTACT),
}
_ATTRIBUTES = tuple(
    (Pattern(pattern), wanted)
    for pattern, wanted in (
        (r"\b(?:weigh|weighs|weight|heavy|heavier)\b", flags.WEIGHT),
        (
            r"\b(?:far|distance|tall|high|height|deep|depth|wide|width|thick|elevation|altitude|diameter)\b",
            flags.LENGTH | flags.TIME_SPAN,
        ),
        (r"\b(?:fast|speed|quick)\b", flags.SPEED),
        (r"\b(?:hot|cold|warm|temperature)\b", flags.TEMPERATURE),
        (r"\b(?:area|acreage)\b", flags.AREA),
    )
)
_NOUN_ASKED_FOR = frozenset((Kind.COUNT, Kind.WHICH))
_PAST = Pattern(r"\b(?:did|was|were|had|spent|paid|raised)\b")
_YEAR = Pattern(r"\b(?:what|which) year\b")
_HOURS = Pattern(r"\b(?:what time|hours|opening|open|close)\b")
# Nouns whose named instances the lexicon knows.
_NAMED = {
    "city": "city",
    "town": "city",
    "village": "city",
    "capital": "city",
    "municipality": "city",
    "country": "country",
    "nation": "country",
}
_ASKS_FOR_NOUN = frozenset(("what", "which", "whose"))
_SORTS = frozenset("kind type sort kinds types sorts of other".split())
_ARTICLES = frozenset("is was are were the a an his her its their will be s".split())


def wanted(text: str, spoken: tuple[Word, ...], lexicon: Lexicon, language: Language = ENGLISH) -> Wanted:
    """Return what a question wants of an answer."""
    kind = language.kind_of(text)
    found = _WANTED.get(kind, Wanted(kind))
    if language is not ENGLISH:
        noun = language.noun_asked_for(text, spoken) if kind in _NOUN_ASKED_FOR else ()
        return replace(found, focus=tuple(word.term for word in noun))
    plain = text[:READ_CHARS].lower()
    row, number, name, senses = found.row, found.number, found.name, 0
    if kind in (Kind.MEASURE, Kind.EXTENT):
        for pattern, of_attribute in _ATTRIBUTES:
            if pattern.compiled.search(plain):
                row, number = of_attribute, False
                break
    elif kind is Kind.MONEY and _PAST.compiled.search(plain):
        # What something cost once is not told by what is free today.
        row = flags.MONEY
    elif kind is Kind.TIME and _YEAR.compiled.search(plain):
        row = flags.YEAR
    elif kind is Kind.TIME and _HOURS.compiled.search(plain):
        row = flags.CLOCK
    focus = _focus(spoken)
    if kind is Kind.PLACE and focus:
        named = next((word for word in focus if _named(word.folded)), None)
        if named is not None:
            row, name, senses, focus = 0, False, _named(named.folded), (named,)
        else:
            senses = lexicon.sense_mask(focus[-1].term)
    return Wanted(kind, row, number, name, senses, tuple(word.term for word in focus))


def _named(noun: str) -> int:
    """Return the sense of what a noun may be the kind of, 0 when the lexicon knows no instances of it."""
    singular = noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")
    sense = _NAMED.get(noun) or _NAMED.get(singular)
    return sense_bit(sense) if sense else 0


def _focus(spoken: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the noun, of up to two words, that the question asks for."""
    words = [word.folded for word in spoken]
    for at, word in enumerate(words):
        how = word in ("many", "much") and at > 0 and words[at - 1] == "how"
        if word not in _ASKS_FOR_NOUN and not how:
            continue
        start = at + 1
        while start < len(words) and words[start] in _SORTS:
            start += 1
        if word != "much" and (run := _run(spoken, start)):
            return run[:2]
        start = at + 1
        while start < len(words) and words[start] in _ARTICLES:
            start += 1
        if start > at + 2 and (run := _run(spoken, start)):
            return run[-1:]
    return ()


def _run(spoken: tuple[Word, ...], start: int) -> tuple[Word, ...]:
    end = start
    while end < len(spoken) and end < start + 3 and spoken[end].folded not in FUNCTION_WORDS:
        if spoken[end].folded[:1].isdigit():
            break
        end += 1
    return spoken[start:end]


__all__ = ["GROUPS", "KINDS", "Group", "Kind", "Wanted", "kind_of", "wanted"]

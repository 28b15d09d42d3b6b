"""What kind of answer a question expects: asked of visitors' questions and of the FAQ's own.

The kind is read from the question's form, with general knowledge of English only: question words ("when"), measured
attributes ("how long", "cost") and, for "which city" or "what animal", the kind of thing the noun names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from webapp.retrieval import flags
from webapp.retrieval.analysis import Word
from webapp.retrieval.function_words import FUNCTION_WORDS
from webapp.retrieval.lexicon import Lexicon, sense_bit


class Kind(StrEnum):
    """The kind of answer a question expects, by its form."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    DURATION = "duration"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    MEASURE = "measure"
    EXTENT = "extent"
    """"How long is the bridge": a length, or a time."""
    AGE = "age"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes or no"
    SAYING = "saying"
    WHICH = "which"
    WHAT_IS = "what is"
    WHAT_DO = "what do"
    NAME = "name"
    HOW_OFTEN = "how often"
    HOW_TO = "how to"
    WHAT_IF = "what if"
    KEYWORDS = "keywords"
    OTHER = "other"


KINDS = tuple(Kind)


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

_WH = r"\b(?:what|who|whom|whose|which|where|why|how|when)\b"
_MONEY = r"cost|costs|costing|price|prices|priced|pay|pays|paid|paying|salary|salaries|wage|wages|budget|fee|fees|fare|fares|earn|earns|earned|worth|spend|spends|spent|spending|money|cash|funding|expensive|cheap|fine|fined|fines|charge|charged|charges|invest|invested|investment|donate|donated|donation|loan|debt|debts|income|revenue|revenues|profit|profits|compensation|prize|subsidy|grant|tuition|rent|tax|taxes|bill|dear|pension|allowance|bonus|turnover|value"

# The first rule that fits says the kind.
_RULES_SOURCE: tuple[tuple[Kind, str], ...] = (
    (
        Kind.YES_NO,
        r"^(?!.*"
        + _WH
        + r")(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|must|am|isn't|aren't|don't|doesn't|didn't|can't|won't|shall|any)\b|^(?:is|are|was|were|did|can|could|will|would|should|has|have|had|may|does|do|must)\b(?! you (?:know|tell)| i (?:know|find out))(?:(?!"
        + _WH
        + r").)*\bwhen\b(?!.*"
        + _WH
        + r")|^(?:(?!"
        + _WH
        + r").)*,? \b(?:can|may|must|should|do|will|am|is|are|does|did|has|would) (?:i|we|they|it|he|she|there|my)\b(?!.*"
        + _WH
        + r")",
    ),
    (
        Kind.REASON,
        r"\bwhy\b|\bhow come\b|\b(?:what|which)(?: (?:is|was|were|are|'s))? (?:the |their |his |her |its )?(?:\w+ )?(?:reasons?|causes?|motives?|rationale)\b|\bfor what reason|\bwhat (?:caused|causes|led to|made|prompted|triggered|drove|explains)|\bwhat\b.*\bfor\?*$|\breasons? (?:for|why)|\bbecause of what\b",
    ),
    (
        Kind.SAYING,
        r"\bwhat (?:do|does|did|has|have|had|is|was)\b.*\b(?:say|said|think|thinks|claim|argue|reply|answer|comment|warn|warned|tell|complain|promise|saying|describe|called?|compare)\b|\bhow (?:did|does|do)\b.*\b(?:react|respond|comment|describe|feel)|\b(?:reaction|comment|opinion|quote)\b",
    ),
    (
        Kind.AGE,
        r"\bhow (?:old|young)\b|\bwhat age\b|\bage of\b|\bages?\b$|\bat what age\b",
    ),
    (
        Kind.PERCENT,
        r"\bper ?cent(?:age)?\b|\bwhat (?:share|fraction|proportion|part)\b|%|\bhow (?:big|large|high) (?:a |the )?(?:share|proportion|percentage|majority)\b|\bwhat (?:is|was) the (?:turnout|rate|share)\b|\b(?:majority|turnout|interest rate)\b",
    ),
    (
        Kind.HOW_OFTEN,
        r"\bhow (?:often|frequently|regularly|many times)\b",
    ),
    (
        Kind.EXTENT,
        r"\bhow long (?:is|are|was|were) (?!.*\b(?:valid|open|closed|allowed|going|expected|delayed|good)\b)(?!it\b|he\b|she\b|they\b|there\b)(?:the |this |that |its |a |an )?(?!it\b|he\b|she\b|they\b|there\b)(?:\w+ )*?(?!going|valid|open|closed|allowed)\w+",
    ),
    (
        Kind.DURATION,
        r"\bhow (?:long|much time|much longer)\b(?! (?:is|are|was) the (?:river|road|bridge|tunnel|cable|line|wall|route|border))|\bhow many (?:more )?(?:years|months|weeks|days|hours|minutes|seconds)\b|\bduration\b|\bfor what period|\blength of time|\bhow (?:much )?(?:early|late)\b",
    ),
    (
        Kind.TIME,
        r"^(?:(?!\b(?:what|who|whom|whose|which|where|why|how)\b).)*\bwhen\b|\band when\??$|\bhow soon\b|\b(?:what|which) (?:year|date|day|month|time|century|decade|season|week|weekday|period|era)s?\b|\b(?:opening|visiting) (?:hours|times)\b|\bwhat times\b|\bhow recently\b|\bwhat.*\bdeadline\b",
    ),
    (
        Kind.MONEY,
        r"\bhow much\b.*\b(?:"
        + _MONEY
        + r"|get|receive|lose|lost|raise|raised|sell|sold|buy|bought|owe|need)\b|\bhow (?:much|expensive|cheap|dear|costly|pricey)\b(?=[^?]*\b(?:"
        + _MONEY
        + r")\b)|\bhow (?:expensive|costly|pricey)\b|\bhow much (?:is|are|was|were|does|do|did|will)\b|\bwhat (?:do|does|did|will|would|has|have|is|was|were|are)\b[^?]*\b(?:cost|costs|price|prices|fee|fees|salary|budget|fare|fares|wage|wages|charge|paid|worth|amount)\b(?! of living)|\b(?:cost|price|fee|salary|budget|value)s? of\b|\bwhat (?:sum|amount)",
    ),
    (
        Kind.COUNT,
        r"\bhow many\b|\bnumber of\b|\bwhat number\b|\bhow (?:big|large|small) (?:is|was|are|were)? ?(?:the |its |his |her |their )?(?:crew|team|staff|population|crowd|audience|group|army|fleet|membership|workforce)\b|\bpopulation\b",
    ),
    (
        Kind.MEASURE,
        r"\bhow (?:far|tall|high|deep|wide|large|big|heavy|fast|hot|cold|warm|thick|loud|strong|close|small|steep|long|quick|quickly|thin|powerful|bright)\b|\bhow much\b|\bwhat (?:is|was|are|were|'s) the (?:\w+ )?(?:height|length|width|depth|weight|size|area|speed|distance|temperature|capacity|volume|magnitude|power|output|elevation|altitude|diameter|score)\b|\bwhat (?:size|height|distance|speed|temperature)\b",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|cities|town|country|countries|place|places|location|state|states|region|village|island|continent|county|province|district|street|venue|building|port|capital|nation|area|areas|destination|site|address|neighbou?rhood|river|lake|airport|stadium)\b|\baddress\b",
    ),
    (
        Kind.PERSON,
        r"\b(?:who|whom|whose|who's|whos)\b|\b(?:which|what) (?:\w+ )?(?:person|man|woman|people|player|actor|singer|artist|author|writer|scientist|king|queen|president|minister|mayor|director|coach|judge|politician|leader|official)\b",
    ),
    (
        Kind.NAME,
        r"\bwhat(?:'s| is| was| are| were)?\b[^?]*\b(?:names?|named|called|title|nickname|term)\b|\bnames? of\b|\bwhat do (?:you|they|people) call\b",
    ),
    (
        Kind.WHAT_IF,
        r"\bwhat (?:happens|happened|will happen|if|would happen|has happened|became|becomes|about|to do)\b|\bwhat (?:can|should|must|do|does|did) (?:i|we|one|you)\b|\bwhat (?:do|should) i\b",
    ),
    (
        Kind.WHICH,
        r"\b(?:what|which)(?: (?:kinds?|types?|sorts?) of)? (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|will\b|would\b|could\b|should\b|the\b|a\b|an\b|he\b|she\b|it\b|they\b|else\b|i\b|to\b|must\b|may\b)[a-z]+|\bwhich\b",
    ),
    (
        Kind.HOW_TO,
        r"^(?:\S+ ){0,6}?how (?:do|can|could|should|would|to|does one|might) ?(?:i|we|you|one|people|someone|anyone)?\b",
    ),
    (
        Kind.MANNER,
        r"\bhow\b|\bin what way\b",
    ),
    (
        Kind.WHAT_DO,
        r"\bwhat (?:do|does|did|will|would|can|could|has|have|had|should|must|may|might)\b",
    ),
    (
        Kind.WHAT_IS,
        r"\bwhat\b|\bwhats\b",
    ),
    (
        Kind.YES_NO,
        r"^(?:(?:and|but|so|or|please|hi|hello|hey|then|ok|also)[, ]+)*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|must|am|isn't|aren't|don't|doesn't|didn't|can't|won't|shall|any)\b|\b(?:can|may|must|should|do|will|am|could) (?:i|we|you|they|it|he|she|there|people|my|the)\b|\b(?:is|are|was|does|do|did|will|has|have) (?:it|they|there|he|she|the|any|that|this|anyone|anybody|someone|my)\b",
    ),
)
_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES_SOURCE)
_WRITTEN_OUT = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bwhat'?s\b", "what is"),
        (r"\bhow's\b", "how is"),
        (r"\bwhere's\b", "where is"),
        (r"^(?:and|but|so|or|then|ok)[, ]+", ""),
    )
)
_KEYWORDS_MOST = 6
_READ_CHARS = 400


def kind_of(text: str) -> Kind:
    """Return the kind of answer that a question expects."""
    plain = " ".join(text[:_READ_CHARS].replace("\u2019", "'").lower().split())
    for pattern, written_out in _WRITTEN_OUT:
        plain = pattern.sub(written_out, plain)
    for kind, rule in _RULES:
        if rule.search(plain):
            return kind
    return Kind.KEYWORDS if len(plain.split()) <= _KEYWORDS_MOST else Kind.OTHER


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
    (re.compile(pattern), wanted)
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
_YEAR = re.compile(r"\b(?:what|which) year\b")
_HOURS = re.compile(r"\b(?:what time|hours|opening|open|close)\b")
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


def wanted(text: str, spoken: tuple[Word, ...], lexicon: Lexicon) -> Wanted:
    """Return what a question wants of an answer."""
    kind = kind_of(text)
    found = _WANTED.get(kind, Wanted(kind))
    plain = text[:_READ_CHARS].lower()
    row, number, name, senses = found.row, found.number, found.name, 0
    if kind in (Kind.MEASURE, Kind.EXTENT):
        for pattern, of_attribute in _ATTRIBUTES:
            if pattern.search(plain):
                row, number = of_attribute, False
                break
    elif kind is Kind.TIME and _YEAR.search(plain):
        row = flags.YEAR
    elif kind is Kind.TIME and _HOURS.search(plain):
        row = flags.CLOCK
    focus = _focus(spoken)
    if kind is Kind.PLACE and focus:
        named = next((found for word in focus if (found := _named(word.folded))), None)
        if named is not None:
            row, name, senses = 0, False, sense_bit(named)
        else:
            senses = lexicon.sense_mask(focus[-1].term)
    return Wanted(kind, row, number, name, senses, tuple(word.term for word in focus))


def _named(noun: str) -> str | None:
    singular = noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")
    return _NAMED.get(noun) or _NAMED.get(singular)


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

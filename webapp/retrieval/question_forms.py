"""The form of a question, by general knowledge of English: which kind of answer it expects."""

from __future__ import annotations

import re
from enum import StrEnum

from webapp.patterns import Pattern

READ_CHARS = 400
"""Characters of a question whose form is read."""


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


_WH = r"\b(?:what|who|whom|whose|which|where|why|how|when)\b"
_MONEY = (
    r"cost|costs|costing|price|prices|priced|pay|pays|paid|paying|salary|salaries|wage|wages|budget|fee|fees"
    r"|fare|fares|earn|earns|earned|worth|spend|spends|spent|spending|money|cash|funding|expensive|cheap|fine"
    r"|fined|fines|charge|charged|charges|invest|invested|investment|donate|donated|donation|loan|debt|debts"
    r"|income|revenue|revenues|profit|profits|compensation|prize|subsidy|grant|tuition|rent|tax|taxes|bill"
    r"|dear|pension|allowance|bonus|turnover|value"
)

# The first rule that fits says the kind.
_RULES_SOURCE: tuple[tuple[Kind, str], ...] = (
    (
        Kind.YES_NO,
        r"^(?!.*"
        + _WH
        + r")(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|must|am|isn't"
        r"|aren't|don't|doesn't|didn't|can't|won't|shall|any)\b|^(?:is|are|was|were|did|can|could|will"
        r"|would|should|has|have|had|may|does|do|must)\b(?! you (?:know|tell)| i (?:know|find out))(?:(?!"
        + _WH
        + r").)*\bwhen\b(?!.*"
        + _WH
        + r")|^(?:(?!"
        + _WH
        + r").)*,? \b(?:can|may|must|should|do|will|am|is|are|does|did|has|would) (?:i|we|they|it|he|she"
        r"|there|my)\b(?!.*" + _WH + r")",
    ),
    (
        Kind.REASON,
        r"\bwhy\b|\bhow come\b|\b(?:what|which)(?: (?:is|was|were|are|'s))? (?:the |their |his |her "
        r"|its )?(?:\w+ )?(?:reasons?|causes?|motives?|rationale)\b|\bfor what reason|\bwhat (?:caused"
        r"|causes|led to|made|prompted|triggered|drove|explains)|\bwhat\b.*\bfor\?*$|\breasons? (?:for"
        r"|why)|\bbecause of what\b",
    ),
    (
        Kind.SAYING,
        r"\bwhat (?:do|does|did|has|have|had|is|was)\b.*\b(?:say|said|think|thinks|claim|argue|reply"
        r"|answer|comment|warn|warned|tell|complain|promise|saying|describe|compare)\b"
        r"|\bhow (?:did|does|do)\b.*\b(?:react|respond|comment|describe|feel)|\b(?:reaction|comment"
        r"|opinion|quote)\b",
    ),
    (
        Kind.AGE,
        r"\bhow (?:old|young)\b|\bwhat age\b|\bage of\b|\bages?\b$|\bat what age\b",
    ),
    (
        Kind.PERCENT,
        r"\bper ?cent(?:age)?\b|\bwhat (?:share|fraction|proportion|part)\b|%|\bhow (?:big|large"
        r"|high) (?:a |the )?(?:share|proportion|percentage|majority)\b|\bwhat (?:is|was) the (?:turnout"
        r"|rate|share)\b|\b(?:majority|turnout|interest rate)\b",
    ),
    (
        Kind.HOW_OFTEN,
        r"\bhow (?:often|frequently|regularly|many times)\b",
    ),
    (
        Kind.EXTENT,
        r"\bhow long (?:is|are|was|were) (?!.*\b(?:valid|open|closed|allowed|going|expected|delayed"
        r"|good)\b)(?!it\b|he\b|she\b|they\b|there\b)(?:the |this |that |its |a |an )?(?!it\b|he\b|she\b"
        r"|they\b|there\b)(?:\w+ )*?(?!going|valid|open|closed|allowed)\w+",
    ),
    (
        Kind.DURATION,
        r"\bhow (?:long|much time|much longer)\b(?! (?:is|are|was) the (?:river|road|bridge|tunnel|cable"
        r"|line|wall|route|border))|\bhow many (?:more )?(?:years|months|weeks|days|hours|minutes"
        r"|seconds)\b|\bduration\b|\bfor what period|\blength of time|\bhow (?:much )?(?:early|late)\b",
    ),
    (
        Kind.TIME,
        r"^(?:(?!\b(?:what|who|whom|whose|which|where|why|how)\b).)*\bwhen\b|\band when\??$|\bhow soon\b"
        r"|\b(?:what|which) (?:year|date|day|month|time|century|decade|season|week|weekday|period|era)s?\b"
        r"|\b(?:opening|visiting) (?:hours|times)\b|\bwhat times\b|\bhow recently\b|\bwhat.*\bdeadline\b",
    ),
    (
        Kind.MONEY,
        r"\bhow much\b.*\b(?:"
        + _MONEY
        + r"|get|receive|lose|lost|raise|raised|sell|sold|buy|bought|owe|need)\b|\bhow (?:much|expensive"
        r"|cheap|dear|costly|pricey)\b(?=[^?]*\b(?:"
        + _MONEY
        + r")\b)|\bhow (?:expensive|costly|pricey)\b|\bhow much (?:is|are|was|were|does|do|did|will)\b"
        r"|\bwhat (?:do|does|did|will|would|has|have|is|was|were|are)\b[^?]*\b(?:cost|costs|price|prices"
        r"|fee|fees|salary|budget|fare|fares|wage|wages|charge|paid|worth|amount)\b(?! of living)"
        r"|\b(?:cost|price|fee|salary|budget|value)s? of\b|\bwhat (?:sum|amount)",
    ),
    (
        Kind.COUNT,
        r"\bhow many\b|\bnumber of\b|\bwhat number\b|\bhow (?:big|large|small) (?:is|was|are"
        r"|were)? ?(?:the |its |his |her |their )?(?:crew|team|staff|population|crowd|audience|group|army"
        r"|fleet|membership|workforce)\b|\bpopulation\b",
    ),
    (
        Kind.MEASURE,
        r"\bhow (?:far|tall|high|deep|wide|large|big|heavy|fast|hot|cold|warm|thick|loud|strong|close"
        r"|small|steep|long|quick|quickly|thin|powerful|bright)\b|\bhow much\b|\bwhat (?:is|was|are|were"
        r"|'s) the (?:\w+ )?(?:height|length|width|depth|weight|size|area|speed|distance|temperature"
        r"|capacity|volume|magnitude|power|output|elevation|altitude|diameter|score)\b|\bwhat (?:size"
        r"|height|distance|speed|temperature)\b",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|cities|town|country|countries|place|places|location"
        r"|state|states|region|village|island|continent|county|province|district|street|venue|building"
        r"|port|capital|nation|area|areas|destination|site|address|neighbou?rhood|river|lake|airport"
        r"|stadium)\b|\baddress\b",
    ),
    (
        Kind.PERSON,
        r"\b(?:who|whom|whose|who's|whos)\b|\b(?:which|what) (?:\w+ )?(?:person|man|woman|people|player"
        r"|actor|singer|artist|author|writer|scientist|king|queen|president|minister|mayor|director|coach"
        r"|judge|politician|leader|official)\b",
    ),
    (
        Kind.NAME,
        r"\bwhat(?:'s| is| was| are| were)?\b[^?]*\b(?:names?|named|called|title|nickname|term)\b"
        r"|\bnames? of\b|\bwhat (?:do|does|did)\b[^?]*\bcall\b",
    ),
    (
        Kind.WHAT_IF,
        r"\bwhat (?:happens|happened|will happen|if|would happen|has happened|became|becomes|about"
        r"|to do)\b|\bwhat (?:can|should|must|do|does|did) (?:i|we|one|you)\b|\bwhat (?:do|should) i\b",
    ),
    (
        Kind.WHICH,
        r"\b(?:what|which)(?: (?:kinds?|types?|sorts?) of)? (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b"
        r"|has\b|have\b|had\b|can\b|will\b|would\b|could\b|should\b|the\b|a\b|an\b|he\b|she\b|it\b|they\b"
        r"|else\b|i\b|to\b|must\b|may\b)[a-z]+|\bwhich\b",
    ),
    (
        Kind.HOW_TO,
        r"^(?:\S+ ){0,6}?how (?:do|can|could|should|would|to|does one|might) ?(?:i|we|you|one|people"
        r"|someone|anyone)?\b",
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
        r"^(?:(?:and|but|so|or|please|hi|hello|hey|then|ok|also)[, ]+)*(?:is|are|was|were|do|does|did|can"
        r"|could|will|would|should|has|have|had|may|might|must|am|isn't|aren't|don't|doesn't|didn't|can't"
        r"|won't|shall|any)\b|\b(?:can|may|must|should|do|will|am|could) (?:i|we|you|they|it|he|she|there"
        r"|people|my|the)\b|\b(?:is|are|was|does|do|did|will|has|have) (?:it|they|there|he|she|the|any"
        r"|that|this|anyone|anybody|someone|my)\b",
    ),
)
_RULES = tuple((kind, Pattern(pattern)) for kind, pattern in _RULES_SOURCE)
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


def kind_of(text: str) -> Kind:
    """Return the kind of answer that a question expects."""
    plain = " ".join(text[:READ_CHARS].replace("\u2019", "'").lower().split())
    for pattern, written_out in _WRITTEN_OUT:
        plain = pattern.sub(written_out, plain)
    for kind, rule in _RULES:
        if rule.compiled.search(plain):
            return kind
    return Kind.KEYWORDS if len(plain.split()) <= _KEYWORDS_MOST else Kind.OTHER

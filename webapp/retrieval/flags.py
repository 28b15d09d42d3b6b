"""What kinds of thing a text shows by its wording: money, dates, reasons, names; one bit each."""

from __future__ import annotations

import re
from itertools import count

from webapp.patterns import Pattern

_bits = count()
MONEY = 1 << next(_bits)
FREE = 1 << next(_bits)
PERCENT = 1 << next(_bits)
TIME_SPAN = 1 << next(_bits)
UNIT = 1 << next(_bits)
AGE = 1 << next(_bits)
YEAR = 1 << next(_bits)
CALENDAR = 1 << next(_bits)
CLOCK = 1 << next(_bits)
REASON = 1 << next(_bits)
PURPOSE = 1 << next(_bits)
SAID = 1 << next(_bits)
QUOTED = 1 << next(_bits)
YES_NO = 1 << next(_bits)
ASKS = 1 << next(_bits)
INSTRUCTION = 1 << next(_bits)
CONTACT = 1 << next(_bits)
FULL_NAME = 1 << next(_bits)
ROLE = 1 << next(_bits)
IN_PLACE = 1 << next(_bits)
CALLED = 1 << next(_bits)
NEGATION = 1 << next(_bits)
EVERY = 1 << next(_bits)
WEIGHT = 1 << next(_bits)
LENGTH = 1 << next(_bits)
AREA = 1 << next(_bits)
SPEED = 1 << next(_bits)
TEMPERATURE = 1 << next(_bits)

_N = (
    r"(?:\d[\d.,]*+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
    r"|thousand|million|billion|half|several|a|an|dozen|few)\b)"
)
_CURRENCY = (
    r"(?:dollars?|euros?|pounds?|yen|rupees?|yuan|francs?|kron(?:a|or|e|er|ur|ar)|krónur|kr[oó]n\w*|pesos?"
    r"|rand|roubles?|rubles?|cents?|pence|zlotys?|quetzales|shillings?|dirhams?|won|baht|reais|lira|forints?"
    r"|kwacha|naira|pula|riyals?|dinars?|ringgit|rupiah|cedis?|taka|dong)"
)
_PATTERNS: tuple[tuple[int, Pattern], ...] = tuple(
    (bit, Pattern(pattern))
    for bit, pattern in (
        (
            MONEY,
            rf"[$€£¥₹]\s?\d|\b(?:Rs|USD|EUR|US\$)\.? ?\d|\d[\d.,]*+(?: (?:million|billion|thousand|crore"
            rf"|lakh|m|bn))?(?: [\w.]+)?(?: [\w.]+)? {_CURRENCY}\b|\b{_N} {_CURRENCY}\b",
        ),
        (FREE, r"\bfree of charge\b|\bfree\b|\bcosts? nothing\b|\bno charge\b"),
        (PERCENT, r"\d ?%|\bper ?cent\b|\bmajority\b|\bhalf\b|\bthirds?\b|\bquarters?\b"),
        (
            TIME_SPAN,
            rf"(?i)\b{_N}(?:[ -](?:and a half|more|to|or|and|further|full|consecutive"
            rf"|{_N})){{0,6}}[ -](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)"
            rf"|nights?)\b|\bovernight\b",
        ),
        (
            UNIT,
            rf"(?i)\b{_N}[ -]?(?:(?:million|billion|thousand|square|cubic) )?(?:km|kg|cm|mm|m|ft|mw|gw|kwh"
            rf"|mph|°|metres?|meters?|kilomet\w+|miles?|feet|foot|inch\w*|yards?|acres?|hectares?|tonn?e?s?"
            rf"|kilos?|kilograms?|grams?|lit(?:re|er)s?|gallons?|barrels?|\w*watts?(?:-hours?)?|degrees?"
            rf"|knots?)\b",
        ),
        (AGE, r"(?i)\b\d+[ -]years?[ -]olds?\b|, (?:aged )?\d\d?,|\baged (?:of )?\d|, \d\d,|\bage\b|\byears old\b"),
        (YEAR, r"\b1[0-9]\d\d\b|\b20\d\d\b"),
        (
            CALENDAR,
            r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
            r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|[Ss]pring|[Ss]ummer|[Aa]utumn"
            r"|[Ww]inter|[Cc]entur(?:y|ies)|1\d\d0s|20\d0s|yesterday|tomorrow|today|[Cc]hristmas"
            r"|[Ee]aster)\b",
        ),
        (
            CLOCK,
            r"(?i)\b\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\b|:\d\d)|\b(?:noon|midnight|o'clock|daily|every day|weekdays)\b",
        ),
        (
            REASON,
            r"(?i)\b(?:because|due to|owing to|as a result|so that|in order to|since|thanks to|blam\w+"
            r"|caused|reason|which means|therefore)\b",
        ),
        (
            PURPOSE,
            r"(?i)\b(?:to (?:help|avoid|prevent|protect|make|keep|save|reduce|ensure|improve|allow|give"
            r"|strengthen|promote|enhance|stop|let|be|get)|for fear|after|as the|as it|too \w+)\b",
        ),
        (
            SAID,
            r"(?i)\b(?:said|says|told|warned|added|argued|announced|explained|insisted|called|according to"
            r"|complained|replied|promised|denied|denies|think|believe)\b",
        ),
        (QUOTED, r"[“”\"]"),
        (
            YES_NO,
            r"^(?:Yes|No|Not|Only|It depends|Usually|Mostly|Partly|Probably|In most|Both|Neither|Nobody|Nothing)\b",
        ),
        (ASKS, r"\?[\"”’']?\s*$"),
        (
            INSTRUCTION,
            r"^(?:Call|Send|Write|Ask|Go|Bring|Use|Take|Visit|Register|Apply|Check|Please|Look|Wash|Keep"
            r"|Report|Fill|Tell|Contact|Book|Buy|Tilt|Phone|Email|Download|Sign|Stay|Give|Put|Return|Leave"
            r"|Show|Order|Enter|Click|Follow|Turn|Read|Do|Don't)\b|\b(?:must|should|can be|can|may) ",
        ),
        (
            CONTACT,
            r"(?i)\b(?:online|website|web|app|e-?mail|phone|telephone|hotline|www|form|office|desk|counter"
            r"|register)\b|\d{3}[ -]\d{3,4}",
        ),
        (
            FULL_NAME,
            r"\b[A-ZÁÉÍÓÚÅÄÖØŠŽČŁ][\w’'-]+ (?:[A-Z]\. ?)?(?:van |von |de |da |del |al |bin |der |den |di "
            r"|du )*[A-ZÁÉÍÓÚÅÄÖØŠŽČŁ][\w’'-]+",
        ),
        (
            ROLE,
            r"(?i)\b(?:Dr|Mr|Mrs|Ms|Prof|president|minister|director|mayor|chief|editor|professor"
            r"|spokes\w+|judge|captain|chair\w*|secretary|engineer|manager|governor|officer|coach|leader"
            r"|founder|king|queen|lawyer|author|inspector|head of|owner|scientist|researcher|biologist"
            r"|rector|mediator|commissioner|councillor)\b",
        ),
        (
            IN_PLACE,
            r"\b(?:in|at|near|from|to|outside|across|around|through|between|into|on|off"
            r"|of) (?:the )?(?:\w+ )?[A-ZÁÉÍÓÚÅÄÖØŠŽČŁ][\w’'-]+",
        ),
        (
            CALLED,
            r"(?i)\b(?:called|named|known as|nicknamed|titled|entitled|name|termed|dubbed|baptised)\b"
            r"|[“\"][A-Z][^”\"]{2,30}[”\"]",
        ),
        (NEGATION, r"(?i)\b(?:no|not|never|none|nobody|without|cannot|n't)\b"),
        (
            EVERY,
            r"(?i)\b(?:every|twice|daily|weekly|monthly|annually|once|times|per (?:day|week|year|month)"
            r"|a (?:day|week|year|month))\b",
        ),
        (WEIGHT, rf"(?i)\b{_N}[ -]?(?:\w+ )?(?:kg|g|t|tonn?e?s?|kilos?|kilograms?|grams?|lbs?|ounces?)\b"),
        (
            LENGTH,
            rf"(?i)\b{_N}[ -]?(?:km|cm|mm|m|ft|metres?|meters?|kilomet\w+|centimet\w+|millimet\w+|miles?"
            rf"|feet|foot|inch\w*|yards?|storeys?)\b",
        ),
        (AREA, rf"(?i)\b{_N}[ -]?(?:\w+ )?(?:square|hectares?|acres?|ha|km2|sq)\b"),
        (SPEED, r"(?i)\b(?:mph|km/h|kmh|knots?|an hour|per hour|per second|a second)\b"),
        (TEMPERATURE, r"(?i)\bdegrees?\b|°"),
    )
)

_IN_ANY_CASE = "(?i)"


def _in_lower_case(pattern: str) -> Pattern:
    """Return what finds in a text in small letters what `pattern` finds whatever their case: a good deal sooner."""
    letters = re.sub(r"\\.|[A-Z]", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), pattern)
    return Pattern(letters.removeprefix(_IN_ANY_CASE))


_LOWERED = tuple(
    (bit, _in_lower_case(pattern.pattern), True) if pattern.pattern.startswith(_IN_ANY_CASE) else (bit, pattern, False)
    for bit, pattern in _PATTERNS
)
_PLAIN = re.compile(r"[\x00-\x7f‘’“”–—…]*")
"""Texts of which every letter has one other case."""

NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    dozen half twice quarter third thirds""".split()
)


READ_CHARS = 2000
"""A longer text is no sentence: what it shows is told by its beginning."""


def row_flags(text: str) -> int:
    """Return what the wording of a text shows."""
    found, read = 0, text[:READ_CHARS]
    if _PLAIN.fullmatch(read):
        lowered = read.lower()
        for bit, pattern, in_lower_case in _LOWERED:
            if pattern.compiled.search(lowered if in_lower_case else read):
                found |= bit
        return found
    for bit, pattern in _PATTERNS:
        if pattern.compiled.search(read):
            found |= bit
    return found


def is_number(folded: str) -> bool:
    """Return whether a case-folded word is a number, in digits or in words."""
    return folded[:1].isdigit() or folded in NUMBER_WORDS

"""The form of a question says what kind of answer it wants; the wording of a text what it shows."""

import pytest

from webapp.retrieval import flags
from webapp.retrieval.analysis import words
from webapp.retrieval.flags import row_flags
from webapp.retrieval.kinds import Kind, kind_of, wanted
from webapp.retrieval.lexicon import NAMED_PLACES, load


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who opened the bridge?", Kind.PERSON),
        ("which minister spoke", Kind.PERSON),
        ("Where do I park?", Kind.PLACE),
        ("which city hosted it", Kind.PLACE),
        ("When does it start?", Kind.TIME),
        ("how long does the crossing take", Kind.DURATION),
        ("how long is the bridge", Kind.EXTENT),
        ("how many people came", Kind.COUNT),
        ("how much did it cost", Kind.MONEY),
        ("what share of voters said yes", Kind.PERCENT),
        ("how tall is the tower", Kind.MEASURE),
        ("how old is the mayor", Kind.AGE),
        ("Why was it closed?", Kind.REASON),
        ("what did the mayor say", Kind.SAYING),
        ("what's the ship called", Kind.NAME),
        ("is it free?", Kind.YES_NO),
        ("how often does the bus run", Kind.HOW_OFTEN),
        ("how do i get a permit", Kind.HOW_TO),
        ("bridge opening hours", Kind.TIME),
        ("footbridge toll", Kind.KEYWORDS),
        ("", Kind.KEYWORDS),
    ],
)
def test_kind_of_a_question(question: str, kind: Kind) -> None:
    """Told by the form alone."""
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("text", "bit"),
    [
        ("The bridge cost 4.2 million euros.", flags.MONEY),
        ("Rs. 4.5 crore was set aside.", flags.MONEY),
        ("Crossing is free of charge.", flags.FREE),
        ("About 12 per cent agreed.", flags.PERCENT),
        ("It took two and a half years.", flags.TIME_SPAN),
        ("The cable is 40 km long.", flags.LENGTH),
        ("It reopened in 1998.", flags.YEAR),
        ("Come on Tuesday.", flags.CALENDAR),
        ("Doors open at 9.30 a.m.", flags.CLOCK),
        ("It was shut because the piers were rotten.", flags.REASON),
        ("“We are glad,” she said.", flags.SAID),
        ("Mayor Ines Kovar cut the ribbon.", flags.FULL_NAME),
        ("They met in Moscow.", flags.IN_PLACE),
        ("It runs every hour.", flags.EVERY),
    ],
)
def test_what_a_text_shows(text: str, bit: int) -> None:
    """One bit for each kind of thing."""
    assert row_flags(text) & bit


def test_a_plain_text_shows_little() -> None:
    """Nothing is seen where nothing is."""
    assert row_flags("the old crossing stood empty") == 0


def test_which_city_wants_a_city() -> None:
    """The noun asked for says what kind of thing to look for, and Moscow is one."""
    question = "Which city hosted the meeting?"
    wants = wanted(question, tuple(words(question)), load())
    assert wants.senses & NAMED_PLACES
    assert wants.focus == ("citi",)
    assert load().sense_mask("moscow") & wants.senses
    assert not load().sense_mask("spoon") & wants.senses


@pytest.mark.parametrize("piece", ["1.", "1 a a ", "Aa ", "what ", "a-", "van ", "“", "one and "])
def test_hostile_text_costs_little(piece: str) -> None:
    """Patterns go through endless repetitions in bounded steps (this would run for minutes, not seconds)."""
    text = piece * (200_000 // len(piece))
    assert isinstance(row_flags(text), int)
    assert isinstance(kind_of(text), Kind)

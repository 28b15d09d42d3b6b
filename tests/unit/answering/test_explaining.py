"""Every measure of the evidence has a name that visitors understand."""

from webapp.answering.explaining import TOLD_AS
from webapp.answering.measures import MEASURES


def test_every_measure_is_told_once() -> None:
    """No measure is left out of the explanation, none is told twice."""
    told = [name for names in TOLD_AS.values() for name in names]
    assert sorted(told) == sorted(MEASURES)

"""Sentences end where each script ends them, and their places are true."""

import pytest

from webapp.corpus.model import Span
from webapp.corpus.sentences import split_sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("hi", ["पुस्तकालय रविवार को खुला।", "क्या यह मुफ्त है?", "हाँ।"]),
        ("zh", ["新馆星期六启用。", "几点开门？", "七点！"]),
        ("ja", ["新しい図書館が開きました。", "何時に開きますか？", "九時です。"]),
        ("ar", ["افتتحت الحديقة يوم الخميس.", "متى تفتح؟", "في السادسة صباحا!"]),
        ("de", ["Die Linie 9 fährt seit dem 3. Mai.", "Sie hat elf Haltestellen."]),
        ("es", ["El puente mide 140 metros.", "¿Quién lo diseñó?", "La ingeniera."]),
        ("ru", ["Музей открыт.", "Сколько стоит билет?", "350 рублей."]),
    ],
)
def test_sentences(language: str, sentences: list[str]) -> None:
    """Danda, ideographic full stop and Arabic question mark end sentences."""
    text = ("" if language in ("zh", "ja") else " ").join(sentences)
    spans = split_sentences(text, Span(0, len(text)), language)
    assert [span.of(text) for span in spans] == sentences


@pytest.mark.parametrize("language", ["xx", "zz-Latn", "tlh", "no", "nb", "yi", "pt-BR"])
def test_any_tag_is_split(language: str) -> None:
    """A language the splitter does not know is split by common rules."""
    text = "Una. Duo."
    assert [span.of(text) for span in split_sentences(text, Span(0, len(text)), language)]

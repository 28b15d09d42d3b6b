"""A file of every format that is read, in five languages; each names the version that it is of."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: its content in each version, a question, and what is answered."""

    name: str
    content: Callable[[int], bytes]
    question: str
    answer: str
    """With the version in place of ``{}``."""

    def write(self, folder: Path, version: int) -> None:
        """Save it as editors do: aside, then renamed."""
        aside = folder / f".{self.name}~"
        aside.write_bytes(self.content(version))
        aside.replace(folder / self.name)


def _text(template: str) -> Callable[[int], bytes]:
    return lambda version: template.replace("{}", str(version)).encode()


def _workbook(question: str, answer: str) -> Callable[[int], bytes]:
    def content(version: int) -> bytes:
        book = Workbook()
        book.active.append(["Question", "Answer"])
        book.active.append([question, answer.replace("{}", str(version))])
        packed = io.BytesIO()
        book.save(packed)
        return packed.getvalue()

    return content


def _json(value: object) -> Callable[[int], bytes]:
    return _text(json.dumps(value, ensure_ascii=False))


_FERRY = "How much is a ticket for the night ferry to Sandholm?"
_CRANE = "Who repaired the old harbour crane?"
_BAKER = "Wann öffnet die Bäckerei am Rathausplatz?"
_POOL = "Was kostet der Eintritt ins Freibad?"
_LIBRARY = "¿Cuántos libros tiene la biblioteca municipal?"
_MARKET = "¿Quién organiza el mercado de los sábados?"
_THEATRE = "Combien de places compte le théâtre de la ville ?"
_BRIDGE = "Qui a financé la nouvelle passerelle ?"
_METRO = "Новая станция метро"
_PARK = "Городской парк"

SAMPLES = (
    Sample(
        "ferry.txt",
        _text(
            "date 2024-05-01 The night ferry to Sandholm runs again. The council decided so in May.\n\n"
            f"FAQ:\n\nQ: {_FERRY}\n\nA: A ticket for the night ferry is {{}} crowns.\n"
        ),
        _FERRY,
        "A ticket for the night ferry is {} crowns.",
    ),
    Sample(
        "crane.json",
        _json({"qna": [{"qid": "1", "q": [_CRANE], "a": "A crew of {} shipwrights repaired the crane."}]}),
        _CRANE,
        "A crew of {} shipwrights repaired the crane.",
    ),
    Sample(
        "baeckerei.md",
        _text(
            "---\ndate: 2024-05-02\nlanguage: de\n---\n# Die Bäckerei zieht um\n\nDie Bäckerei ist jetzt am "
            f"Rathausplatz und hat einen neuen Ofen.\n\n## FAQ\n\n### {_BAKER}\n\nDie Bäckerei öffnet um {{}} Uhr.\n"
        ),
        _BAKER,
        "Die Bäckerei öffnet um {} Uhr.",
    ),
    Sample(
        "freibad.csv",
        _text(f"Question,Answer,Language\n{_POOL},Der Eintritt ins Freibad kostet {{}} Euro.,de\n"),
        _POOL,
        "Der Eintritt ins Freibad kostet {} Euro.",
    ),
    Sample(
        "biblioteca.html",
        _text(
            "<html lang=es><head><title>La biblioteca</title></head><body><article>"
            "<h1>La biblioteca municipal crece</h1><p>La biblioteca municipal abrió una sala nueva para los niños de "
            "la ciudad en mayo de este año.</p>"
            f"<details><summary>{_LIBRARY}</summary><p>La biblioteca tiene {{}} mil libros.</p></details>"
            "</article></body></html>"
        ),
        _LIBRARY,
        "La biblioteca tiene {} mil libros.",
    ),
    Sample(
        "mercado.tsv",
        _text(f"Question\tAnswer\tLanguage\n{_MARKET}\tLo organizan {{}} vecinos del barrio.\tes\n"),
        _MARKET,
        "Lo organizan {} vecinos del barrio.",
    ),
    Sample(
        "theatre.xlsx",
        _workbook(_THEATRE, "Le théâtre de la ville compte {} places assises."),
        _THEATRE,
        "Le théâtre de la ville compte {} places assises.",
    ),
    Sample(
        "passerelle.jsonl",
        _json({"question": _BRIDGE, "answer": "La passerelle a été financée par {} communes.", "language": "fr"}),
        _BRIDGE,
        "La passerelle a été financée par {} communes.",
    ),
    Sample(
        "metro.rss",
        _text(
            "<rss version='2.0'><channel><language>ru</language><item><title>Новая станция метро</title>"
            "<pubDate>Wed, 01 May 2024 10:00:00 +0300</pubDate><description>Новая станция метро открылась у вокзала. "
            "Строители работали на станции {} месяцев.</description></item></channel></rss>"
        ),
        "Сколько месяцев работали строители на станции метро?",
        "Строители работали на станции {} месяцев.",
    ),
    Sample(
        "park.atom",
        _text(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ru'><entry><title>Городской парк</title>"
            "<updated>2024-05-03T10:00:00Z</updated><content>Городской парк открыт после ремонта. "
            "В парке посадили {} деревьев.</content></entry></feed>"
        ),
        "Сколько деревьев посадили в парке?",
        "В парке посадили {} деревьев.",
    ),
)

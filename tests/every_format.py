"""A file of every format and layout that is read, in five languages; each names the version that it is of."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
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
    source_url: str = ""
    """Where the file says that it comes from."""

    def write(self, folder: Path, version: int) -> None:
        """Save it as editors do: aside, then renamed."""
        self._save(folder, self.content(version))

    def spoil(self, folder: Path) -> None:
        """Save it so that nothing of it can be read: cut off, and what is text in an encoding that nobody expects."""
        whole = self.content(0)
        # XML says of itself which encoding it is in.
        is_cut = whole.startswith((b"PK", b"<rss", b"<feed"))
        self._save(folder, whole[: len(whole) // 2] if is_cut else whole.decode().encode("utf-16"))

    def _save(self, folder: Path, data: bytes) -> None:
        aside = folder / f".{self.name}~"
        aside.write_bytes(data)
        aside.replace(folder / self.name)


def _text(template: str) -> Callable[[int], bytes]:
    return lambda version: template.replace("{}", str(version)).encode()


def _workbook(*rows: Sequence[str]) -> Callable[[int], bytes]:
    def content(version: int) -> bytes:
        book = Workbook()
        for row in rows:
            book.active.append([cell.replace("{}", str(version)) for cell in row])
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
_SCHOOL = "How many pupils has the school in Aldmoor?"
_MILL = "Who grinds the rye in the old mill of Brackwell?"
_TOWER = "Wer läutet die Glocke im Kirchturm?"
_FIRE = "Combien de pompiers a la caserne du port ?"
_PARKING = "¿Dónde se aparca junto al estadio?"
_DANCE = "Combien d'élèves suivent le cours de danse ?"
_ARCHIVE = "https://example.org/archiv/schwimmbad"
_PIER = "https://example.org/noticias/muelle"
_BOATS = "¿Cuántos barcos caben en el muelle nuevo?"

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
        _workbook(("Question", "Answer"), (_THEATRE, "Le théâtre de la ville compte {} places assises.")),
        _THEATRE,
        "Le théâtre de la ville compte {} places assises.",
    ),
    Sample(
        "passerelle.jsonl",
        _json({"question": _BRIDGE, "answer": "La passerelle a été financée par {} communes.", "language": "fr"}),
        _BRIDGE,
        "La passerelle a été financée par {} communes.",
    ),
    # Several documents in one text.
    Sample(
        "towns.txt",
        _text(
            "date 2024-05-04 The school in Aldmoor has a new roof. It was paid for by the county.\n\n"
            f"FAQ:\n\nQ: {_SCHOOL}\nA: The school has {{}} pupils.\n\n---\n\n"
            "date 2024-05-05 The old mill of Brackwell turns again. Its wheel is made of oak.\n\n"
            f"FAQ:\n\nQ: {_MILL}\nA: A family of {{}} millers grinds it.\n"
        ),
        _MILL,
        "A family of {} millers grinds it.",
    ),
    # A page as a site has it: menu and footer, what it says of itself in JSON-LD, an FAQPage and details.
    Sample(
        "muelle.html",
        _text(
            "<!DOCTYPE html><html lang=es><head><title>Puerto · El muelle</title></head><body>"
            "<nav><a href=/>Inicio</a> <a href=/noticias>Noticias</a></nav><main><article><h1>El muelle nuevo abre</h1>"
            "<p>El muelle nuevo del puerto abrió en mayo después de dos años de obras y de muchas protestas.</p>"
            "<p>Los pescadores de la ciudad celebraron la apertura con una fiesta junto al faro.</p></article>"
            "<details><summary>¿Quién vigila el muelle nuevo?</summary><p>Lo vigilan {} guardas.</p></details></main>"
            '<footer>© Puerto</footer><script type="application/ld+json">'
            + json.dumps(
                {
                    "@context": "https://schema.org",
                    "@graph": [
                        {
                            "@type": "NewsArticle",
                            "headline": "El muelle nuevo abre",
                            "datePublished": "2024-05-06",
                            "url": _PIER,
                        },
                        {
                            "@type": "FAQPage",
                            "mainEntity": [
                                {
                                    "@type": "Question",
                                    "name": _BOATS,
                                    "acceptedAnswer": {"@type": "Answer", "text": "<p>Caben <b>{}</b> barcos.</p>"},
                                }
                            ],
                        },
                    ],
                },
                ensure_ascii=False,
            )
            + "</script></body></html>"
        ),
        _BOATS,
        "Caben {} barcos.",
        _PIER,
    ),
    # As Azure's custom question answering exports it.
    Sample(
        "kirchturm.tsv",
        _text(
            "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\tSourceDisplayName\n"
            f"{_TOWER}\tDie Glocke läuten **{{}}** Freiwillige.\tturm.pdf\tort:turm\t[]\tFalse\t[]\t7\tturm.pdf\n"
            "Und dann?\tDann ist Ruhe.\tturm.pdf\tort:turm\t[]\tTrue\t[]\t8\tturm.pdf\n"
        ),
        _TOWER,
        "Die Glocke läuten {} Freiwillige.",
    ),
    Sample(
        "schwimmbad.xlsx",
        _workbook(
            ("Question", "Answer", "Source", "Metadata", "SuggestedQuestions", "IsContextOnly", "Prompts", "QnaId"),
            (
                "Was macht der Bademeister im Winter?",
                "Er zählt {} Fische.",
                _ARCHIVE,
                "",
                "[]",
                "False",
                "[]",
                "1",
            ),
        ),
        "Was macht der Bademeister im Winter?",
        "Er zählt {} Fische.",
        _ARCHIVE,
    ),
    # QnABot's tables.
    Sample(
        "caserne.csv",
        _text(
            "qid,question1,question2,answer,topic,markdown\n"
            f'fire.1,"{_FIRE}",Qui est à la caserne du port ?,La caserne compte {{}} pompiers.,caserne,'
            "La caserne compte **{}** pompiers.\n"
        ),
        _FIRE,
        "La caserne compte {} pompiers.",
    ),
    Sample(
        "estadio.xlsx",
        _workbook(
            ("qid", "question1", "question2", "answer", "topic"),
            (
                "stadium.1",
                _PARKING,
                "¿Hay aparcamiento junto al estadio?",
                "Hay {} plazas detrás del estadio.",
                "estadio",
            ),
        ),
        _PARKING,
        "Hay {} plazas detrás del estadio.",
    ),
    Sample(
        "danse.ndjson",
        _text(
            json.dumps({"question": _DANCE, "answer": "Le cours de danse a {} élèves.", "language": "fr"})
            + "\n"
            + json.dumps({"id": "hall", "headline": "La salle", "date": "2024-05-07", "text": "La salle est ouverte."})
        ),
        _DANCE,
        "Le cours de danse a {} élèves.",
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

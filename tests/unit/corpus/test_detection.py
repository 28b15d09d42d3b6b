"""The language of a text is told by its script and its function words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.corpus.detection import detect_language, primary

SENTENCES = {
    "de": "Das Museum öffnet wochentags um neun Uhr, und Kinder unter zwölf Jahren zahlen nichts.",
    "fr": "Le musée ouvre à neuf heures en semaine et les enfants de moins de douze ans ne paient rien.",
    "es": "El museo abre a las nueve los días laborables y los niños menores de doce años no pagan nada.",
    "pt": "O museu abre às nove horas nos dias úteis e as crianças com menos de doze anos não pagam nada.",
    "it": "Il museo apre alle nove nei giorni feriali e i bambini sotto i dodici anni non pagano nulla.",
    "ca": "El museu obre a les nou els dies feiners i els nens de menys de dotze anys no paguen res.",
    "nl": "Het museum gaat op werkdagen om negen uur open en kinderen onder de twaalf jaar betalen niets.",
    "da": "Museet åbner klokken ni på hverdage, og børn under tolv år betaler ikke noget.",
    "no": "Museet åpner klokken ni på hverdager, og barn under tolv år betaler ikke noe for å komme inn.",
    "sv": "Museet öppnar klockan nio på vardagar och barn under tolv år betalar ingenting.",
    "fi": "Museo on arkisin auki kello yhdeksästä, eivätkä lapset maksa mitään, mutta heillä on oltava aikuinen.",
    "pl": "Muzeum jest otwarte w dni powszednie od dziewiątej, a dzieci do lat dwunastu nie płacą nic.",
    "cs": "Muzeum se otevírá ve všední dny v devět hodin a děti do dvanácti let neplatí nic, protože mají volno.",
    "sk": "Múzeum sa otvára v pracovné dni o deviatej a deti do dvanásť rokov neplatia nič, pretože majú voľno.",
    "hu": "A múzeum hétköznap kilenckor nyit, és a tizenkét éven aluli gyerekek nem fizetnek semmit.",
    "ro": "Muzeul se deschide la ora nouă în zilele lucrătoare, iar copiii sub doisprezece ani nu plătesc nimic.",
    "tr": "Müze hafta içi saat dokuzda açılır ve on iki yaşından küçük çocuklar hiçbir şey ödemez.",
    "id": "Museum buka pukul sembilan pada hari kerja dan anak-anak di bawah dua belas tahun tidak membayar apa pun.",
    "lt": "Traukinys išvyksta ryte ir atvyksta vakare, nes kelias yra ilgas ir oras blogas.",
    "et": "Muuseum avatakse kell üheksa ja alla kaheteistaastased lapsed ei maksa midagi, aga nad on oodatud.",
    "eu": "Museoa bederatzietan irekitzen da lanegunetan, eta hamabi urtetik beherako haurrek ez dute ezer ordaintzen.",
    "ga": "Osclaíonn an músaem ar a naoi ar laethanta na seachtaine agus ní íocann leanaí faoi dhá bhliain déag.",
    "eo": "La muzeo malfermiĝas je la naŭa en labortagoj kaj infanoj sub dek du jaroj pagas nenion.",
    "sl": "Muzej se ob delavnikih odpre ob devetih, otroci do dvanajstega leta pa ne plačajo nič.",
    "vi": "Bảo tàng mở cửa lúc chín giờ vào các ngày trong tuần và trẻ em dưới mười hai tuổi không phải trả tiền.",
    "ru": "Музей открывается в девять часов по будням, и дети до двенадцати лет ничего не платят.",
    "uk": "Музей відчиняється о дев'ятій годині в будні, і діти до дванадцяти років нічого не платять.",
    "bg": "Музеят отваря в девет часа през делничните дни и децата под дванадесет години не плащат нищо.",
    "sr": "Музеј се радним данима отвара у девет сати, а деца млађа од дванаест година не плаћају ништа.",
    "yi": "דער מוזיי איז אָפֿן פֿון נײַן אַ זייגער, און קינדער אונטער צוועלף יאָר דאַרפֿן נישט באַצאָלן.",
    "ar": "يفتح المتحف أبوابه في التاسعة صباحا في أيام الأسبوع ولا يدفع الأطفال دون الثانية عشرة شيئا.",
    "fa": "موزه در روزهای هفته ساعت نه باز می‌شود و کودکان زیر دوازده سال چیزی پرداخت نمی‌کنند.",
    "ur": "میوزیم ہفتے کے دنوں میں نو بجے کھلتا ہے اور بارہ سال سے کم عمر بچے کچھ ادا نہیں کرتے۔",
    "hi": "संग्रहालय सप्ताह के दिनों में नौ बजे खुलता है और बारह वर्ष से कम उम्र के बच्चों को कुछ नहीं देना पड़ता।",
    "mr": "संग्रहालय आठवड्याच्या दिवशी नऊ वाजता उघडते आणि बारा वर्षांखालील मुलांना काहीही द्यावे लागत नाही.",
    "ne": "सङ्ग्रहालय हप्ताका दिनहरूमा नौ बजे खुल्छ र बाह्र वर्षमुनिका बालबालिकाले केही तिर्नु पर्दैन तर साथमा अभिभावक हुनुपर्छ।",
    "el": "Το μουσείο ανοίγει στις εννέα.",
    "he": "המוזיאון נפתח בתשע",
    "zh": "博物馆工作日九点开门。",
    "ja": "博物館は平日九時に開きます。",
    "ko": "박물관은 평일 아홉 시에 엽니다.",
    "th": "พิพิธภัณฑ์เปิดเก้าโมง",
    "hy": "Թանգարանը բացվում է ժամը իննին։",
    "ta": "அருங்காட்சியகம் ஒன்பது மணிக்கு திறக்கும்.",
}


@pytest.mark.parametrize("tag", SENTENCES)
def test_one_sentence_tells(tag: str) -> None:
    """A sentence of a dozen words is enough."""
    assert detect_language(SENTENCES[tag]) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.5 % — 2026",
        "Millbrook Library",
        "The museum opens at nine.",
        "The Museo Nacional de Bellas Artes in Santiago de Chile shows works by Roberto Matta.",
        "“Wo ist das Fundbüro?” asked the visitor, and nobody at the counter of the station knew what to say.",
    ],
)
def test_english_unless_shown_otherwise(text: str) -> None:
    """Names and quotes of other languages do not make a text foreign; nothing at all is taken for English."""
    assert detect_language(text) == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    """Whatever is in a file, a tag comes back."""
    assert detect_language(text).isalpha()


def test_primary_part() -> None:
    """Regions and scripts do not change the language."""
    assert [primary(tag) for tag in ("pt-BR", "ZH-Hant-TW", "de_AT", "en")] == ["pt", "zh", "de", "en"]

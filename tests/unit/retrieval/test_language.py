"""Every language has its own stems, function words and letters that are the same."""

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from webapp.retrieval import flags
from webapp.retrieval.language import ENGLISH, STEMMERS, language_of
from webapp.retrieval.lexicon import load
from webapp.retrieval.question_forms import Kind
from webapp.retrieval.spelling import Spelling, corrected


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("es", "informaciones", "información"),
        ("es", "árboles", "arbol"),
        ("fr", "l’école", "l'ecole"),
        ("fr", "cœur", "coeur"),
        ("fr", "4 000", "4000"),
        ("de", "Straßen", "Strasse"),
        ("de", "häufig", "haeufig"),
        ("de", "12.000", "12000"),
        ("ru", "паровозы", "паровоза"),
        ("ru", "ёлка", "елка"),
        ("hi", "बसों", "बसें"),
        ("hi", "लड़का", "लडका"),
        ("hi", "कहाँ", "कहां"),
        ("hi", "४०००", "4000"),
        ("ar", "المَكْتَبَة", "المكتبه"),
        ("ar", "الأسعار", "الاسعار"),
        ("ar", "٣٠", "30"),
        ("tr", "İSTANBUL", "istanbul"),
        ("el", "μουσείο", "μουσειο"),
        ("pt-BR", "reuniões", "reunioes"),
        ("zh", "１２", "12"),
    ],
)
def test_wordings_of_one_term(tag: str, one: str, other: str) -> None:
    """Inflection, omitted marks, digits of a script and letter forms do not tell two words apart."""
    language = language_of(tag)
    assert language.terms(one) == language.terms(other) != []


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [("ru", "мой", "мои"), ("hi", "दिन", "दान"), ("sv", "får", "far"), ("ru", "край", "краи")],
)
def test_letters_that_matter(tag: str, one: str, other: str) -> None:
    """Vowel signs, й and Nordic letters are no accents."""
    language = language_of(tag)
    assert [word.folded for word in language.words(one)] != [word.folded for word in language.words(other)]


def test_vowel_signs_do_not_part_words() -> None:
    """A word of Devanagari with its signs is one word."""
    assert [word.folded for word in language_of("hi").words("पुस्तकालय कब खुलेगा?")] == ["पुस्तकालय", "कब", "खुलेगा"]


def test_pairs_where_no_spaces_are() -> None:
    """Chinese is parted at function words and read in overlapping pairs; numbers stay whole."""
    text = "图书馆什么时候开门？9点"
    found = list(language_of("zh").words(text))
    assert [word.term for word in found] == ["图书", "书馆", "什么时候", "开门", "9", "点"]
    assert [text[word.span.start : word.span.end] for word in found] == [word.folded for word in found]


@pytest.mark.parametrize("tag", [tag for tag, name in STEMMERS.items() if name in Stemmer.algorithms()])
def test_every_stemmer_works(tag: str) -> None:
    """Every language of PyStemmer gives terms."""
    assert language_of(tag).terms("Alpha beta 12")


@pytest.mark.parametrize("tag", STEMMERS)
def test_every_stemmed_language_has_function_words(tag: str) -> None:
    """Otherwise its questions would be about their articles and prepositions."""
    assert len(language_of(tag).function_words) >= 25


def test_no_stemmer_is_forgotten() -> None:
    """Every Snowball algorithm but the English ones and variants is some language's."""
    assert set(Stemmer.algorithms()) - {"english", "porter", "dutch_porter", "lovins", "kraaij_pohlmann"} <= set(
        STEMMERS.values()
    )


@given(st.text(max_size=60), st.sampled_from(["ar", "de", "fr", "hi", "ja", "ko", "ru", "th", "tr", "zh", "xx"]))
def test_any_text_is_analysed(text: str, tag: str) -> None:
    """Places are true and nothing raises, whatever the text and the language."""
    language = language_of(tag)
    for word in language.words(text):
        assert 0 <= word.span.start < word.span.end <= len(text)
        assert word.term
        assert language.character_terms(word.folded)
    assert isinstance(language.kind_of(text), Kind)
    assert language.row_flags(text) >= 0


@pytest.mark.parametrize(
    ("tag", "question", "kind"),
    [
        ("es", "¿A qué hora abre?", Kind.TIME),
        ("es", "¿Quien es el alcalde?", Kind.PERSON),
        ("fr", "Où se trouve la piscine ?", Kind.PLACE),
        ("fr", "Combien coûte l’entrée ?", Kind.MONEY),
        ("de", "Wie viele Haltestellen gibt es?", Kind.COUNT),
        ("de", "Warum dauert es so lange?", Kind.REASON),
        ("ru", "Сколько стоит билет?", Kind.MONEY),
        ("ru", "Где музей?", Kind.PLACE),
        ("hi", "दफ़्तर कहाँ है?", Kind.PLACE),
        ("hi", "बस कब चलेगी?", Kind.TIME),
        ("ar", "متى تفتح الحديقة؟", Kind.TIME),
        ("ar", "من صمم البحيرة؟", Kind.PERSON),
        ("zh", "几点开门？", Kind.TIME),
        ("zh", "多少钱一张票？", Kind.MONEY),
        ("ja", "図書館", Kind.KEYWORDS),
    ],
)
def test_kinds(tag: str, question: str, kind: Kind) -> None:
    """Question words say which kind of answer is wanted."""
    assert language_of(tag).kind_of(question) is kind


@pytest.mark.parametrize(
    ("tag", "text", "bit"),
    [
        ("es", "Costó 3,6 millones de euros.", flags.MONEY),
        ("fr", "Elle ouvrira en août.", flags.CALENDAR),
        ("de", "Der Bau dauerte drei Jahre.", flags.TIME_SPAN),
        ("ru", "Вход бесплатный.", flags.FREE),
        ("hi", "शुल्क 20 रुपये है।", flags.MONEY),
        ("ar", "وسعر التذكرة خمسة ريالات", flags.MONEY),
        ("zh", "票价三十元", flags.MONEY),
    ],
)
def test_flags(tag: str, text: str, bit: int) -> None:
    """A text shows money, dates and spans of time in its language, numbers in words included."""
    assert language_of(tag).row_flags(text) & bit


def test_marks_are_put_back() -> None:
    """A word typed without its accents is read as the documents' one; other words are left alone."""
    language = language_of("es")
    spelling = Spelling.build([word.folded for word in language.words("Otra categoría, y la fotografía")], language)
    found = spelling.corrections("categoria fotografia categorico casa")
    assert found == [("categoria", "categoría"), ("fotografia", "fotografía")]
    assert corrected("¿Qué categoria?", found, language) == "¿Qué categoría?"


def test_english_is_what_it_was() -> None:
    """English has its lexicon, and regions of it are English."""
    assert language_of("en-GB").tag == ENGLISH.tag == "en"
    assert ENGLISH.lexicon is load()

"""The catalogues: complete, in step with the code, compiled from what stands beside them."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from webapp.answering import messages, smalltalk
from webapp.answering.explaining import LIKE_WORDINGS, SAME_QUESTION, THE_REST, TOLD_AS
from webapp.web.languages import ENGLISH, LANGUAGES
from webapp.web.wording import EVIDENCE, SCOPES, SENTENCES

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "webapp" / "translations"
TRANSLATED = [tag for tag in LANGUAGES if tag != ENGLISH.tag]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
MEND = "run make translations, translate what is new, and run it once more"


def read(tag: str) -> Catalog:
    with (CATALOGUES / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that the code marks, found as ``make translations`` does."""
    path = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (recipe,) = re.findall(r"\$\(PYBABEL\) extract (.*)", makefile)
    arguments = [str(path) if "messages.pot" in word else word for word in recipe.split()]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "--quiet", "extract", *arguments])
    with path.open("rb") as file:
        return read_po(file)


def test_every_language_has_a_catalogue() -> None:
    """There are as many catalogues as languages that are offered, English aside."""
    assert sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po")) == sorted(
        TRANSLATED
    )


@pytest.mark.parametrize("tag", TRANSLATED)
def test_catalogue_holds_what_the_code_says(tag: str, template: Catalog) -> None:
    """No text is missing, and none is left over."""
    catalogue = read(tag)
    ids = {message.id for message in catalogue if message.id}
    assert ids == {message.id for message in template if message.id}, MEND
    assert not catalogue.obsolete, MEND


@pytest.mark.parametrize("tag", TRANSLATED)
def test_catalogue_is_complete(tag: str) -> None:
    """Every text has every form that the language needs, and none is a guess."""
    catalogue = read(tag)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    for message in catalogue:
        if message.id:
            forms = message.string if message.pluralizable else (message.string,)
            assert len(forms) == (catalogue.num_plurals if message.pluralizable else 1), message.id
            assert all(form.strip() for form in forms), f"{tag}: {message.id!r} is not translated: {MEND}"


@pytest.mark.parametrize("tag", TRANSLATED)
def test_placeholders_agree(tag: str) -> None:
    """A translation fills in the same values; only the form for one certain number may leave the number out."""
    catalogue = read(tag)
    for message in (message for message in catalogue if message.id):
        if message.pluralizable:
            wanted = set(PLACEHOLDER.findall(message.id[1]))
            assert set(PLACEHOLDER.findall(message.id[0])) == wanted, (
                "one form of a language may stand for many numbers"
            )
            for number, form in enumerate(message.string):
                told = set(PLACEHOLDER.findall(form))
                assert told == wanted or (told | {"num"} == wanted and stands_for_one_number(catalogue, number)), form
        else:
            assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id)), message.id
        for form in message.string if message.pluralizable else (message.string,):
            assert "%" not in PLACEHOLDER.sub("", form).replace("%%", ""), form


def stands_for_one_number(catalogue: Catalog, form: int) -> bool:
    plural = re.sub(r"\s+", " ", catalogue.plural_expr)
    return re.search(rf"n ?== ?\d+ \? {form}\b", plural) is not None


@pytest.mark.parametrize("tag", TRANSLATED)
def test_compiled_catalogue_is_of_this_text(tag: str) -> None:
    """The .mo file is what the .po file beside it gives."""
    packed = (CATALOGUES / tag / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert packed == compiled(read(tag)), MEND


def test_the_answerers_sentences_are_known() -> None:
    """What the answerer may say is what pages can say in other languages."""
    said = {value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}
    said |= set(smalltalk.REPLIES.values()) | {messages.not_answered((), scope) for scope in SCOPES}
    assert said == SENTENCES
    assert {*TOLD_AS, LIKE_WORDINGS, SAME_QUESTION, THE_REST} == EVIDENCE

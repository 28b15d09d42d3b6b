"""The languages of the interface: which there are, which one a visitor reads, and words in that language.

Catalogues are ``translations/<language>/LC_MESSAGES/messages.po`` with the compiled ``.mo`` beside them; ``make
translations`` brings both up to date. What documents say stays in their own language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import flask_babel
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context
from flask_babel import lazy_gettext as lazy_gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from webapp.web import cookie_names, here
from webapp.web.assets import folder
from webapp.web.surface import Surface, said, surface
from webapp.web.varying import vary

COOKIE = "newsstand_language"
"""Holds nothing but the tag of the language that the visitor chose."""

FIELD = "lang"
"""Says the language of the widget's frame, in its address and in its forms."""

FIXED_ENGLISH = ("/api/", "/healthz", "/readyz", "/metrics")
"""Where programs read: what begins so is in English whoever asks."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface."""

    tag: str
    """As in ``lang`` and ``Accept-Language``."""
    name: str
    """What its readers call it."""
    direction: str = "ltr"


LANGUAGES = {
    language.tag: language
    for language in (
        Language("en", "English"),
        Language("de", "Deutsch"),
        Language("es", "Español"),
        Language("ru", "Русский"),
        Language("hi", "हिन्दी"),
        Language("ar", "العربية", "rtl"),
    )
}
"""By tag, in the order in which they are offered."""
ENGLISH = LANGUAGES["en"]

# Signs with a direction of their own, by their class in Unicode.
_LEFT_TO_RIGHT = frozenset({"L"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def register(app: Flask) -> None:
    """Have `app` speak the visitor's language: templates get ``_``, ``ngettext``, ``language()`` and ``languages``."""
    flask_babel.Babel(
        app,
        default_locale=ENGLISH.tag,
        default_translation_directories=str(folder("translations")),
        locale_selector=lambda: current().tag,
    )
    # What stands between "trans" and "endtrans" may be wrapped and indented.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    many: Any = app.jinja_env.globals["ngettext"]
    app.jinja_env.globals.update(gettext=_gettext_of_templates, _=_gettext_of_templates, ngettext=_isolating(many))
    app.jinja_env.globals.update(language=current, languages=tuple(LANGUAGES.values()))


def current() -> Language:
    """Return the language of this request: the visitor's choice, else what the browser asks for, else English."""
    if not has_request_context():
        return ENGLISH
    own = here.g()
    known: Language | None = own.get("language")
    if known is None:
        if here.request().path.startswith(FIXED_ENGLISH):
            known = ENGLISH
        else:
            vary("Accept-Language", "Cookie")
            known = _selected()
            own.content_language = known.tag
        own.language = known
    return known


def _selected() -> Language:
    # A frame's language is its host's to say; a choice is kept in a cookie, and frames have none.
    of_host = LANGUAGES.get(said(FIELD).partition("-")[0].lower()) if surface() is Surface.EMBED else None
    chosen = of_host or LANGUAGES.get(cookie_names.kept(COOKIE))
    if chosen is not None:
        return chosen
    return _wished(here.request().environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=256)
def _wished(header: str) -> Language:
    """Return the first language of ``Accept-Language`` that there is; many browsers send the same."""
    for wished, quality in parse_accept_header(header, LanguageAccept):
        language = LANGUAGES.get(wished.partition("-")[0].lower())
        if language is not None and quality > 0:
            return language
    return ENGLISH


@cache
def _catalogue(directory: str, tag: str) -> NullTranslations:
    return Translations.load(directory, [tag])


def _translated(text: str) -> str:
    """Return `text` in the visitor's language: flask_babel would look for the catalogue each time."""
    try:
        catalogue: NullTranslations = g.catalogue
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return str(flask_babel.gettext(text))
        directories = flask_babel.get_babel().translation_directories
        catalogue = g.catalogue = _catalogue(directories[0], current().tag)
    return str(catalogue.gettext(text))


def gettext(text: str, **values: object) -> str:
    """Return `text` in the visitor's language, with `values` for its ``%(name)s``."""
    translated = _translated(text)
    return translated % {name: isolated(value) for name, value in values.items()} if values else translated


def _gettext_of_templates(text: str, **values: object) -> Markup:
    """Return `text` as templates show it: catalogues are markup, values are escaped."""
    translated = _translated(text)
    if not values:
        return _markup(translated)
    return Markup(translated) % {name: isolated(value) for name, value in values.items()}  # noqa: S704


@lru_cache(maxsize=4096)
def _markup(translated: str) -> Markup:
    return Markup(translated) % {}  # noqa: S704


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the text for that number of things; ``%(num)s`` is the number as people write it."""
    translated: str = flask_babel.get_translations().ungettext(one, many, number)
    return translated % {"num": decimal(number), **{name: isolated(value) for name, value in values.items()}}


def decimal(number: float, pattern: str | None = None) -> str:
    """Return a number as people write it in the visitor's language."""
    if not has_request_context():
        return str(flask_babel.format_decimal(number, pattern))
    return _decimal(number, pattern, current().tag)


@lru_cache(maxsize=4096, typed=True)
def _decimal(number: float, pattern: str | None, tag: str) -> str:
    return format_decimal(number, pattern, locale=tag)


def isolated(value: object) -> object:
    """Return a text for a place in a sentence that may run the other way, so that neither moves the other's marks.

    An English question in an Arabic sentence would lose its question mark to the other end. Markup brings its own
    ``dir``; what runs the sentence's way, and numbers, stay as they are.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    leftward = current().direction == "rtl"
    if value.isascii() and not leftward:
        return value
    other = _LEFT_TO_RIGHT if leftward else _RIGHT_TO_LEFT
    return f"\u2068{value}\u2069" if any(unicodedata.bidirectional(sign) in other for sign in value) else value


def _isolating(translate: Callable[..., str]) -> Callable[..., str]:
    """Return the function of templates that translates, with its values isolated."""

    @pass_context
    def isolating(context: Context, *texts: object, **values: object) -> str:
        return translate(context, *texts, **{name: isolated(value) for name, value in values.items()})

    return isolating

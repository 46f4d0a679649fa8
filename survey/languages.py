"""Which language a page speaks: nb unless the address, the form or the browser says otherwise.

Pages for staff and mails speak `LANGUAGES`; a respondent's page speaks those that its content is written in.
"""

import datetime as dt
import re
import unicodedata
from functools import cached_property, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_accept_header

LANGUAGES = ("nb", "nn", "en")
MOMENTS_KEPT = 5000
BROWSERS_KEPT, WISHES = 500, 200  # signs of what each of them wishes for
_LOCALES = {language: Locale.parse(language) for language in LANGUAGES}
_CUSTOMS = {"en": "en_GB"}  # the day before the month, as in Norway
_ZONE = "Europe/Oslo"
NAMES_KEPT = 20_000
RIGHT_TO_LEFT = frozenset(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"])
_AFTER_Z = str.maketrans("æäøöå", "{{||}")  # where Norwegian has them
_SAMI = str.maketrans("đŋŧ", "dnt")  # the letters with a stroke; accents and carons come off by themselves


def init(app: Flask, spoken: tuple[str, ...] = LANGUAGES) -> None:
    """Give the app its catalogues of texts; `spoken` are the languages of the respondents' pages."""
    app.extensions["medvirk.languages"] = spoken
    app.config.update(BABEL_DEFAULT_LOCALE="nb", BABEL_DEFAULT_TIMEZONE=_ZONE)
    _Babel(app, locale_selector=_of_catalogue)
    app.jinja_env.filters["moment"] = _moment
    app.jinja_env.filters["day"] = day_in_words


def _moment(moment: dt.datetime, form: str) -> str:
    """A moment (UTC, without zone) in the reader's language and Norway's time, in a form that CLDR has."""
    return _written(str(get_locale()), moment, form)


def day_in_words(day: dt.date, form: str = "long") -> str:
    """A day, as the reader writes it: 3. desember 2026, 3 December 2026."""
    return day_in(str(get_locale()), day, form)


@lru_cache(MOMENTS_KEPT)
def day_in(language: str, day: dt.date, form: str = "long") -> str:
    """A day, as it is written in a language, in a form of CLDR."""
    return format_date(day, _formed(language, form), locale=_CUSTOMS.get(language, language))


@lru_cache(MOMENTS_KEPT)
def _written(language: str, moment: dt.datetime, form: str) -> str:
    locale = _CUSTOMS.get(language, language)
    return format_datetime(moment, _formed(language, form), tzinfo=get_timezone(_ZONE), locale=locale)


def _formed(language: str, form: str) -> str:
    """Only Norwegian has a full stop after the number of a day."""
    return form.replace("d.", "d") if language == "en" else form


class _Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Finds the texts of the language that is spoken now without asking where they lie."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._of: dict[str, Any] = {}  # by language: none is of a country

    def get_translations(self) -> Any:
        """The texts, as flask_babel finds them."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        if locale.language not in self._of:
            self._of[locale.language] = super().get_translations()
        return self._of[locale.language]


class _Babel(Babel):  # type: ignore[misc]  # the same
    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues(domain=self.domain)


def chosen() -> str:
    """`language` in the address or form where a page speaks it, else what staff chose, else the browser's best."""
    try:
        sent = request.values if request.method == "POST" else request.args
        asked = sent.get("language", "") if sent else ""
    except RequestEntityTooLarge:
        asked = ""  # the form cannot be read; the words that say so still need a language
    spoken: tuple[str, ...] = current_app.extensions["medvirk.languages"]
    if asked in spoken:
        return asked
    if "language" in g:
        return str(g.language)
    return _best(request.headers.get("Accept-Language", "")[:WISHES], spoken)


@lru_cache(BROWSERS_KEPT)
def _best(wished: str, spoken: tuple[str, ...]) -> str:
    """Of what a browser wishes for."""
    return parse_accept_header(wished, LanguageAccept).best_match(spoken, "nb")


def _of_catalogue() -> Locale:
    return _LOCALES.get(chosen(), _LOCALES["nb"])


@lru_cache(NAMES_KEPT)
def alphabetical(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key by which names stand as Norwegian lists have them, whatever language is read.

    Æ, ø and å come after z, other letters with marks (Sami ones too) beside those without, home 9 before home 10.
    """
    plain = unicodedata.normalize("NFC", name.casefold())
    letters = unicodedata.normalize("NFKD", plain.translate(_AFTER_Z).translate(_SAMI))
    folded = "".join(sign for sign in letters if not unicodedata.combining(sign))
    parts = re.split(r"([0-9]+)", folded)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts], plain

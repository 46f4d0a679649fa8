"""Which language a page speaks: nb unless the address, the form or the browser says otherwise.

Pages for staff and mails speak `LANGUAGES`; a respondent's page speaks those that its content is written in.
"""

from collections.abc import Collection

from flask import Flask, current_app, g, request
from flask_babel import Babel
from werkzeug.exceptions import RequestEntityTooLarge

LANGUAGES = ("nb", "nn", "en")
RIGHT_TO_LEFT = frozenset(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"])


def init(app: Flask, spoken: Collection[str] = LANGUAGES) -> None:
    """Give the app its catalogues of texts; `spoken` are the languages of the respondents' pages."""
    app.extensions["medvirk.languages"] = spoken
    app.config.update(BABEL_DEFAULT_LOCALE="nb", BABEL_DEFAULT_TIMEZONE="Europe/Oslo")
    Babel(app, locale_selector=_of_catalogue)


def chosen() -> str:
    """`language` in the address or form where a page speaks it, else what staff chose, else the browser's best."""
    try:
        asked = request.values.get("language", "")
    except RequestEntityTooLarge:
        asked = ""  # the form cannot be read; the words that say so still need a language
    spoken: Collection[str] = current_app.extensions["medvirk.languages"]
    if asked in spoken:
        return asked
    if "language" in g:
        return str(g.language)
    return request.accept_languages.best_match(spoken, "nb")


def _of_catalogue() -> str:
    return language if (language := chosen()) in LANGUAGES else "nb"

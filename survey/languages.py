"""Which language a page speaks: nb unless the address, the form or the browser says otherwise."""

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.exceptions import RequestEntityTooLarge

LANGUAGES = ("nb", "nn", "en")


def init(app: Flask) -> None:
    """Give the app its catalogues of texts."""
    app.config.update(BABEL_DEFAULT_LOCALE="nb", BABEL_DEFAULT_TIMEZONE="Europe/Oslo")
    Babel(app, locale_selector=chosen)


def chosen() -> str:
    """`language` in the address or form where Medvirk speaks it, else what staff chose, else the browser's best."""
    try:
        asked = request.values.get("language", "")
    except RequestEntityTooLarge:
        asked = ""  # the form cannot be read; the words that say so still need a language
    if asked in LANGUAGES:
        return asked
    if "language" in g:
        return str(g.language)
    return request.accept_languages.best_match(LANGUAGES, "nb")

"""Staff: who signs in, and what they may see where. Respondents never meet any of this."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Flask
from flask_babel import get_locale

from survey.staff import guard, sign_in
from survey.staff.sessions import StaffSessions
from survey.storage.engine import Database


def init(app: Flask, database: Database, session_key: bytes, production: bool) -> None:
    """Give /staff its sessions, its sign-in and its guard. The cookie goes to no other path."""
    app.session_interface = StaffSessions()
    app.config.update(
        SECRET_KEY=session_key,
        SESSION_COOKIE_NAME="medvirk_staff",
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        PERMANENT_SESSION_LIFETIME=guard.SESSION_SECONDS,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.jinja_env.globals.update(get_locale=get_locale, query_in=_query_in)
    guard.init(app, database)
    sign_in.init(app, database)


def _query_in(language: str, kept: Mapping[str, str]) -> str:
    """The query of this page in another language."""
    return urlencode({**kept, "language": language})

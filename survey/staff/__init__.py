"""Staff: who signs in, and what they may see where. Respondents never meet any of this."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Flask
from flask_babel import get_locale
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.staff import account, by_provider, guard, log, people, sign_in, signed_in
from survey.staff.browsers import Browsers, cookie_called
from survey.staff.second_factor import SecondFactors
from survey.staff.sessions import StaffSessions
from survey.staff.tries import Tries
from survey.storage.engine import Database

if TYPE_CHECKING:
    from survey.staff.provider import Provider


def init(
    app: Flask, database: Database, session_key: bytes, production: bool, provider: "Provider | None" = None
) -> None:
    """Give /staff its sessions, its sign-in and its guard. The cookie goes to no other path."""
    app.session_interface = StaffSessions()
    app.config.update(
        SECRET_KEY=session_key,
        SESSION_COOKIE_NAME=cookie_called("medvirk_staff", secure=production),
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        PERMANENT_SESSION_LIFETIME=signed_in.LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.jinja_env.globals.update(get_locale=get_locale, query_of=_query_of, opened=guard.doors(app))
    guard.init(app, database, second_factor=production)
    staff = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")
    factors, tries = SecondFactors(database, session_key), Tries(database, session_key)
    browsers = Browsers(session_key, secure=production)
    sign_in.add(staff, database, factors, tries, browsers, provider)
    by_provider.add(staff, database, tries, browsers, provider)
    account.add(staff, database, factors, tries, browsers)
    log.add(staff, database)
    people.add(staff, database, tries)
    staff.register_error_handler(HTTPException, guard.refuse)
    staff.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(staff)


def _query_of(kept: Mapping[str, str]) -> str:
    """The query of this page up to its language."""
    return f"{urlencode(kept)}&" if kept else ""

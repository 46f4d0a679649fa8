"""The staff pages through which a round reaches people: by e-mail, by letter, with cards, on paper."""

import logging

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.keys import KeysError, KeyStore
from survey.prints.press import Press
from survey.reaching import cards, information, invitations, letters, pages, papers, residents
from survey.staff import guard
from survey.storage.engine import Database

_log = logging.getLogger(__name__)


def init(app: Flask, database: Database, keys: KeyStore, press: Press) -> None:
    """Add /staff/reaching and the pages under /staff/rounds/<round_id>/."""
    reaching = Blueprint("reaching", __name__, url_prefix="/staff", template_folder="templates")
    pages.add(reaching, database)
    invitations.add(reaching, database, keys)
    residents.add(reaching, database)
    cards.add(reaching, database, keys, press)
    papers.add(reaching, database, keys, press)
    letters.add(reaching, database, keys, press)
    information.add(reaching, database, press)
    reaching.register_error_handler(HTTPException, guard.refuse)
    reaching.register_error_handler(DataError, guard.refuse_data)
    reaching.register_error_handler(KeysError, _without_keys)
    app.register_blueprint(reaching)


def _without_keys(error: KeysError) -> ResponseReturnValue:
    """The keys of an open round cannot be read. Nothing was sent, printed or voided; the log names the cure."""
    _log.error("Nobody can be reached now: %s", error)
    return render_template("staff/refused.html", code=503), 503

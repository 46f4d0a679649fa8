"""Where staff take somebody's answer: in an interview, and from paper. Neither leaves a trace of who took it."""

import logging

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.answering.pages import Desk as Answering
from survey.interviews import interviewing, inviting, typing_in
from survey.keys import KeysError
from survey.staff import guard
from survey.storage.engine import Database

_log = logging.getLogger(__name__)


def init(app: Flask, database: Database) -> None:
    """Add the pages of interviewers and typists under /staff."""
    interviews = Blueprint("interviews", __name__, url_prefix="/staff", template_folder="templates")
    answering: Answering = app.extensions["medvirk.answering"]
    inviting.add(interviews, database)
    interviewing.add(interviews, database, answering)
    typing_in.add(interviews, database, answering)
    interviews.register_error_handler(HTTPException, guard.refuse)
    interviews.register_error_handler(DataError, guard.refuse_data)
    interviews.register_error_handler(KeysError, _without_keys)
    app.register_blueprint(interviews)


def _without_keys(error: KeysError) -> ResponseReturnValue:
    """The keys of an open round cannot be read, so no code can be looked up; the log names the cure."""
    _log.error("Nobody can take answers now: %s", error)
    return render_template("staff/refused.html", code=503), 503

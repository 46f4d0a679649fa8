"""Where staff take somebody's answer: in an interview, and from paper. Neither leaves a trace of who took it."""

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.answering.pages import Desk as Answering
from survey.interviews import interviewing, inviting, typing_in
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database) -> None:
    """Add the pages of interviewers and typists under /staff."""
    interviews = Blueprint("interviews", __name__, url_prefix="/staff", template_folder="templates")
    answering: Answering = app.extensions["medvirk.answering"]
    inviting.add(interviews, database)
    interviewing.add(interviews, database, answering)
    typing_in.add(interviews, database, answering)
    interviews.register_error_handler(HTTPException, guard.refuse)
    interviews.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(interviews)

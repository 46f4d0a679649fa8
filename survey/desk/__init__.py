"""The staff's pages: where rounds, releases and comments meet their readers."""

from collections.abc import Mapping

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from reports import wording
from reports.measures import words
from survey.desk import comments, downloads, measures, overview, reports, rounds, talks
from survey.desk.shelf import Shelf
from survey.questionnaire.model import Questionnaire
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database, shelf: Shelf, questionnaires: Mapping[str, Questionnaire]) -> None:
    """Add the pages under /staff; `questionnaires` are those that may be asked."""
    desk = Blueprint("desk", __name__, url_prefix="/staff", template_folder="templates")
    overview.add(desk, database, shelf)
    reports.add(desk, database, shelf)
    downloads.add(desk, shelf)
    rounds.add(desk, database)
    comments.add(desk, database)
    talks.add(desk, database)
    measures.add(desk, database, shelf, questionnaires)
    desk.register_error_handler(HTTPException, guard.refuse)
    desk.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(desk)
    downloads.publish_schema(app)
    app.jinja_env.globals.update(wording=wording, words=words)

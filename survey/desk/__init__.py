"""The staff's pages: where rounds, releases and comments meet their readers."""

from collections.abc import Mapping

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from reports import earlier as earlier_words
from reports import wording
from reports.measures import words
from survey.desk import comments, committee, downloads, earlier, measures, overview, reports, rounds, talks
from survey.desk.shelf import Shelf
from survey.prints.press import Press
from survey.questionnaire.model import Phrase, Questionnaire
from survey.staff import guard
from survey.storage.engine import Database


def init(
    app: Flask,
    database: Database,
    shelf: Shelf,
    questionnaires: Mapping[str, Questionnaire],
    meeting: Mapping[str, Phrase],
    press: Press,
) -> None:
    """Add the pages under /staff.

    `questionnaires` are those that may be asked, `meeting` is what a unit can talk about when it has its results.
    """
    desk = Blueprint("desk", __name__, url_prefix="/staff", template_folder="templates")
    overview.add(desk, database, shelf)
    reports.add(desk, database, shelf, meeting)
    downloads.add(desk, shelf)
    rounds.add(desk, database)
    comments.add(desk, database, shelf)
    talks.add(desk, database)
    measures.add(desk, database, shelf, questionnaires)
    committee.add(desk, database, shelf, press)
    earlier.add(desk, database, shelf)
    desk.register_error_handler(HTTPException, guard.refuse)
    desk.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(desk)
    downloads.publish_schema(app)
    app.jinja_env.globals.update(wording=wording, words=words, earlier_words=earlier_words)

"""The staff's pages: where rounds, releases and comments meet their readers."""

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from reports import wording
from survey.desk import comments, overview, reports, rounds, talks
from survey.desk.shelf import Shelf
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database) -> None:
    """Add the pages under /staff."""
    desk = Blueprint("desk", __name__, url_prefix="/staff", template_folder="templates")
    shelf = Shelf(database)
    overview.add(desk, database, shelf)
    reports.add(desk, shelf)
    rounds.add(desk, database)
    comments.add(desk, database)
    talks.add(desk, database)
    desk.register_error_handler(HTTPException, guard.refuse)
    desk.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(desk)
    app.jinja_env.globals["wording"] = wording

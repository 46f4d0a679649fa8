"""The pages: what everybody reads and prints, and where staff write and approve it."""

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.answering.rendering import Pages
from survey.desk.shelf import Shelf
from survey.prints.press import Press
from survey.results import editing, pages
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database, shelf: Shelf, rendering: Pages, press: Press) -> None:
    """Add /results for everybody, and under /staff the page on which a person writes and approves them."""
    public = Blueprint("results", __name__, url_prefix="/results", template_folder="templates")
    pages.add(public, database, shelf, rendering, press)
    app.register_blueprint(public)
    editors = Blueprint("back", __name__, url_prefix="/staff", template_folder="templates")
    editing.add(editors, database, shelf, rendering, press)
    editors.register_error_handler(HTTPException, guard.refuse)
    editors.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(editors)

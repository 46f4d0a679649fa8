"""The staff pages of the register: what lies where, files brought in, one place at a time, units closed and merged."""

from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.register.pictures import Pictures
from survey.registry import ending, files, overview, place
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database, data: Path) -> None:
    """Add the pages under /staff/register; in `data` lie the pictures of places."""
    registry = Blueprint("registry", __name__, url_prefix="/staff/register", template_folder="templates")
    overview.add(registry, database, Pictures(data / "places"))
    files.add(registry, database)
    place.add(registry, database)
    ending.add(registry, database)
    registry.register_error_handler(HTTPException, guard.refuse)
    registry.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(registry)

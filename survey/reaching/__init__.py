"""The staff pages through which a round reaches people: by e-mail, by letter, with cards."""

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.keys import KeyStore
from survey.reaching import invitations
from survey.staff import guard
from survey.storage.engine import Database


def init(app: Flask, database: Database, keys: KeyStore) -> None:
    """Add the pages under /staff/rounds/<round_id>/."""
    reaching = Blueprint("reaching", __name__, url_prefix="/staff/rounds/<round_id>", template_folder="templates")
    invitations.add(reaching, database, keys)
    reaching.register_error_handler(HTTPException, guard.refuse)
    reaching.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(reaching)

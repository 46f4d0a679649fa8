"""The address that takes a request to talk: JSON for the page's script, a page for those without."""

import datetime as dt
import logging

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from survey.access.codes import normalise
from survey.access.wrong import count_wrong_code
from survey.answering.rendering import Pages
from survey.keys import KeysError, KeyStore
from survey.languages import chosen
from survey.register.contacts import SIDES
from survey.storage.engine import Database
from survey.talk.asking import Outcome, ask

_log = logging.getLogger(__name__)
STATUS = {
    Outcome.TOLD: 200,
    Outcome.NOT_VALID: 409,
    Outcome.CLOSED: 410,
    Outcome.NOBODY: 409,
    Outcome.NAME_TOO_LONG: 422,
}


def init(app: Flask, database: Database, keys: KeyStore) -> None:
    """Serve /talk."""
    blueprint = Blueprint("talk", __name__)

    @blueprint.post("/talk")
    def talk() -> Response:
        """Leave a request with one of the unit's contacts. The code stays unspent."""
        code, side = normalise(request.form.get("code", "")), request.form.get("contact", "")
        if code is None or side not in SIDES:
            return _said("invalid", 422)
        today = dt.datetime.now(dt.UTC).date()
        outcome = ask(database, keys, code=code, side=side, name=request.form.get("name", ""), today=today)
        if outcome is Outcome.NOT_VALID:
            count_wrong_code(database, today)
        return _said(outcome, STATUS[outcome])

    @blueprint.errorhandler(SQLAlchemyError)
    @blueprint.errorhandler(KeysError)
    def not_now(error: Exception) -> Response:
        """Database or keys cannot be reached. Nothing is lost: it is asked again by one press."""
        _log.error("Nobody can ask to talk now: %s", error if isinstance(error, KeysError) else type(error).__name__)
        if _wants_json():
            return _said("unavailable", 503)
        fields = request.form.to_dict(flat=False)
        return Response(_pages().trouble(chosen(), "too_busy", "/talk", fields), status=503, mimetype="text/html")

    app.register_blueprint(blueprint)


def _said(status: str, number: int) -> Response:
    if not _wants_json():
        return Response(_pages().talked(chosen(), status), status=number, mimetype="text/html")
    response = jsonify(status=status)
    response.status_code = number
    return response


def _wants_json() -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _pages() -> Pages:
    pages: Pages = current_app.extensions["medvirk.answering"].pages
    return pages

"""The staff pages of one round: plan it step by step, open, follow, close, and its days through the year."""

from collections.abc import Mapping

from flask import Blueprint, Flask
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.answering.rendering import Pages
from survey.desk.planning import archive, closing, hub, making, opening, preview, steps, wheel
from survey.desk.shelf import Shelf
from survey.keys import KeyStore
from survey.prints.press import Press
from survey.questionnaire.model import Questionnaire
from survey.speech.library import SpeechLibrary
from survey.staff import guard
from survey.storage.engine import Database
from survey.symbols import Catalogue


def init(
    app: Flask,
    database: Database,
    *,
    keys: KeyStore,
    questionnaires: Mapping[str, Questionnaire],
    blocks: Mapping[str, Questionnaire],
    pages: Pages,
    catalogue: Catalogue,
    speech: SpeechLibrary,
    press: Press,
    shelf: Shelf,
) -> None:
    """Add the pages under /staff/rounds/; a new round asks one of these questionnaires.

    `blocks` ask for people's view of a measure, by audience.
    """
    rounds = Blueprint("rounds", __name__, url_prefix="/staff/rounds", template_folder="../templates")
    making.add(rounds, database, questionnaires)
    hub.add(rounds, database, shelf)
    steps.add(rounds, database, questionnaires, catalogue, speech, blocks, shelf)
    preview.add(rounds, database, pages, press)
    opening.add(rounds, database, keys)
    closing.add(rounds, database)
    wheel.add(rounds, database)
    archive.add(rounds, database, press)
    rounds.register_error_handler(HTTPException, guard.refuse)
    rounds.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(rounds)

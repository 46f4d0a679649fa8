"""Where staff give the questionnaires people's voices and signs, and concepts and places their own pictures."""

import logging
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.access.pictures import named
from survey.questionnaire.model import Phrase, Questionnaire
from survey.register.contacts import everybody
from survey.register.pictures import Pictures
from survey.register.tree import everything
from survey.signs import Signs
from survey.speech.library import SpeechLibrary
from survey.speech.recordings import UnreadableError
from survey.staff import guard
from survey.storage.engine import Database
from survey.storage.stamped import memory, remembered
from survey.studio import pictures, places, voices, wording
from survey.studio.collection import CONTACTS, PLACES, Collection, collections, contacts_of, names_of, own_of_rounds
from survey.studio.keepers import KEEPERS
from survey.symbols import Catalogue

_log = logging.getLogger(__name__)


def init(
    app: Flask,
    database: Database,
    *,
    phrases: Mapping[str, Phrase],
    questionnaires: Mapping[str, Questionnaire],
    speech: SpeechLibrary,
    catalogue: Catalogue,
    data: Path,
) -> None:
    """Add the pages of voices and pictures under /staff.

    `phrases` are the respondent's page's own; under `data` lies what staff put in.
    """
    studio = Blueprint("studio", __name__, url_prefix="/staff", template_folder="templates")
    texts = collections({**phrases, **named(catalogue)}, questionnaires)

    def texts_and_names() -> Mapping[str, Collection]:
        nodes = g.member.nodes(KEEPERS)
        own = database.remembered(("own questions", nodes), lambda connection: own_of_rounds(connection, nodes))
        with database.reading() as connection:
            named = remembered(memory(connection), "names", lambda: _named(connection))
        # Another municipality's contacts are nobody else's matter.
        hidden = () if guard.covers_all(database, KEEPERS) else (CONTACTS,)
        return {**texts, **own, **{id_: one for id_, one in named.items() if one.phrases and id_ not in hidden}}

    for said in (wording.collection, wording.language):
        studio.add_app_template_filter(said, f"{said.__name__}_called")
    voices.add(studio, database, texts_and_names, speech, Signs(data / "signs"))
    pictures.add(studio, database, catalogue, data / "symbols")
    places.add(studio, database, Pictures(data / "places"), speech)
    studio.register_error_handler(HTTPException, guard.refuse)
    studio.register_error_handler(DataError, guard.refuse_data)
    for error in (OSError, UnreadableError):
        studio.register_error_handler(error, _not_kept)
    app.register_blueprint(studio)


def _named(connection: Connection) -> Mapping[str, Collection]:
    """The names of units and of whom one can talk to."""
    units = (place for place in everything(connection).values() if place.level == "unit" and not place.closed)
    return {PLACES: names_of(units), CONTACTS: contacts_of(everybody(connection))}


def _not_kept(error: Exception) -> ResponseReturnValue:
    """The folder cannot be written, the disk is full, or somebody's list of recordings cannot be read."""
    _log.error("A recording, video or picture could not be kept: %s", error)
    return render_template("staff/refused.html", code=507), 507

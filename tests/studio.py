"""An installation with an open round, where anna puts in voices and pictures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from survey import watching
from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.staffed import employ, sign_in
from tests.village import Village

ASKED = load_folder(SHIPPED)["day-centre-residents"]
FOLDERS = ("recorded", "speech", "symbols", "places", "signs")


@dataclass(frozen=True)
class Studio:
    """Two processes of one installation, and anna, who has signed in to the first."""

    settings: Settings
    village: Village
    app: Flask
    other_process: Flask
    anna: FlaskClient

    def empty(self) -> None:
        """Take away everything that was put in."""
        for name in FOLDERS:
            shutil.rmtree(self.settings.data / name, ignore_errors=True)

    def page(self, app: Flask, language: str = "nb") -> str:
        """What a resident gets."""
        (code,) = self.village.codes()
        return app.test_client().post("/start", data={"code": code, "language": language}).text


@contextmanager
def studio(folder: Path) -> Iterator[Studio]:
    """Such an installation; changes are noticed at once."""
    settings = Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})
    settings.data.mkdir()
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, folder, {"arna": 1000, "fana": 30})
    village.round_id = village.open_round(questionnaire=ASKED)
    employ(database, "anna@bergen.no", ["quality_adviser"])
    seldom, watching.SECONDS = watching.SECONDS, 0.0
    app, other_process = create_app(settings), create_app(settings)
    yield Studio(settings, village, app, other_process, sign_in(app, "anna@bergen.no", language="en"))
    watching.SECONDS = seldom
    database.dispose()
    for one in (app, other_process):
        one.extensions["medvirk.database"].dispose()

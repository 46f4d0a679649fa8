"""An installation whose rounds are led in the web."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey import worker
from survey.app import create_app
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff.roles import QUALITY_ADVISER, ROUND_LEADER
from survey.storage.engine import Database
from tests.journeys.test_worker import Pauses
from tests.staffed import employ, sign_in
from tests.village import settle


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """On SQLite alone; test_rights.py does the same on PostgreSQL, with the web's own role."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "data" / "medvirk.db")
    return f"sqlite:///{tmp_path}/data/medvirk.db"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    KeyStore(tmp_path / "keys").make_session_key()
    folders = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"}
    return Settings.from_environment({**folders, "MEDVIRK_DATABASE_URL": database_url})


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[Flask]:
    """An empty register but for a service with two units, and two people."""
    settle(database)
    employ(database, "lise@bergen.no", [ROUND_LEADER])
    employ(database, "anna@bergen.no", [QUALITY_ADVISER])
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def lise(app: Flask) -> FlaskClient:
    return sign_in(app, "lise@bergen.no", language="en")


@pytest.fixture
def work(settings: Settings) -> Callable[[], None]:
    """The worker looks once at what there is to do."""
    return lambda: worker.run(settings, Pauses(), utcnow)

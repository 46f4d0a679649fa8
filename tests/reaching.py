"""An installation whose village has rounds and people who lead them, for the tests of the pages that reach people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from survey.app import create_app
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff.guard import now
from survey.staff.signed_in import begin
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Role, Staff
from tests.village import RELATIVES, Village


@dataclass
class Place:
    """The village with its web; `relatives` and `residents` are open rounds."""

    village: Village
    app: Flask
    relatives: str
    residents: str

    def sign_in(self, works_at: str | None = None, **roles: str) -> FlaskClient:
        """A browser of somebody new with these roles: role=place."""
        name = uuid4().hex
        with self.village.database.begin() as connection:
            connection.execute(insert(Staff).values(id=name, email=f"{name}@x.no", password="", works_at=works_at))
            for role, place in roles.items():
                connection.execute(insert(Role).values(staff=name, role=role, node=place))
        client = self.app.test_client()
        with client.session_transaction(path="/staff") as session:
            session["key"] = begin(self.village.database, name, "", now())
        return client


@contextmanager
def reached(folder: Path, database_url: str = "", web_url: str = "") -> Iterator[Place]:
    """The village under a folder; the web may come to the database by an address of its own."""
    folders = {"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys", "MEDVIRK_DATABASE_URL": database_url}
    KeyStore(folder / "keys").make_session_key()
    settings = Settings.from_environment(folders)
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, folder)
    relatives = village.open_round(audience="relative", questionnaire=RELATIVES)
    app = create_app(Settings.from_environment({**folders, "MEDVIRK_DATABASE_URL": web_url or database_url}))
    yield Place(village, app, relatives, village.round_id)
    app.extensions["medvirk.database"].dispose()
    database.dispose()

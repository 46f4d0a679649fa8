"""Molde's open round, and people of Molde and Kristiansund who take its answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.settings import Settings
from survey.staff.roles import INTERVIEWER, ROUND_LEADER, TYPIST
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Batch, Node, Staff
from tests.staffed import employ, token
from tests.village import Village, texts

LEADER, OUTSIDER, INSIDER = "lise@molde.no", "kari@kristiansund.no", "ida@molde.no"


@dataclass(frozen=True)
class Taken:
    """The app of the village, here called Molde, where lise leads, and ida takes answers but works at Arna.

    kari is a typist and interviewer, in Kristiansund alone.
    """

    app: Flask
    village: Village

    def invite(self, leader: FlaskClient, role: str, email: str = OUTSIDER) -> TestResponse:
        return self.press(leader, self.helpers, email=email, role=role)

    @property
    def helpers(self) -> str:
        return f"/staff/rounds/{self.village.round_id}/helpers"

    def press(self, client: FlaskClient, address: str, **form: str) -> TestResponse:
        """What this person sends from a page of theirs."""
        return client.post(address, data={**form, "csrf_token": token(client.get("/staff/account"))})

    def desk(self, way: str, unit: str = "arna") -> str:
        """The address at which a unit's answers are taken."""
        with self.village.database.reading() as connection:
            asked = select(Batch.id).where(Batch.way == way, Batch.unit == unit, Batch.round == self.village.round_id)
            batch = connection.execute(asked).scalar_one()
        return f"/staff/{'interviews' if way == 'interview' else 'paper'}/{batch}"

    def audit(self) -> list[tuple[str, str, str]]:
        """Who did what with what, in the log."""
        with self.village.database.reading() as connection:
            rows = connection.execute(select(AuditEntry).order_by(AuditEntry.number)).all()
        return [(row.who, row.action, row.about) for row in rows]


@contextmanager
def taken(database: Database, folder: Path, places: dict[str, int] | None = None) -> Iterator[Taken]:
    village = Village.found(database, folder, places)
    with database.begin() as connection:
        nodes = [
            ("1505", "municipality", None, None, "Kristiansund"),
            ("1505-d", "service", "1505", "day_centre", "Dagsenter"),
        ]
        for id_, level, parent, kind, name in nodes:
            node = {"id": id_, "level": level, "parent": parent, "service_kind": kind, "places": None}
            connection.execute(insert(Node).values(**node, name=texts(name)))
    employ(database, LEADER, [ROUND_LEADER])
    employ(database, OUTSIDER, [INTERVIEWER, TYPIST], "1505")
    employ(database, INSIDER, [INTERVIEWER, TYPIST])
    with database.begin() as connection:
        connection.execute(Staff.__table__.update().where(Staff.email == INSIDER).values(works_at="arna"))
    url = database.url.render_as_string(hide_password=False)
    app = create_app(
        Settings.from_environment(
            {"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys", "MEDVIRK_DATABASE_URL": url}
        )
    )
    yield Taken(app, village)
    app.extensions["medvirk.database"].dispose()


def fields(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page's largest form."""
    form = max(re.findall(r"<form.*?</form>", page.text, re.DOTALL), key=len)
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))

"""Leading a round in the web, for tests."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from survey.questionnaire.loading import SHIPPED, load_folder
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Round
from tests.staffed import post
from tests.village import PASSPHRASE

TODAY = dt.datetime.now(dt.UTC).date()
SOON, LATER = TODAY + dt.timedelta(days=7), TODAY + dt.timedelta(days=30)
RESIDENTS = load_folder(SHIPPED)["day-centre-residents"]
STEPS: dict[str, dict[str, Any]] = {
    "who": {"title": "Høsten 2027", "what": "day-centre-residents:day_centre", "languages": ["nb", "nn"]},
    "where": {"part": "chosen", "units": ["arna"]},
    "how": {"ways": ["self", "paper"], "keep_unfinished": "1"},
    "anonymity": {"helped": "2"},
    "decision": {"decision": "Helseutvalget, sak 31/27", "leader": "Lise Lie", "retention": "Alltid (arkivloven)"},
    "dates": {"opens": SOON.isoformat(), "closes": LATER.isoformat(), "repeat": "12"},
}
OPEN = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "meant": "early"}  # the plan's first day is in a week


def begun(lise: FlaskClient) -> str:
    """The address of a new round."""
    made = post(lise, "/staff/rounds/new", title="Høsten", what="day-centre-residents:day_centre")
    assert made.status_code == 303
    return re.sub("/plan/questions$", "", made.location)


def planned(lise: FlaskClient, **steps: dict[str, Any]) -> str:
    """The address of a round whose plan is complete."""
    round_ = begun(lise)
    for step, form in {**STEPS, **steps}.items():
        saved = post(lise, f"{round_}/plan/{step}", **form)
        assert saved.status_code == 303, saved.text
    return round_


def opened(lise: FlaskClient, work: Callable[[], None], **steps: dict[str, Any]) -> str:
    round_ = planned(lise, **steps)
    work()  # makes the letterbox
    assert post(lise, f"{round_}/open", **OPEN).status_code == 303
    work()
    return round_


def id_of(round_: str) -> str:
    return round_.rsplit("/", 1)[1]


def page(client: FlaskClient, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    return " ".join(found.text.split())


def state(database: Database, round_: str) -> str:
    with database.reading() as connection:
        return str(connection.execute(select(Round.state).where(Round.id == id_of(round_))).scalar_one())


def deeds(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(AuditEntry.who, AuditEntry.action).order_by(AuditEntry.number)).all()
    return [(who, action) for who, action in rows if action not in ("role_given", "signed_in")]

"""What staff did cannot be changed or taken out unseen, and tells nothing of respondents."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry
from tests.village import Village, answer

TRIGGERS_OFF = {
    "sqlite": ("DROP TRIGGER audit_entry_kept_UPDATE", "DROP TRIGGER audit_entry_kept_DELETE"),
    "postgresql": ("DROP TRIGGER audit_entry_kept ON audit_entry",),
}
DEEDS = 5


@pytest.fixture
def log(database: Database) -> Database:
    for number in range(DEEDS):
        with database.begin() as connection:
            audit.note(connection, "anna@bergen.no", Action.COMMENT_SHOWN, place="4601", about=f"Høsten {number}")
    return database


def test_a_log_as_it_was_written_holds(log: Database) -> None:
    verdict = audit.verify(log)
    with log.reading() as connection:
        last = connection.execute(select(AuditEntry.hash).where(AuditEntry.number == DEEDS)).scalar_one()
    assert verdict == audit.Verdict(DEEDS, last.hex(), None)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_entry SET who = 'kari@bergen.no' WHERE number = 3",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 3",
    ],
)
def test_the_database_refuses_to_change_an_entry_and_whoever_gets_round_it_is_seen(log: Database, forgery: str) -> None:
    with pytest.raises(DBAPIError, match="only appended to"), log.begin() as connection:
        connection.execute(text(forgery))
    with log.begin() as connection:
        for statement in TRIGGERS_OFF[connection.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text(forgery))
    assert audit.verify(log).broken_at == 3


def test_an_entry_of_ones_own_making_does_not_fit_into_the_chain(log: Database) -> None:
    with log.begin() as connection:
        forged = {"number": DEEDS + 1, "at": dt.datetime(2026, 1, 1), "who": "", "action": "", "place": ""}  # noqa: DTZ001
        connection.execute(insert(AuditEntry).values(**forged, about="", hash=bytes(32)))
    assert audit.verify(log).broken_at == DEEDS + 1


def test_a_deed_that_did_not_happen_leaves_no_entry(log: Database) -> None:
    def fail() -> None:
        with log.begin() as connection:
            audit.note(connection, "anna@bergen.no", Action.COMMENT_SHOWN)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert audit.verify(log).entries == DEEDS


def test_answering_leaves_no_entry(database: Database, tmp_path: Path) -> None:
    village = Village.found(database, tmp_path)
    assert village.send(village.codes()[0], answer()) == "received"
    assert audit.verify(database).entries == 0

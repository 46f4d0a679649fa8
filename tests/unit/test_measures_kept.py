"""Measures in the database: read as they were written, and every change in the log."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import select

from reports.measures import keeping
from reports.measures.keeping import Weighing
from reports.measures.model import Covers, Measure, Status
from survey.staff.roles import QUALITY_ADVISER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry
from tests.bergen import day_centres, shelve
from tests.measured import a_measure

ROUND = "dagsenter-2026"


def bergens(**changes: object) -> Measure:
    whom = {"covers": Covers.GROUP, "units": frozenset[str](), "rounds": frozenset({ROUND})}
    return a_measure(municipality="4601", place="4601", baseline=ROUND, chosen_by=ROUND, **whom | changes)


def test_a_measure_is_read_as_it_was_kept_and_as_it_was_changed(database: Database) -> None:
    shelve(database, day_centres())
    measure = bergens()
    with database.begin() as connection:
        keeping.register(connection, measure, "anna@bergen.no")
        assert keeping.find(connection, "m1") == measure
        assert keeping.find(connection, "m2") is None
        changed = replace(
            measure,
            covers=Covers.UNITS,
            units=frozenset({"4601"}),
            rounds=frozenset(),
            baseline=None,
            status=Status.ENDED,
        )
        keeping.change(connection, changed, "anna@bergen.no", "ended")
        assert keeping.listed(connection, ["4601"]) == [changed]
        assert keeping.listed(connection, ["0301"]) == []
        log = connection.execute(select(AuditEntry.action, AuditEntry.place, AuditEntry.about)).all()
    assert [tuple(entry) for entry in log] == [
        ("measure_registered", "4601", "Mer å gjøre"),
        ("measure_changed", "4601", "Mer å gjøre, ended"),
    ]


def test_what_is_due_first_is_listed_first_and_what_has_ended_last(database: Database) -> None:
    shelve(database, day_centres())
    soon, late = dt.date(2026, 12, 1), dt.date(2027, 6, 1)
    with database.begin() as connection:
        for id_, changes in (
            ("ended", {"status": Status.ENDED, "deadline": soon}),
            ("whenever", {"deadline": None}),
            ("late", {"deadline": late}),
            ("soon", {"deadline": soon}),
        ):
            keeping.register(connection, bergens(id=id_, **changes), "anna@bergen.no")
        assert [each.id for each in keeping.listed(connection, ["4601"])] == ["soon", "late", "whenever", "ended"]


def test_how_views_were_weighed_is_added_to_and_never_changed(database: Database) -> None:
    shelve(database, day_centres())
    measure = bergens()
    with database.begin() as connection:
        keeping.register(connection, measure, "anna@bergen.no")
        written = [
            Weighing(dt.date(2026, month, 1), who, role, text)
            for month, who, role, text in (
                (1, "anna@bergen.no", QUALITY_ADVISER, "Vi hørte brukerrådet."),
                (3, "unni@bergen.no", UNIT_LEADER, "Fire dager ble til valg."),
                (3, "anna@bergen.no", QUALITY_ADVISER, "Rettet: Fire dager ble til valg for 150."),
                (3, "anna@bergen.no", QUALITY_ADVISER, "Ferdig."),
            )
        ]
        for weighing in written:
            keeping.weigh(connection, measure, weighing)
        assert keeping.weighings(connection, "m1") == written[::-1]  # also those of one day

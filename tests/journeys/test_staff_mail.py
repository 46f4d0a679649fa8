"""Staff are reminded by e-mail of the next round and of measures that are late: once, in their language."""

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import insert, select, update

from reports.measures import keeping
from reports.measures.model import Status
from survey.invitations import staff_reminders
from survey.invitations.mail import Letterhead
from survey.invitations.smtp import Server
from survey.invitations.staff_mail import StaffPost
from survey.register.closing import merge
from survey.rounds import plan
from survey.rounds.plan import later
from survey.staff import accounts
from survey.staff.roles import QUALITY_ADVISER, READER, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Plan, Role, Staff, StaffMail
from tests.mailserver import MailServer, serving
from tests.measured import a_measure
from tests.staffed import employ
from tests.village import Village

pytestmark = pytest.mark.usefixtures("logged")
OPENED = dt.date(2026, 3, 2)
AGAIN = later(OPENED, 12)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
LETTERHEAD = Letterhead("Bergen <spor@bergen.example>", "https://m.example")
LISE, LARS, ANNA, ULF = "lise@bergen.example", "lars@bergen.example", "anna@bergen.example", "ulf@bergen.example"
KILLED = """
import os, signal, sys
from survey.invitations import smtp
from tests.journeys import test_staff_mail
handed = smtp.hand_over
smtp.hand_over = lambda *mail: (handed(*mail), os.kill(os.getpid(), signal.SIGKILL))
test_staff_mail.work(sys.argv[1], int(sys.argv[2]), test_staff_mail.AGAIN)
"""


def work(url: str, port: int, day: dt.date) -> None:
    """A worker that begins on a day, does its work and ends."""
    database = Database(url)
    server = Server("127.0.0.1", port, None, None, "none")
    StaffPost(database, LETTERHEAD, lambda: dt.datetime.combine(day, dt.time(9)), server).work(Event())
    database.dispose()


class Place:
    """A village with a yearly round, and people who may be reminded."""

    def __init__(self, village: Village, server: MailServer, url: str) -> None:
        self.village, self.server, self.url = village, server, url
        for email, role in ((LISE, ROUND_LEADER), (LARS, ROUND_LEADER), (ANNA, QUALITY_ADVISER), (ULF, READER)):
            employ(village.database, email, [role])
        with village.database.begin() as connection:
            said = {"opens": OPENED, "repeat": 12, "leader": LISE}
            connection.execute(insert(Plan), {**plan.EMPTY, **said, "round": village.round_id})

    def work(self, day: dt.date) -> list[str]:
        """Everybody who has got a mail until then."""
        work(self.url, self.server.port, day)
        return self.server.recipients()

    def text(self) -> str:
        content = self.server.received[-1].get_content()
        assert isinstance(content, str)
        return " ".join(content.split())


@pytest.fixture
def place(database: Database, database_url: str, tmp_path: Path) -> Iterator[Place]:
    village = Village.found(database, tmp_path)
    with serving() as server:
        yield Place(village, server, database_url)


def test_the_rounds_leader_is_told_once_some_weeks_before_the_next_is_due(place: Place) -> None:
    assert place.work(AGAIN - 6 * WEEK - DAY) == []
    for day in (AGAIN - 6 * WEEK, AGAIN - 6 * WEEK, AGAIN - 5 * WEEK, AGAIN):
        assert place.work(day) == [LISE]
    assert "Neste undersøkelse skal være 2. mars 2027." in place.text()
    assert f"https://m.example/staff/rounds/{place.village.round_id}#again" in place.text()
    assert "Runde" not in str(place.server.received[-1]["Subject"])  # titles stay out of subjects


def test_nobody_is_told_when_the_next_round_is_being_planned(place: Place) -> None:
    with place.village.database.begin() as connection:
        next_ = plan.again(connection, plan.read(connection, place.village.round_id))
    assert place.work(AGAIN - WEEK) == []
    with place.village.database.begin() as connection:
        plan.throw_away(connection, next_)
        connection.execute(update(Plan).values(leader="Avdelingsleder"))  # no address: all who lead rounds there
    assert sorted(place.work(AGAIN - WEEK)) == [LARS, LISE]


def test_who_is_responsible_is_told_of_a_measure_that_has_not_begun_and_of_one_that_is_not_over(
    place: Place,
) -> None:
    start, deadline = dt.date(2026, 6, 1), dt.date(2026, 9, 1)
    measure = a_measure(municipality="4601", place="arna", units=frozenset(), baseline=None, status=Status.DECIDED)
    measure = replace(measure, start=start, deadline=deadline, responsible="Enhetsleder")
    accounts.speak(place.village.database, _id(place, ANNA), "nn")
    with place.village.database.begin() as connection:
        keeping.register(connection, measure, ANNA)
    assert place.work(start) == []
    assert place.work(start + DAY) == place.work(start + 2 * DAY) == [ANNA]
    assert "Tiltaket «Mer å gjøre» skulle begynne 1. juni 2026 og har ikkje gjort det." in place.text()
    with place.village.database.begin() as connection:
        keeping.change(connection, replace(measure, status=Status.STARTED), ANNA)
    assert place.work(deadline + DAY) == [ANNA, ANNA]
    assert "https://m.example/staff/measures/m1" in place.text()
    moved = replace(measure, status=Status.STARTED, deadline=deadline + WEEK)
    with place.village.database.begin() as connection:
        keeping.change(connection, moved, ANNA)
        merge(connection, "arna", "fana", deadline)
        connection.execute(insert(Role).values(staff=_id(place, ULF), role=UNIT_LEADER, node="fana"))
    told = place.work(deadline + 8 * DAY)
    assert sorted(told) == [ANNA, ANNA, ANNA, ULF], "who leads the unit it has joined, too"
    with place.village.database.begin() as connection:
        keeping.change(connection, replace(moved, deadline=deadline + 2 * WEEK, status=Status.ENDED), ANNA)
    assert place.work(deadline + 15 * DAY) == told


def test_what_is_over_before_its_mail_goes_is_dropped(place: Place) -> None:
    late = a_measure(municipality="4601", place="arna", units=frozenset(), baseline=None, status=Status.DECIDED)
    late = replace(late, start=OPENED)
    with place.village.database.begin() as connection:
        keeping.register(connection, late, ANNA)
    staff_reminders.queue(place.village.database, OPENED + DAY)
    with place.village.database.begin() as connection:
        keeping.change(connection, replace(late, status=Status.STARTED), ANNA)
    assert place.work(OPENED + DAY) == []
    with place.village.database.reading() as connection:
        assert connection.execute(select(StaffMail)).all() == []


def test_killed_when_the_mail_server_has_the_mail_a_worker_never_sends_it_again(place: Place) -> None:
    killed = [sys.executable, "-c", KILLED, place.url, str(place.server.port)]
    assert subprocess.run(killed, cwd=Path(__file__).parents[2], check=False).returncode == -signal.SIGKILL
    assert place.work(AGAIN) == place.work(AGAIN + DAY) == [LISE]


def test_a_mail_that_the_server_does_not_take_now_is_tried_again(place: Place) -> None:
    place.server.replies[LISE] = ["451 Later", "550 Never"]
    for day, states in ((AGAIN, ["queued"]), (AGAIN + DAY, ["failed"]), (AGAIN + 2 * DAY, ["failed"])):
        assert place.work(day) == []
        with place.village.database.reading() as connection:
            assert connection.execute(select(StaffMail.state)).scalars().all() == states


def _id(place: Place, email: str) -> str:
    with place.village.database.reading() as connection:
        return str(connection.execute(select(Staff.id).where(Staff.email == email)).scalar_one())

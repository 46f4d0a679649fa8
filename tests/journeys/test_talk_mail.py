"""Contacts are mailed the morning after somebody asked to talk, advisers when it has waited; by a real mail server."""

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from survey import worker
from survey.access.codes import mint
from survey.invitations.mail import Letterhead
from survey.invitations.smtp import Server
from survey.invitations.talk_mail import TalkPost
from survey.register.contact_file import import_contacts
from survey.settings import Settings
from survey.staff.roles import QUALITY_ADVISER, READER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Contact, Node, TalkMail, TalkRequest
from survey.talk import requests
from survey.talk.asking import Outcome, ask
from tests.journeys.test_worker import Pauses
from tests.mailserver import HANG_UP, MailServer, serving
from tests.office import Clock
from tests.staffed import employ
from tests.village import Village

pytestmark = pytest.mark.usefixtures("logged")
DAY = dt.timedelta(days=1)
EVENING = dt.datetime(2026, 11, 21, 21, 17, tzinfo=dt.UTC).replace(tzinfo=None)  # when somebody asks
MORNING = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC).replace(tzinfo=None)
MIDNIGHT = MORNING - dt.timedelta(hours=5)
OLA, INGRID, ANNA = "ola@bergen.example", "ingrid@bergen.example", "anna@bergen.example"
LETTERHEAD = Letterhead("Bergen <spor@bergen.example>", "https://m.example")
KILLED = """
import os, signal, sys
from tests.journeys import test_talk_mail
from survey.talk import telling
telling.sent = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
test_talk_mail.work(sys.argv[1], int(sys.argv[2]))
"""


def work(url: str, port: int, now: dt.datetime = MORNING) -> None:
    """A worker that begins now, does its work and ends."""
    database = Database(url)
    TalkPost(database, LETTERHEAD, lambda: now, Server("127.0.0.1", port, None, None, "none")).work(Event())
    database.dispose()


class Place:
    """A village where somebody asks, and a worker that has run since the evening before."""

    def __init__(self, village: Village, server: MailServer, url: str) -> None:
        self.village, self.server, self.url, self.clock = village, server, url, Clock()
        self.clock.now = EVENING
        self.post = TalkPost(
            village.database, LETTERHEAD, self.clock, Server("127.0.0.1", server.port, None, None, "none")
        )

    def ask(self, side: str = "here", name: str = "", code: str = "") -> str:
        """The code that asked."""
        code = code or self.village.codes()[0]
        village = self.village
        asked = ask(village.database, village.keys, code=code, side=side, name=name, today=self.clock.now.date())
        assert asked is Outcome.TOLD
        return code

    def work(self, now: dt.datetime) -> list[str]:
        """Everybody who has got a mail until then."""
        self.clock.now = now
        self.post.work(Event())
        return self.server.recipients()

    def mails(self) -> list[tuple[Any, ...]]:
        columns = select(TalkMail.recipient, TalkMail.state, TalkMail.told, TalkMail.attempts)
        with self.village.database.reading() as connection:
            return sorted((tuple(row) for row in connection.execute(columns)), key=str)

    def change(self, statement: Any) -> None:
        with self.village.database.begin() as connection:
            connection.execute(statement)


@pytest.fixture
def place(database: Database, database_url: str, tmp_path: Path) -> Iterator[Place]:
    village = Village.found(database, tmp_path)
    village.befriend()
    with serving() as server:
        yield Place(village, server, database_url)


def text(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content


def test_the_contact_who_was_asked_for_is_mailed_once_the_next_morning(place: Place) -> None:
    place.ask()
    for before in (EVENING, MIDNIGHT - DAY / 999, MIDNIGHT, MORNING - DAY / 999):
        assert place.work(before) == []
    for after in (MORNING, MORNING + DAY / 2, MORNING + DAY):
        assert place.work(after) == [OLA]
    assert place.mails() == [("contact", "sent", MORNING.date(), 0)]


def test_a_worker_that_begins_on_the_day_of_the_request_mails_nobody_until_the_next(place: Place) -> None:
    place.ask()
    work(place.url, place.server.port, EVENING + DAY / 24)
    assert place.server.received == []
    work(place.url, place.server.port, MORNING + DAY / 3)
    work(place.url, place.server.port, MORNING + DAY / 2)
    assert place.server.recipients() == [OLA]


def test_the_mail_names_the_place_and_neither_person_nor_contact_code_round_or_day(place: Place) -> None:
    code = place.ask(name="Kari Nes")
    place.work(EVENING)
    place.work(MORNING)
    (message,) = place.server.received
    whole = message.as_string() + text(message)
    for line in ("Noen på Arna vil snakke med deg.", "Nokon på Arna vil snakke med deg.", "Somebody at Arna wants"):
        assert line in text(message)
    with place.village.database.reading() as connection:
        (request,) = connection.execute(select(TalkRequest.id)).scalars()
    secrets = ("Kari", "Nes", "Ola Berg", code, place.village.round_id, request, "2026-11-21", "21 Nov", "21:17")
    assert not [secret for secret in secrets if secret in whole]
    assert message["Subject"] == "Melding fra Medvirk"


def test_two_who_ask_are_two_mails_that_come_at_the_same_hour(place: Place) -> None:
    for _ in range(2):
        place.ask()
    place.ask(side="elsewhere")
    assert sorted(place.work(MORNING)) == [INGRID, OLA, OLA]
    assert len({message["Message-ID"] for message in place.server.received}) == 3
    assert len({message["Date"] for message in place.server.received}) == 1
    assert place.server.connections == 1


@pytest.mark.parametrize("decided", ["handled", "closed"])
def test_what_an_adviser_has_taken_on_before_is_mailed_to_nobody(place: Place, decided: str) -> None:
    place.ask()
    place.work(MIDNIGHT)
    place.change(update(TalkRequest).values(state=decided))
    assert place.work(MORNING + 9 * DAY) == []


def test_nobody_is_mailed_in_place_of_the_contact_who_was_asked_for(place: Place) -> None:
    place.ask()
    place.work(MIDNIGHT)
    place.change(update(Contact).values(name="Per Dal"))
    assert place.work(MORNING) == place.work(MORNING + DAY) == []
    assert place.mails() == []
    place.change(update(Contact).values(name="Ola Berg"))
    assert place.work(MORNING + 2 * DAY) == [OLA]


def test_who_has_no_email_is_not_mailed(place: Place) -> None:
    with place.village.database.begin() as connection:
        import_contacts(connection, b"place,side,name,role,email,phone\narna,here,Ola Berg,leader,,55 00 00 01\n")
    place.ask()
    assert place.work(MORNING) == []
    assert place.mails() == []


def test_after_three_days_the_advisers_there_are_reminded_once_of_everything_and_nobody_else_is(place: Place) -> None:
    database = place.village.database
    employ(database, ANNA, [QUALITY_ADVISER])
    employ(database, "lise@bergen.example", [UNIT_LEADER, READER])
    place.ask(name="Kari Nes")
    place.ask(side="elsewhere", code=place.ask())
    assert ANNA not in place.work(MORNING + DAY)
    place.server.received.clear()
    assert place.work(MORNING + 2 * DAY) == [ANNA]
    assert place.work(MORNING + 3 * DAY) == place.work(MORNING + 30 * DAY) == [ANNA]
    (message,) = place.server.received
    assert "https://m.example/staff/talk" in text(message)
    assert not [name for name in ("Kari", "Arna", "Ola", "Ingrid") if name in message.as_string() + text(message)]


def test_a_mail_that_cannot_go_now_goes_later_and_one_refused_for_good_does_not(
    place: Place, logged: pytest.LogCaptureFixture
) -> None:
    place.ask()
    place.ask(side="elsewhere")
    place.server.replies[OLA] = ["451 later", HANG_UP]
    place.server.replies[INGRID] = ["550 <ingrid@bergen.example> unknown"]
    minute = dt.timedelta(minutes=1)
    for after in (0, 1, 2):
        assert place.work(MORNING + after * minute) == []
    assert place.work(MORNING + 3 * minute) == [OLA]
    assert place.mails() == [("contact", "failed", None, 0), ("contact", "sent", MORNING.date(), 2)]
    assert "can never go" in logged.text
    assert "@bergen.example" not in logged.text


def test_while_the_server_is_away_the_mail_waits(place: Place, logged: pytest.LogCaptureFixture) -> None:
    place.ask()
    with serving() as gone:
        pass
    work(place.url, gone.port)
    assert "Mails about requests to talk wait: the mail server" in logged.text
    assert place.work(MORNING + dt.timedelta(minutes=1)) == [OLA]


def test_killed_after_the_servers_yes_the_same_mail_goes_again_with_its_id(place: Place) -> None:
    place.ask()
    killed = [sys.executable, "-c", KILLED, place.url, str(place.server.port)]
    assert subprocess.run(killed, cwd=Path(__file__).parents[2], check=False).returncode == -signal.SIGKILL
    assert place.work(MORNING + dt.timedelta(minutes=14)) == [OLA]
    assert place.work(MORNING + dt.timedelta(minutes=15)) == place.work(MORNING + DAY) == [OLA, OLA]
    assert len({message["Message-ID"] for message in place.server.received}) == 1


def test_two_workers_at_once_send_each_mail_once(place: Place) -> None:
    for _ in range(6):
        place.ask()
    place.work(MIDNIGHT)
    both = [Thread(target=work, args=(place.url, place.server.port)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert place.server.recipients() == [OLA] * 6


def test_the_mail_goes_when_its_request_goes(place: Place) -> None:
    place.ask()
    place.work(MORNING)
    requests.remove_old(place.village.database, EVENING.date() + 180 * DAY)
    assert place.mails() == []


@pytest.mark.parametrize("email", [f"{OLA}\r\nBcc: eve@evil.example", f"{OLA}, eve@evil.example", "åse@bergen.example"])
def test_an_address_that_is_more_than_one_goes_to_nobody_and_stops_no_other(place: Place, email: str) -> None:
    place.ask()
    place.ask(side="elsewhere")
    place.change(update(Contact).where(Contact.side == "here").values(email=email))
    assert place.work(MORNING) == [INGRID]
    assert place.mails()[0] == ("contact", "failed", None, 0)


def test_names_with_lines_of_their_own_make_no_header(place: Place) -> None:
    lines = "X\r\nBcc: eve@evil.example\r\n\r\nHei"
    place.change(update(Contact).where(Contact.side == "here").values(name=lines))
    place.change(update(Node).where(Node.id == "arna").values(name={"nb": lines}))
    place.ask(name=lines)
    assert place.work(MORNING) == [OLA]
    (message,) = place.server.received
    assert message["Bcc"] is None
    assert set(message.keys()) >= {"From", "To", "Subject", "Date", "Message-ID"}


def test_the_worker_mails_where_there_is_a_server_and_else_leaves_it_to_the_adviser(
    place: Place, tmp_path: Path
) -> None:
    place.ask()
    folders = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"}
    without = {**folders, "MEDVIRK_DATABASE_URL": place.url}
    worker.run(Settings.from_environment(without), Pauses(), lambda: MORNING)
    assert place.mails() == []
    server = {"HOST": "127.0.0.1", "PORT": str(place.server.port), "SECURITY": "none"}
    with_server = without | {f"MEDVIRK_SMTP_{name}": value for name, value in server.items()}
    worker.run(Settings.from_environment(with_server), Pauses(), lambda: MORNING)
    assert place.server.recipients() == [OLA]


def test_a_wrong_code_mails_nobody(place: Place) -> None:
    village = place.village
    asked = ask(village.database, village.keys, code=mint(), side="here", name="", today=EVENING.date())
    assert asked is Outcome.NOT_VALID
    assert place.work(MORNING) == []

"""From the outbox through a real mail server, or into files; refused and cut off on the way."""

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, update

from survey.invitations import smtp
from survey.keys import KeyStore
from survey.storage.tables import Invitee, Round
from tests.mailserver import HANG_UP, SILENCE, serving
from tests.office import ANNE, KARI, MINUTE, NOW, OLA, PEOPLE, Office

pytestmark = pytest.mark.usefixtures("logged")


def test_everybody_gets_their_own_code_over_one_connection_and_only_once(office: Office) -> None:
    office.invite(*PEOPLE)
    office.send()
    office.send()
    assert office.server.recipients() == list(PEOPLE)
    assert office.server.connections == 1
    assert office.states() == dict.fromkeys(PEOPLE, "sent")
    for message in office.server.received:
        office.check_code(message)
    assert len({message["Message-ID"] for message in office.server.received}) == 3


def test_a_mail_refused_for_now_waits_a_minute_then_two_and_stops_nobody_else(office: Office) -> None:
    office.invite(*PEOPLE)
    office.server.replies[OLA] = ["451 4.7.1 come back later", "452 4.2.2 mailbox full"]
    office.send()
    assert office.server.recipients() == [KARI, ANNE]
    assert office.outbox()[OLA] == ("queued", 1, MINUTE, "451 4.7.1 come back later")
    office.send()
    assert len(office.server.replies[OLA]) == 1
    office.clock.now = NOW + MINUTE
    office.send()
    assert office.outbox()[OLA] == ("queued", 2, 3 * MINUTE, "452 4.2.2 mailbox full")
    office.clock.now = NOW + 3 * MINUTE
    office.send()
    assert office.server.recipients() == [KARI, ANNE, OLA]
    assert office.outbox()[OLA][0] == "sent"
    office.check_code(office.server.received[-1])


def test_a_mail_refused_for_good_is_recorded_with_the_servers_words_and_not_tried_again(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    office.invite(*PEOPLE)
    office.server.replies[KARI] = ["550 5.1.1 <kari@example.no>: no such mailbox"]
    office.send()
    office.clock.now = NOW + dt.timedelta(days=1)
    office.send()
    assert office.server.recipients() == [OLA, ANNE]
    state, _, _, words = office.outbox()[KARI]
    assert (state, words) == ("failed", "550 5.1.1 <kari@example.no>: no such mailbox")
    assert f"refuses a mail of round {office.village.round_id} for good (550)" in logged.text


@pytest.mark.parametrize("trouble", [HANG_UP, SILENCE, "421 4.3.2 shutting down"])
def test_a_connection_that_breaks_delays_one_mail_and_loses_none(
    office: Office, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.2)
    office.invite(*PEOPLE)
    office.server.replies[OLA] = [trouble]
    office.send()
    assert office.states() == {KARI: "sent", OLA: "queued", ANNE: "queued"}
    monkeypatch.undo()
    office.send()
    assert office.server.recipients() == [KARI, ANNE]
    assert office.outbox()[OLA][1:3] == (1, MINUTE)
    office.clock.now = NOW + MINUTE
    office.send()
    assert office.server.recipients() == [KARI, ANNE, OLA]


def test_while_the_server_is_away_every_mail_waits_and_the_log_says_what_to_check(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    office.invite(*PEOPLE)
    with serving() as gone:
        pass
    office.send(port=gone.port)
    assert [entry[:3] for entry in office.outbox().values()] == [("queued", 1, MINUTE)] * 3
    assert f"127.0.0.1:{gone.port} cannot be reached (Connection refused). Check MEDVIRK_SMTP_HOST" in logged.text
    office.clock.now = NOW + MINUTE
    office.send()
    assert office.states() == dict.fromkeys(PEOPLE, "sent")


def test_a_sender_that_the_server_does_not_take_fails_nobody(office: Office, logged: pytest.LogCaptureFixture) -> None:
    office.invite(*PEOPLE)
    office.server.sender_reply = "550 5.7.1 not your domain"
    office.send()
    assert [entry[:3] for entry in office.outbox().values()] == [("queued", 1, MINUTE)] * 3
    assert "Check MEDVIRK_MAIL_FROM" in logged.text


def test_what_was_answered_or_closed_before_its_turn_is_not_sent(office: Office) -> None:
    office.invite(*PEOPLE)
    with office.village.database.begin() as connection:
        connection.execute(update(Round).where(Round.id == office.village.round_id).values(state="closing"))
    office.send()
    assert office.server.connections == 0


def test_without_the_rounds_keys_its_mails_wait_and_the_log_names_the_cure(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    office.invite(KARI)
    folder = office.village.keys.folder
    office.post = replace(office.post, keys=KeyStore(folder.with_name("elsewhere")))
    office.send()
    assert office.outbox()[KARI][:3] == ("queued", 1, MINUTE)
    assert "medvirk round recover" in logged.text


def test_no_lock_is_held_while_the_server_is_talked_to(office: Office) -> None:
    office.invite(KARI)

    def write(_: EmailMessage) -> None:
        with office.village.database.begin() as connection:
            connection.execute(update(Invitee).values(language="nn"))

    office.server.on_mail = write
    office.send()
    assert office.states() == {KARI: "sent"}
    with office.village.database.reading() as connection:
        assert connection.execute(select(Invitee.language)).scalar_one() == "nn"


def test_two_workers_at_once_send_each_mail_once(office: Office) -> None:
    people = [f"person{number}@example.no" for number in range(12)]
    office.invite(*people)
    workers = [Thread(target=office.send) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(office.server.recipients()) == sorted(people)


def test_without_a_server_mails_become_files_that_only_their_owner_reads(
    office: Office, tmp_path: Path, logged: pytest.LogCaptureFixture
) -> None:
    office.invite(*PEOPLE)
    for _ in range(2):
        office.post.write(tmp_path / "data", Event())
    folder = tmp_path / "data" / "mail" / office.village.round_id
    files = list(folder.iterdir())
    assert [folder.stat().st_mode & 0o777, *(file.stat().st_mode & 0o777 for file in files)] == [0o700] + [0o600] * 3
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert sorted(str(message["To"]) for message in messages) == sorted(PEOPLE)
    for message in messages:
        assert isinstance(message, EmailMessage)
        office.check_code(message)
    assert "MEDVIRK_SMTP_HOST is not set: 3 mails were written" in logged.text
    assert office.states() == dict.fromkeys(PEOPLE, "sent")


def test_where_a_file_cannot_be_written_its_mail_stays_queued(office: Office, tmp_path: Path) -> None:
    office.invite(KARI)
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "mail").touch()
    with pytest.raises(OSError, match="mail"):
        office.post.write(tmp_path / "data", Event())
    assert office.outbox()[KARI][:2] == ("queued", 0)

"""The worker as a process of its own, told to stop or killed while it sends."""

import datetime as dt
import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from survey.invitations.outbox import LEASE
from tests.office import ANNE, KARI, OLA, PEOPLE, Office

pytestmark = pytest.mark.usefixtures("logged")


def worker_process(office: Office, tmp_path: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "MEDVIRK_DATABASE_URL": office.village.database.url.render_as_string(hide_password=False),
        "MEDVIRK_DATA": str(tmp_path / "data"),
        "MEDVIRK_KEYS": str(office.village.keys.folder),
        "MEDVIRK_MAIL_FROM": "Bergen <spor@bergen.example>",
        "MEDVIRK_SMTP_HOST": "127.0.0.1",
        "MEDVIRK_SMTP_PORT": str(office.server.port),
        "MEDVIRK_SMTP_SECURITY": "none",
    }
    command = [sys.executable, "-c", "from survey.cli import main; main()", "worker"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_a_worker_told_to_stop_finishes_the_mail_it_has_in_hand(office: Office, tmp_path: Path) -> None:
    office.invite(*PEOPLE)
    with worker_process(office, tmp_path) as worker:
        office.server.on_mail = lambda _: worker.terminate()
        _, stderr = worker.communicate(timeout=60)
    assert (worker.returncode, stderr) == (0, "")
    assert office.server.recipients() == [KARI]
    assert office.states() == {KARI: "sent", OLA: "queued", ANNE: "queued"}


@pytest.mark.parametrize("note", ["before the server has the mail", "after the server has the mail"])
def test_a_worker_killed_while_sending_loses_no_mail(office: Office, tmp_path: Path, note: str) -> None:
    """Killed after the server took a mail it sends that one again: same code, same id."""
    people = [f"person{number}@example.no" for number in range(6)]
    office.invite(*people)
    with worker_process(office, tmp_path) as worker:

        def kill(_: EmailMessage) -> None:
            if len(office.server.received) == 3:
                if note.startswith("before"):
                    office.server.received.pop()
                worker.kill()
                worker.wait()

        office.server.on_mail = kill
        _, stderr = worker.communicate(timeout=60)
    office.server.on_mail = lambda _: None
    assert worker.returncode == -9
    assert "example.no" not in stderr
    assert len(office.server.received) == (2 if note.startswith("before") else 3)

    office.clock.now = dt.datetime.now(dt.UTC).replace(tzinfo=None) + LEASE
    office.send()
    twice = [] if note.startswith("before") else [office.server.recipients()[2]]
    assert sorted(office.server.recipients()) == sorted(people + twice)
    assert len({message["Message-ID"] for message in office.server.received}) == len(people)
    for message in office.server.received:
        office.check_code(message)

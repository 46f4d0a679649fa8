"""Inviting people and sending their mails, for tests."""

import datetime as dt
import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from threading import Event

from sqlalchemy import select

from survey.access.codes import for_invitee, normalise
from survey.access.redeem import find
from survey.invitations.mail import Letterhead
from survey.invitations.sending import Post
from survey.invitations.smtp import Server
from survey.storage.engine import Database
from survey.storage.tables import Invitee, Outbox
from tests.invited import invite
from tests.mailserver import MailServer
from tests.village import RELATIVES, Village

NOW = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC).replace(tzinfo=None)
MINUTE = dt.timedelta(minutes=1)
KARI, OLA, ANNE = PEOPLE = ("kari@example.no", "ola@example.no", "anne@example.no")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


class Office:
    """Somebody who invites people and sends the mails."""

    def __init__(self, village: Village, server: MailServer) -> None:
        self.village = village
        self.server = server
        self.clock = Clock()
        self.post = Post(
            village.database, village.keys, Letterhead("Bergen <spor@bergen.example>", "https://m.example"), self.clock
        )

    def invite(self, *emails: str) -> None:
        """One after the other: their mails are due in this order."""
        for number, email in enumerate(emails):
            content = f"unit_id,email,language\n{('arna', 'fana')[number % 2]},{email},nb\n"
            due = NOW - dt.timedelta(seconds=len(emails) - number)
            invite(self.village.database, self.village.keys, self.village.round_id, content.encode(), due)

    def send(self, **changes: object) -> None:
        server = Server("127.0.0.1", self.server.port, None, None, "none")
        self.post.send(replace(server, **changes), Event())  # type: ignore[arg-type]

    def outbox(self) -> dict[str, tuple[str, int, dt.timedelta, str]]:
        """email -> state, attempts, how long after the first moment it is due, words."""
        columns = select(Invitee.email, Outbox.state, Outbox.attempts, Outbox.due, Outbox.error)
        with self.village.database.reading() as connection:
            rows = connection.execute(columns.join_from(Outbox, Invitee)).all()
        return {row.email: (row.state, row.attempts, row.due - NOW, row.error) for row in rows}

    def states(self) -> dict[str, str]:
        return {email: state for email, (state, *_) in self.outbox().items()}

    def check_code(self, message: EmailMessage) -> None:
        """The code in a received mail is its person's own and opens their questionnaire."""
        part = message.get_body(("plain",))
        assert part is not None
        [typed] = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", part.get_content())
        code = normalise(typed)
        assert code is not None
        with self.village.database.reading() as connection:
            invitee = connection.execute(select(Invitee.id).where(Invitee.email == str(message["To"]))).scalar_one()
        assert code == for_invitee(self.village.keys.web(self.village.round_id).mail, invitee)
        assert find(self.village.database, self.village.keys, code)


def village_of_relatives(database: Database, folder: Path) -> Village:
    """The village, with an open round of relatives."""
    village = Village.found(database, folder)
    village.round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    return village

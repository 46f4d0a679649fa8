"""Mail contacts that somebody wants to talk to them, and advisers that somebody has waited.

The mail names the place and nobody: it passes through servers and stays in mailboxes that Medvirk cannot empty.
Sent at least once, like an invitation; a second copy has the same id.
"""

import datetime as dt
import logging
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from smtplib import SMTP
from threading import Event

from survey.invitations import outbox, smtp
from survey.invitations.mail import Letterhead, TextsMissingError, called, templates
from survey.storage.engine import Database
from survey.talk import telling
from survey.talk.telling import CONTACT, Notice

LANGUAGES = ("nb", "nn", "en")  # one after the other in each mail: nobody knows which its reader prefers

_log = logging.getLogger(__name__)


def compose(notice: Notice, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """The finished mail; `now` in UTC.

    Raises: TextsMissingError; ValueError or MessageError where the address can stand in no mail.
    """
    if not notice.email.isascii():
        raise ValueError("most mail servers take ASCII addresses only")
    words = {"contact": notice.recipient == CONTACT, "page": f"{letterhead.address}/staff/talk"}
    texts = [
        templates(language).get_template("invitations/talk.txt").render(words, place=called(notice.place, language))
        for language in LANGUAGES
    ]
    message = EmailMessage(policy=POLICY)
    message["From"] = letterhead.sender
    message["To"] = Address(addr_spec=notice.email)
    message["Subject"] = templates("nb").get_template("invitations/talk_subject.txt").render()
    message["Date"] = now.replace(tzinfo=dt.UTC)
    message["Message-ID"] = f"<{notice.id}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(texts) + "\n")
    return message


class TalkPost:
    """Queues once a day and sends what is due. `clock` gives now in UTC, without zone."""

    def __init__(
        self, database: Database, letterhead: Letterhead, clock: Callable[[], dt.datetime], server: smtp.Server
    ) -> None:
        self._database = database
        self._letterhead = letterhead
        self._clock = clock
        self._server = server
        self._queued: dt.date | None = None

    def work(self, stop: Event) -> None:
        """Send everything due over one connection, until none is left, the connection breaks or `stop` is set."""
        today = self._clock().date()
        if self._queued != today:
            telling.queue(self._database, today)
            self._queued = today
        notice = self._take()
        if notice is None:
            return
        taken = notice
        try:
            with smtp.connected(self._server) as connection:
                while notice:
                    taken = notice
                    self._send(connection, taken)
                    notice = None if stop.is_set() else self._take()
        except (smtp.AwayError, smtp.LostError) as error:
            _log.error("Mails about requests to talk wait: %s", error)
            self._later(taken)

    def _take(self) -> Notice | None:
        return telling.take(self._database, self._clock(), outbox.LEASE)

    def _later(self, notice: Notice) -> None:
        telling.later(self._database, notice, self._clock() + outbox.wait(notice.attempts + 1))

    def _send(self, connection: SMTP, notice: Notice) -> None:
        """Send one mail and record what came of it. No lock is held while the server is talked to."""
        try:
            smtp.hand_over(connection, compose(notice, self._letterhead, self._clock()))
        except TextsMissingError as error:
            _log.error("Mails about requests to talk wait: %s", error)
            self._later(notice)
        except smtp.NotNowError:
            self._later(notice)
        except (smtp.NeverError, MessageError, ValueError) as error:
            _log.warning("A mail about a request to talk can never go (%s).", type(error).__name__)
            telling.failed(self._database, notice)
        else:
            telling.sent(self._database, notice, self._clock().date())

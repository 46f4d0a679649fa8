"""Mails that are no invitations: written down once a day, then sent one after the other over one connection."""

import datetime as dt
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from smtplib import SMTP
from threading import Event
from typing import Generic, Protocol, TypeVar

from survey.invitations import outbox, smtp
from survey.invitations.mail import Letterhead, TextsMissingError
from survey.storage.engine import Database

_log = logging.getLogger(__name__)


class Due(Protocol):
    """A mail that is due."""

    @property
    def id(self) -> str: ...

    @property
    def attempts(self) -> int: ...


Mail = TypeVar("Mail", bound=Due)


def message(id_: str, email: str, subject: str, text: str, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """A finished mail; `now` in UTC. A second copy has the same id.

    Raises: ValueError or MessageError where the address can stand in no mail.
    """
    if not email.isascii():
        raise ValueError("most mail servers take ASCII addresses only")
    made = EmailMessage(policy=POLICY)
    made["From"] = letterhead.sender
    made["To"] = Address(addr_spec=email)
    made["Subject"] = subject
    made["Date"] = now.replace(tzinfo=dt.UTC)
    made["Message-ID"] = f"<{id_}@{made['From'].addresses[0].domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


class DailyPost(ABC, Generic[Mail]):
    """Queues once a day and sends what is due. `clock` gives now in UTC, without zone."""

    about: str  # what its mails are about, for the log

    def __init__(
        self, database: Database, letterhead: Letterhead, clock: Callable[[], dt.datetime], server: smtp.Server
    ) -> None:
        self._database = database
        self._letterhead = letterhead
        self._clock = clock
        self._server = server
        self._queued: dt.date | None = None

    @abstractmethod
    def _queue(self, today: dt.date) -> None:
        """Write down whom to mail today; again on the same day adds nobody."""

    @abstractmethod
    def _take(self) -> Mail | None:
        """The next mail that is due; None: none is."""

    @abstractmethod
    def _compose(self, mail: Mail) -> EmailMessage:
        """Raises: TextsMissingError, MessageError, ValueError."""

    @abstractmethod
    def _put_off(self, mail: Mail, until: dt.datetime) -> None:
        """Try again then."""

    @abstractmethod
    def _gone(self, mail: Mail) -> None:
        """The mail server has taken it."""

    @abstractmethod
    def _failed(self, mail: Mail) -> None:
        """It can never go."""

    def work(self, stop: Event) -> None:
        """Send everything due over one connection, until none is left, the connection breaks or `stop` is set."""
        today = self._clock().date()
        if self._queued != today:
            self._queue(today)
            self._queued = today
        mail = self._take()
        if mail is None:
            return
        taken = mail
        try:
            with smtp.connected(self._server) as connection:
                while mail:
                    taken = mail
                    self._send(connection, taken)
                    mail = None if stop.is_set() else self._take()
        except (smtp.AwayError, smtp.LostError) as error:
            _log.error("Mails about %s wait: %s", self.about, error)
            self._later(taken)

    def _later(self, mail: Mail) -> None:
        self._put_off(mail, self._clock() + outbox.wait(mail.attempts + 1))

    def _send(self, connection: SMTP, mail: Mail) -> None:
        """Send one mail and record what came of it. No lock is held while the server is talked to."""
        try:
            smtp.hand_over(connection, self._compose(mail))
        except TextsMissingError as error:
            _log.error("Mails about %s wait: %s", self.about, error)
            self._later(mail)
        except smtp.NotNowError:
            self._later(mail)
        except (smtp.NeverError, MessageError, ValueError) as error:
            _log.warning("A mail about %s can never go (%s).", self.about, type(error).__name__)
            self._failed(mail)
        else:
            self._gone(mail)

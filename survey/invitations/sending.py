"""Drain the outbox: through a mail server, or into files where none is set.

At least once: a worker killed between the server's yes and our own note of it sends the same mail again, with the
same code and the same id; the code works once all the same.
"""

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import chain
from pathlib import Path
from smtplib import SMTP
from threading import Event

from survey.access.codes import for_invitee
from survey.invitations import outbox, smtp
from survey.invitations.mail import Letterhead, TextsMissingError, compose
from survey.invitations.outbox import Mail
from survey.invitations.unsubscribing import token
from survey.keys import KeysError, KeyStore
from survey.storage.engine import Database
from survey.storage.folders import mail_folder

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Post:
    """Composes what is due and sends it. `clock` gives now in UTC, without zone."""

    database: Database
    keys: KeyStore
    letterhead: Letterhead
    clock: Callable[[], dt.datetime]

    def send(self, server: smtp.Server, stop: Event) -> None:
        """Send everything due over one connection, until none is left, the connection breaks or `stop` is set."""
        mails = self._taken(stop)
        first = next(mails, None)
        if first is None:
            return
        mail = first
        try:
            with smtp.connected(server) as connection:
                for mail in chain([first], mails):
                    self._send(connection, mail)
        except smtp.AwayError as error:
            _log.error("Mails wait: %s", error)
            with self.database.begin() as transaction:
                outbox.all_later(transaction, mail, str(error), self.clock())
        except smtp.LostError as error:
            _log.warning("The mail server broke the connection (%s). The mail is tried again.", error)
            with self.database.begin() as transaction:
                outbox.later(transaction, mail, str(error), self.clock())

    def _taken(self, stop: Event) -> Iterator[Mail]:
        while not stop.is_set() and (mail := outbox.take(self.database, self.clock())):
            yield mail

    def _send(self, connection: SMTP, mail: Mail) -> None:
        """Send one mail and record what came of it. No lock is held while the server is talked to."""
        try:
            smtp.hand_over(connection, self._composed(mail))
        except (KeysError, TextsMissingError) as error:
            _log.error("A mail of round %s waits: %s", mail.round_id, error)
            with self.database.begin() as transaction:
                outbox.later(transaction, mail, str(error), self.clock())
        except smtp.NotNowError as error:
            with self.database.begin() as transaction:
                outbox.later(transaction, mail, str(error), self.clock())
        except smtp.NeverError as error:
            _log.warning("The mail server refuses a mail of round %s for good (%d).", mail.round_id, error.code)
            with self.database.begin() as transaction:
                outbox.failed(transaction, mail, str(error))
        else:
            with self.database.begin() as transaction:
                outbox.sent(transaction, mail)

    def write(self, data: Path, stop: Event) -> None:
        """Write everything due as files, `mail/ROUND/ID.eml` in the data folder, which only their owner may read.

        File and row are written in one transaction: closing a round first removes its rows, which waits for this,
        then its files, so that none is left behind.
        """
        written = 0
        while not stop.is_set() and self._write(data):
            written += 1
        if written:
            _log.warning("MEDVIRK_SMTP_HOST is not set: %d mails were written to %s, not sent.", written, data / "mail")

    def _write(self, data: Path) -> bool:
        with self.database.begin() as transaction:
            mail = outbox.next_due(transaction, self.clock())
            if mail is None:
                return False
            try:
                message = self._composed(mail)
            except (KeysError, TextsMissingError) as error:
                _log.error("A mail of round %s waits: %s", mail.round_id, error)
                outbox.later(transaction, mail, str(error), self.clock())
                return True
            _write_file(mail_folder(data, mail.round_id) / f"{mail.id}.eml", message)
            outbox.sent(transaction, mail)
        return True

    def _composed(self, mail: Mail) -> EmailMessage:
        keys = self.keys.web(mail.round_id)
        code = for_invitee(keys.mail, mail.invitee)
        return compose(mail, code, token(keys, mail.invitee), self.letterhead, self.clock())


def _write_file(path: Path, message: EmailMessage) -> None:
    """Whole or not at all, also when killed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(message))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

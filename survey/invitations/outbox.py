"""The outbox: mails to be sent, as rows that hold ids only.

A worker takes a row by moving its `due` ahead (a lease), commits, talks to the mail server without holding any lock,
then records what came of it. A worker killed in between loses nothing: the row is due again when the lease is over.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import aliased

from survey.storage.engine import Database
from survey.storage.tables import Batch, Invitee, Node, Outbox, Round

INVITATION = "invitation"
REMINDERS = ("reminder_1", "reminder_2")
LEASE = dt.timedelta(minutes=15)  # longer than one mail can take with every time limit of its server used up
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Mail:
    """A mail that is due: everything to compose it but the code. Names map language to name."""

    id: str
    kind: str
    attempts: int
    invitee: str
    email: str
    language: str
    round_id: str
    audience: str
    simulated: bool
    place: Mapping[str, str]
    municipality: Mapping[str, str]


_municipality = aliased(Node)
_NEXT = (
    select(
        Outbox.id,
        Outbox.kind,
        Outbox.attempts,
        Invitee.id,
        Invitee.email,
        Invitee.language,
        Round.id,
        Round.audience,
        Round.simulated,
        Node.name,
        _municipality.name,
    )
    .join_from(Outbox, Invitee, Outbox.invitee == Invitee.id)
    .join(Batch, Invitee.batch == Batch.id)
    .join(Round, Batch.round == Round.id)
    .join(Node, Batch.unit == Node.id)
    .join(_municipality, Round.municipality == _municipality.id)
    .where(Outbox.state == "queued", Outbox.due <= bindparam("now"), Round.state == "open")
    .order_by(Outbox.due)
    .limit(1)
    # Two workers take different rows. On SQLite the transaction has the only write lock already.
    .with_for_update(of=Outbox, skip_locked=True)
)
_LEASE = update(Outbox).where(Outbox.id == bindparam("mail")).values(due=bindparam("until"))
_SENT = update(Outbox).where(Outbox.id == bindparam("mail")).values(state="sent", error="")
_FAILED = update(Outbox).where(Outbox.id == bindparam("mail")).values(state="failed", error=bindparam("words"))
_LATER = (
    update(Outbox)
    .where(Outbox.id == bindparam("mail"))
    .values(attempts=Outbox.attempts + 1, due=bindparam("until"), error=bindparam("words"))
)
_ALL_LATER = (
    update(Outbox)
    .where(Outbox.state == "queued", Outbox.due <= bindparam("now"))
    .values(attempts=Outbox.attempts + 1, due=bindparam("until"), error=bindparam("words"))
)


def utcnow() -> dt.datetime:
    """Now, as `due` is kept: UTC, without zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def take(database: Database, now: dt.datetime) -> Mail | None:
    """Lease the mail that has waited longest; None: nothing is due."""
    with database.begin() as connection:
        mail = next_due(connection, now)
        if mail:
            connection.execute(_LEASE, {"mail": mail.id, "until": now + LEASE})
        return mail


def new(invitee: str, kind: str, now: dt.datetime) -> dict[str, Any]:
    """A new row: a mail of this kind to this invitee, due now."""
    waiting = {"state": "queued", "attempts": 0, "due": now, "error": ""}
    return {"id": uuid4().hex, "invitee": invitee, "kind": kind, **waiting}


def next_due(connection: Connection, now: dt.datetime) -> Mail | None:
    """The mail of an open round that has waited longest, locked until the transaction ends."""
    row: Sequence[Any] | None = connection.execute(_NEXT, {"now": now}).first()
    return Mail(*row) if row else None


def sent(connection: Connection, mail: Mail) -> None:
    """The mail has gone. Where its row has gone too (answered, closed) nothing happens."""
    connection.execute(_SENT, {"mail": mail.id})


def failed(connection: Connection, mail: Mail, words: str) -> None:
    """The mail server refuses the mail for good, with these words."""
    connection.execute(_FAILED, {"mail": mail.id, "words": words})


def later(connection: Connection, mail: Mail, words: str, now: dt.datetime) -> None:
    """Try this mail again after a while."""
    connection.execute(_LATER, {"mail": mail.id, "words": words, "until": now + wait(mail.attempts + 1)})


def all_later(connection: Connection, mail: Mail, words: str, now: dt.datetime) -> None:
    """Try this mail again after a while, and every other that is due as well: no mail can go now."""
    later(connection, mail, words, now)
    until = now + wait(mail.attempts + 1)
    connection.execute(_ALL_LATER, {"now": now, "words": words, "until": until})


def wait(attempts: int) -> dt.timedelta:
    """How long after so many vain attempts (from 1): one minute, then twice as long each time, at most an hour."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)

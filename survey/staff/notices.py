"""The owner of an account is told by e-mail when somebody changed how they get in. A row a mail, gone when it went.

Sent at least once: a worker killed between the mail server's yes and its own note sends it again, under the same id.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum, auto
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from survey.storage.engine import Database
from survey.storage.tables import AccountMail, Staff

KEPT = dt.timedelta(days=7)  # as long as the mail server may be away


class Change(StrEnum):
    """What the owner is told of."""

    PASSWORD_CHANGED = auto()  # by who knew the old one
    PASSWORD_RENEWED = auto()  # by an administrator, or at the command line
    SECOND_STEP_SET_UP = auto()
    SECOND_STEP_TAKEN_AWAY = auto()
    RECOVERY_CODE_USED = auto()


@dataclass(frozen=True)
class Notice:
    """A mail that is due."""

    id: str
    kind: str
    day: dt.date
    attempts: int
    email: str
    language: str


_NEXT = (
    select(AccountMail.id, AccountMail.kind, AccountMail.day, AccountMail.attempts, Staff.email, Staff.language)
    .join(Staff, Staff.id == AccountMail.staff)
    .where(AccountMail.due <= bindparam("now"))
    .order_by(AccountMail.due, AccountMail.id)
    .limit(1)
    # Two workers take different rows. On SQLite the transaction has the only write lock already.
    .with_for_update(of=AccountMail, skip_locked=True)
)
_THIS = update(AccountMail).where(AccountMail.id == bindparam("mail"))
_LEASE = _THIS.values(due=bindparam("until"))
_LATER = _THIS.values(due=bindparam("until"), attempts=AccountMail.attempts + 1)
_GONE = delete(AccountMail).where(AccountMail.id == bindparam("mail"))
_OLD = delete(AccountMail).where(AccountMail.day < bindparam("before"))


def note(connection: Connection, staff: str, change: Change) -> None:
    """Tell the account's owner, if the transaction that does it ends well."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    row = {"id": uuid4().hex, "staff": staff, "kind": change.value, "day": now.date(), "attempts": 0, "due": now}
    connection.execute(insert(AccountMail), row)


def take(database: Database, now: dt.datetime, lease: dt.timedelta) -> Notice | None:
    """The mail that has waited longest, not to be taken again while the lease lasts; None: none is due."""
    with database.begin() as connection:
        row = connection.execute(_NEXT, {"now": now}).first()
        if row is None:
            return None
        connection.execute(_LEASE, {"mail": row.id, "until": now + lease})
        return Notice(*row)


def later(database: Database, notice: Notice, until: dt.datetime) -> None:
    """The mail server did not take it: try again then."""
    with database.begin() as connection:
        connection.execute(_LATER, {"mail": notice.id, "until": until})


def gone(database: Database, notice: Notice) -> None:
    """It has been sent, or can never be."""
    with database.begin() as connection:
        connection.execute(_GONE, {"mail": notice.id})


def forget(database: Database, today: dt.date) -> None:
    """Tell of nothing that is longer ago than a week; where there is no mail server, of nothing ever."""
    with database.begin() as connection:
        connection.execute(_OLD, {"before": today - KEPT})

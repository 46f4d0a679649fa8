"""Who is to be told of a request to talk: its contact, and after three days the advisers. Rows of ids, sent as mails.

No time of a mail may say more than its request does, which is a day. So a request is looked at when its day (UTC) is
over, and all mails of a morning are due at the same hour.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from survey.register import tree
from survey.register.contacts import contacts_for
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Node, Role, Staff, TalkMail, TalkRequest

CONTACT = "contact"
MORNING = dt.time(5)  # UTC: six or seven o'clock in Norway
WAITED = dt.timedelta(days=3)


@dataclass(frozen=True)
class Notice:
    """A mail that is due. `place` maps language to the name of the unit where somebody asked."""

    id: str
    recipient: str
    attempts: int
    email: str
    place: Mapping[str, str]


_NEW = (
    select(TalkRequest.id, TalkRequest.unit, TalkRequest.side, TalkRequest.contact, TalkRequest.asked)
    .where(
        TalkRequest.state == "new",
        TalkRequest.asked < bindparam("today"),
        TalkRequest.remove_on > bindparam("today"),
    )
    .order_by(TalkRequest.id)
)
_KNOWN = select(TalkMail.request, TalkMail.recipient)
_ADVISERS = select(Role.staff, Role.node).where(Role.role == QUALITY_ADVISER)
_NEXT = (
    select(
        TalkMail.id,
        TalkMail.recipient,
        TalkMail.attempts,
        Staff.email,
        Node.name,
        TalkRequest.unit,
        TalkRequest.side,
        TalkRequest.contact,
    )
    .join_from(TalkMail, TalkRequest, TalkMail.request == TalkRequest.id)
    .join(Node, TalkRequest.unit == Node.id)
    .outerjoin(Staff, TalkMail.recipient == Staff.id)
    .where(TalkMail.state == "queued", TalkMail.due <= bindparam("now"), TalkRequest.state == "new")
    .order_by(TalkMail.due, TalkMail.id)
    .limit(1)
    # Two workers take different rows. On SQLite the transaction has the only write lock already.
    .with_for_update(of=TalkMail, skip_locked=True)
)
# The mail, and where it goes to an adviser all that wait for the same: one reminder tells of everything.
_THESE = update(TalkMail).where(
    TalkMail.state == "queued",
    TalkMail.recipient == bindparam("to"),
    or_(TalkMail.id == bindparam("mail"), TalkMail.recipient != CONTACT),
)
_LEASE = _THESE.values(due=bindparam("until"))
_SENT = _THESE.values(state="sent", told=bindparam("day"))
_FAILED = _THESE.values(state="failed")
_LATER = _THESE.values(attempts=TalkMail.attempts + 1, due=bindparam("until"))
_GONE = delete(TalkMail).where(TalkMail.id == bindparam("mail"))


def queue(database: Database, today: dt.date) -> None:
    """Write down whom to mail this morning; again on the same day adds nobody."""
    with database.begin() as connection:
        known = {tuple(row) for row in connection.execute(_KNOWN)}
        waiting = {"state": "queued", "attempts": 0, "due": dt.datetime.combine(today, MORNING)}
        rows = [
            {"id": uuid4().hex, "request": request, "recipient": recipient, **waiting}
            for request, recipient in _to_tell(connection, today)
            if (request, recipient) not in known
        ]
        if rows:
            connection.execute(insert(TalkMail), rows)


def _to_tell(connection: Connection, today: dt.date) -> Iterator[tuple[str, str]]:
    new = connection.execute(_NEW, {"today": today}).all()
    ways = tree.ways(connection, {asked.unit for asked in new})
    advisers = connection.execute(_ADVISERS).all() if new else []
    for asked in new:
        if _email(connection, asked):
            yield asked.id, CONTACT
        if asked.asked <= today - WAITED:
            for staff in sorted({role.staff for role in advisers if role.node in ways[asked.unit]}):
                yield asked.id, staff


def _email(connection: Connection, asked: Any) -> str:
    """The address of the contact who was asked for; empty: none, or somebody else stands there now."""
    contacts = contacts_for(connection, asked.unit)
    return next((each.email for each in contacts if (each.side, each.name) == (asked.side, asked.contact)), "")


def take(database: Database, now: dt.datetime, lease: dt.timedelta) -> Notice | None:
    """The next mail that is due, taken for so long; None: none is. What has nobody to go to any more is dropped."""
    with database.begin() as connection:
        while row := connection.execute(_NEXT, {"now": now}).first():
            email = _email(connection, row) if row.recipient == CONTACT else row.email
            if email:
                notice = Notice(row.id, row.recipient, row.attempts, email, row.name)
                connection.execute(_LEASE, {**_this(notice), "until": now + lease})
                return notice
            connection.execute(_GONE, {"mail": row.id})
    return None


def sent(database: Database, notice: Notice, today: dt.date) -> None:
    """The mail has gone."""
    with database.begin() as connection:
        connection.execute(_SENT, {**_this(notice), "day": today})


def failed(database: Database, notice: Notice) -> None:
    """The mail can never go."""
    with database.begin() as connection:
        connection.execute(_FAILED, _this(notice))


def later(database: Database, notice: Notice, until: dt.datetime) -> None:
    """Try again then."""
    with database.begin() as connection:
        connection.execute(_LATER, {**_this(notice), "until": until})


def _this(notice: Notice) -> dict[str, str]:
    return {"mail": notice.id, "to": notice.recipient}

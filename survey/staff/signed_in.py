"""Who is signed in, in which browsers. A browser holds a random key, the database only its hash.

A session ends by itself, by signing out, when its owner ends it from another browser, and when the password changes.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from survey.register import tree
from survey.staff import audit
from survey.staff.accounts import Member
from survey.staff.audit import Action
from survey.staff.roles import UNIT_LEADER, Way
from survey.storage import stamped
from survey.storage.engine import Database
from survey.storage.tables import Role, RoundHelper, SecondFactor, Staff, StaffSession

LASTS = dt.timedelta(hours=8)

_OF_KEY = select(StaffSession.id, StaffSession.staff, StaffSession.by_provider, *stamped.NUMBERS).where(
    StaffSession.key == bindparam("key"), StaffSession.until > bindparam("now")
)
_MEMBER = (
    select(
        Staff.id,
        Staff.email,
        SecondFactor.staff.is_not(None).label("second_factor"),
        Staff.works_at,
        Staff.provisional,
        Role.role,
        Role.node,
        RoundHelper.role.label("invited_as"),
        RoundHelper.round,
    )
    .select_from(Staff)
    .join(SecondFactor, SecondFactor.staff == Staff.id, isouter=True)
    .join(Role, Role.staff == Staff.id, isouter=True)
    .join(RoundHelper, RoundHelper.staff == Staff.id, isouter=True)
    .where(Staff.id == bindparam("staff"))
)
_OF_STAFF = (
    select(StaffSession.id, StaffSession.browser, StaffSession.began)
    .where(StaffSession.staff == bindparam("staff"), StaffSession.until > bindparam("now"))
    .order_by(StaffSession.began.desc(), StaffSession.id)
)
_OVER = delete(StaffSession).where(StaffSession.until <= bindparam("now"))
# Names of browsers and systems in what a browser says of itself, the more particular first.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Session:
    """One browser in which somebody is signed in; `began` is UTC without zone."""

    id: str
    browser: str
    began: dt.datetime


def begin(database: Database, staff: str, user_agent: str, now: dt.datetime, by_provider: bool = False) -> str:
    """Begin a session of eight hours; gives the key that the browser keeps."""
    key = secrets.token_urlsafe(32)
    with database.begin() as connection:
        connection.execute(_OVER, {"now": now})
        connection.execute(
            insert(StaffSession).values(
                id=str(uuid4()),
                key=_hash(key),
                staff=staff,
                browser=browser_of(user_agent),
                began=now,
                until=now + LASTS,
                by_provider=by_provider,
            )
        )
        audit.note_own(connection, staff, Action.SIGNED_IN_BY_PROVIDER if by_provider else Action.SIGNED_IN)
    return key


def member(database: Database, key: str, now: dt.datetime) -> Member | None:
    """Who holds this key; None where the session is over."""
    with database.reading() as connection:
        session = connection.execute(_OF_KEY, {"key": _hash(key), "now": now}).first()
        if session is None:
            return None
        stamped.see(connection, session)
    return database.remembered(
        ("member", session.id), lambda connection: _member(database, connection, session), stamped.STAFF
    )


def _member(database: Database, connection: Connection, session: Row[Any]) -> Member | None:
    rows = connection.execute(_MEMBER, {"staff": session.staff}).all()
    if not rows:
        return None  # the account has gone since
    first = rows[0]
    roles = frozenset((row.role, row.node) for row in rows if row.role)
    helps = frozenset((row.invited_as, row.round) for row in rows if row.round)

    def works() -> frozenset[Way]:
        leads = {node for role, node in roles if role == UNIT_LEADER}
        with database.reading() as connection:
            return frozenset(tree.ways(connection, {first.works_at or "", *leads}).values())

    return Member(
        id=first.id,
        email=first.email,
        session=session.id,
        second_factor=bool(first.second_factor),
        by_provider=session.by_provider,
        roles=roles,
        find_works=works,
        helps=helps,
        provisional=first.provisional,
    )


def sessions(database: Database, staff: str, now: dt.datetime) -> Sequence[Session]:
    """Where somebody is signed in, the newest first."""
    with database.reading() as connection:
        return [Session(*row) for row in connection.execute(_OF_STAFF, {"staff": staff, "now": now})]


def end(database: Database, staff: str, session: str) -> None:
    """End one of somebody's sessions."""
    with database.begin() as connection:
        own = StaffSession.id == session, StaffSession.staff == staff
        if connection.execute(delete(StaffSession).where(*own)).rowcount:
            audit.note_own(connection, staff, Action.SIGNED_OUT)


def browser_of(user_agent: str) -> str:
    """Browser and system, as far as their owner needs to know them again: "Chrome, Windows"."""
    named = [
        next((name for sign, name in names if re.search(rf"\b{sign}", user_agent)), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()

"""What the database says of a round to its archive. No table with an answer, a code or an address is read here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from survey.register import tree
from survey.register.tree import Place
from survey.rounds import calendar, plan
from survey.rounds.calendar import Day
from survey.rounds.plan import Planned
from survey.staff.audit import Action
from survey.storage.tables import AuditEntry, Comment, Mailing, Release, Round

DEEDS = (
    Action.ROUND_OPENED,
    Action.KEYS_RECOVERED,
    Action.ROUND_EXTENDED,
    Action.ROUND_STOPPED,
    Action.ROUND_RESUMED,
    Action.ROUND_CLOSED,
    Action.ROUND_DESTROYED,
)


@dataclass(frozen=True)
class Deed:
    """An entry of the audit log: its number, when (UTC, without zone), what, and what more it says of it."""

    number: int
    at: dt.datetime
    action: str
    more: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a package is made of, besides the prints.

    `mailings` are kinds of mail and the day each was last asked for; `comments` the states of free texts and how many.
    """

    planned: Planned
    simulated: bool
    closed: dt.date | None
    municipality: Place
    units: Sequence[Place]
    days: Sequence[Day]
    deeds: Sequence[Deed]
    mailings: Sequence[tuple[str, dt.date]]
    comments: Mapping[str, int]
    comments_until: dt.date | None
    release: str | None
    sha256: str | None


_OF_ROUND = (
    select(Round.simulated, Round.closed, Release.artefact, Release.sha256)
    .join_from(Round, Release, isouter=True)
    .where(Round.id == bindparam("round"))
)
_LOG = (
    select(AuditEntry.number, AuditEntry.at, AuditEntry.action, AuditEntry.about)
    .where(
        AuditEntry.round == bindparam("round"),
        AuditEntry.action.in_([deed.value for deed in DEEDS]),
    )
    .order_by(AuditEntry.number)
)
_MAILINGS = select(Mailing.kind, Mailing.day).where(Mailing.round == bindparam("round")).order_by(Mailing.kind)
_COMMENTS = (
    select(Comment.state, func.count(), func.max(Comment.remove_on))
    .where(Comment.round == bindparam("round"))
    .group_by(Comment.state)
    .order_by(Comment.state)
)


def read(connection: Connection, round_id: str) -> Facts:
    """The facts of a round that is there."""
    planned = plan.read(connection, round_id)
    places = tree.subtree(connection, planned.municipality)
    this = {"round": round_id}
    row = connection.execute(_OF_ROUND, this).one()
    comments = connection.execute(_COMMENTS, this).all()
    return Facts(
        planned=planned,
        simulated=row.simulated,
        closed=row.closed,
        municipality=places.root,
        units=plan.units(places, planned),
        days=calendar.days(connection, planned),
        deeds=_deeds(connection, planned),
        mailings=[(kind, day) for kind, day in connection.execute(_MAILINGS, this)],
        comments={state: number for state, number, _ in comments},
        comments_until=next((until for state, _, until in comments if state == "waiting"), None),
        release=row.artefact,
        sha256=row.sha256,
    )


def _deeds(connection: Connection, planned: Planned) -> list[Deed]:
    """What the log says was done to the round since it was opened, when its title could no longer change."""
    rows = connection.execute(_LOG, {"round": planned.id})
    return [Deed(row.number, row.at, row.action, row.about[len(f"{planned.title}, ") :]) for row in rows]

"""What the database says of a round to its archive. No table with an answer, a code or an address is read here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, or_, select

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

    The audit log names rounds by their titles: `namesakes` says how many others of the municipality could be meant.
    `mailings` are kinds of mail and the day each was last asked for; `comments` the states of free texts and how many.
    """

    planned: Planned
    simulated: bool
    closed: dt.date | None
    municipality: Place
    units: Sequence[Place]
    days: Sequence[Day]
    deeds: Sequence[Deed]
    namesakes: int
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
        AuditEntry.place == bindparam("place"),
        AuditEntry.action.in_([deed.value for deed in DEEDS]),
        or_(
            AuditEntry.about == bindparam("title"),
            func.substr(AuditEntry.about, 1, bindparam("long")) == bindparam("begins"),
        ),
    )
    .order_by(AuditEntry.number)
)
_TITLES = select(Round.title).where(
    Round.municipality == bindparam("place"), Round.id != bindparam("round"), Round.state != "planned"
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
    this = {"round": round_id, "place": planned.municipality}
    row = connection.execute(_OF_ROUND, this).one()
    comments = connection.execute(_COMMENTS, this).all()
    titles = connection.execute(_TITLES, this).scalars()
    return Facts(
        planned=planned,
        simulated=row.simulated,
        closed=row.closed,
        municipality=places.root,
        units=plan.units(places, planned),
        days=calendar.days(connection, planned),
        deeds=_deeds(connection, planned, row.sha256),
        namesakes=sum(f"{title}, ".startswith(f"{planned.title}, ") for title in titles),
        mailings=[(kind, day) for kind, day in connection.execute(_MAILINGS, this)],
        comments={state: number for state, number, _ in comments},
        comments_until=next((until for state, _, until in comments if state == "waiting"), None),
        release=row.artefact,
        sha256=row.sha256,
    )


def _deeds(connection: Connection, planned: Planned, sha256: str | None) -> list[Deed]:
    """What the log says was done to rounds of this title; the release of another round is left out."""
    if planned.state == "planned":
        return []  # what was done is of others of this title
    begins = f"{planned.title}, "
    named = {"title": planned.title, "begins": begins, "long": len(begins)}
    rows = connection.execute(_LOG, {"place": planned.municipality, **named}).all()
    deeds = [Deed(row.number, row.at, row.action, row.about[len(begins) :]) for row in rows]
    return [deed for deed in deeds if deed.action != Action.ROUND_CLOSED or deed.more == f"release {sha256}"]

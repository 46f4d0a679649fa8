"""Which days staff are reminded of: the next round of a repetition, a measure that should have begun or ended.

A row a person and day, so nobody is told twice: it is taken as sent before the mail server gets it. A worker that is
killed just then loses that mail, and the pages still tell of the day.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from survey.register import tree
from survey.rounds.plan import later as months_later
from survey.staff.roles import QUALITY_ADVISER, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Measure, Plan, Role, Round, Staff, StaffMail

NEXT_ROUND, BEGINS, ENDS = "next_round", "measure_begins", "measure_ends"
MORNING = dt.time(5)  # UTC: six or seven o'clock in Norway
AHEAD, AHEAD_OF_QUARTER = dt.timedelta(weeks=6), dt.timedelta(weeks=3)  # before the next round
TOO_LATE = dt.timedelta(days=31)  # nobody is told of what was so long ago


@dataclass(frozen=True)
class Reminder:
    """A mail that is due: of which `kind`, about which round or measure (`about`, its `title`), of which day."""

    id: str
    kind: str
    about: str
    title: str
    day: dt.date
    attempts: int
    email: str
    language: str


_ROUNDS = (
    select(
        *(Round.id, Round.municipality, Round.audience, Round.service_kind, Round.state),
        *(Plan.opens, Plan.repeat, Plan.leader),
    )
    .join(Plan, Plan.round == Round.id)
    .where(Round.simulated.is_(False))
)
_MEASURES = select(
    *(Measure.id, Measure.place, Measure.responsible, Measure.start, Measure.deadline, Measure.status)
).where(Measure.status != "ended")
_PEOPLE = select(Role.role, Role.node, Staff.id, Staff.email).join(Staff, Staff.id == Role.staff)
_KNOWN = select(StaffMail.recipient, StaffMail.kind, StaffMail.about, StaffMail.day)
_NEXT = (
    select(
        *(StaffMail.id, StaffMail.kind, StaffMail.about, func.coalesce(Round.title, Measure.title).label("title")),
        *(StaffMail.day, StaffMail.attempts, Staff.email, Staff.language),
        *(Measure.start, Measure.deadline, Measure.status),
    )
    .join(Staff, Staff.id == StaffMail.recipient)
    .outerjoin(Round, Round.id == StaffMail.about)
    .outerjoin(Measure, Measure.id == StaffMail.about)
    .where(StaffMail.state == "queued", StaffMail.due <= bindparam("now"))
    .order_by(StaffMail.due, StaffMail.id)
    .limit(1)
    # Two workers take different rows. On SQLite the transaction has the only write lock already.
    .with_for_update(of=StaffMail, skip_locked=True)
)
_THIS = update(StaffMail).where(StaffMail.id == bindparam("mail"))
_SENT = _THIS.values(state="sent")
_FAILED = _THIS.values(state="failed")
_LATER = _THIS.values(state="queued", attempts=StaffMail.attempts + 1, due=bindparam("until"))
_GONE = delete(StaffMail).where(StaffMail.id == bindparam("mail"))


def queue(database: Database, today: dt.date) -> None:
    """Write down whom to remind this morning; of the same day nobody is reminded again."""
    with database.begin() as connection:
        known = {tuple(row) for row in connection.execute(_KNOWN)}
        people = connection.execute(_PEOPLE).all()
        wanted = {*_of_rounds(connection, people, today), *_of_measures(connection, people, today)}
        waiting = {"state": "queued", "attempts": 0, "due": dt.datetime.combine(today, MORNING)}
        names = ("recipient", "kind", "about", "day")
        rows = [{"id": uuid4().hex, **dict(zip(names, row, strict=True)), **waiting} for row in sorted(wanted - known)]
        if rows:
            connection.execute(insert(StaffMail), rows)


_Wanted = tuple[str, str, str, dt.date]


def _of_rounds(connection: Connection, people: Collection[Any], today: dt.date) -> Iterator[_Wanted]:
    """Of each line of rounds the last one's repetition, unless the next is being planned."""
    lines: dict[tuple[str, str, str], list[Any]] = {}
    for row in connection.execute(_ROUNDS):
        lines.setdefault((row.municipality, row.audience, row.service_kind), []).append(row)
    for line in lines.values():
        last = max(line, key=lambda row: (row.opens or dt.date.max, row.id))
        if not last.repeat or not last.opens or any(row.state == "planned" for row in line):
            continue
        day = months_later(last.opens, last.repeat)
        ahead = AHEAD_OF_QUARTER if last.repeat <= 3 else AHEAD
        if day - ahead <= today <= day + TOO_LATE:
            leaders = [who for who in people if who.role == ROUND_LEADER and who.node == last.municipality]
            yield from ((who, NEXT_ROUND, last.id, day) for who in _named(last.leader, leaders))


def _of_measures(connection: Connection, people: Collection[Any], today: dt.date) -> Iterator[_Wanted]:
    """Of measures whose day to begin or to be over has passed, and which have not."""
    measures = connection.execute(_MEASURES).all()
    ways = tree.ways(connection, {each.place for each in measures})
    for each in measures:
        for kind, day in ((BEGINS, each.start), (ENDS, each.deadline)):
            if day and day < today <= day + TOO_LATE and _late(each, kind):
                reached = {*ways[each.place], *(one.id for way in tree.takers(connection, each.place) for one in way)}
                there = [who for who in people if who.node in reached and who.role in (UNIT_LEADER, QUALITY_ADVISER)]
                yield from ((who, kind, each.id, day) for who in _named(each.responsible, there))


def _late(measure: Any, kind: str) -> bool:
    """Whether a measure whose day has passed has still not begun, or is not over."""
    return measure.status in (("planned", "decided") if kind == BEGINS else ("planned", "decided", "started"))


def _named(words: str, people: Collection[Any]) -> set[str]:
    """Those of them whose address stands in the words; where none does, all of them."""
    named = {who.id for who in people if who.email in words.casefold()}
    return named or {who.id for who in people}


def take(database: Database, now: dt.datetime) -> Reminder | None:
    """The next mail that is due, from now on held to be sent; None: none is. What is over meanwhile is dropped."""
    with database.begin() as connection:
        while row := connection.execute(_NEXT, {"now": now}).first():
            day = {BEGINS: row.start, ENDS: row.deadline}.get(row.kind, row.day)
            if row.title is not None and day == row.day and (row.kind == NEXT_ROUND or _late(row, row.kind)):
                connection.execute(_SENT, {"mail": row.id})
                return Reminder(*row[:8])
            connection.execute(_GONE, {"mail": row.id})
    return None


def later(database: Database, reminder: Reminder, until: dt.datetime) -> None:
    """The mail server did not take it: try again then."""
    with database.begin() as connection:
        connection.execute(_LATER, {"mail": reminder.id, "until": until})


def failed(database: Database, reminder: Reminder) -> None:
    """The mail can never go."""
    with database.begin() as connection:
        connection.execute(_FAILED, {"mail": reminder.id})

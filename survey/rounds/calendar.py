"""A round's days through the year, and the same as iCalendar (RFC 5545)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from survey.rounds.plan import Planned, later
from survey.staff.audit import Action
from survey.storage.tables import AuditEntry, RoundEvent

REPEATED = 4  # the next rounds that are shown
YEARS = range(1900, 2200)  # nobody plans for others, and nothing can be counted on from the last day there is
_OCTETS = 75  # the longest line; longer ones are folded

_EVENTS = select(RoundEvent.id, RoundEvent.day, RoundEvent.title).where(RoundEvent.round == bindparam("round"))

_OPENED = select(func.min(AuditEntry.at)).where(
    AuditEntry.round == bindparam("round"), AuditEntry.action == Action.ROUND_OPENED.value
)


@dataclass(frozen=True)
class Day:
    """A day of a round: `kind` is `opens`, `closes`, `next` or `event`, which alone has an id and a title."""

    day: dt.date
    kind: str
    id: str
    title: str = ""


def read_day(written: str) -> dt.date:
    """A day as browsers send it.

    Raises: ValueError where it is none, or lies in no year that anybody plans for.
    """
    day = dt.date.fromisoformat(written)
    if day.year not in YEARS:
        raise ValueError(written)
    return day


def days(connection: Connection, planned: Planned) -> list[Day]:
    """All of them, in order."""
    found = [Day(row.day, "event", row.id, row.title) for row in connection.execute(_EVENTS, {"round": planned.id})]
    if planned.opens:
        found.append(Day(planned.opens, "opens", "opens"))
        steps = range(1, REPEATED + 1) if planned.repeat else ()
        found += [Day(later(planned.opens, step * planned.repeat), "next", f"next-{step}") for step in steps]
    if planned.closes:
        found.append(Day(planned.closes, "closes", "closes"))
    return sorted(found, key=lambda day: (day.day, day.id))


def opened_on(connection: Connection, round_id: str) -> dt.date | None:
    """The day on which a round was opened, as the log has it, whatever its plan says."""
    at: dt.datetime | None = connection.execute(_OPENED, {"round": round_id}).scalar()
    return at.date() if at else None


def add_event(connection: Connection, round_id: str, day: dt.date, title: str) -> None:
    """Another day around the round."""
    connection.execute(insert(RoundEvent), {"id": uuid4().hex, "round": round_id, "day": day, "title": title})


def remove_event(connection: Connection, round_id: str, event_id: str) -> None:
    """Take one away."""
    connection.execute(delete(RoundEvent).where(RoundEvent.round == round_id, RoundEvent.id == event_id))


def icalendar(round_id: str, named: Sequence[tuple[Day, str]], now: dt.datetime) -> str:
    """Whole days, each with its name; `now` in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Medvirk//Rounds//NO", "CALSCALE:GREGORIAN"]
    for day, name in named:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{round_id}-{day.id}@medvirk",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day.day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(name)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterable[str]:
    """Parts of at most 75 octets, no letter cut in two; each but the first begins with a space."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _OCTETS:
            yield part
            part = " "
        part += letter
    yield part

"""Requests to talk, as staff see them: listed, handled, closed, and gone when they have had their time."""

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, delete, func, select, update

from survey.register import tree
from survey.storage.engine import Database
from survey.storage.tables import TalkMail, TalkRequest
from survey.talk.telling import CONTACT

AFTER_CLOSING = dt.timedelta(days=30)


class Request(NamedTuple):
    """Somebody at a unit wants to talk to `contact`; `name` is empty where none was given.

    `mail` is what became of the mail to the contact: queued, sent (on the day `told`), failed; None: there is none.
    """

    id: str
    unit: str
    side: str
    contact: str
    asked: dt.date
    state: str
    remove_on: dt.date
    mail: str | None
    told: dt.date | None
    name: str


@dataclass(frozen=True)
class Placed:
    """A request, and the ids from the municipality down to where it was made."""

    id: str
    way: tuple[str, ...]


_LIST = (
    select(
        TalkRequest.id,
        TalkRequest.unit,
        TalkRequest.side,
        TalkRequest.contact,
        TalkRequest.asked,
        TalkRequest.state,
        TalkRequest.remove_on,
        TalkMail.state.label("mail"),
        TalkMail.told,
        TalkRequest.name,
    )
    .outerjoin_from(TalkRequest, TalkMail, and_(TalkMail.request == TalkRequest.id, TalkMail.recipient == CONTACT))
    .where(TalkRequest.remove_on > bindparam("today"))
    .order_by(
        case({"new": 0, "handled": 1}, value=TalkRequest.state, else_=2), TalkRequest.asked, TalkRequest.id
    )  # of one day: by an id that is random
)
_NEW = (
    select(TalkRequest.unit, func.count())
    .where(TalkRequest.state == "new", TalkRequest.remove_on > bindparam("today"))
    .group_by(TalkRequest.unit)
)
_UNIT = select(TalkRequest.unit).where(TalkRequest.id == bindparam("request"))
_HANDLE = (
    update(TalkRequest)
    .where(TalkRequest.id == bindparam("request"), TalkRequest.state == "new")
    .values(state="handled")
)
_CLOSE = (
    update(TalkRequest)
    .where(TalkRequest.id == bindparam("request"), TalkRequest.state != "closed")
    .values(state="closed", name="", remove_on=bindparam("gone"))
)
_OLD = delete(TalkRequest).where(TalkRequest.remove_on <= bindparam("today"))


def listed(connection: Connection, places: Container[str], today: dt.date) -> list[Request]:
    """The requests made at these places, new ones first, then by the day they came."""
    rows = connection.execute(_LIST, {"today": today}).all()
    return [each for each in map(Request._make, rows) if each.unit in places]


def number_of_new(connection: Connection, places: Container[str], today: dt.date) -> int:
    """How many made at these places nobody has handled yet."""
    return sum(number for unit, number in connection.execute(_NEW, {"today": today}) if unit in places)


def find(connection: Connection, request_id: str) -> Placed | None:
    """A request by its id, with its place."""
    unit = connection.execute(_UNIT, {"request": request_id}).scalar()
    return Placed(request_id, tree.ways(connection, [unit])[unit]) if unit else None


def handle(connection: Connection, request_id: str) -> bool:
    """Somebody has passed it on; False: it was not new any more."""
    return connection.execute(_HANDLE, {"request": request_id}).rowcount > 0


def close(connection: Connection, request_id: str, today: dt.date) -> bool:
    """Nothing is left to do: the name goes at once, the rest after a month; False: it was closed already."""
    return connection.execute(_CLOSE, {"request": request_id, "gone": today + AFTER_CLOSING}).rowcount > 0


def remove_old(database: Database, today: dt.date) -> None:
    """Remove what has had its time."""
    with database.begin() as connection:
        connection.execute(_OLD, {"today": today})

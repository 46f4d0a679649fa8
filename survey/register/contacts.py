"""Whom people can ask to talk to: for each place one who is there and one from elsewhere, else those above it."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, literal, select
from sqlalchemy.orm import aliased

from survey.register.tree import Place
from survey.storage import tables
from survey.storage.engine import Database
from survey.storage.stamped import memory, remembered
from survey.storage.tables import Node

SIDES = ("here", "elsewhere")
SECONDS = 3.0  # how late a page may show another contact; who is asked for is looked up anew in any case
REMEMBERED = 1024  # places
READ_IN = "nb"  # names and roles stand on a page of any language as they are: one voice reads them everywhere


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody to talk to; `email` or `phone` may be empty, not both."""

    side: str
    name: str
    role: str
    email: str
    phone: str


_contact = tables.Contact
_KNOWN = (_contact.side, _contact.name, _contact.role, _contact.email, _contact.phone)
_above = aliased(Node)
_up = select(Node.id, Node.parent, literal(0).label("steps")).where(Node.id == bindparam("place"))
_way = _up.cte("way", recursive=True)
_way = _way.union_all(select(_above.id, _above.parent, _way.c.steps + 1).join(_way, _above.id == _way.c.parent))
_NEAREST_LAST = select(*_KNOWN).join(_way, _contact.node == _way.c.id).order_by(_way.c.steps.desc())
_ALL = select(_contact.node, *_KNOWN)


def contacts_for(connection: Connection, place: str) -> tuple[Contact, ...]:
    """The contacts of a place: at most one of each side, the one who is there first."""
    found = {row.side: Contact(**row._mapping) for row in connection.execute(_NEAREST_LAST, {"place": place})}
    return _in_order(found)


class Remembered:
    """The contacts of places, for pages that many open at once."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[float, tuple[Contact, ...]]] = {}  # place -> since when, its contacts

    def of(self, place: str) -> tuple[Contact, ...]:
        """The contacts of a place, as they were at most SECONDS ago."""
        now = self._clock()
        since, contacts = self._known.get(place, (-math.inf, ()))
        if now - since >= SECONDS:
            with self._database.reading() as connection:
                contacts = contacts_for(connection, place)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[place] = now, contacts
        return contacts


def everybody(connection: Connection) -> Mapping[tuple[str, str], Contact]:
    """Every contact, by place and side, where they were written down."""

    def read() -> Mapping[tuple[str, str], Contact]:
        return {
            (node, side): Contact(side=side, name=name, role=role, email=email, phone=phone)
            for node, side, name, role, email, phone in connection.execute(_ALL).all()
        }

    return remembered(memory(connection), "contacts", read)


def contacts_of(connection: Connection, ways: Mapping[str, Iterable[Place]]) -> dict[str, tuple[Contact, ...]]:
    """The contacts of many places at once, told by the ways down to them."""
    known = everybody(connection)
    return {place: inherited(known, [each.id for each in way]) for place, way in ways.items()}


def inherited(known: Mapping[tuple[str, str], Contact], way: Iterable[str]) -> tuple[Contact, ...]:
    """The contacts of the place at the end of a way down (ids), found among all that are `known`."""
    return _in_order({side: known[place, side] for place in way for side in SIDES if (place, side) in known})


def _in_order(found: Mapping[str, Contact]) -> tuple[Contact, ...]:
    return tuple(found[side] for side in SIDES if side in found)


def lacking(contacts: Iterable[Contact]) -> tuple[str, ...]:
    """The sides that nobody stands for."""
    there = {contact.side for contact in contacts}
    return tuple(side for side in SIDES if side not in there)

"""The units that a round asks about, as parts of it: who has a role at one of them sees that one."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from survey.register import tree
from survey.register.tree import Place
from survey.rounds.head import Head, finder
from survey.staff.roles import Way
from survey.storage.engine import Database


@dataclass(frozen=True)
class Part:
    """A unit of a round, and the ids from the municipality down to it."""

    place: Place
    way: Way

    @property
    def id(self) -> str:
        return self.place.id


@dataclass(frozen=True)
class Whole:
    """A round with the units it asks about."""

    head: Head
    parts: tuple[Part, ...]


def parts(connection: Connection, head: Head) -> tuple[Part, ...]:
    """The units of a round's municipality and kind of service, by name."""
    places = tree.subtree(connection, head.municipality)
    return tuple(
        Part(unit, tuple(place.id for place in places.path(unit.id)))
        for unit in places.units()
        if unit.service_kind == head.service_kind
    )


def with_parts(database: Database) -> Callable[[str], Whole | None]:
    """What finds a round and its units by the round's id, for `needs_part(…, round_id=with_parts(database))`."""
    find = finder(database)

    def found(round_id: str) -> Whole | None:
        head = find(round_id)
        if head is None:
            return None
        with database.reading() as connection:
            return Whole(head, parts(connection, head))

    return found

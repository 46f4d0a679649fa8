"""A place that a page of the register is about."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g
from sqlalchemy import Connection

from survey.register import tree
from survey.register.tree import Place, UnknownPlaceError
from survey.staff.roles import ADMINISTRATOR, Way
from survey.storage.engine import Database


@dataclass(frozen=True)
class Found:
    """A place with those above it, from the municipality down."""

    path: tuple[Place, ...]

    @property
    def place(self) -> Place:
        return self.path[-1]

    @property
    def way(self) -> Way:
        return tuple(place.id for place in self.path)


def finder(database: Database) -> Callable[[str], Found | None]:
    """What finds a place by its id, for `needs(…, place_id=finder(database))`."""

    def find(place_id: str) -> Found | None:
        try:
            with database.reading() as connection:
                return Found(tree.path(connection, place_id))
        except UnknownPlaceError:
            return None

    return find


def merge_choices(connection: Connection, found: Found) -> dict[str, Place]:
    """The units that this one can be merged into: of its municipality and kind, not closed, covered by who asks."""
    if found.place.level != "unit" or found.place.closed:
        return {}
    places = tree.subtree(connection, found.way[0])
    covered = tree.reach(connection, g.member.nodes((ADMINISTRATOR,)))
    return {
        unit.id: unit
        for unit in places.units()
        if unit.service_kind == found.place.service_kind and unit.id != found.place.id and unit.id in covered
    }

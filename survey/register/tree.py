"""Reading the register: places, what lies under them and above them."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, cast, literal, select
from sqlalchemy.orm import aliased

from survey.languages import alphabetical
from survey.storage.tables import Node

LEVELS = ("municipality", "service", "division", "unit")
TREES_KEPT = 8  # while the register stands as it is; a place takes about 1 kB


class UnknownPlaceError(LookupError):
    """No place in the register has this id."""

    def __init__(self, place_id: str) -> None:
        super().__init__(f"There is no place “{place_id}” in the register.")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A municipality, service, division or unit. `name` maps language to name and always has nb."""

    id: str
    level: str
    parent: str | None
    name: Mapping[str, str]
    service_kind: str | None
    places: int | None
    closed: dt.date | None = None  # of units: since when nobody is asked there
    merged_into: str | None = None  # of closed units: the one that took its people

    def called(self, language: str = "nb") -> str:
        """Its name in a language, or in nb."""
        return self.name.get(language, self.name["nb"])


class Tree:
    """A place and all that lies under it. Iterates over parents before children, brothers by name."""

    def __init__(self, places: Iterable[Place], root: str) -> None:
        self._places = {place.id: place for place in sorted(places, key=_by_name)}
        if root not in self._places:
            raise UnknownPlaceError(root)
        self.root = self._places[root]
        self._paths: dict[str, tuple[Place, ...]] = {}
        self._children: dict[str, list[Place]] = {}
        for place in self._places.values():
            if place.id != root and place.parent:
                self._children.setdefault(place.parent, []).append(place)

    def __getitem__(self, place_id: str) -> Place:
        """Raises: UnknownPlaceError, also for a place elsewhere in the register."""
        if place_id not in self._places:
            raise UnknownPlaceError(place_id)
        return self._places[place_id]

    def __iter__(self) -> Iterator[Place]:
        return iter(self._in_order)

    def units(self) -> tuple[Place, ...]:
        """The units of this tree that are not closed."""
        return tuple(place for place in self if place.level == "unit" and not place.closed)

    def path(self, place_id: str) -> tuple[Place, ...]:
        """The way from the root of this tree down to a place, both included."""
        if place_id not in self._paths:
            place = self[place_id]
            above = self.path(place.parent or "") if place is not self.root else ()
            self._paths[place_id] = (*above, place)
        return self._paths[place_id]

    @cached_property
    def _in_order(self) -> tuple[Place, ...]:
        return tuple(self._down_from(self.root))

    def _down_from(self, place: Place) -> Iterator[Place]:
        yield place
        for child in self._children.get(place.id, ()):
            yield from self._down_from(child)


_ROOT = bindparam("root", type_=Text)
_down = select(Node).where(Node.id.in_(bindparam("roots", expanding=True))).cte("down", recursive=True)
_down = _down.union_all(select(Node).join(_down, Node.parent == _down.c.id))
# Names stay as they are written until they are needed: most often the register is as it was a moment ago.
_SUBTREE = select(
    _down.c.id,
    _down.c.level,
    _down.c.parent,
    cast(_down.c.name, Text).label("name"),
    _down.c.service_kind,
    _down.c.places,
    _down.c.closed,
    _down.c.merged_into,
)
_up = select(Node.id, Node.parent).where(Node.id == _ROOT).cte("up", recursive=True)
_above = aliased(Node)
_up = _up.union_all(select(_above.id, _above.parent).join(_up, _above.id == _up.c.parent))
_PATH = select(Node.__table__).join(_up, Node.id == _up.c.id)
_ALL = select(*(cast(column, Text).label("name") if column.name == "name" else column for column in Node.__table__.c))
_into = select(Node.id).where(Node.merged_into == _ROOT).cte("joined", recursive=True)
_merged = aliased(Node)
_into = _into.union(select(_merged.id).join(_into, _merged.merged_into == _into.c.id))
_JOINED = select(_into.c.id)
_MERGED = select(Node.id, Node.merged_into, Node.closed).where(Node.merged_into.is_not(None))
_way = (
    select(Node.id.label("place"), Node.id, Node.parent, literal(0).label("steps"))
    .where(Node.id.in_(bindparam("places", expanding=True)))
    .cte("way", recursive=True)
)
_higher = aliased(Node)
_way = _way.union_all(
    select(_way.c.place, _higher.id, _higher.parent, _way.c.steps + 1).join(_way, _higher.id == _way.c.parent)
)
_WAYS = select(_way.c.place, _way.c.id).order_by(_way.c.place, _way.c.steps)


def subtree(connection: Connection, root: str) -> Tree:
    """A place and everything under it.

    Raises: UnknownPlaceError
    """
    return _tree(tuple(connection.execute(_SUBTREE, {"roots": [root]}).all()), root)


def under(connection: Connection, nodes: Collection[str]) -> dict[tuple[str, ...], Tree]:
    """The trees under these places, by the ids from the municipality down to each.

    What lies under another of them is in that one's tree alone; what is not there is left out.
    """
    above = ways(connection, nodes)
    roots = {node: way for node, way in sorted(above.items()) if not set(way[:-1]) & set(nodes)}
    rows = tuple(connection.execute(_SUBTREE, {"roots": list(roots)}).all())
    return {way: _tree(rows, root) for root, way in roots.items()}


def reach(connection: Connection, nodes: Collection[str]) -> dict[str, tuple[Place, ...]]:
    """Every one of these places and all under them, parents first: the way from the municipality down to each."""
    municipalities = sorted({way[0] for way in ways(connection, nodes).values()})
    rows = tuple(connection.execute(_SUBTREE, {"roots": municipalities}).all())
    trees = [_tree(rows, municipality) for municipality in municipalities]
    paths = {place.id: one.path(place.id) for one in trees for place in one}
    return {id_: path for id_, path in paths.items() if any(place.id in nodes for place in path)}


def readable(connection: Connection, nodes: Collection[str]) -> dict[str, str]:
    """These places, all under them, and the units that have joined those: each with the municipality it lies in.

    Who covers a joined unit reads what was released of its parts before.
    """
    municipalities = sorted({way[0] for way in ways(connection, nodes).values()})
    rows = tuple(connection.execute(_SUBTREE, {"roots": municipalities}).all())
    found: dict[str, str] = {}
    for municipality in municipalities:
        places = _tree(rows, municipality)
        into = {place.id: place.merged_into for place in places if place.merged_into}
        own = {place.id for place in places if any(above.id in nodes for above in places.path(place.id))}
        while joining := {unit for unit, taker in into.items() if taker in own} - own:
            own |= joining
        found |= dict.fromkeys(own, municipality)
    return found


def path(connection: Connection, place_id: str) -> tuple[Place, ...]:
    """The way from the municipality down to a place, both included.

    Raises: UnknownPlaceError
    """
    above = {place.id: place for place in map(_place, connection.execute(_PATH, {"root": place_id}))}
    if place_id not in above:
        raise UnknownPlaceError(place_id)
    way = [above[place_id]]
    while way[-1].parent:
        way.append(above[way[-1].parent])
    return tuple(reversed(way))


def ways(connection: Connection, places: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The ids from the municipality down to each of these places, the place included; what is not there is left out."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(_WAYS, {"places": list(places)}):  # a place before what lies above it
        found.setdefault(row.place, []).append(row.id)
    return {place: tuple(reversed(way)) for place, way in found.items()}


def joined(connection: Connection, unit: str) -> frozenset[str]:
    """The units that were merged into this one, and into those."""
    return frozenset(connection.execute(_JOINED, {"root": unit}).scalars())


def merged(connection: Connection) -> dict[str, tuple[str, dt.date]]:
    """Every unit that has joined another: which one, and since when nobody is asked in it."""
    return {row.id: (row.merged_into, row.closed) for row in connection.execute(_MERGED)}


def everything(connection: Connection) -> dict[str, Place]:
    """Every place there is, by id."""
    return dict(_register(tuple(connection.execute(_ALL).all())))


@lru_cache(TREES_KEPT)
def _tree(rows: tuple[Row[Any], ...], root: str) -> Tree:
    """The tree that follows from what was just read."""
    return Tree(_register(rows).values(), root)


@lru_cache(TREES_KEPT)
def _register(rows: tuple[Row[Any], ...]) -> Mapping[str, Place]:
    return {row.id: Place(**{**row._mapping, "name": json.loads(row.name)}) for row in rows}


def _place(row: Row[tuple[object, ...]]) -> Place:
    return Place(**row._mapping)


def _by_name(place: Place) -> tuple[object, str]:
    return alphabetical(place.called()), place.id

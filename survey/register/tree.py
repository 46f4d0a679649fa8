"""Reading the register: places, what lies under them and above them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, literal, select
from sqlalchemy.orm import aliased

from survey.kept import Unchanging
from survey.languages import alphabetical
from survey.storage.stamped import Memory, memory, remembered
from survey.storage.tables import Node

LEVELS = ("municipality", "service", "division", "unit")


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


class Tree(Unchanging):
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

    def __contains__(self, place_id: str) -> bool:
        return place_id in self._places

    def __iter__(self) -> Iterator[Place]:
        return iter(self._in_order)

    def __len__(self) -> int:
        return len(self._places)

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


class Reach(Mapping[str, tuple[Place, ...]], Unchanging):
    """Places, each with the way from its municipality down to it; parents before children. Known by identity."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, paths: Mapping[str, tuple[Place, ...]]) -> None:
        self._paths = paths

    def __getitem__(self, place_id: str) -> tuple[Place, ...]:
        return self._paths[place_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, place_id: object) -> bool:
        return place_id in self._paths

    def units_beside(self) -> list[tuple[tuple[Place, ...], list[Place]]]:
        """The units among them, closed ones too, by the way down to what they lie under."""
        found: dict[str | None, tuple[tuple[Place, ...], list[Place]]] = {}
        for *above, place in self._paths.values():
            if place.level == "unit":
                found.setdefault(place.parent, (tuple(above), []))[1].append(place)
        return list(found.values())


_ROOT = bindparam("root", type_=Text)
_down = select(Node.__table__).where(Node.id == _ROOT).cte("down", recursive=True)
_down = _down.union_all(select(Node.__table__).join(_down, Node.parent == _down.c.id))
_SUBTREE = select(_down)
_up = select(Node.id, Node.parent).where(Node.id == _ROOT).cte("up", recursive=True)
_above = aliased(Node)
_up = _up.union_all(select(_above.id, _above.parent).join(_up, _above.id == _up.c.parent))
_PATH = select(Node.__table__).join(_up, Node.id == _up.c.id)
_ALL = select(Node.__table__)
_into = select(Node.id).where(Node.merged_into == _ROOT).cte("joined", recursive=True)
_merged = aliased(Node)
_into = _into.union(select(_merged.id).join(_into, _merged.merged_into == _into.c.id))
_JOINED = select(_into.c.id)
_up_from = (
    select(Node.id.label("place"), Node.id, Node.parent, literal(0).label("steps"))
    .where(Node.id.in_(bindparam("places", expanding=True)))
    .cte("way", recursive=True)
)
_higher = aliased(Node)
_up_from = _up_from.union_all(
    select(_up_from.c.place, _higher.id, _higher.parent, _up_from.c.steps + 1).join(
        _up_from, _higher.id == _up_from.c.parent
    )
)
_WAYS = select(_up_from.c.place, _up_from.c.id).order_by(_up_from.c.place, _up_from.c.steps)


def subtree(connection: Connection, root: str) -> Tree:
    """A place and everything under it.

    Raises: UnknownPlaceError
    """
    return _subtree(connection, _known(connection), root)


def under(connection: Connection, nodes: Collection[str]) -> dict[tuple[str, ...], Tree]:
    """The trees under these places, by the ids from the municipality down to each.

    What lies under another of them is in that one's tree alone; what is not there is left out.
    """
    known = _known(connection)
    above = _ways(connection, known, nodes)
    roots = {node: way for node, way in sorted(above.items()) if not set(way[:-1]) & set(nodes)}
    return {way: _subtree(connection, known, root) for root, way in roots.items()}


def reach(connection: Connection, nodes: Collection[str]) -> Reach:
    """Every one of these places and all under them, parents first: the way from the municipality down to each."""
    known = _known(connection)

    def make() -> Reach:
        municipalities = sorted({way[0] for way in _ways(connection, known, nodes).values()})
        trees = [_subtree(connection, known, municipality) for municipality in municipalities]
        paths = {place.id: one.path(place.id) for one in trees for place in one}
        return Reach({id_: path for id_, path in paths.items() if any(place.id in nodes for place in path)})

    return remembered(memory(connection), ("reach", frozenset(nodes)), make)


def readable(connection: Connection, nodes: Collection[str]) -> Mapping[str, str]:
    """These places, all under them, and the units that have joined those: each with the municipality it lies in.

    Who covers a joined unit reads what was released of its parts before.
    """
    known = _known(connection)

    def make() -> Mapping[str, str]:
        found: dict[str, str] = {}
        for municipality in sorted({way[0] for way in _ways(connection, known, nodes).values()}):
            places = _subtree(connection, known, municipality)
            into = {place.id: place.merged_into for place in places if place.merged_into}
            own = {place.id for place in places if any(above.id in nodes for above in places.path(place.id))}
            while joining := {unit for unit, taker in into.items() if taker in own} - own:
                own |= joining
            found |= dict.fromkeys(own, municipality)
        return found

    return remembered(memory(connection), ("readable", frozenset(nodes)), make)


def path(connection: Connection, place_id: str) -> tuple[Place, ...]:
    """The way from the municipality down to a place, both included.

    Raises: UnknownPlaceError
    """
    known = _known(connection)
    above = _read(connection.execute(_PATH, {"root": place_id})) if known is None else known.places
    if place_id not in above:
        raise UnknownPlaceError(place_id)
    return _way(above, place_id)


def ways(connection: Connection, places: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The ids from the municipality down to each of these places, the place included; what is not there is left out."""
    return _ways(connection, _known(connection), places)


def joined(connection: Connection, unit: str) -> frozenset[str]:
    """The units that were merged into this one, and into those."""
    known = _known(connection)
    if known is None:
        return frozenset(connection.execute(_JOINED, {"root": unit}).scalars())
    found, waiting = set[str](), [unit]
    for each in waiting:
        new = set(known.merged.get(each, ())) - found
        found |= new
        waiting += new
    return frozenset(found)


def takers(connection: Connection, place_id: str) -> tuple[tuple[Place, ...], ...]:
    """The way down to the unit that this one was merged into, then to what that one was merged into.

    Raises: UnknownPlaceError
    """
    found, place = [], path(connection, place_id)[-1]
    while place.merged_into:
        found.append(path(connection, place.merged_into))
        place = found[-1][-1]
    return tuple(found)


def with_joined(connection: Connection, nodes: Collection[str]) -> frozenset[str]:
    """These places, and the units from elsewhere that were merged into units under them."""
    return frozenset(nodes) | (readable(connection, nodes).keys() - reach(connection, nodes).keys())


def merged(connection: Connection) -> Mapping[str, tuple[str, dt.date]]:
    """Every unit that has joined another: which one, and since when nobody is asked in it."""

    def make() -> Mapping[str, tuple[str, dt.date]]:
        places = everything(connection).values()
        return {one.id: (one.merged_into, one.closed) for one in places if one.merged_into and one.closed}

    return remembered(memory(connection), "merged", make)


def everything(connection: Connection) -> dict[str, Place]:
    """Every place there is, by id."""
    known = _known(connection)
    return _read(connection.execute(_ALL)) if known is None else dict(known.places)


class _Known:
    """Every place there is, remembered for as long as the register stays as it is."""

    def __init__(self, places: Mapping[str, Place], memory: Memory) -> None:
        self.places = places
        self.memory = memory
        self.below: dict[str, list[Place]] = {}
        self.merged: dict[str, list[str]] = {}
        for place in places.values():
            self.below.setdefault(place.parent or "", []).append(place)
            if place.merged_into:
                self.merged.setdefault(place.merged_into, []).append(place.id)

    def __len__(self) -> int:
        return len(self.places)

    def under(self, root: str) -> Iterator[Place]:
        """A place and all under it, in no order."""
        if root in self.places:
            yield self.places[root]
        for place in self.below.get(root, ()):
            yield from self.under(place.id)


def _known(connection: Connection) -> _Known | None:
    """What is remembered; None in a transaction, which reads what it needs."""
    now = memory(connection)
    return None if now is None else now.get("register", lambda: _Known(_read(connection.execute(_ALL)), now))


def _read(rows: Iterable[Row[Any]]) -> dict[str, Place]:
    return {row.id: Place(**row._mapping) for row in rows}


def _subtree(connection: Connection, known: _Known | None, root: str) -> Tree:
    if known is None:
        return Tree(_read(connection.execute(_SUBTREE, {"root": root})).values(), root)
    return known.memory.get(("tree", root), lambda: Tree(known.under(root), root))


def _ways(connection: Connection, known: _Known | None, places: Collection[str]) -> dict[str, tuple[str, ...]]:
    if known is not None:
        there = sorted(place for place in places if place in known.places)
        return {id_: tuple(place.id for place in _way(known.places, id_)) for id_ in there}
    found: dict[str, list[str]] = {}
    for row in connection.execute(_WAYS, {"places": list(places)}):  # a place before what lies above it
        found.setdefault(row.place, []).append(row.id)
    return {place: tuple(reversed(way)) for place, way in found.items()}


def _way(above: Mapping[str, Place], place_id: str) -> tuple[Place, ...]:
    way = [above[place_id]]
    while way[-1].parent:
        way.append(above[way[-1].parent])
    return tuple(reversed(way))


def _by_name(place: Place) -> tuple[object, str]:
    return alphabetical(place.called()), place.id

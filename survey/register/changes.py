"""What a register file would change, and what in it the register contradicts.

Units keep the id the file gives. Services and divisions get theirs once, and are found again by name under the same
parent. A unit may move within its municipality and kind of service: rounds, releases and codes go by those two.
What a file does not mention stays as it is.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from survey.register.reading import UnitLine
from survey.register.tree import Place
from survey.spreadsheet import Problem, worded


@dataclass
class Changes:
    """What an import does. `changed` holds each place as it was and as it becomes; `left` lose all under them."""

    new: list[Place] = field(default_factory=list)
    changed: list[tuple[Place, Place]] = field(default_factory=list)
    unchanged: int = 0
    left: list[Place] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)

    def digest(self) -> str:
        """The same for the same changes (hex): who has looked at these does nothing else."""
        told = [[asdict(place) for place in self.new], [[asdict(old), asdict(now)] for old, now in self.changed]]
        told.append([place.id for place in self.left])
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()

    def lines(self) -> Iterator[str]:
        """In words, for whoever ran the import."""
        for place in self.new:
            yield f"new: {place.level} {place.id} “{place.called()}”"
        for old, now in self.changed:
            if old.called() != now.called():
                yield f"renamed: {now.id} “{old.called()}” to “{now.called()}”"
            if old.places != now.places:
                yield f"places: {now.id} “{now.called()}” {old.places} to {now.places}"
            if old.parent != now.parent:
                yield f"moved: {now.id} “{now.called()}” from {old.parent} to {now.parent}"
        for place in self.left:
            yield f"removed, nothing is left in it: {place.level} {place.id} “{place.called()}”"


def plan(
    units: list[UnitLine], register: Mapping[str, Place], within: Collection[str] | None = None
) -> tuple[Changes, list[Problem]]:
    """What these lines would change in a register (by id), and what in it they contradict.

    With `within`, a line about anything but these places and what lies under them is a problem.
    """
    changes = Changes()
    problems: list[Problem] = []
    grown = _Growing(register, {unit.id for unit in units}, changes)
    for unit in units:
        service = grown.find_or_make(unit.municipality, "service", unit.service, unit.service_kind)
        way = [unit.municipality, service.id]
        for division in unit.divisions:
            way.append(grown.find_or_make(way[-1], "division", division, service.service_kind or "").id)
        known = register.get(unit.id)
        problem = None if within is None else _outside(unit, way, known, register, within)
        if problem := problem or _contradiction(unit, service, known, register):
            problems.append(problem)
            continue
        now = Place(
            id=unit.id,
            level="unit",
            parent=way[-1],
            name={**(known.name if known else {}), "nb": unit.name},
            service_kind=unit.service_kind,
            places=unit.places,
        )
        if known is None:
            changes.new.append(now)
        elif known == now:
            changes.unchanged += 1
        else:
            changes.changed.append((known, now))
    changes.left = _emptied(register, changes)
    return changes, problems


class _Growing:
    """Services and divisions: those in the register, and those that the lines add."""

    def __init__(self, register: Mapping[str, Place], unit_ids: set[str], changes: Changes) -> None:
        self._taken = unit_ids | set(register)
        self._changes = changes
        self._by_name = {
            (place.parent, place.level, place.called().casefold()): place
            for place in register.values()
            if place.level in ("service", "division")
        }

    def find_or_make(self, parent: str, level: str, name: str, kind: str) -> Place:
        key = (parent, level, name.casefold())
        if key not in self._by_name:
            place_id = self._free(f"{parent}-{slug(name) or level}")
            place = Place(id=place_id, level=level, parent=parent, name={"nb": name}, service_kind=kind, places=None)
            self._by_name[key] = place
            self._changes.new.append(place)
        return self._by_name[key]

    def _free(self, wanted: str) -> str:
        place_id, number = wanted, 1
        while place_id in self._taken:
            number += 1
            place_id = f"{wanted}-{number}"
        self._taken.add(place_id)
        return place_id


def slug(name: str) -> str:
    """A name as small ASCII letters and digits with hyphens between; may be empty."""
    letters = name.casefold().replace("æ", "ae").translate(str.maketrans("øđŋŧ", "odnt"))
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _contradiction(
    unit: UnitLine, service: Place, known: Place | None, register: Mapping[str, Place]
) -> Problem | None:
    if service.service_kind != unit.service_kind and service.id in register:
        return Problem(
            line=unit.line,
            column="service_kind",
            value=unit.service_kind,
            what=worded(
                "“%(service)s” is in the register as %(kind)s", service=service.called(), kind=service.service_kind
            ),
            cure=worded("Write that kind, or give this kind a service of its own"),
        )
    if known is None:
        return None
    top = _way(known.id, register)[0]
    if known.level == "unit" and top == unit.municipality and known.service_kind == unit.service_kind:
        if known.closed is None:
            return None
        cure = worded("Take the line out, or open the unit again in the register")
        what = worded("“%(name)s” is closed", name=known.called())
        return Problem(line=unit.line, column="unit_id", value=unit.id, what=what, cure=cure)
    what = worded(
        "“%(name)s” (%(kind)s in municipality %(number)s) has this id already",
        name=known.called(),
        kind=known.service_kind,
        number=top,
    )
    cure = worded("Give this unit an id of its own; what was answered about one service cannot follow it to another")
    return Problem(line=unit.line, column="unit_id", value=unit.id, what=what, cure=cure)


def _outside(
    unit: UnitLine, way: list[str], known: Place | None, register: Mapping[str, Place], within: Collection[str]
) -> Problem | None:
    """Of what lies outside nothing is told but that it does."""
    if set(way) & set(within):
        if known is None or set(_way(known.id, register)) & set(within):
            return None
        what = worded("the id is in use where you do not look after")
        return Problem(unit.line, "unit_id", what, worded("Give this unit an id of its own"), unit.id)
    cure = worded("Take the line out; whoever looks after that place imports it")
    if all(_way(place, register)[0] != unit.municipality for place in within if place in register):
        what = worded("you do not look after this municipality")
        return Problem(unit.line, "municipality_number", what, cure, unit.municipality)
    what = worded("you do not look after this part of the municipality")
    return Problem(unit.line, "service", what, cure, unit.service)


def _way(place: str, register: Mapping[str, Place]) -> list[str]:
    """The ids from the municipality down to a place."""
    way = [place]
    while above := register[way[-1]].parent:
        way.append(above)
    return way[::-1]


def _emptied(register: Mapping[str, Place], changes: Changes) -> list[Place]:
    """Services and divisions that lose everything under them, the lowest first."""
    moved = {now.id: now.parent for _, now in changes.changed}
    inhabited: dict[str, int] = {}
    for place in (*register.values(), *changes.new):
        parent = moved.get(place.id, place.parent)
        if parent:
            inhabited[parent] = inhabited.get(parent, 0) + 1
    left = []
    for old, now in changes.changed:
        above = old.parent if old.parent != now.parent else None
        while above and register[above].level != "municipality" and not inhabited.get(above):
            if register[above] in left:
                break
            left.append(register[above])
            above = register[above].parent
            inhabited[above or ""] -= 1
    return left

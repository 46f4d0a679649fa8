"""Bring a register file into the register: all its lines or none.

Units keep the id the file gives. Services and divisions get theirs once, and are found again by name under the same
parent. A unit may move within its municipality and kind of service: rounds, releases and codes go by those two.
What a file does not mention stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import aliased

from survey.register import tree
from survey.register.reading import UnitLine, read
from survey.register.tree import Place
from survey.spreadsheet import Problem
from survey.storage.tables import Measure, Node, Role


class RegisterError(Exception):
    """Nothing was imported; `problems` are all that is wrong with the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Changes:
    """What an import does. `changed` holds each place as it was and as it becomes; `left` lose all under them."""

    new: list[Place] = field(default_factory=list)
    changed: list[tuple[Place, Place]] = field(default_factory=list)
    unchanged: int = 0
    left: list[Place] = field(default_factory=list)

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


def import_register(connection: Connection, data: bytes) -> Changes:
    """Import a file, given as its bytes, in the caller's transaction.

    Raises: RegisterError with every problem; nothing is changed then.
    """
    units, problems = read(data)
    changes, more = plan(units, tree.everything(connection))
    if problems or more:
        raise RegisterError(sorted([*problems, *more], key=lambda problem: problem.line))
    _store(connection, changes)
    return changes


def plan(units: list[UnitLine], register: Mapping[str, Place]) -> tuple[Changes, list[Problem]]:
    """What these lines would change in a register (by id), and what in it they contradict."""
    changes = Changes()
    problems: list[Problem] = []
    grown = _Growing(register, {unit.id for unit in units}, changes)
    for unit in units:
        service = grown.find_or_make(unit.municipality, "service", unit.service, unit.service_kind)
        parent = service
        for division in unit.divisions:
            parent = grown.find_or_make(parent.id, "division", division, service.service_kind or "")
        known = register.get(unit.id)
        if problem := _contradiction(unit, service, known, register):
            problems.append(problem)
            continue
        now = Place(
            id=unit.id,
            level="unit",
            parent=parent.id,
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
            what=f"“{service.called()}” is in the register as {service.service_kind}",
            cure="Write that kind, or give this kind a service of its own",
        )
    if known is None:
        return None
    top = known
    while top.parent:
        top = register[top.parent]
    if known.level == "unit" and top.id == unit.municipality and known.service_kind == unit.service_kind:
        return None
    own = f"{known.service_kind} in municipality {top.id}"
    what = f"the {known.level} “{known.called()}” ({own}) has this id already"
    cure = "Give this unit an id of its own; what was answered about one service cannot follow it to another"
    return Problem(line=unit.line, column="unit_id", value=unit.id, what=what, cure=cure)


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


_under = aliased(Node)
_UPDATE = (
    update(Node)
    .where(Node.id == bindparam("unit"))
    .values(parent=bindparam("above"), name=bindparam("called"), places=bindparam("room"))
)
# Whoever has a role in an emptied place keeps it, and with it the place; so does a measure.
_REMOVE = (
    delete(Node)
    .where(Node.id == bindparam("empty"))
    .where(~select(Role.node).where(Role.node == Node.id).exists())
    .where(~select(Measure.id).where(Measure.place == Node.id).exists())
    .where(~select(_under.id).where(_under.parent == Node.id).exists())
)


def _store(connection: Connection, changes: Changes) -> None:
    if changes.new:
        connection.execute(insert(Node), [asdict(place) for place in changes.new])
    if changes.changed:
        connection.execute(
            _UPDATE,
            [
                {"unit": now.id, "above": now.parent, "called": dict(now.name), "room": now.places}
                for _, now in changes.changed
            ],
        )
    changes.left = [place for place in changes.left if connection.execute(_REMOVE, {"empty": place.id}).rowcount]

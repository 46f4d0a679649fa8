"""Bring a register file into the register: all its lines or none, and no other changes than those looked at."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Text, bindparam, delete, insert, select, union_all, update

from survey.register import tree
from survey.register.changes import Changes, plan
from survey.register.reading import MOST_PROBLEMS, read, too_many
from survey.register.tree import Place
from survey.spreadsheet import Problem
from survey.storage.engine import seize
from survey.storage.tables import Base, Node


class RegisterError(Exception):
    """Nothing was imported; `problems` are all that is wrong with the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class MeanwhileError(Exception):
    """The register is not what it was when somebody looked at what a file changes; nothing was imported."""


def look(connection: Connection, data: bytes, within: Collection[str] | None = None) -> Changes:
    """What the import of a file, given as its bytes, would change; with `within`, under these places alone.

    Raises: RegisterError with every problem.
    """
    units, problems = read(data)
    changes, more = plan(units, tree.everything(connection), within)
    if problems or more:
        told = sorted([*problems, *more], key=lambda problem: problem.line)
        raise RegisterError(told if len(told) <= MOST_PROBLEMS else [*told[:MOST_PROBLEMS], too_many(told[-1].line)])
    changes.left = _unused(connection, changes.left)
    return changes


def import_register(
    connection: Connection, data: bytes, within: Collection[str] | None = None, seen: str | None = None
) -> Changes:
    """Import a file in the caller's transaction; with `seen`, only if its changes have this digest.

    Raises: RegisterError with every problem, MeanwhileError; nothing is changed then.
    """
    alone(connection)
    changes = look(connection, data, within)
    if seen is not None and changes.digest() != seen:
        raise MeanwhileError
    _store(connection, changes)
    return changes


def alone(connection: Connection) -> None:
    """Change the register alone until this transaction ends."""
    seize(connection, "register")


_UPDATE = (
    update(Node)
    .where(Node.id == bindparam("unit"))
    .values(parent=bindparam("above"), name=bindparam("called"), places=bindparam("room"))
)
_EMPTY = bindparam("empty", type_=Text, expanding=True)
_IN_USE: CompoundSelect[Any] = union_all(
    *(
        select(column).where(column.in_(_EMPTY))
        for table in Base.metadata.tables.values()
        for column in table.columns
        if table.name not in ("node", "contact")
        and any(key.target_fullname == "node.id" for key in column.foreign_keys)
    )
)


def _unused(connection: Connection, emptied: list[Place]) -> list[Place]:
    """A role, a place of work or a measure keeps an emptied place, and with it what that lies in."""
    kept = set(connection.execute(_IN_USE, {"empty": [place.id for place in emptied]}).scalars())
    left = []
    for place in emptied:  # the lowest first
        if place.id in kept:
            kept.add(place.parent)
        else:
            left.append(place)
    return left


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
    for place in changes.left:  # a parent after its children
        connection.execute(delete(Node).where(Node.id == place.id))

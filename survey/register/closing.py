"""A unit is closed, or merged into another; it stays in the register for what was answered about it.

A closed unit gets no codes and is in no new round. Releases keep the tree they were made with.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, bindparam, exists, select, update

from survey.register import tree
from survey.register.importing import alone
from survey.register.reading import MOST_PLACES
from survey.register.tree import Place
from survey.storage.engine import seize
from survey.storage.plans import Plan
from survey.storage.tables import Batch, Node, Round


class Fault(StrEnum):
    """Why a unit cannot be closed or merged."""

    ASKED = "asked"  # in an open round
    MEANWHILE = "meanwhile"  # the units are not what they were
    TOO_MANY = "too_many"  # places for one unit


class ClosingError(Exception):
    """Nothing was closed. `rounds`: the titles of the open rounds that ask there."""

    def __init__(self, fault: Fault, rounds: Sequence[str] = ()) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.rounds = rounds


_OPEN = (
    select(
        Round.title,
        Plan.places,
        exists().where(Batch.round == Round.id, Batch.unit == bindparam("unit")).label("has_codes"),
    )
    .join(Plan, Plan.round == Round.id, isouter=True)
    .where(Round.state.in_(("open", "closing")), Round.municipality == bindparam("municipality"))
    .where(Round.service_kind == bindparam("kind"))
    .order_by(Round.title)
)


def close(connection: Connection, unit: str, today: dt.date) -> None:
    """Close a unit, in the caller's transaction.

    Raises: ClosingError.
    """
    _held(connection, unit)
    _set(connection, unit, closed=today)


def merge(connection: Connection, unit: str, into: str, today: dt.date) -> None:
    """Close a unit and add its places to another of its municipality and kind, in the caller's transaction.

    Raises: ClosingError.
    """
    gone, grown = _held(connection, unit, into)
    if unit == into or gone.service_kind != grown.service_kind or _top(connection, unit) != _top(connection, into):
        raise ClosingError(Fault.MEANWHILE)
    places = (gone.places or 0) + (grown.places or 0)
    if places > MOST_PLACES:
        raise ClosingError(Fault.TOO_MANY)
    _set(connection, unit, closed=today, merged_into=into)
    _set(connection, into, places=places)


def reopen(connection: Connection, unit: str) -> None:
    """A closed unit is a unit as before."""
    alone(connection)
    _set(connection, unit, closed=None, merged_into=None)


def _held(connection: Connection, *units: str) -> list[Place]:
    """These units as they are until the transaction ends: none of them closed, or asked in an open round."""
    alone(connection)
    for unit in sorted(units):
        seize(connection, f"unit/{unit}")  # nobody hands out codes there meanwhile
    held = []
    for unit in units:
        way = tree.path(connection, unit)
        if way[-1].level != "unit" or way[-1].closed:
            raise ClosingError(Fault.MEANWHILE)
        rounds = connection.execute(
            _OPEN, {"unit": unit, "municipality": way[0].id, "kind": way[-1].service_kind}
        ).all()
        ids = {place.id for place in way}
        if asking := [row.title for row in rounds if row.has_codes or ids & set(row.places or ())]:
            raise ClosingError(Fault.ASKED, asking)
        held.append(way[-1])
    return held


def _top(connection: Connection, unit: str) -> str:
    return tree.path(connection, unit)[0].id


def _set(connection: Connection, unit: str, **values: object) -> None:
    connection.execute(update(Node).where(Node.id == unit).values(**values))

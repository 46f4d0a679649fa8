"""A desk: where the answers of one unit in one open round are taken in one way (interview or paper)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from survey.kept import Unchanging
from survey.register import tree
from survey.register.folding import Folded, fold
from survey.register.tree import Place, Tree
from survey.staff.accounts import Member
from survey.staff.guard import OfRound
from survey.staff.roles import Way
from survey.storage.engine import Database
from survey.storage.tables import Batch, Round


@dataclass(frozen=True)
class Desk(OfRound):
    """A unit in an open round. `id` is that of one of its batches; `way` leads from the municipality to the unit."""

    id: str
    round_id: str
    title: str
    audience: str
    service_kind: str
    simulated: bool
    place: Mapping[str, str]  # language -> the unit's name
    way: Way

    @property
    def unit(self) -> str:
        """The unit's id."""
        return self.way[-1]


_DESK = (
    select(
        Batch.id,
        Batch.unit,
        Round.id.label("round_id"),
        Round.title,
        Round.audience,
        Round.service_kind,
        Round.simulated,
        Round.municipality,
    )
    .join(Round, Round.id == Batch.round)
    .where(Round.state == "open", Batch.way == bindparam("taken"))
)
_ONE = _DESK.where(Batch.id == bindparam("batch"))
_OPEN = (
    Round.state == "open",
    or_(
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
        Round.id.in_(bindparam("rounds", expanding=True)),
    ),
)
_ROUNDS = (
    select(Round.id, Round.title, Round.audience, Round.service_kind, Round.simulated, Round.municipality)
    .where(*_OPEN)
    .order_by(Round.title, Round.id)
)
_TAKEN = (*_OPEN, Batch.way == bindparam("taken"))
_UNITS = (
    select(Batch.round, Batch.unit, func.min(Batch.id))  # planned groups share one
    .join(Round, Round.id == Batch.round)
    .where(*_TAKEN)
    .group_by(Batch.round, Batch.unit)
)
# Batches are only ever added to an open round: as long as this number stays, so do all of them.
_NUMBER = select(func.count()).select_from(Batch).join(Round, Round.id == Batch.round).where(*_TAKEN)


@dataclass(frozen=True, eq=False)
class Listed(Unchanging):
    """An open round (title, audience, service_kind, simulated), how its units are shown, and unit -> its desk's id."""

    round: Any
    folds: Folded
    desks: Mapping[str, str]


def finder(database: Database, taken: str) -> Callable[[str], Desk | None]:
    """What finds a desk by its id, for `needs(…, …=finder(database, "interview"))`."""

    def find(batch: str) -> Desk | None:
        with database.reading() as connection:
            row = connection.execute(_ONE, {"batch": batch, "taken": taken}).first()
            return _desk(row, tree.subtree(connection, row.municipality)) if row else None

    return find


def listed(database: Database, member: Member, role: str, taken: str, under: str) -> Sequence[Listed]:
    """The desks at which somebody may sit, by round; `under`: the place that is opened where there are many."""
    nodes = member.nodes((role,))
    with database.reading() as connection:
        asked = {
            "taken": taken,
            "municipalities": sorted({way[0] for way in tree.ways(connection, nodes).values()}),
            "rounds": sorted(round_id for helping, round_id in member.helps if helping == role),
        }
        number = connection.execute(_NUMBER, asked).scalar_one()

    def read(connection: Connection) -> tuple[Listed, ...]:
        return tuple(_listed(connection, member, role, asked, under))

    return database.remembered(("desks", taken, number, member.roles, member.helps, member.works, under), read)


def _listed(
    connection: Connection, member: Member, role: str, asked: Mapping[str, Any], under: str
) -> Iterator[Listed]:
    desks: dict[str, dict[str, str]] = {}
    for round_id, unit, desk in connection.execute(_UNITS, asked):
        desks.setdefault(round_id, {})[unit] = desk
    for row in connection.execute(_ROUNDS, asked).all():
        places, there = tree.subtree(connection, row.municipality), desks.get(row.id, {})
        mine = _where(member, role, places, there, row.id)
        if mine:
            yield Listed(row, fold(places, mine, under), there)


def _where(member: Member, role: str, places: Tree, units: Collection[str], round_id: str) -> list[Place]:
    """Those of the units at which somebody has the role: who has it at a division has it at all that is in it."""
    above: dict[str, bool] = {}

    def may(place_id: str) -> bool:
        return member.may((role,), tuple(place.id for place in places.path(place_id)), round_id)

    def may_above(place: Place) -> bool:
        parent = place.parent or ""
        if parent not in above:
            above[parent] = parent != places.root.id and may(parent)
        return above[parent]

    return [place for place in places if place.id in units and (may_above(place) or may(place.id))]


def _desk(row: Any, register: Tree) -> Desk:
    way = register.path(row.unit)
    return Desk(
        id=row.id,
        round_id=row.round_id,
        title=row.title,
        audience=row.audience,
        service_kind=row.service_kind,
        simulated=row.simulated,
        place=way[-1].name,
        way=tuple(place.id for place in way),
    )

"""A desk: where the answers of one unit in one open round are taken in one way (interview or paper)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from survey.register import tree
from survey.register.tree import Tree
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
_LISTED = _DESK.where(
    or_(
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
        Round.id.in_(bindparam("rounds", expanding=True)),
    )
).order_by(Round.title, Round.id, Batch.id)


def finder(database: Database, taken: str) -> Callable[[str], Desk | None]:
    """What finds a desk by its id, for `needs(…, …=finder(database, "interview"))`."""

    def find(batch: str) -> Desk | None:
        with database.reading() as connection:
            row = connection.execute(_ONE, {"batch": batch, "taken": taken}).first()
            return _desk(row, tree.subtree(connection, row.municipality)) if row else None

    return find


def listed(connection: Connection, member: Member, role: str, taken: str) -> Sequence[tuple[str, Sequence[Desk]]]:
    """The desks at which somebody may sit, by round, each as (its title, its desks by name of their place)."""
    nodes = member.nodes((role,))
    asked = {
        "taken": taken,
        "municipalities": sorted({way[0] for way in tree.ways(connection, nodes).values()}),
        "rounds": sorted(round_id for helping, round_id in member.helps if helping == role),
    }
    rows = connection.execute(_LISTED, asked).all()
    trees = {each: tree.subtree(connection, each) for each in {row.municipality for row in rows}}
    found: dict[str, dict[str, Desk]] = {}
    for row in rows:
        desk = _desk(row, trees[row.municipality])
        if member.may((role,), desk.way, desk.round_id):
            found.setdefault(desk.round_id, {}).setdefault(desk.unit, desk)  # planned groups share one
    return [_by_name(desks, trees) for desks in found.values()]


def _by_name(desks: Mapping[str, Desk], trees: Mapping[str, Tree]) -> tuple[str, Sequence[Desk]]:
    first = next(iter(desks.values()))
    return first.title, [desks[place.id] for place in trees[first.way[0]] if place.id in desks]


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

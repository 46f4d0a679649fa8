"""Measures in the database. Whatever changes one is written to the log in the same transaction."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from reports.measures.model import Covers, Measure, Status
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.tables import Measure as MeasureRow
from survey.storage.tables import MeasureRound, MeasureUnit, Node, Plan
from survey.storage.tables import Weighing as WeighingRow

_IN_OTHER_TABLES = ("units", "rounds")
_ALL = select(MeasureRow.__table__)
_ONE = _ALL.where(MeasureRow.id == bindparam("measure"))
_under = select(Node.id).where(Node.id.in_(bindparam("places", expanding=True))).cte("under", recursive=True)
_under = _under.union(select(Node.id).join(_under, Node.parent == _under.c.id))
_AT_PLACES = _ALL.where(MeasureRow.place.in_(select(_under.c.id)))
_AT_PLACES_COVERING = _AT_PLACES.where(MeasureRow.covers == bindparam("covers"))
_BEGUN = (
    select(MeasureRow.id, MeasureRow.title, MeasureRow.place)
    .where(
        MeasureRow.municipality == bindparam("municipality"),
        or_(MeasureRow.status.in_((Status.STARTED, Status.ENDED)), MeasureRow.id == bindparam("besides")),
    )
    .order_by(MeasureRow.status == Status.ENDED, MeasureRow.deadline.nulls_last(), MeasureRow.title, MeasureRow.id)
)
_UNITS = select(MeasureUnit.measure, MeasureUnit.unit).where(
    MeasureUnit.measure.in_(bindparam("measures", expanding=True))
)
_ROUNDS = select(MeasureRound.measure, MeasureRound.round).where(
    MeasureRound.measure.in_(bindparam("measures", expanding=True))
)
_WEIGHINGS = (
    select(WeighingRow.measure, WeighingRow.day, WeighingRow.who, WeighingRow.role, WeighingRow.text)
    .where(WeighingRow.measure.in_(bindparam("measures", expanding=True)))
    .order_by(WeighingRow.number.desc(), WeighingRow.id)
)
_NUMBER = select(func.coalesce(func.max(WeighingRow.number), 0) + 1).where(WeighingRow.measure == bindparam("measure"))
_ASKED_IN = select(Plan.view_of, Plan.round).where(Plan.view_of.in_(bindparam("measures", expanding=True)))


@dataclass(frozen=True)
class Weighing:
    """How views were weighed, on a day, by whom (an e-mail address) in which role (one of survey.staff.roles)."""

    day: dt.date
    who: str
    role: str
    text: str


def find(connection: Connection, measure_id: str) -> Measure | None:
    """One measure."""
    return next(_read(connection, connection.execute(_ONE, {"measure": measure_id}).all()), None)


def listed(connection: Connection, places: Collection[str], covers: Covers | None = None) -> list[Measure]:
    """The measures in these places and under: those under way before those that have ended, by deadline, then title.

    `covers`: only those that cover units, or groups.
    """
    query = _AT_PLACES_COVERING if covers else _AT_PLACES
    rows = connection.execute(query, {"places": list(places), **({"covers": covers.value} if covers else {})}).all()
    return sorted(
        _read(connection, rows),
        key=lambda each: (each.status is Status.ENDED, each.deadline or dt.date.max, each.title, each.id),
    )


def begun(connection: Connection, municipality: str, besides: str | None) -> Sequence[Row[str, str, str]]:
    """(id, title, place) of the measures there that are under way or have ended, in that order; and of one besides."""
    return connection.execute(_BEGUN, {"municipality": municipality, "besides": besides}).all()


def register(connection: Connection, measure: Measure, who: str) -> None:
    """Keep a new measure."""
    connection.execute(insert(MeasureRow), _row(measure))
    _keep_whom(connection, measure)
    audit.note(connection, who, Action.MEASURE_REGISTERED, place=measure.municipality, about=measure.title)


def change(connection: Connection, measure: Measure, who: str, what: str = "") -> None:
    """Keep a measure as it is now; `what` says for the log what was changed."""
    values = {name: value for name, value in _row(measure).items() if name not in ("id", "municipality")}
    connection.execute(update(MeasureRow).where(MeasureRow.id == measure.id).values(values))
    for table in (MeasureUnit, MeasureRound):
        connection.execute(delete(table).where(table.measure == measure.id))
    _keep_whom(connection, measure)
    about = ", ".join(filter(None, (measure.title, what)))
    audit.note(connection, who, Action.MEASURE_CHANGED, place=measure.municipality, about=about)


def weigh(connection: Connection, measure: Measure, weighing: Weighing) -> None:
    """Keep how views were weighed, after what was written before, which stays: a correction is written as another."""
    number = connection.execute(_NUMBER, {"measure": measure.id}).scalar_one()
    values = {"id": uuid4().hex, "measure": measure.id, "number": number, **vars(weighing)}
    connection.execute(insert(WeighingRow), values)
    audit.note(connection, weighing.who, Action.VIEWS_WEIGHED, place=measure.municipality, about=measure.title)


def weighings(connection: Connection, measure_id: str) -> list[Weighing]:
    """How the views on a measure were weighed, the last written first: all there is to print of it."""
    return weighings_of(connection, [measure_id]).get(measure_id, [])


def weighings_of(connection: Connection, measures: Sequence[str]) -> dict[str, list[Weighing]]:
    """The same of many measures, by their ids."""
    found: dict[str, list[Weighing]] = {}
    for row in connection.execute(_WEIGHINGS, {"measures": measures}).all():
        found.setdefault(row.measure, []).append(Weighing(row.day, row.who, row.role, row.text))
    return found


def asked_in(connection: Connection, measure_id: str) -> list[str]:
    """The ids of the rounds that ask for people's view of a measure."""
    return rounds_asking(connection, [measure_id]).get(measure_id, [])


def rounds_asking(connection: Connection, measures: Sequence[str]) -> dict[str, list[str]]:
    """The same of many measures, by their ids."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(_ASKED_IN, {"measures": measures}).all():
        found.setdefault(str(row.view_of), []).append(row.round)
    return found


def _row(measure: Measure) -> dict[str, Any]:
    kept = {name: value for name, value in vars(measure).items() if name not in _IN_OTHER_TABLES}
    return kept | {"asked": dict(measure.asked), "covers": measure.covers.value, "status": measure.status.value}


def _keep_whom(connection: Connection, measure: Measure) -> None:
    if measure.units:
        connection.execute(insert(MeasureUnit), [{"measure": measure.id, "unit": unit} for unit in measure.units])
    if measure.rounds:
        connection.execute(insert(MeasureRound), [{"measure": measure.id, "round": each} for each in measure.rounds])


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Measure]:
    asked = {"measures": [row.id for row in rows]}
    whom: list[dict[str, set[str]]] = [{}, {}]
    for of, ids in zip((_UNITS, _ROUNDS), whom, strict=True):
        for measure, id_ in connection.execute(of, asked) if rows else ():
            ids.setdefault(measure, set()).add(id_)
    units, rounds = whom
    for row in rows:
        kept = row._asdict()
        yield Measure(
            **kept
            | {
                "covers": Covers(row.covers),
                "status": Status(row.status),
                "units": frozenset(units.get(row.id, ())),
                "rounds": frozenset(rounds.get(row.id, ())),
            }
        )

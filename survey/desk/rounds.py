"""The rounds of a municipality, and how many answered one that is open: nothing else of it can be seen."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, case, func, select

from reports.wording import in_language
from survey.desk.reports import READERS
from survey.languages import alphabetical
from survey.staff.guard import needs_somewhere
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import AnswerCount, Batch, Node, Plan, Round

_COUNTS = (
    select(
        Node.name,
        Node.places,
        Round.k,
        func.sum(Batch.issued - Batch.voided).label("invited"),
        func.sum(Batch.voided).label("voided"),
        func.coalesce(func.sum(AnswerCount.number), 0).label("answers"),
        func.max(AnswerCount.counted).label("counted"),
    )
    .select_from(Batch)
    .join(Round, Batch.round == Round.id)
    .join(Node, Node.id == Batch.unit)
    .join(AnswerCount, AnswerCount.batch == Batch.id, isouter=True)
    .where(Batch.round == bindparam("round"))
    .group_by(Node.id, Round.id)
)
_WHOLE = select(Node.id).where(Node.id.in_(bindparam("places", expanding=True)), Node.level == "municipality")
_ORDER = case({"open": 1, "closing": 2, "planned": 3}, value=Round.state, else_=4)
_ROUNDS = (
    select(
        Round.id,
        Round.title,
        Round.audience,
        Round.service_kind,
        Round.state,
        Round.simulated,
        Round.closed,
        Plan.opens,
        Plan.closes,
        _ORDER.label("place"),
    )
    .join_from(Round, Plan, isouter=True)
    .where(Round.municipality.in_(bindparam("municipalities", expanding=True)))
    .order_by("place", Round.closed.desc(), Round.title, Round.id)
)


@dataclass(frozen=True)
class UnitCount:
    """A unit of an open round. `answers` is None below k; `places` as in the register."""

    name: str
    places: int
    invited: int
    voided: int
    answers: int | None


@dataclass(frozen=True)
class Counted:
    """How many answers the units of a round had last night; `counted` None: not yet."""

    k: int
    counted: dt.date | None
    units: list[UnitCount]


def add(desk: Blueprint, database: Database) -> None:
    """Add /staff/rounds."""

    @desk.get("/rounds")
    @needs_somewhere(*READERS)
    def rounds(municipalities: frozenset[str]) -> ResponseReturnValue:
        leading = g.member.nodes((ROUND_LEADER,))
        with database.reading() as connection:
            rows = connection.execute(_ROUNDS, {"municipalities": list(municipalities)}).all()
            leads = connection.execute(_WHOLE, {"places": list(leading)}).first() is not None
        groups = [(state, list(group)) for state, group in groupby(rows, key=lambda row: row.place)]
        return render_template("desk/rounds.html", groups=groups, leads=leads, leads_part=bool(leading) and not leads)


def counts(database: Database, round_id: str, language: str) -> Counted | None:
    """How many answered, unit by unit; None where nobody has been invited."""
    with database.reading() as connection:
        rows = connection.execute(_COUNTS, {"round": round_id}).all()
    if not rows:
        return None
    counted = max((row.counted for row in rows if row.counted), default=None)
    units = sorted((_unit(row, language) for row in rows), key=lambda unit: alphabetical(unit.name))
    return Counted(rows[0].k, counted, units)


def _unit(row: Any, language: str) -> UnitCount:
    return UnitCount(
        name=in_language(row.name, language),
        places=row.places or 0,
        invited=row.invited,
        voided=row.voided,
        answers=row.answers if row.answers >= row.k else None,
    )

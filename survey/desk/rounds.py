"""Rounds that are open: how many answers came, place by place. Nothing else of them can be seen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import bindparam, func, select

from reports.views import alphabetical
from reports.wording import in_language
from survey.desk.reports import READERS
from survey.staff.guard import needs_somewhere
from survey.storage.engine import Database
from survey.storage.tables import AnswerCount, Batch, Node, Round

_COUNTS = (
    select(
        Round.id,
        Round.title,
        Round.municipality,
        Round.audience,
        Round.service_kind,
        Round.state,
        Round.simulated,
        Round.k,
        Node.name,
        func.sum(Batch.issued - Batch.voided).label("invited"),
        func.coalesce(func.sum(AnswerCount.number), 0).label("answers"),
        func.max(AnswerCount.counted).label("counted"),
    )
    .select_from(Round)
    .join(Batch, Batch.round == Round.id)
    .join(Node, Node.id == Batch.unit)
    .join(AnswerCount, AnswerCount.batch == Batch.id, isouter=True)
    .where(Round.municipality.in_(bindparam("municipalities", expanding=True)), Round.state.in_(("open", "closing")))
    .group_by(Round.id, Node.id)
    .order_by(Round.title, Round.id, Node.id)
)


@dataclass(frozen=True)
class UnitCount:
    """A unit of an open round. `answers` is None below k."""

    name: str
    invited: int
    answers: int | None


@dataclass(frozen=True)
class OpenRound:
    """A round and how many answers its units had last night."""

    id: str
    title: str
    municipality: str
    audience: str
    service_kind: str
    state: str
    simulated: bool
    k: int
    counted: dt.date | None  # None: not yet
    units: list[UnitCount]


def add(desk: Blueprint, database: Database) -> None:
    """Add /staff/rounds."""

    @desk.get("/rounds")
    @needs_somewhere(*READERS)
    def rounds(municipalities: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            rows = connection.execute(_COUNTS, {"municipalities": list(municipalities)}).all()
        return render_template("desk/rounds.html", rounds=_rounds(rows, str(get_locale())))


def _rounds(rows: Sequence[Any], language: str) -> list[OpenRound]:
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        units = list(group)
        first = units[0]
        found.append(
            OpenRound(
                id=first.id,
                title=first.title,
                municipality=first.municipality,
                audience=first.audience,
                service_kind=first.service_kind,
                state=first.state,
                simulated=first.simulated,
                k=first.k,
                counted=max((row.counted for row in units if row.counted), default=None),
                units=sorted((_unit(row, language) for row in units), key=lambda unit: alphabetical(unit.name)),
            )
        )
    return found


def _unit(row: Any, language: str) -> UnitCount:
    return UnitCount(
        name=in_language(row.name, language),
        invited=row.invited,
        answers=row.answers if row.answers >= row.k else None,
    )

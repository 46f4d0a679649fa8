"""The rounds of a municipality, and how many answered one that is open: nothing else of it can be seen."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Connection, bindparam, case, func, select

from reports.wording import AUDIENCES, SERVICE_KINDS, in_language, named
from survey.desk.reports import READERS
from survey.kept import Unchanging
from survey.languages import alphabetical
from survey.register import folding
from survey.register.folding import named_below
from survey.register.tree import Tree
from survey.rounds import plan
from survey.rounds.head import Head
from survey.staff.guard import needs_somewhere
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import AnswerCount, Batch, Node, Plan, Round

_UNITS = (
    select(
        Node.parent,
        Node.name,
        func.coalesce(Node.places, 0).label("places"),
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
_UNITS_UNDER = _UNITS.where(Node.parent == bindparam("under"))
_of = _UNITS.subquery()
# What is hidden of a unit is in no sum either: the others would give it away.
_UNDER = select(
    _of.c.parent,
    _of.c.k,
    func.count().label("units"),
    func.sum(_of.c.places).label("places"),
    func.sum(_of.c.invited).label("invited"),
    func.sum(_of.c.voided).label("voided"),
    func.sum(case((_of.c.answers >= _of.c.k, _of.c.answers), else_=0)).label("answers"),
    func.sum(case((_of.c.answers < _of.c.k, 1), else_=0)).label("few"),
    func.sum(case((_of.c.invited > _of.c.places, 1), else_=0)).label("beyond"),
    func.max(_of.c.counted).label("counted"),
).group_by(_of.c.parent, _of.c.k)
# Codes are only ever added and voided, and a night counts all of a round at once: what these say, all the rest follows.
_night = (
    select(AnswerCount.counted)
    .join(Batch, Batch.id == AnswerCount.batch)
    .where(Batch.round == bindparam("round"))
    .limit(1)
    .scalar_subquery()
)
_STANDING = select(func.count(), func.sum(Batch.issued), func.sum(Batch.voided), _night).where(
    Batch.round == bindparam("round")
)
_NUMBERS = ("units", "places", "invited", "voided", "answers", "few", "beyond")
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


class Listed(NamedTuple):
    """A round in the list; `who` says in words whom it asks, `opens` when it is planned to, before it does."""

    id: str
    title: str
    who: str
    simulated: bool
    opens: dt.date | None
    closes: dt.date | None
    closed: dt.date | None


class GroupCount(NamedTuple):
    """Units side by side: the answers of those with k or more; how many have fewer, and have more codes than places."""

    id: str
    name: str
    units: int
    places: int
    invited: int
    voided: int
    answers: int
    few: int
    beyond: int


@dataclass(frozen=True, eq=False)
class Counted(Unchanging):
    """How many answers a round had last night; `counted` None: not yet. Of the units of `opened` alone, if it is named.

    There are either `units` or `groups` of them, to be opened. The same object for as long as all of it is so.
    `under` is the page that is shown, `turns` where one turns to the others (see folding).
    """

    k: int
    counted: dt.date | None
    units: Sequence[UnitCount] = ()
    groups: Sequence[GroupCount] = ()
    opened: str = ""
    under: str = ""
    turns: tuple[tuple[str, str], ...] = ()


def add(desk: Blueprint, database: Database) -> None:
    """Add /staff/rounds."""

    @desk.get("/rounds")
    @needs_somewhere(*READERS)
    def rounds(municipalities: frozenset[str]) -> ResponseReturnValue:
        leading = g.member.nodes((ROUND_LEADER,))
        with database.reading() as connection:
            rows = connection.execute(_ROUNDS, {"municipalities": list(municipalities)}).all()
            leads = connection.execute(_WHOLE, {"places": list(leading)}).first() is not None
        kinds = {(row.audience, row.service_kind) for row in rows}
        who = {kind: f"{named(AUDIENCES, kind[0])}, {named(SERVICE_KINDS, kind[1])}" for kind in kinds}
        listed = (
            (row.place, Listed(row.id, row.title, who[row[2:4]], row.simulated, opens, row.closes, row.closed))
            for row in rows
            for opens in (row.opens if row.state == "planned" else None,)
        )
        groups = [
            (place, tuple(each for _, each in group)) for place, group in groupby(listed, key=lambda pair: pair[0])
        ]
        return render_template("desk/rounds.html", groups=groups, leads=leads, leads_part=bool(leading) and not leads)


def counts(database: Database, head: Head, places: Tree, planned: Collection[str], under: str) -> Counted | None:
    """How many answered, unit by unit; None where nobody has been invited.

    Where there are many at the `planned` places, the units under one of those they lie under, or these.
    """
    many = len(plan.asked_units(places, head.service_kind, planned)) > folding.FEW
    language, under = str(get_locale()), under if many else ""
    with database.reading() as connection:
        standing = tuple(connection.execute(_STANDING, {"round": head.id}).one())
    if not standing[0]:
        return None

    def read(connection: Connection) -> Counted:
        return _read(connection, head.id, places, language, many, under)

    return database.remembered(("counts", head.id, language, many, under, *standing), read)


def _read(connection: Connection, round_id: str, places: Tree, language: str, many: bool, under: str) -> Counted:
    asked = {"round": round_id}
    place = folding.place_of(places, under)
    rows = connection.execute(_UNITS_UNDER, {**asked, "under": place}).all() if place else []
    opened = named_below(places, place, language) if rows else ""
    closed = many and not rows
    if not rows:
        rows = connection.execute(_UNDER if many else _UNITS, asked).all()
    k, counted = rows[0].k, max((row.counted for row in rows if row.counted), default=None)
    if closed:
        in_order = {place.id: number for number, place in enumerate(places)}
        rows = sorted(rows, key=lambda row: in_order[row.parent])
        return Counted(k, counted, groups=tuple(_group(row, places, language) for row in rows))
    units = sorted((_unit(row, language) for row in rows), key=lambda unit: alphabetical(unit.name))
    if not opened:
        return Counted(k, counted, units)
    pages = folding.pages(place, units, folding.FEW)
    page = under if under in pages else place
    turns = folding.turns(pages, lambda unit: unit.name)
    return Counted(k, counted, tuple(pages[page]), opened=opened, under=page, turns=turns)


def _group(row: Any, places: Tree, language: str) -> GroupCount:
    name = named_below(places, row.parent, language)
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    return GroupCount(id=row.parent, name=name, **numbers)


def _unit(row: Any, language: str) -> UnitCount:
    return UnitCount(
        name=in_language(row.name, language),
        places=row.places,
        invited=row.invited,
        voided=row.voided,
        answers=row.answers if row.answers >= row.k else None,
    )

"""Where staff arrive: the releases they may read, what waits for them or is overdue, the alarm of wrong codes."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import bindparam, func, select

from reports.measures import keeping
from reports.measures.effect import Verdict
from reports.measures.model import Measure
from reports.measures.rows import Merged
from survey.access.wrong import ALARM
from survey.desk import telling, whole
from survey.desk.following import follow
from survey.desk.reports import PART_READERS, READERS
from survey.desk.shelf import Found, Head, Shelf
from survey.desk.telling import Telling
from survey.register import tree
from survey.staff.guard import needs_somewhere
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, ROLES, ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Comment, Round, WrongCode
from survey.talk.requests import number_of_new

ALARM_DAYS = 7

_ALARMS = (
    select(WrongCode.day, WrongCode.number)
    .where(WrongCode.day > bindparam("since"), WrongCode.number > ALARM)
    .order_by(WrongCode.day)
)
_WAITING = (
    select(Round.id, Round.title, func.count().label("number"))
    .join_from(Comment, Round)
    .where(
        Comment.state == "waiting",
        Comment.remove_on > bindparam("today"),
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
    )
    .group_by(Round.id, Round.title)
    .order_by(Round.title, Round.id)
)


@dataclass(frozen=True)
class Line:
    """A release in the list."""

    found: Found
    release: Head

    def telling(self, decided: Mapping[str, tuple[int, int]]) -> Telling:
        """How far it is told back."""
        return Telling(*decided.get(self.found.round, (0, 0)), self.release.places)


@dataclass(frozen=True)
class Attention:
    """A measure that is overdue, or moved its question the other way, or both."""

    measure: Measure
    overdue: bool
    other_way: bool


def add(desk: Blueprint, database: Database, shelf: Shelf) -> None:
    """Add /staff/."""

    @desk.get("/")
    @needs_somewhere(*ROLES)
    def overview(_places: frozenset[str]) -> ResponseReturnValue:
        today = dt.datetime.now(dt.UTC).date()
        advised, editing = g.member.nodes((QUALITY_ADVISER,)), g.member.nodes((QUALITY_ADVISER, ROUND_LEADER))
        talks, alarms = 0, tuple[tuple[dt.date, int], ...]()
        with database.reading() as connection:
            if advised:
                talks = number_of_new(connection, tree.reach(connection, advised), today)
            if g.member.nodes((ADMINISTRATOR,)):
                since = today - dt.timedelta(days=ALARM_DAYS)
                alarms = tuple((row.day, row.number) for row in connection.execute(_ALARMS, {"since": since}))

        def render(csrf_token: Callable[[], str]) -> str:
            language = str(get_locale())
            with database.reading() as connection:
                waiting = connection.execute(_WAITING, {"municipalities": list(advised), "today": today}).all()
                measures = keeping.listed(connection, tree.with_joined(connection, g.member.nodes(PART_READERS)))
                merged = tree.merged(connection) if measures else {}
                told = telling.decided(connection)
            others = shelf.of({each.municipality for each in measures}) if measures else []
            return render_template(
                "desk/overview.html",
                csrf_token=csrf_token,
                lines=list(_lines(database, shelf, language)),
                waiting=waiting,
                talks=talks,
                alarms=alarms,
                told=told,
                editing=editing,
                reads=bool(g.member.nodes(PART_READERS)),
                attention=list(_attention(shelf, measures, merged, others, today)),
            )

        return whole.page(shelf, (database.numbers(), g.member.roles, today, talks, alarms), render)


def _attention(
    shelf: Shelf, measures: Sequence[Measure], merged: Merged, others: Sequence[Found], today: dt.date
) -> Iterator[Attention]:
    """Those that should not wait; what a measure's page would say is asked only where all its rounds are released."""
    released = {found.round for found in others}
    for measure in measures:
        rounds = {measure.baseline, measure.chosen_by} - {None}
        found = follow(shelf, measure, (), others, merged) if rounds and rounds <= released else None
        other_way = bool(found and found.effect.verdict is Verdict.OTHER_WAY)
        overdue = measure.overdue(today)
        if overdue or other_way:
            yield Attention(measure, overdue, other_way)


def _lines(database: Database, shelf: Shelf, language: str) -> Iterator[Line]:
    """Every release that is read, whole or in part, the newest first."""
    whole = g.member.nodes(READERS)
    with database.reading() as connection:
        ways = tree.ways(connection, g.member.nodes(PART_READERS))
        own: dict[str, set[str]] = {way[0]: set() for way in ways.values()}
        if lower := [node for node, way in ways.items() if way[0] not in whole]:
            for place, municipality in tree.readable(connection, lower).items():
                own[municipality].add(place)
    for found in shelf.of(own):
        scope = None if found.municipality in whole else frozenset(own[found.municipality])
        if head := shelf.head(found, scope, language):
            yield Line(found, head)

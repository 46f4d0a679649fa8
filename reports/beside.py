"""Rounds side by side: residents beside others who were asked about the same, and kinds of service beside one another.

Rounds are never summed. Of two kinds of service only questions in the same words with the same answers stand together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.comparing import differs
from reports.release import Release
from reports.statistics import LEVEL, Group, certainly_higher
from reports.views import Asked, Place, Report, Row, Theme
from reports.wording import THEMES


@dataclass(frozen=True)
class Column:
    """A round at a place; None: too few answered for anything to be shown.

    `same`: it is the place that was asked for, not one above it.
    """

    report: Report
    place: Place | None
    same: bool = True

    @property
    def release(self) -> Release:
        return self.report.release


@dataclass(frozen=True)
class Voices:
    """A theme, and what each of the columns says of it; None: it was not asked."""

    theme: str
    themes: tuple[Theme | None, ...]


@dataclass(frozen=True)
class Alike:
    """A question that several kinds of service were asked alike: a row each, and (higher, lower) that are certain."""

    asked: Asked
    rows: tuple[tuple[Column, Row], ...]
    apart: tuple[tuple[Column, Column], ...]


def voices(report: Report, place: Place | None, others: Iterable[Report]) -> list[Column]:
    """The round at a place, and those of other people about the same kind of service, there or as near above."""
    beside = [other for other in others if other.release.audience != report.release.audience]
    wanted = [place, *reversed(report.way_to(place))] if place else []

    def near(other: Report) -> Column:
        found = next((other.places[each.id] for each in wanted if each.id in other.places), other.top)
        return Column(other, found, bool(place and found and found.id == place.id))

    return [Column(report, place), *map(near, beside)]


def kinds(report: Report, others: Iterable[Report]) -> list[Column]:
    """The round as a whole, and those of the same people about other kinds of service."""
    beside = [other for other in others if other.release.service_kind != report.release.service_kind]
    return [Column(each, each.top) for each in (report, *beside)]


def by_theme(columns: Sequence[Column]) -> list[Voices]:
    """What the columns say, theme by theme."""
    said = [
        {theme.name: theme for theme in column.report.themes(column.place)} if column.place else {}
        for column in columns
    ]
    return [
        Voices(theme, tuple(column.get(theme) for column in said))
        for theme in THEMES
        if any(theme in column for column in said)
    ]


def alike(columns: Sequence[Column]) -> list[Alike]:
    """The questions of the first column that others were asked alike; who lies higher, all taken together."""
    shown = [column for column in columns if column.place]
    if not shown:
        return []
    first, *others = shown
    asking = {
        asked: [first, *(other for other in others if _same(first.release, other.release, asked.id))]
        for asked in first.report.questions.values()
    }
    asking = {asked: found for asked, found in asking.items() if len(found) > 1}
    return [_alike(asked, found, 1 - (1 - LEVEL) / len(asking)) for asked, found in asking.items()]


def _same(one: Release, other: Release, question: str) -> bool:
    return question in other.questions and differs(one.questions[question], other.questions[question]) is None


def _alike(asked: Asked, columns: Sequence[Column], level: float) -> Alike:
    rows = tuple(
        (column, column.report.row(column.place, column.report.questions[asked.id]))
        for column in columns
        if column.place
    )
    by_kind = {column.release.service_kind: column for column in columns}
    groups = {column.release.service_kind: Group(count=row.positive.interval, n=row.positive.n) for column, row in rows}
    apart = tuple((by_kind[higher], by_kind[lower]) for higher, lower in certainly_higher(groups, level))
    return Alike(asked, rows, apart)

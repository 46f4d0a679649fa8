"""Which released rows stand for those a measure covers, and which for the others."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.measures.model import Covers, Measure
from reports.release import HiddenNode, Node, Release
from reports.statistics import Group

COVERED, OTHERS = "-covered", "-not_covered"  # how the ids of planned groups end

Merged = Mapping[str, tuple[str, dt.date]]  # a unit that is no more -> the one that took all its people, and when
Row = tuple[str, frozenset[str]]  # an id, and the places in it that are not shown: a row of others may change


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The ids of the rows of both sides. `partial`: some of the covered are in none of them.

    `joined`: units that are one by the last release stand for one another. `mixed`: some of the covered are one with
    others who are not, and are in none of the rows.
    """

    covered: frozenset[str]
    others: frozenset[str]
    partial: bool
    joined: bool = False
    mixed: bool = False


@dataclass(frozen=True)
class _Found:
    covered: frozenset[Row]
    others: frozenset[Row]
    partial: bool


def sides(measure: Measure, releases: Sequence[Release], merged: Merged | None = None) -> Sides:
    """The rows that each of the releases (one or more, from the baseline on) shows, so that the same are compared.

    Where the units are all there are, the whole round is the covered, and there are no others. Units that became one
    (`merged`) between the first release and the last are compared together, where all or none of them are covered.
    """
    units = _Units(measure, releases, merged or {})
    if measure.covers is Covers.GROUP:
        found = [_groups(measure, release) for release in releases]
    elif units.all_covered:
        found = [_whole(release) for release in releases]
    else:
        found = [_of_units(units, release) for release in releases]
    covered = frozenset.intersection(*(each.covered for each in found))
    others = frozenset.intersection(*(each.others for each in found))
    shown = [units.parts_of(id_ for id_, _ in rows) for rows in (covered, others)]
    return Sides(
        covered=shown[0],
        others=shown[1],
        partial=any(each.partial or each.covered != covered for each in found),
        joined=sum(map(len, shown)) > len(covered) + len(others),
        mixed=units.mixed and measure.covers is Covers.UNITS,
    )


def covered_units(measure: Measure, releases: Sequence[Release], merged: Merged | None = None) -> frozenset[str]:
    """The units of the last of the releases all of whose people are covered."""
    units = _Units(measure, releases, merged or {})
    return frozenset(unit for unit in _units(releases[-1]) if units.covers(units.one(unit)))


class _Units:
    """The units of several releases; those that are one by the last of them go by the id of that one."""

    def __init__(self, measure: Measure, releases: Sequence[Release], merged: Merged) -> None:
        self._measure = measure
        self._merged = merged
        self._last = _units(releases[-1])
        self._parts: dict[str, set[str]] = {}
        for unit in frozenset[str]().union(*map(_units, releases)):
            self._parts.setdefault(self.one(unit), set()).add(unit)
        first = _units(releases[0])
        self._covered = {
            one: {self._covers(part) for part in (parts & first or parts)} for one, parts in self._parts.items()
        }

    def one(self, unit: str) -> str:
        """The unit that has its people in the last release."""
        while unit in self._merged and unit not in self._last:
            unit = self._merged[unit][0]
        return unit

    def _covers(self, unit: str) -> bool:
        """A unit that had joined a covered one before the measure began is covered with it."""
        start = self._measure.start
        while unit not in self._measure.units and unit in self._merged and start and self._merged[unit][1] <= start:
            unit = self._merged[unit][0]
        return unit in self._measure.units

    def covers(self, one: str) -> bool:
        """Whether it, and everything that has become part of it, is covered."""
        return self._covered.get(one) == {True}

    def touches(self, unit: str) -> bool:
        """Whether it, or something that has become one with it, is covered."""
        return True in self._covered.get(self.one(unit), ())

    @property
    def all_covered(self) -> bool:
        return all(covered == {True} for covered in self._covered.values())

    @property
    def mixed(self) -> bool:
        return any(len(covered) > 1 for covered in self._covered.values())

    def shown_in(self, release: Release, shown: frozenset[str]) -> frozenset[str]:
        """Those of which every part that the release has is shown by itself."""
        units = _units(release)
        there = {one: parts & units for one, parts in self._parts.items()}
        return frozenset(one for one, parts in there.items() if parts and parts <= shown)

    def parts_of(self, ids: Iterable[str]) -> frozenset[str]:
        """Rows with all that has become part of them."""
        return frozenset(part for id_ in ids for part in self._parts.get(id_, {id_}))


def group(release: Release, rows: frozenset[str], question: str) -> Group | None:
    """What the people of some rows answered together, at the good end; None: there are no rows."""
    found = [node for node in release.nodes if node.id in rows]
    if not found:
        return None
    counts = [node.answers[question].positive for node in found]
    return Group(count=(sum(low for low, _ in counts), sum(high for _, high in counts)), n=sum(n.n for n in found))


def by_unit(release: Release) -> bool:
    """Whether a release knows units; one whose codes were given out by planned groups knows those instead."""
    return bool(_units(release))


def _units(release: Release) -> frozenset[str]:
    everywhere: tuple[Node | HiddenNode, ...] = (*release.nodes, *release.too_few, *release.shown_with_others)
    return frozenset(node.id for node in everywhere if node.level == "unit")


def _whole(release: Release) -> _Found:
    top = frozenset((node.id, frozenset[str]()) for node in release.nodes[:1])
    return _Found(top, frozenset(), partial=not top)


def _groups(measure: Measure, release: Release) -> _Found:
    """Rows of persons chosen beforehand: of the measure's service, or of every one in its municipality."""

    def of(ending: str, nodes: Sequence[Node | HiddenNode]) -> frozenset[Row]:
        ids = (node.id for node in nodes if node.level == "group" and node.id.endswith(ending))
        return frozenset(
            (id_, frozenset()) for id_ in ids if measure.place in (measure.municipality, id_[: -len(ending)])
        )

    hidden = release.too_few + release.shown_with_others
    return _Found(of(COVERED, release.nodes), of(OTHERS, release.nodes), partial=bool(of(COVERED, hidden)))


def _of_units(units: _Units, release: Release) -> _Found:
    """Rows of which nothing smaller is shown: covered, others, or left out where both are in one."""
    parents = {node.parent for node in release.nodes}
    lowest = [node for node in release.nodes if node.id not in parents]
    shown = units.shown_in(release, frozenset(node.id for node in lowest if node.level == "unit"))
    covered = {one for one in shown if units.covers(one)}
    others: set[Row] = {(one, frozenset()) for one in shown if not units.touches(one)}
    unseen_in: dict[str | None, set[str]] = {}
    for hidden in release.too_few + release.shown_with_others:
        unseen_in.setdefault(hidden.parent, set()).add(hidden.id)
    for node in lowest:
        unseen = unseen_in.get(node.parent if node.level == "rest" else node.id, set())
        if node.level != "unit" and not any(map(units.touches, unseen)):
            others.add((node.id, frozenset(map(units.one, unseen))))
    partial = any(units.touches(unit) and units.one(unit) not in covered for unit in _units(release))
    return _Found(frozenset((one, frozenset()) for one in covered), frozenset(others), partial)

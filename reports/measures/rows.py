"""Which released rows stand for those a measure covers, and which for the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.measures.model import Covers, Measure
from reports.release import HiddenNode, Node, Release
from reports.statistics import Group

COVERED, OTHERS = "-covered", "-not_covered"  # how the ids of planned groups end

Row = tuple[str, frozenset[str]]  # an id, and the places in it that are not shown: a row of others may change


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The ids of the rows of both sides. `partial`: some of the covered are in none of them."""

    covered: frozenset[str]
    others: frozenset[str]
    partial: bool


@dataclass(frozen=True)
class _Found:
    covered: frozenset[Row]
    others: frozenset[Row]
    partial: bool


def sides(measure: Measure, releases: Sequence[Release]) -> Sides:
    """The rows that each of the releases (one or more) shows, so that the same places are compared.

    Where the units are all there are, the whole round is the covered, and there are no others.
    """
    if measure.covers is Covers.GROUP:
        found = [_groups(measure, release) for release in releases]
    elif all(_units(release) <= measure.units for release in releases):
        found = [_whole(release) for release in releases]
    else:
        found = [_of_units(measure.units, release) for release in releases]
    covered = frozenset.intersection(*(each.covered for each in found))
    others = frozenset.intersection(*(each.others for each in found))
    return Sides(
        covered=frozenset(row for row, _ in covered),
        others=frozenset(row for row, _ in others),
        partial=any(each.partial or each.covered != covered for each in found),
    )


def group(release: Release, rows: frozenset[str], question: str) -> Group | None:
    """What the people of some rows answered together, at the good end; None: there are no rows."""
    found = [node for node in release.nodes if node.id in rows]
    if not found:
        return None
    counts = [node.answers[question].positive for node in found]
    return Group(count=(sum(low for low, _ in counts), sum(high for _, high in counts)), n=sum(n.n for n in found))


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


def _of_units(units: frozenset[str], release: Release) -> _Found:
    """Rows of which nothing smaller is shown: covered, others, or left out where both are in one."""
    parents = {node.parent for node in release.nodes}
    covered, others = set[Row](), set[Row]()
    unseen_in: dict[str | None, set[str]] = {}
    for hidden in release.too_few + release.shown_with_others:
        unseen_in.setdefault(hidden.parent, set()).add(hidden.id)
    for node in release.nodes:
        if node.id in parents:
            continue
        within = node.parent if node.level == "rest" else node.id
        unseen = frozenset(unseen_in.get(within, ()))
        if node.id in units:
            covered.add((node.id, frozenset()))
        elif not unseen & units:
            others.add((node.id, unseen))
    shown = {id_ for id_, _ in covered}
    return _Found(frozenset(covered), frozenset(others), partial=bool((units & _units(release)) - shown))

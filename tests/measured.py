"""Measures and pairs of rounds for the tests of follow-up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from reports.counts import Counts, LeafCounts, Sides
from reports.disclosure import TreeNode, disclose
from reports.measures.model import Covers, Measure, Status
from reports.release import Node, Release
from tests.released import FACTS, asking, release_of

BEFORE, START, AFTER = "2026-03-01", dt.date(2026, 6, 1), "2026-11-30"
MANY = {"a": (20, 40), "b": (30, 60), "c": (30, 60)}  # unit -> (how many chose the good end, of how many)


def a_measure(**changes: object) -> Measure:
    measure = Measure(
        id="m1",
        municipality="town",
        place="service",
        title="Mer å gjøre",
        hoped="Flere har noe å gjøre",
        questionnaire="tiny",
        question="0",
        asked={"nb": "Er 0 bra?"},
        covers=Covers.UNITS,
        units=frozenset({"a"}),
        rounds=frozenset(),
        baseline="before",
        chosen_by=None,
        responsible="Enhetsleder",
        decision="",
        start=START,
        deadline=None,
        status=Status.STARTED,
    )
    return replace(measure, **changes)  # type: ignore[arg-type]


def a_round(name: str, closed: str, units: Mapping[str, tuple[int, int]]) -> Release:
    """The release of a service's round: unit -> (how many chose the good end, of how many)."""
    shape = {"town": {"service": {unit: n for unit, (_, n) in units.items()}}}
    table = {unit: Sides(good, 0, 0) for unit, (good, _) in units.items()}
    return replace(release_of(shape, [table]), round=name, closed=closed)


def grouped_round(name: str, closed: str, groups: Mapping[str, tuple[int, int]]) -> Release:
    """The release of a service's round of a planned group: covered, not_covered -> (good, of how many)."""
    tree = [
        TreeNode(id="town", level="municipality", parent=None, name={"nb": "Town"}),
        TreeNode(id="service", level="service", parent="town", name={"nb": "Service"}),
    ] + [
        TreeNode(id=f"service-{group}", level="group", parent="service", name={"nb": group}, invited=2 * n)
        for group, (_, n) in groups.items()
    ]
    leaves = {f"service-{group}": LeafCounts(n, {"0": Sides(good, 0, 0)}) for group, (good, n) in groups.items()}
    people = sum(n for _, n in groups.values())
    counts = Counts(leaves=leaves, ways={"self": people}, support={"none": people}, by_other=0)
    facts = replace(FACTS, round=name, closed=dt.date.fromisoformat(closed))
    return disclose(facts, asking("0"), tree, counts)


def later_round(release: Release, name: str, closed: str, other: str, question: str, *, worse: bool = False) -> Release:
    """A round like another in all but one unit, where nearly everybody is now at one end of one question."""

    def answered(node: Node) -> Node:
        if node.id != other:
            return node
        most, least = (node.n - 2, node.n), (0, 2)
        positive, negative = (least, most) if worse else (most, least)
        now = replace(node.answers[question], positive=positive, negative=negative)
        return replace(node, answers={**node.answers, question: now})

    nodes = tuple(answered(node) for node in release.nodes)
    return replace(release, round=name, title=f"{release.title} – {closed}", closed=closed, nodes=nodes)


def register_of(release: Release, municipality: str = "4601") -> list[dict[str, object]]:
    """The rows of the register below the municipality that a release without divisions was made over."""
    shown = [node for node in release.nodes if node.level in ("service", "unit")]
    hidden = release.too_few + release.shown_with_others
    (service,) = (node.id for node in shown if node.level == "service")
    return [
        {
            "id": node.id,
            "level": node.level,
            "parent": municipality if node.level == "service" else service,
            "name": dict(node.name),
            "service_kind": release.service_kind,
            "places": None,
        }
        for node in (*shown, *hidden)
    ]

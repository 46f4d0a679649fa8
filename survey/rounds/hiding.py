"""What a round's k will hide, on the very tree it asks, if so and so many answer. The rule is the release's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.disclosure import TreeNode, where_each_would_stand
from survey.register.tree import Place, Tree

SHARES = (22, 55)  # per cent who answer: relatives by letter in one municipality; about every second resident


@dataclass(frozen=True)
class Row:
    """A place, how deep it lies, its people, and where it would stand at each share: (how many answer, standing)."""

    place: Place
    depth: int
    people: int
    at: tuple[tuple[int, str], ...]


def foreseen(places: Tree, units: Sequence[Place], k: int) -> list[Row]:
    """Every place that is asked, parents first. As many answer in each unit as the share of its places, rounded."""
    below: dict[str, list[Place]] = {}
    for unit in units:
        for place in places.path(unit.id):
            below.setdefault(place.id, []).append(unit)
    nodes = [TreeNode(id=each.id, level=each.level, parent=each.parent, name=each.name) for each in places]
    nodes = [node for node in nodes if node.id in below]
    if not nodes:
        return []
    answers = [{unit.id: ((unit.places or 0) * share + 50) // 100 for unit in units} for share in SHARES]
    standing = [where_each_would_stand(nodes, answered, k) for answered in answers]
    rows = []
    for place in (place for place in places if place.id in below):
        at = [
            (sum(answered[unit.id] for unit in below[place.id]), stands[place.id])
            for answered, stands in zip(answers, standing, strict=True)
        ]
        people = sum(unit.places or 0 for unit in below[place.id])
        rows.append(Row(place, len(places.path(place.id)) - 1, people, tuple(at)))
    return rows


def whole(rows: Sequence[Row], share: int) -> tuple[int, int]:
    """At one of SHARES: how many units are shown by themselves, of how many."""
    number = SHARES.index(share)
    units = [row for row in rows if row.place.level == "unit"]
    return sum(row.at[number][1] == "shown" for row in units), len(units)

"""A reorganisation that comes: the tree as it will be, over which a plan may have its round released.

`coming` maps a unit to where it goes: to another unit, which it joins, or to a service or division, where it lies then.
Codes are given out in the units as they are; only what is shown follows the coming tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey.register.tree import Place, Tree

ABOVE_UNITS = ("service", "division")


def as_it_will_be(places: Tree, coming: Mapping[str, str]) -> Tree:
    """The same municipality after it. What the register no longer has is left where it is."""
    known = {place.id: place for place in places}
    moving = {unit: to for unit, to in coming.items() if unit in known and to in known}
    return Tree((_there(place, moving, known) for place in places), places.root.id)


def leaf(unit: str, coming: Mapping[str, str], places: Tree) -> str:
    """The unit in whose numbers this one's answers stand."""
    to = coming.get(unit)
    return to if to and any(place.id == to and place.level == "unit" for place in places) else unit


def shown(places: Tree, units: Sequence[Place], coming: Mapping[str, str]) -> tuple[Tree, list[Place]]:
    """The coming tree, and its units with the places of those that are asked."""
    later = as_it_will_be(places, coming)
    people: dict[str, int] = {}
    for unit in units:
        there = leaf(unit.id, coming, places)
        people[there] = people.get(there, 0) + (unit.places or 0)
    return later, [replace(later[unit], places=number) for unit, number in people.items()]


def targets(places: Tree, service_kind: str) -> list[Place]:
    """Where a unit of this kind can go: services and divisions of the kind, and its units that are not closed."""
    return [
        place
        for place in places
        if place.service_kind == service_kind
        and (place.level in ABOVE_UNITS or (place.level == "unit" and not place.closed))
    ]


def _there(place: Place, moving: Mapping[str, str], known: Mapping[str, Place]) -> Place:
    to = moving.get(place.id)
    return replace(place, parent=to) if to and known[to].level in ABOVE_UNITS else place

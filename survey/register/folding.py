"""Many units on one page: by the place they lie under, one of which is opened by the page's address.

Nothing is remembered, and it works without JavaScript. What a page does not show, its forms leave as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.register.tree import Place, Tree

FEW = 60  # units that a page shows together
GLANCE = 12  # units that are found in a list without headings


@dataclass(frozen=True)
class Group:
    """Units side by side: those of a division, or of a service without; `way` leads down to it from the service."""

    id: str
    way: tuple[Place, ...]
    units: tuple[Place, ...]

    def called(self, language: str) -> str:
        """The names on the way, as in a table they may be alike."""
        return " › ".join(place.called(language) for place in self.way)


@dataclass(frozen=True)
class Folded:
    """The units that a page shows: of `opened` alone, or none before one of `groups` is opened; else all.

    `areas`: all of them under the headings that a longer list needs.
    """

    groups: tuple[Group, ...]  # none: they are few
    opened: Group | None
    shown: tuple[Place, ...]
    areas: tuple[Group, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the page shows groups, and none of their units."""
        return bool(self.groups) and self.opened is None


def fold(places: Tree, units: Sequence[Place], *asked: str) -> Folded:
    """The units of a page, in the order of the tree; `asked` may name a group or a unit in it, the first counts."""
    if len(units) <= FEW:
        areas = _grouped(places, units) if len(units) > GLANCE else ()
        return Folded((), None, tuple(units), areas if len(areas) > 1 else ())
    groups = _grouped(places, units)
    under = {group.id for group in groups}
    wanted = next((each for each in asked if each in under), None)
    if wanted is None and any(asked):
        parents = {unit.id: unit.parent or "" for unit in units}
        wanted = next((parents[each] for each in asked if each in parents), None)
    opened = next((group for group in groups if group.id == wanted), None)
    return Folded(groups, opened, opened.units if opened else ())


def _grouped(places: Tree, units: Sequence[Place]) -> tuple[Group, ...]:
    under: dict[str, list[Place]] = {}
    for unit in units:
        under.setdefault(unit.parent or "", []).append(unit)
    return tuple(Group(id_, places.path(id_)[1:], tuple(inside)) for id_, inside in under.items())

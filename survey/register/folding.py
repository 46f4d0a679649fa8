"""Many units on one page: by the place they lie under, one of which is opened by the page's address.

Nothing is remembered, and it works without JavaScript. What a page does not show, its forms leave as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey.kept import Unchanging
from survey.register.tree import Place, Tree

FEW = 60  # units that a page shows together
GLANCE = 12  # units that are found in a list without headings
KEPT = 32


@dataclass(frozen=True, eq=False)
class Group:
    """Units side by side: those of a division, or of a service without; `way` leads down to it from the service."""

    id: str
    way: tuple[Place, ...]
    units: tuple[Place, ...]

    def called(self, language: str) -> str:
        """The names on the way: divisions of two services may be called alike."""
        return _joined(self.way, language)


class Groups(Unchanging):
    """All of a page's, in the order of the tree: the same object for the same units of the same tree."""

    def __init__(self, groups: Sequence[Group] = ()) -> None:
        self._groups = tuple(groups)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)


NONE = Groups()


@dataclass(frozen=True)
class Folded:
    """The units that a page shows: of `opened` alone, or none before one of `groups` is opened; else all.

    `areas`: all of them under the headings that a longer list needs.
    """

    groups: Groups  # none: they are few
    opened: Group | None
    shown: tuple[Place, ...]
    areas: Groups = NONE

    @property
    def closed(self) -> bool:
        """Whether the page shows groups, and none of their units."""
        return bool(self.groups) and self.opened is None


def named_below(places: Tree, place_id: str, language: str) -> str:
    """What a place is called on a page about its municipality."""
    return _joined(places.path(place_id)[1:], language)


def fold(places: Tree, units: Sequence[Place], *asked: str) -> Folded:
    """The units of a page, in the order of the tree; `asked` may name a group or a unit in it, the first counts."""
    ids = tuple([unit.id for unit in units])
    if len(units) <= FEW:
        areas = _groups(places, ids) if len(units) > GLANCE else NONE
        return Folded(NONE, None, tuple(units), areas if len(areas) > 1 else NONE)
    groups = _groups(places, ids)
    within = (places[each].parent if each in ids else each for each in asked if each)
    opened = next((group for under in within for group in groups if group.id == under), None)
    return Folded(groups, opened, opened.units if opened else ())


@lru_cache(KEPT)
def _groups(places: Tree, units: tuple[str, ...]) -> Groups:
    under: dict[str, list[Place]] = {}
    for unit in units:
        under.setdefault(places[unit].parent or "", []).append(places[unit])
    return Groups([Group(id_, places.path(id_)[1:], tuple(inside)) for id_, inside in under.items()])


def _joined(way: Sequence[Place], language: str) -> str:
    return " › ".join(place.called(language) for place in way)

"""Many units on one page: by the place they lie under, one of which is opened by the page's address.

Where even those are many, they come in pages by name: the address names the place, and behind a `~` the page.
Nothing is remembered, and it works without JavaScript. What a page does not show, its forms leave as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil
from typing import TypeVar

from survey.kept import Unchanging
from survey.register.tree import Place, Tree

FEW = 60  # units that a page shows together
GLANCE = 12  # units that are found in a list without headings
KEPT = 32
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Group:
    """Units side by side: those of a division, or of a service without; `way` leads down to it from the service.

    `pages`: as they are shown, by what the address says.
    """

    id: str
    way: tuple[Place, ...]
    units: tuple[Place, ...]
    pages: Mapping[str, Sequence[Place]]

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

    @cached_property
    def opened(self) -> Mapping[str, tuple[Group, str]]:
        """The group and its page, by what the address may say: the page, or a unit on it."""
        pages = [(group, page, units) for group in self for page, units in group.pages.items()]
        found = {unit.id: (group, page) for group, page, units in pages for unit in units}
        return found | {page: (group, page) for group, page, _ in pages}


NONE = Groups()


@dataclass(frozen=True)
class Folded:
    """The units that a page shows: of `opened` alone, or none before one of `groups` is opened; else all.

    `areas`: all of them under the headings that a longer list needs. `under`: what opens the same again.
    """

    groups: Groups  # none: they are few
    opened: Group | None
    shown: tuple[Place, ...]
    areas: Groups = NONE
    under: str = ""

    @cached_property
    def ids(self) -> frozenset[str]:
        """Those of the units that are shown."""
        return frozenset(unit.id for unit in self.shown)

    def turns(self, language: str) -> tuple[tuple[str, str], ...]:
        """The pages of the opened group, as `turns` below has them."""
        return turns(self.opened.pages, lambda unit: unit.called(language)) if self.opened else ()

    @property
    def closed(self) -> bool:
        """Whether the page shows groups, and none of their units."""
        return bool(self.groups) and self.opened is None


def pages(under: str, items: Sequence[Item], few: int) -> dict[str, Sequence[Item]]:
    """What lies side by side under a place, in pages of about the same length, by what the address says of each.

    `few`: how many a page may hold.
    """
    size = ceil(len(items) / ceil(len(items) / few)) if items else 1
    return {
        f"{under}~{at // size + 1}" if at else under: items[at : at + size] for at in range(0, max(len(items), 1), size)
    }


def page_of(pages: Mapping[str, Iterable[str]], asked: str) -> str:
    """The page that an address opens, by its own name or one of the ids on it; empty where none."""
    return next((page for page, ids in pages.items() if asked == page or asked in ids), "")


def turns(pages: Mapping[str, Sequence[Item]], called: Callable[[Item], str]) -> tuple[tuple[str, str], ...]:
    """Where one turns from page to page: each by the names it begins and ends with. Nowhere, if there is but one."""
    if len(pages) < 2:
        return ()
    ends = ((page, dict.fromkeys((called(items[0]), called(items[-1])))) for page, items in pages.items())
    return tuple((page, " – ".join(names)) for page, names in ends)


def place_of(places: Tree, under: str) -> str:
    """The place that an address opens, where it names one or a page of one; empty where it does not."""
    return next((each for each in (under, under.rpartition("~")[0]) if each in places), "")


def named_below(places: Tree, place_id: str, language: str) -> str:
    """What a place is called on a page about its municipality."""
    return _joined(places.path(place_id)[1:], language)


def fold(places: Tree, units: Sequence[Place], *asked: str) -> Folded:
    """The units of a page, in the order of the tree; `asked` may name a group or a unit in it, the first counts."""
    ids = tuple([unit.id for unit in units])
    if len(units) <= FEW:
        areas = _groups(places, ids, FEW) if len(units) > GLANCE else NONE
        return Folded(NONE, None, tuple(units), areas if len(areas) > 1 else NONE)
    groups = _groups(places, ids, FEW)
    opened, page = next((groups.opened[each] for each in asked if each in groups.opened), (None, ""))
    return Folded(groups, opened, tuple(opened.pages[page]) if opened else (), under=page)


@lru_cache(KEPT)
def _groups(places: Tree, units: tuple[str, ...], few: int) -> Groups:
    under: dict[str, list[Place]] = {}
    for unit in units:
        under.setdefault(places[unit].parent or "", []).append(places[unit])
    return Groups(
        [Group(id_, places.path(id_)[1:], tuple(inside), pages(id_, inside, few)) for id_, inside in under.items()]
    )


def _joined(way: Sequence[Place], language: str) -> str:
    return " › ".join(place.called(language) for place in way)

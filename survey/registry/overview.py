"""The register as a tree: what an administrator covers, and what is lacking there."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Connection

from reports import wording
from survey.kept import Unchanging
from survey.register import folding, tree
from survey.register.contacts import SIDES, Contact, everybody, inherited
from survey.register.folding import FEW
from survey.register.pictures import Pictures
from survey.register.tree import Place, Tree
from survey.staff.guard import needs_somewhere
from survey.staff.roles import ADMINISTRATOR, Way
from survey.storage.engine import Database
from survey.storage.stamped import memory, remembered


@dataclass(frozen=True)
class Line:
    """A place: how far below its section's first it lies, and whom one can talk to there by side."""

    place: Place
    depth: int
    contacts: Mapping[str, Contact]

    @property
    def is_unit(self) -> bool:
        """Whether people are asked there."""
        return self.place.level == "unit" and not self.place.closed


@dataclass(frozen=True, eq=False)
class Section(Unchanging):
    """A municipality by itself, a service with all under it, or a part of one; the first line is that place's own."""

    lines: tuple[Line, ...]

    @property
    def place(self) -> Place:
        return self.lines[0].place

    @cached_property
    def units(self) -> tuple[Line, ...]:
        """Those that are not closed."""
        return tuple(line for line in self.lines if line.is_unit)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The places in it."""
        return frozenset(line.place.id for line in self.lines)

    @cached_property
    def places(self) -> int:
        """How many people its units serve together."""
        return sum(line.place.places or 0 for line in self.units)

    @cached_property
    def lacking(self) -> Mapping[str, int]:
        """In how many units nobody stands for a side."""
        return {side: sum(side not in line.contacts for line in self.units) for side in SIDES}

    @cached_property
    def parts(self) -> tuple["Section", ...]:
        """What lies in it that holds units: each with those right under it, closed ones too."""
        under: dict[str, list[Line]] = {line.place.id: [line] for line in self.lines if line.place.level != "unit"}
        for line in self.lines:
            if line.place.level == "unit" and line.place.parent in under:
                under[line.place.parent].append(line)
        return tuple(Section(tuple(lines)) for lines in under.values())

    @cached_property
    def pages(self) -> Mapping[str, "Section"]:
        """Of a part: it as it is shown, by what the address says; each page begins with the place's own line."""
        cut = folding.pages(self.place.id, self.lines[1:], folding.FEW)
        return {page: Section((self.lines[0], *lines)) for page, lines in cut.items()}

    def turns(self, language: str) -> tuple[tuple[str, str], ...]:
        """Where one turns from page to page."""
        lines = {page: section.lines[1:] for page, section in self.pages.items()}
        return folding.turns(lines, lambda line: line.place.called(language))

    def pictured(self, pictured: frozenset[str]) -> int:
        """How many units have a picture, where these have one."""
        return sum(line.place.id in pictured for line in self.units) if pictured else 0


class Sections(tuple[Section, ...]):
    """All that somebody covers."""

    @cached_property
    def units(self) -> int:
        return sum(len(section.units) for section in self)

    @cached_property
    def places(self) -> int:
        return sum(section.places for section in self)

    @cached_property
    def lacking(self) -> Mapping[str, int]:
        return {side: sum(section.lacking[side] for section in self) for side in SIDES}

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset().union(*(section.ids for section in self))

    def without(self, pictured: frozenset[str]) -> int:
        """How many units have no picture, where these places have one."""
        return self.units - sum(section.pictured(pictured) for section in self)

    @cached_property
    def parts(self) -> Mapping[str, tuple[Section, Section]]:
        """By the id of a place and of each unit right under it: the section it lies in, and the part."""
        return {id_: (section, part) for section in self for part in section.parts for id_ in part.ids}


def add(registry: Blueprint, database: Database, pictures: Pictures) -> None:
    """Add /staff/register."""

    @registry.get("")
    @needs_somewhere(ADMINISTRATOR)
    def overview(nodes: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            sections = _covered(connection, nodes)
        under = request.args.get("under", "")
        folded = sections.units > FEW
        names = (under, under.rpartition("~")[0]) if folded else ()
        within, part = next((sections.parts[name] for name in names if name in sections.parts), (None, None))
        page = folding.page_of({page: one.ids for page, one in part.pages.items()}, under) if part else ""
        return render_template(
            "registry/overview.html",
            sections=sections,
            pictured=pictures.having(sections.ids),
            folded=folded,
            within=within,
            part=part,
            under=page or (part.place.id if part else ""),
            kept={"under": under} if part else {},
            language=str(get_locale()),
            wording=wording,
        )


def _covered(connection: Connection, nodes: Collection[str]) -> Sections:
    def make() -> Sections:
        known = everybody(connection)
        trees = tree.under(connection, nodes)
        return Sections(section for way, one in trees.items() for section in _sections(way, one, known))

    return remembered(memory(connection), ("registry", frozenset(nodes)), make)


def _sections(way: Way, one: Tree, known: Mapping[tuple[str, str], Contact]) -> Iterator[Section]:
    ways = {one.root.id: way}
    lines: list[Line] = []
    top = one.root
    for place in one:
        if place is not one.root:
            ways[place.id] = (*ways[place.parent or ""], place.id)
        if lines and place.level == "service":
            yield Section(tuple(lines))
            lines, top = [], place
        contacts = {contact.side: contact for contact in inherited(known, ways[place.id])}
        lines.append(Line(place, len(ways[place.id]) - len(ways[top.id]), contacts))
    yield Section(tuple(lines))

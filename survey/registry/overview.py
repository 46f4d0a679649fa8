"""The register as a tree: what an administrator covers, and what is lacking there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from reports import wording
from survey.register import tree
from survey.register.contacts import SIDES, Contact, everybody, inherited
from survey.register.pictures import Pictures
from survey.register.tree import Place, Tree
from survey.staff.guard import needs_somewhere
from survey.staff.roles import ADMINISTRATOR, Way
from survey.storage.engine import Database


@dataclass(frozen=True)
class Line:
    """A place: how far below its section's first it lies, whom one can talk to there by side, if it has a picture."""

    place: Place
    depth: int
    contacts: dict[str, Contact]
    picture: bool


@dataclass
class Section:
    """A municipality by itself, or a service with all under it; the first line is that place's own."""

    lines: list[Line] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.lines[0].place

    @property
    def units(self) -> list[Line]:
        """Those that are not closed."""
        return [line for line in self.lines if line.place.level == "unit" and not line.place.closed]

    @property
    def places(self) -> int:
        """How many people its units serve together."""
        return sum(line.place.places or 0 for line in self.units)


def add(registry: Blueprint, database: Database, pictures: Pictures) -> None:
    """Add /staff/register."""

    @registry.get("")
    @needs_somewhere(ADMINISTRATOR)
    def overview(nodes: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            trees = tree.under(connection, nodes)
            known = everybody(connection)
        pictured = pictures.having(place.id for one in trees.values() for place in one)
        sections = [section for way, one in trees.items() for section in _sections(way, one, known, pictured)]
        units = [line for section in sections for line in section.units]
        return render_template(
            "registry/overview.html",
            sections=sections,
            units=units,
            places=sum(section.places for section in sections),
            lacking={side: sum(side not in line.contacts for line in units) for side in SIDES},
            language=str(get_locale()),
            wording=wording,
        )


def _sections(
    way: Way, one: Tree, known: Mapping[tuple[str, str], Contact], pictured: frozenset[str]
) -> Iterator[Section]:
    ways = {one.root.id: way}
    section, top = Section(), one.root
    for place in one:
        if place is not one.root:
            ways[place.id] = (*ways[place.parent or ""], place.id)
        if place is one.root or place.level == "service":
            if section.lines:
                yield section
            section, top = Section(), place
        contacts = {contact.side: contact for contact in inherited(known, ways[place.id])}
        depth = len(ways[place.id]) - len(ways[top.id])
        section.lines.append(Line(place, depth, contacts, place.id in pictured))
    yield section

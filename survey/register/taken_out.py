"""The register as a file that can be brought in again and then changes nothing."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from survey.register import tree
from survey.register.reading import COLUMNS
from survey.register.tree import Place
from survey.spreadsheet import written


def as_csv(connection: Connection, nodes: Collection[str]) -> bytes:
    """One line for each unit under these places, with the names in bokmål."""
    trees = tree.under(connection, nodes).values()
    above = {one.root.id: tree.path(connection, one.root.id)[:-1] for one in trees}
    lines = (_line((*above[one.root.id], *one.path(unit.id))) for one in trees for unit in one.units())
    return written([COLUMNS, *map(list, lines)])


def _line(way: tuple[Place, ...]) -> Iterator[str]:
    municipality, service, *divisions, unit = way
    yield municipality.id
    yield unit.service_kind or ""
    yield service.called()
    yield " > ".join(division.called() for division in divisions)
    yield unit.id
    yield unit.called()
    yield str(unit.places or "")

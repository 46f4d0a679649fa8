"""A register file, read and checked by itself: every error is found, each with its line, column and cure."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from survey import spreadsheet
from survey.questionnaire.model import SERVICE_KINDS
from survey.register import municipalities
from survey.spreadsheet import Problem, SpreadsheetError, worded

COLUMNS = ("municipality_number", "service_kind", "service", "division", "unit_id", "unit", "places")
NAME_SIGNS = 200
MOST_PLACES = 9999
_ID = re.compile(r"(?!\d{4}$)[^\W_][\w.-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """One unit as the file has it. `divisions` from the service down."""

    line: int
    municipality: str
    service_kind: str
    service: str
    divisions: tuple[str, ...]
    id: str
    name: str
    places: int


def read(data: bytes) -> tuple[list[UnitLine], list[Problem]]:
    """The lines that can be used, and everything that is wrong with the file or within it."""
    try:
        rows = spreadsheet.rows(data, len(COLUMNS), clean)
    except SpreadsheetError as error:
        return [], [error.problem]
    if not rows:
        return [], [whole(1, "the file is empty", f"Begin with the heading {','.join(COLUMNS)}")]
    problems = list(heading_problems(rows[0][1], COLUMNS))
    if problems:
        return [], problems
    if len(rows) == 1:
        return [], [whole(2, "there are no units", "Write one line for each unit")]
    names = [name.casefold() for name in rows[0][1]]
    units: list[UnitLine] = []
    for line, cells in rows[1:]:
        if len(cells) != len(names):
            what = f"there are {len(cells)} cells where the heading has {len(names)}"
            problems.append(whole(line, what, "Put a name that holds the separator between double quotes"))
            continue
        unit, wrong = _unit(line, dict(zip(names, cells, strict=True)))
        problems += wrong
        if unit:
            units.append(unit)
    problems += _contradictions(units)
    return units, sorted(problems, key=lambda problem: problem.line)


def clean(cell: str) -> str:
    """A cell with single spaces and composed letters."""
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def whole(line: int, what: str, cure: str) -> Problem:
    """Something wrong with a whole line."""
    return Problem(line, "", what, cure)


def heading_problems(heading: list[str], columns: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the first line of a file that has these columns, in any order."""
    names = [name.casefold() for name in heading]
    cure = worded("The columns are %(columns)s", columns=", ".join(columns))
    for column in columns:
        if column not in names:
            yield whole(1, worded("the column %(column)s is missing", column=column), cure)
    for place, name in enumerate(names):
        if name not in columns:
            what = worded("unknown column")
            yield Problem(line=1, column=f"column {place + 1}", value=heading[place], what=what, cure=cure)
        elif name in names[:place]:
            what = worded("the column is there twice")
            yield Problem(line=1, column=f"column {place + 1}", value=name, what=what, cure=cure)


def _unit(line: int, cells: dict[str, str]) -> tuple[UnitLine | None, list[Problem]]:
    """A line checked cell by cell."""
    problems: list[Problem] = []

    def wrong(column: str, what: str, cure: str) -> None:
        problems.append(Problem(line=line, column=column, value=cells[column], what=what, cure=cure))

    number = cells["municipality_number"]
    if number not in municipalities.by_number():
        meant = municipalities.meant(number)
        cure = f"Did you mean {meant.number} ({meant.name})?" if meant else "Write the four digits, such as 4601"
        wrong("municipality_number", "no municipality has this number", cure.removesuffix("."))
    if cells["service_kind"] not in SERVICE_KINDS:
        wrong("service_kind", "unknown kind of service", f"Use one of {', '.join(SERVICE_KINDS)}")
    divisions = tuple(part.strip() for part in cells["division"].split(">")) if cells["division"] else ()
    if "" in divisions:
        wrong("division", "a division in the path has no name", "Write the path as “Division > Smaller division”")
    for column in ("service", "unit", "division"):
        if not cells[column] and column != "division":
            wrong(column, "there is no name", "Write a name")
        elif not cells[column].isprintable():
            wrong(column, "there is a sign that cannot be shown", "Write the name again")
        elif len(cells[column]) > NAME_SIGNS:
            wrong(column, f"the name is longer than {NAME_SIGNS} signs", "Write a shorter name")
    if not _ID.fullmatch(cells["unit_id"]):
        rule = "Use up to 64 letters, digits, “.”, “-” and “_”, beginning with a letter or digit, not four digits alone"
        wrong("unit_id", "this cannot be an id", rule)
    places = cells["places"]
    if not (places.isascii() and places.isdecimal() and 0 < int(places[:9]) <= MOST_PLACES):
        wrong("places", "not a whole number above 0", f"Write how many people the unit serves, 1 to {MOST_PLACES}")
    if problems:
        return None, problems
    unit = UnitLine(
        line=line,
        municipality=number,
        service_kind=cells["service_kind"],
        service=cells["service"],
        divisions=divisions,
        id=cells["unit_id"],
        name=cells["unit"],
        places=int(places),
    )
    return unit, []


def _contradictions(units: list[UnitLine]) -> Iterator[Problem]:
    """Lines that are right alone but not beside an earlier one."""
    ids: dict[str, UnitLine] = {}
    services: dict[tuple[str, str], UnitLine] = {}
    for unit in units:
        first = ids.setdefault(unit.id, unit)
        if first is not unit:
            elsewhere = f" in municipality {first.municipality}" if first.municipality != unit.municipality else ""
            yield Problem(
                line=unit.line,
                column="unit_id",
                value=unit.id,
                what=f"line {first.line} has the same id{elsewhere}",
                cure="Give each unit an id of its own",
            )
        service = services.setdefault((unit.municipality, unit.service.casefold()), unit)
        if service.service_kind != unit.service_kind:
            yield Problem(
                line=unit.line,
                column="service_kind",
                value=unit.service_kind,
                what=f"line {service.line} says that “{service.service}” is {service.service_kind}",
                cure="Give a service one kind, or give the other kind a service of its own",
            )

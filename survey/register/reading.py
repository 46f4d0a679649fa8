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
MOST_PROBLEMS = 200  # of one file: nobody mends more at a time
NO_NAME = worded("there is no name"), worded("Write a name")
UNSEEN = worded("there is a sign that cannot be shown"), worded("Write the name again")
TOO_LONG = worded("the name is longer than %(signs)s signs", signs=NAME_SIGNS), worded("Write a shorter name")
NO_NUMBER = (
    worded("not a whole number above 0"),
    worded("Write how many people the unit serves, 1 to %(most)s", most=MOST_PLACES),
)
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
        return [], [empty(COLUMNS)]
    problems = list(heading_problems(rows[0][1], COLUMNS))
    if problems:
        return [], problems
    if len(rows) == 1:
        return [], [whole(2, worded("there are no units"), worded("Write one line for each unit"))]
    names = [name.casefold() for name in rows[0][1]]
    units: list[UnitLine] = []
    for line, cells in rows[1:]:
        if len(problems) >= MOST_PROBLEMS:
            problems.append(too_many(line))
            break
        if len(cells) != len(names):
            problems.append(cells_problem(line, len(cells), len(names)))
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


def empty(columns: Collection[str]) -> Problem:
    """There is nothing in a file that has these columns."""
    cure = worded("Begin with the heading %(columns)s", columns=",".join(columns))
    return whole(1, worded("the file is empty"), cure)


def cells_problem(line: int, found: int, expected: int) -> Problem:
    """A line is longer or shorter than the heading."""
    what = worded("there are %(found)s cells where the heading has %(expected)s", found=found, expected=expected)
    return whole(line, what, worded("Put what holds the separator between double quotes"))


def too_many(line: int) -> Problem:
    """From this line on nothing more is told."""
    cure = worded("Mend what stands above, then try again")
    return whole(line, worded("from here on the file was not checked"), cure)


def heading_problems(heading: list[str], columns: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the first line of a file that has these columns, in any order."""
    names = [name.casefold() for name in heading]
    if not set(names) & set(columns):
        begin = worded("Begin with the heading %(columns)s", columns=",".join(columns))
        yield whole(1, worded("this line names no columns"), begin)
        return
    cure = worded("The columns are %(columns)s", columns=", ".join(columns))
    for column in columns:
        if column not in names:
            yield whole(1, worded("the column %(column)s is missing", column=column), cure)
    for place, name in enumerate(names):
        column = worded("column %(number)s", number=place + 1)
        if name not in columns:
            yield Problem(1, column, worded("unknown column"), cure, heading[place])
        elif name in names[:place]:
            yield Problem(1, column, worded("the column is there twice"), cure, name)


def _unit(line: int, cells: dict[str, str]) -> tuple[UnitLine | None, list[Problem]]:
    """A line checked cell by cell."""
    problems: list[Problem] = []

    def wrong(column: str, what: str, cure: str) -> None:
        problems.append(Problem(line=line, column=column, value=cells[column], what=what, cure=cure))

    number = cells["municipality_number"]
    if number not in municipalities.by_number():
        meant = municipalities.meant(number)
        cure = worded("Write the four digits, such as 4601")
        if meant:
            cure = worded("Did you mean %(number)s (%(name)s)?", number=meant.number, name=meant.name)
        wrong("municipality_number", worded("no municipality has this number"), cure)
    if cells["service_kind"] not in SERVICE_KINDS:
        cure = worded("Use one of %(kinds)s", kinds=", ".join(SERVICE_KINDS))
        wrong("service_kind", worded("unknown kind of service"), cure)
    divisions = tuple(part.strip() for part in cells["division"].split(">")) if cells["division"] else ()
    if "" in divisions:
        cure = worded("Write the path as “Division > Smaller division”")
        wrong("division", worded("a division in the path has no name"), cure)
    for column in ("service", "unit", "division"):
        if not cells[column] and column != "division":
            wrong(column, *NO_NAME)
        elif not cells[column].isprintable():
            wrong(column, *UNSEEN)
        elif len(cells[column]) > NAME_SIGNS:
            wrong(column, *TOO_LONG)
    if not _ID.fullmatch(cells["unit_id"]):
        rule = worded(
            "Use up to 64 letters, digits, “.”, “-” and “_”, beginning with a letter or digit, not four digits alone"
        )
        wrong("unit_id", worded("this cannot be an id"), rule)
    if not number_of(cells["places"]):
        wrong("places", *NO_NUMBER)
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
        places=number_of(cells["places"]) or 0,
    )
    return unit, []


def number_of(places: str) -> int | None:
    """How many people a unit serves, where this is a number that can be so."""
    number = int(places[:9]) if places.isascii() and places.isdecimal() else 0
    return number if 0 < number <= MOST_PLACES else None


def _contradictions(units: list[UnitLine]) -> Iterator[Problem]:
    """Lines that are right alone but not beside an earlier one."""
    ids: dict[str, UnitLine] = {}
    services: dict[tuple[str, str], UnitLine] = {}
    for unit in units:
        first = ids.setdefault(unit.id, unit)
        if first is not unit:
            what = worded("line %(line)s has the same id", line=first.line)
            if first.municipality != unit.municipality:
                what = worded(
                    "line %(line)s has the same id in municipality %(number)s",
                    line=first.line,
                    number=first.municipality,
                )
            yield Problem(unit.line, "unit_id", what, worded("Give each unit an id of its own"), unit.id)
        service = services.setdefault((unit.municipality, unit.service.casefold()), unit)
        if service.service_kind != unit.service_kind:
            what = worded(
                "line %(line)s says that “%(service)s” is %(kind)s",
                line=service.line,
                service=service.service,
                kind=service.service_kind,
            )
            cure = worded("Give a service one kind, or give the other kind a service of its own")
            yield Problem(unit.line, "service_kind", what, cure, unit.service_kind)

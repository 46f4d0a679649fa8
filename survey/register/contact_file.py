"""Bring a file of contacts into the register: all its lines or none.

A line says whom a place has on one side, in place of whoever was there; a line without a name leaves nobody.
What a file does not mention stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert

from survey import spreadsheet
from survey.register import tree
from survey.register.contacts import SIDES, Contact, everybody, inherited, lacking
from survey.register.importing import RegisterError, alone
from survey.register.reading import cells_problem, clean, empty, heading_problems, whole
from survey.register.tree import Place, Tree
from survey.spreadsheet import Problem, SpreadsheetError, worded
from survey.storage import tables

COLUMNS = ("place", "side", "name", "role", "email", "phone")
SIGNS = 60  # in a name or a role: both stand on a button
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?\d[\d ]{2,18}\d")

Key = tuple[str, str]  # place and side
Lines = dict[Key, tuple[int, Contact | None]]  # with the number of its line; None: nobody any more


def import_contacts(connection: Connection, data: bytes) -> list[str]:
    """Import a file, given as its bytes, in the caller's transaction; gives what it did, and what is lacking.

    Raises: RegisterError with every problem; nothing is changed then.
    """
    register = tree.everything(connection)
    lines, problems = _read(data, register)
    if problems:
        raise RegisterError(problems)
    return _keep(connection, register, lines)


def keep_contact(connection: Connection, typed: Mapping[str, str]) -> None:
    """Say whom a place has on one side, as a line of a file does, in the caller's transaction.

    Raises: RegisterError with every problem; nothing is changed then.
    """
    register = tree.everything(connection)
    row = {column: clean(typed.get(column, "")) for column in COLUMNS}
    if problems := list(_problems(0, row, register)):
        raise RegisterError(problems)
    _keep(connection, register, {(row["place"], row["side"]): (0, _contact(row))})


def _keep(connection: Connection, register: Mapping[str, Place], lines: Lines) -> list[str]:
    alone(connection)
    known = {**everybody(connection)} | {key: contact for key, (_, contact) in lines.items() if contact}
    for key, (_, contact) in lines.items():
        if contact is None:
            known.pop(key, None)
    units = list(_units_under(register, lines))
    if problems := list(_same_on_both_sides(known, units)):
        raise RegisterError(problems)
    for (place, side), (_, contact) in lines.items():
        at = (tables.Contact.node == place, tables.Contact.side == side)
        connection.execute(delete(tables.Contact).where(*at))
        if contact:
            connection.execute(insert(tables.Contact), {"node": place, **asdict(contact)})
    return [
        *(_done(register[place], side, contact) for (place, side), (_, contact) in lines.items()),
        *_lacking(known, units),
    ]


def _read(data: bytes, register: Mapping[str, Place]) -> tuple[Lines, list[Problem]]:
    try:
        rows = spreadsheet.rows(data, len(COLUMNS), clean)
    except SpreadsheetError as error:
        return {}, [error.problem]
    if not rows:
        return {}, [empty(COLUMNS)]
    heading, *rest = rows
    problems = list(heading_problems(heading[1], COLUMNS))
    if problems or not rest:
        none = whole(2, worded("there are no contacts"), worded("Write one line for each contact"))
        return {}, problems or [none]
    names = [name.casefold() for name in heading[1]]
    lines: Lines = {}
    for line, cells in rest:
        if len(cells) != len(names):
            problems.append(cells_problem(line, len(cells), len(names)))
            continue
        row = dict(zip(names, cells, strict=True))
        key = row["place"], row["side"]
        wrong = list(_problems(line, row, register))
        if not wrong and key in lines:
            what = worded("line %(line)s has the same place and side", line=lines[key][0])
            wrong = [whole(line, what, worded("Keep the one that is meant"))]
        problems += wrong
        if not wrong:
            lines[key] = line, _contact(row)
    return lines, problems


def _contact(row: Mapping[str, str]) -> Contact | None:
    return Contact(**{column: row[column] for column in COLUMNS[1:]}) if row["name"] else None


def _problems(line: int, row: dict[str, str], register: Mapping[str, Place]) -> Iterator[Problem]:
    def wrong(column: str, what: str, cure: str) -> Problem:
        return Problem(line=line, column=column, value=row[column], what=what, cure=cure)

    place = register.get(row["place"])
    if place is None:
        cure = worded(
            "Write a unit_id, a municipality's number, or the id that a service or division has in the register"
        )
        yield wrong("place", worded("the register has no such place"), cure)
    if row["side"] not in SIDES:
        yield wrong("side", worded("this is no side"), worded("Write here or elsewhere"))
    elif row["side"] == "here" and place and place.level == "municipality":
        cure = worded("Name a unit, a division or a service")
        yield wrong("side", worded("nobody is “here” in a whole municipality"), cure)
    if not row["name"]:
        if left := [column for column in ("role", "email", "phone") if row[column]]:
            what = worded("there is no name, but %(column)s is filled in", column=left[0])
            yield wrong("name", what, worded("Write the name, or empty the rest"))
        return
    for column in ("name", "role"):
        if len(row[column]) > SIGNS or not row[column].isprintable():
            what = worded("longer than %(signs)s signs, or with signs that cannot be shown", signs=SIGNS)
            yield wrong(column, what, worded("Write it shorter"))
    if not row["role"]:
        yield wrong("role", worded("there is no role"), worded("Write who this is, such as “leder på dagsenteret”"))
    if not row["email"] and not row["phone"]:
        cure = worded("Write an e-mail address, a telephone number, or both")
        yield whole(line, worded("nobody could tell this contact"), cure)
    if row["email"] and not _EMAIL.fullmatch(row["email"]):
        yield wrong("email", worded("this is no e-mail address"), worded("Write one address, as name@municipality.no"))
    if row["phone"] and not _PHONE.fullmatch(row["phone"]):
        cure = worded("Write digits and spaces, with or without + before them")
        yield wrong("phone", worded("this is no telephone number"), cure)


def _units_under(register: Mapping[str, Place], lines: Lines) -> Iterator[tuple[int, tuple[Place, ...]]]:
    """The ways down to the units that the file is about, each with the first line about it."""
    for top in sorted({_way_up(register, place)[-1] for place, _ in lines}):
        places = Tree(register.values(), top)
        for unit in places.units():
            way = places.path(unit.id)
            about = [line for (place, _), (line, _) in lines.items() if register[place] in way]
            if about:
                yield min(about), way


def _way_up(register: Mapping[str, Place], place: str | None) -> list[str]:
    way = []
    while place:
        way.append(place)
        place = register[place].parent
    return way


def _same_on_both_sides(known: Mapping[Key, Contact], units: list[tuple[int, tuple[Place, ...]]]) -> Iterator[Problem]:
    """The one from elsewhere is there for those who will not talk to the one who is here."""
    told = set()
    for line, way in units:
        both = inherited(known, (place.id for place in way))
        if line not in told and len(both) == len(SIDES) and _means(both[0]) & _means(both[1]):
            told.add(line)
            what = worded(
                "“%(unit)s” would reach the same person or telephone both here and elsewhere", unit=way[-1].called()
            )
            cure = worded("Let the one from elsewhere be another person, reached in another way")
            yield whole(line, what, cure)


def _means(contact: Contact) -> set[str]:
    return {contact.name.casefold(), contact.email.casefold(), contact.phone.replace(" ", "")} - {""}


def _done(place: Place, side: str, contact: Contact | None) -> str:
    now = f"“{contact.name}”" if contact else "nobody any more"
    return f"{side}: {place.id} “{place.called()}” {now}"


def _lacking(known: Mapping[Key, Contact], units: list[tuple[int, tuple[Place, ...]]]) -> Iterator[str]:
    for _, way in units:
        if sides := lacking(inherited(known, (place.id for place in way))):
            yield f"nobody {' and nobody '.join(sides)}: {way[-1].id} “{way[-1].called()}”"

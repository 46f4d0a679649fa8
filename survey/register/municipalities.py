"""Norway's 357 municipalities, and their rows at the top of the register."""

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, select, update

from survey.storage.tables import Node


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """One municipality; `number` is four digits, `other_names` those in Sámi and Kven where they are official."""

    number: str
    name: str
    other_names: tuple[str, ...]
    county_number: str
    county: str


@cache
def by_number() -> Mapping[str, Municipality]:
    """All of them, in the order of their numbers."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            row["number"]: Municipality(
                number=row["number"],
                name=row["name"],
                other_names=tuple(filter(None, row["other_official_names"].split("|"))),
                county_number=row["county_number"],
                county=row["county"],
            )
            for row in csv.DictReader(file)
        }


def meant(typed: str) -> Municipality | None:
    """The municipality that somebody probably meant by a wrong number or a name, if there is a likely one."""
    numbers = by_number()
    if typed.isdecimal():  # a spreadsheet makes 301 of 0301
        close = difflib.get_close_matches(typed.zfill(4), numbers, n=1, cutoff=0.75)
        return numbers[close[0]] if close else None
    names = {name.casefold(): each for each in numbers.values() for name in (*each.other_names, each.name)}
    close = difflib.get_close_matches(typed.casefold(), names, n=1, cutoff=0.75)
    return names[close[0]] if close else None


_KNOWN = select(Node.id, Node.name).where(Node.level == "municipality")
_RENAME = update(Node).where(Node.id == bindparam("number")).values(name=bindparam("called"))


def seed(connection: Connection) -> None:
    """Put every municipality into the register, or give it its present name. Those that are no more stay."""
    known = {row.id: row.name for row in connection.execute(_KNOWN)}
    wanted = {each.number: {"nb": each.name} for each in by_number().values()}
    new = [
        {"id": number, "level": "municipality", "parent": None, "name": name, "service_kind": None, "places": None}
        for number, name in wanted.items()
        if number not in known
    ]
    renamed = [
        {"number": number, "called": name}
        for number, name in wanted.items()
        if number in known and known[number] != name
    ]
    if new:
        connection.execute(insert(Node), new)
    if renamed:
        connection.execute(_RENAME, renamed)

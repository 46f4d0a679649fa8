"""Read the list of people to invite: CSV with the columns unit_id, email and language, all rows or none.

In a round that is given out by the groups of a measure a fourth says which: `covered` or `not_covered`.

CSV as `survey.spreadsheet` reads it, columns in any order. Problems name line and column and never repeat what stands
there: it may be somebody's address.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from survey import spreadsheet
from survey.access.issuing import GROUPS
from survey.spreadsheet import Problem, SpreadsheetError, worded

COLUMNS = ("unit_id", "email", "language")
GROUPED = (*COLUMNS, "group")
LANGUAGES = ("nb", "nn", "en")

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Person:
    """One row: whom to invite, about which unit, in which language. `email` is ASCII, its domain in lower case."""

    unit: str
    email: str
    language: str
    group: str = ""


class ListError(Exception):
    """The list cannot be used; `problems` has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Nobody was invited.\n" + "\n".join(map(str, problems)))
        self.problems = problems


def read(content: bytes, units: Collection[str], grouped: bool = False) -> list[Person]:
    """The people on a list; `units` are the ids of the units that the round asks about.

    `grouped`: the list says which group of a measure each belongs to.

    Raises: ListError with every problem found.
    """
    columns = GROUPED if grouped else COLUMNS
    (_, heading), *lines = _lines(content, len(columns)) or [(1, [])]
    names = [name.casefold() for name in heading]
    if not heading:
        cure = worded("Paste one, or choose a file")
        raise ListError([Problem(1, "", worded("there is no list"), cure)])
    if sorted(names) != sorted(columns):
        cure = worded("Begin with %(columns)s", columns=",".join(columns))
        if any("@" in cell for cell in heading):
            cure = worded(
                "Choose the unit that these addresses are about, or begin with %(columns)s", columns=",".join(columns)
            )
        raise ListError([Problem(1, "", worded("these are not the columns of a list"), cure)])
    if not lines:
        raise ListError([Problem(2, "", worded("nobody stands on the list"), worded("Write one line for each person"))])
    rows = [(line, dict(zip(names, cells, strict=True))) for line, cells in lines if len(cells) == len(names)]
    problems = [_wrong_length(line, cells, len(names)) for line, cells in lines if len(cells) != len(names)]
    problems += [problem for line, row in rows for problem in _problems(line, row, units)]
    problems += _repeated(rows)
    if problems:
        raise ListError(sorted(problems, key=lambda problem: problem.line))
    return [
        Person(row["unit_id"], as_sent(row["email"]) or "", row["language"], row.get("group", "")) for _, row in rows
    ]


def from_addresses(text: str, unit: str, language: str, group: str = "") -> str:
    """Addresses alone, as somebody copies them out of a mail, as a list of people; a list with a heading stays.

    They stand apart by line ends, commas, semicolons or tabs; of “Kari <kari@example.no>” the address is taken.
    """
    cells = [cell.strip() for cell in re.split(r"[\r\n,;\t]+", text) if cell.strip()]
    if not cells or not all("@" in cell for cell in cells):
        return text
    addresses = [named[1] if (named := re.search(r"<([^<>]*)>$", cell)) else cell for cell in cells]
    rows = [(unit, address, language, *filter(None, [group])) for address in addresses]
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([GROUPED if group else COLUMNS, *rows])
    return lines.getvalue()


def _lines(content: bytes, columns: int) -> list[tuple[int, list[str]]]:
    try:
        return spreadsheet.rows(content, columns, lambda cell: cell.strip(" \t\u00a0"))
    except SpreadsheetError as error:
        raise ListError([error.problem]) from None


def _wrong_length(line: int, cells: list[str], wanted: int) -> Problem:
    what = worded("there are %(found)s cells where the heading has %(wanted)s", found=len(cells), wanted=wanted)
    return Problem(line, "", what, worded("Write what the heading names, nothing else"))


def _problems(line: int, row: dict[str, str], units: Collection[str]) -> Iterator[Problem]:
    for column, field in row.items():
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in field):
            yield Problem(
                line, column, worded("there is a line break or an invisible sign"), worded("Type the field anew")
            )
            return
    if row["unit_id"] not in units:
        cure = worded("Use the unit_id of a unit in the round's municipality and kind of service")
        yield Problem(line, "unit_id", worded("the round does not ask about a unit with this id"), cure)
    if as_sent(row["email"]) is None:
        cure = worded("Write one address only, like name@example.no")
        yield Problem(line, "email", worded("this cannot be an e-mail address"), cure)
    if row["language"] not in LANGUAGES:
        cure = worded("Use %(these)s", these=", ".join(LANGUAGES))
        yield Problem(line, "language", worded("there is no mail in this language"), cure)
    if row.get("group", GROUPS[0]) not in GROUPS:
        yield unknown_group(line)


def unknown_group(line: int) -> Problem:
    """What stands in the column of the group is none."""
    return Problem(line, "group", worded("there is no such group"), worded("Use %(these)s", these=", ".join(GROUPS)))


def _repeated(rows: list[tuple[int, dict[str, str]]]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, row in rows:
        address = as_sent(row["email"])
        if address is None:
            continue
        known = first.setdefault(address.lower(), line)
        if known != line:
            what = worded("the same address stands in line %(line)s", line=known)
            yield Problem(line, "email", what, worded("Remove one of the lines: a person gets one code in a round"))


def as_sent(address: str) -> str | None:
    """The address as mail servers take it, its domain in the ASCII form of IDNA; None: it cannot be one."""
    local, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    good = (
        at
        and len(local) <= 64
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(map(_LABEL.fullmatch, labels))
        and not labels[-1].isdigit()
        and len(local) + 1 + len(domain) <= 254
    )
    return f"{local}@{domain}" if good else None

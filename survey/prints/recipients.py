"""Read the list of people to write to: CSV, all rows or none. Problems never repeat what stands there.

Columns: unit_id, name, address, postcode, town, language. The address may have several lines in its cell.
"""

import re
from collections.abc import Collection, Iterator

from survey import spreadsheet
from survey.access.issuing import GROUPS
from survey.invitations.list import unknown_group
from survey.languages import LANGUAGES
from survey.prints.letters import Recipient
from survey.register.reading import clean, heading_problems, whole
from survey.spreadsheet import Problem, SpreadsheetError, worded

COLUMNS = ("unit_id", "name", "address", "postcode", "town", "language")
GROUPED = (*COLUMNS, "group")  # in a round that is given out by the groups of a measure
MOST_LINES, LONGEST_LINE = 3, 60  # what the window of an envelope shows

Addressed = tuple[str, str, Recipient]
"""The unit somebody is asked about, their group (mostly none: empty), and how to reach them."""


class RecipientsError(Exception):
    """The list cannot be used; `problems` has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Nothing was printed.\n" + "\n".join(map(str, problems)))
        self.problems = problems


def read(content: bytes, units: Collection[str], grouped: bool = False) -> list[Addressed]:
    """The people on a list, in its order; `units` are the ids of the units that the round asks about.

    `grouped`: the list says which group of a measure each belongs to.

    Raises: RecipientsError with every problem found.
    """
    columns = GROUPED if grouped else COLUMNS
    try:
        rows = spreadsheet.rows(content, len(columns), _clean)
    except SpreadsheetError as error:
        raise RecipientsError([error.problem]) from None
    (_, heading), *lines = rows or [(1, [])]
    if problems := list(heading_problems(heading, columns)):
        raise RecipientsError(problems)
    if not lines:
        raise RecipientsError([whole(2, worded("nobody stands on the list"), worded("Write one line for each person"))])
    names = [name.casefold() for name in heading]
    found: dict[Addressed, int] = {}
    for line, cells in lines:
        if len(cells) != len(names):
            what = worded(
                "there are %(found)s cells where the heading has %(wanted)s", found=len(cells), wanted=len(names)
            )
            problems.append(whole(line, what, worded("Put what holds the separator between double quotes")))
            continue
        row = dict(zip(names, cells, strict=True))
        problems += _problems(line, row, units)
        first = found.setdefault((row["unit_id"], row.get("group", ""), _recipient(row)), line)
        if first != line:
            what = worded("the same person stands in line %(line)s", line=first)
            problems.append(whole(line, what, worded("Remove one of the lines")))
    if problems:
        raise RecipientsError(problems)
    return list(found)


def _clean(cell: str) -> str:
    """A cell whose lines are clean, without empty ones."""
    return "\n".join(filter(None, map(clean, cell.splitlines())))


def _recipient(row: dict[str, str]) -> Recipient:
    return Recipient(
        name=row["name"],
        address=tuple(row["address"].splitlines()),
        postcode=row["postcode"],
        town=row["town"],
        language=row["language"],
    )


def _problems(line: int, row: dict[str, str], units: Collection[str]) -> Iterator[Problem]:
    if row["unit_id"] not in units:
        cure = worded("Use the unit_id of a unit in the round's municipality and kind of service")
        yield Problem(line, "unit_id", worded("the round does not ask about a unit with this id"), cure)
    for column in ("name", "address", "town"):
        parts = row[column].splitlines()
        if not parts and column != "address":
            yield Problem(line, column, worded("it is empty"), worded("Write what stands on the envelope"))
        if not all(part.isprintable() for part in parts):
            yield Problem(line, column, worded("there is a sign that cannot be shown"), worded("Type it anew"))
        if len(parts) > (MOST_LINES if column == "address" else 1):
            cure = worded("An address has up to %(most)s, others have one", most=MOST_LINES)
            yield Problem(line, column, worded("there are too many lines"), cure)
        if any(len(part) > LONGEST_LINE for part in parts):
            cure = worded("Use at most %(most)s signs a line", most=LONGEST_LINE)
            yield Problem(line, column, worded("a line is too long for the window of an envelope"), cure)
    if re.fullmatch(r"\d{0,3}|.{11,}", row["postcode"]) or not row["postcode"].isprintable():
        cure = worded("Write its four digits; spreadsheets take away a 0 in front")
        yield Problem(line, "postcode", worded("this cannot be a postcode"), cure)
    if row["language"] not in LANGUAGES:
        cure = worded("Use %(these)s", these=", ".join(LANGUAGES))
        yield Problem(line, "language", worded("there is no letter in this language"), cure)
    if row.get("group", GROUPS[0]) not in GROUPS:
        yield unknown_group(line)

"""One number of an earlier survey as it is typed, in a form or a line of a file: read, checked, told what is wrong."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isfinite
from uuid import uuid4

from reports.earlier import FEWEST, Earlier
from reports.wording import AUDIENCES, THEMES
from survey.spreadsheet import Problem, worded

COLUMNS = ("place", "audience", "year", "survey", "theme", "value", "lowest", "highest", "counts", "n", "source")
SIGNS = 200  # of a text
FIRST_YEAR, MOST_PEOPLE = 1980, 1_000_000


@dataclass(frozen=True)
class Typed:
    """What was read of a line; `earlier` is None where something is wrong."""

    earlier: Earlier | None
    problems: list[Problem]


def read(cells: Mapping[str, str], places: Collection[str], line: int = 0, id_: str = "") -> Typed:
    """Read cells by the names of `COLUMNS`; `places` are those that may be written about."""
    return _Reading(cells, places, line).all(id_ or uuid4().hex)


class _Reading:
    def __init__(self, cells: Mapping[str, str], places: Collection[str], line: int) -> None:
        self._cells = {name: " ".join(cells.get(name, "").split()) for name in COLUMNS}
        self._places = places
        self._line = line
        self._problems: list[Problem] = []

    def all(self, id_: str) -> Typed:
        place = self._one_of("place", {place: place for place in self._places})
        audience = self._one_of("audience", {name: str(text) for name, text in AUDIENCES.items()})
        year = self._year()
        survey = self._text("survey")
        theme = self._one_of("theme", {name: str(text) for name, text in THEMES.items()})
        value, scale = self._value()
        counts, n, source = self._text("counts"), self._n(), self._text("source")
        if self._problems or value is None:
            return Typed(None, self._problems)
        return Typed(
            Earlier(
                id=id_,
                place=place,
                audience=audience,
                year=year,
                survey=survey,
                theme=theme,
                counts=counts,
                value=value,
                scale=scale,
                n=n,
                source=source,
            ),
            [],
        )

    def _wrong(self, field: str, what: str, cure: str) -> None:
        self._problems.append(Problem(self._line, field, what, cure, self._cells[field][:SIGNS] or None))

    def _one_of(self, field: str, names: Mapping[str, str]) -> str:
        """An id, or what it is called in the reader's language."""
        typed = self._cells[field]
        found = {name for name, text in names.items() if typed == name or typed.casefold() == text.casefold()}
        if len(found) == 1:
            return found.pop()
        if field == "place":
            self._wrong(field, worded("this is no place of yours"), worded("Take its id from the register"))
        else:
            known = ", ".join(names)
            self._wrong(field, worded("this is not known"), worded("Write one of: %(known)s", known=known))
        return ""

    def _text(self, field: str) -> str:
        typed = self._cells[field]
        if not typed:
            self._wrong(field, worded("nothing stands here"), worded("Write it, or leave the number out"))
        elif len(typed) > SIGNS or not typed.isprintable():
            cure = worded("Use at most %(signs)d signs that can be printed", signs=SIGNS)
            self._wrong(field, worded("this cannot be kept"), cure)
        return typed

    def _year(self) -> int:
        this = dt.datetime.now(dt.UTC).year
        typed = self._cells["year"]
        if typed.isascii() and typed.isdecimal() and FIRST_YEAR <= int(typed[:5]) <= this:
            return int(typed)
        cure = worded("Write the year in four digits, from %(first)d to %(last)d", first=FIRST_YEAR, last=this)
        self._wrong("year", worded("this is no year of an earlier survey"), cure)
        return 0

    def _number(self, field: str) -> float | None:
        typed = self._cells[field].removesuffix("%").strip().replace(",", ".").replace("\u2212", "-")
        if not typed:
            return None
        try:
            number = float(typed)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            self._wrong(field, worded("this is no number"), worded("Write it as 72 or 4,6"))
            return None
        return number

    def _value(self) -> tuple[float | None, tuple[float, float] | None]:
        before = len(self._problems)
        value, lowest, highest = (self._number(field) for field in ("value", "lowest", "highest"))
        if len(self._problems) > before:
            return None, None
        if value is None:
            self._wrong("value", worded("nothing stands here"), worded("Write the percentage, or the mean"))
        elif (lowest is None) != (highest is None):
            cure = worded("Write both for a mean, and neither for a percentage")
            self._wrong("highest" if highest is None else "lowest", worded("half of the scale is missing"), cure)
        elif lowest is None or highest is None:
            if not 0 <= value <= 100:
                cure = worded("Write 0 to 100; for a mean, write the scale's lowest and highest value as well")
                self._wrong("value", worded("this is no percentage"), cure)
        elif not lowest <= value <= highest or lowest == highest:
            cure = worded("Write a mean that lies within the scale")
            self._wrong("value", worded("this does not lie on the scale"), cure)
        else:
            return value, (lowest, highest)
        return value, None

    def _n(self) -> int | None:
        typed = self._cells["n"].replace(" ", "")
        if not typed:
            return None
        if typed.isascii() and typed.isdecimal() and FEWEST <= int(typed[:8]) <= MOST_PEOPLE:
            return int(typed)
        if typed.isascii() and typed.isdecimal() and int(typed[:8]) < FEWEST:
            cure = worded("Leave the number out: it may tell what one person said")
            self._wrong("n", worded("fewer than %(fewest)d answered", fewest=FEWEST), cure)
        else:
            cure = worded("Write how many answered in digits, or leave it empty where that is not known")
            self._wrong("n", worded("this is no number of people"), cure)
        return None

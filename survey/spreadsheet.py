"""Read a CSV file as spreadsheets save it, say what is wrong with it by line, column and cure; write one.

Read is UTF-8 with or without a byte order mark, any line ends, separated by commas or semicolons, or by tabs, as cells
that are pasted from a spreadsheet are.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

LINES, CELLS_KEPT = 500, 2000  # in a piece of a file; while it is written


class Worded(str):
    """English words that pages say in another language: `template` has a place for each of `values`."""

    template: str
    values: dict[str, object]


def worded(template: str, **values: object) -> Worded:
    """The words of a template with %(name)s in it; `make messages` finds them here as it finds gettext's."""
    words = Worded(template % values)
    words.template, words.values = template, values
    return words


# Where one of these signs begins a cell, a spreadsheet takes the text for a formula. A cell begins with the text, and,
# in a program that parts cells elsewhere than we do, wherever such a sign stands in it; blanks and what cannot be seen
# may stand before.
_PARTED, _BLANK, _SIGN = r'[,;|\t\r\n"]', r'[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]', r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_BEFORE, _FORMULA = rf"(?:^|{_PARTED}){_BLANK}*", rf"(?={_SIGN})"
_LEADING = r"(?=[\t\r\n])"


def harmless(cell: str) -> str:
    """A text in which no formula begins: an apostrophe stands before each sign that would begin one."""
    return re.sub(f"^'*{_LEADING}|{_BEFORE}'*{_FORMULA}", r"\g<0>'", cell)


def plain(cell: str) -> str:
    """The text that `harmless` was given."""
    return re.sub(f"(^'*)'{_LEADING}|({_BEFORE}'*)'{_FORMULA}", r"\1\2", cell)


def written(lines: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with BOM and semicolons, as Norwegian spreadsheets open by a double click; no cell can be a formula."""
    return b"".join(streamed(lines))


def streamed(lines: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """The same in pieces, none of which is kept: however long a table is, its file takes no memory."""
    yield codecs.BOM_UTF8
    safe, left = lru_cache(CELLS_KEPT)(harmless), iter(lines)  # most cells stand in many lines
    while some := list(islice(left, LINES)):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows(map(safe, line) for line in some)
        yield text.getvalue().encode()


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file. `line` counts from 1; `column` is empty where the whole line is wrong.

    `value` is repeated to the reader; None where it may be somebody's own.
    """

    line: int
    column: str
    what: str
    cure: str
    value: str | None = None

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        value = "" if self.value is None else f" “{self.value}”"
        return f"line {self.line}{column}{value}: {self.what}. {ended(self.cure)}"


def ended(sentence: str) -> str:
    """A sentence with its full stop, if it is no question."""
    return sentence if sentence.endswith("?") else f"{sentence}."


class SpreadsheetError(Exception):
    """The file is no CSV at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def rows(content: bytes, width: int, clean: Callable[[str], str]) -> list[tuple[int, list[str]]]:
    """Every line that is not empty, its cells cleaned, with the number of the line it begins on.

    Empty cells beyond `width` are dropped: spreadsheets leave separators at the end.

    Raises: SpreadsheetError.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpreadsheetError(
            Problem(line, "", worded("this is not UTF-8"), worded("Save the file as “CSV UTF-8”"))
        ) from None
    heading = text.partition("\n")[0]
    delimiter = next((sign for sign in "\t;" if sign in heading), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found = []
    begins = 1
    try:
        for cells in reader:
            cleaned = [plain(clean(cell)) for cell in cells]
            while len(cleaned) > width and not cleaned[-1]:
                cleaned.pop()
            if any(cleaned):
                found.append((begins, cleaned))
            begins = reader.line_num + 1
    except csv.Error as error:
        cure = worded("Check the double quotes from this line on")
        raise SpreadsheetError(Problem(begins, "", worded("this is not CSV (%(error)s)", error=error), cure)) from None
    return found

"""A release as a table for a spreadsheet: one line a number, nothing that is not in the release."""

import csv
import io
import re
from collections.abc import Iterator
from typing import TypeVar

from reports.release import Release
from reports.wording import in_language

Cell = TypeVar("Cell")
COLUMNS = (
    "round",
    "title",
    "closed",
    "simulated",
    "audit",
    "place_id",
    "place_level",
    "place_parent",
    "place",
    "answered",
    "invited",
    "question_id",
    "theme",
    "question",
    "side",
    "answer",
    "lowest",
    "highest",
)
# Where one of these begins a cell, a spreadsheet takes the text for a formula. A cell begins with the text, and, in a
# program that separates cells by other signs than we do, wherever such a sign stands in it. Blanks and signs that
# cannot be seen may stand before.
_SEPARATOR, _BLANK = r'[,;|\t\r\n"]', r'[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]'
_FORMULA = re.compile(rf"^(?=[\t\r\n])|((?:^|{_SEPARATOR}){_BLANK}*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def as_csv(release: Release, language: str) -> bytes:
    """UTF-8 with BOM and semicolons, as Norwegian spreadsheets open by a double click.

    `side` is positive, negative or open (left it open; only where it is told); the number of people lies from
    `lowest` to `highest`, both included.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in line] for line in _lines(release, language))
    return text.getvalue().encode("utf-8-sig")


def _lines(release: Release, language: str) -> Iterator[tuple[str | int, ...]]:
    for node in release.nodes:
        for id_, question in sorted(release.questions.items(), key=lambda item: item[1].number):
            answer = node.answers[id_]
            for side, interval in (("positive", answer.positive), ("negative", answer.negative), ("open", answer.open)):
                if interval is None:
                    continue
                yield (
                    release.round,
                    release.title,
                    release.closed,
                    "yes" if release.simulated else "no",
                    release.audit,
                    node.id,
                    node.level,
                    node.parent or "",
                    in_language(node.name, language),
                    node.n,
                    node.invited,
                    id_,
                    question.theme,
                    in_language(question.text, language),
                    side,
                    in_language(question.labels[side], language) if side in question.labels else "",
                    *interval,
                )


def harmless(cell: Cell) -> Cell | str:
    """A text in which no formula can begin: an apostrophe stands before each that would."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell

"""A release as a table for a spreadsheet: one line a number, nothing that is not in the release."""

import csv
import io
from collections.abc import Iterator

from reports.release import Release
from reports.wording import in_language

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
# With these a spreadsheet takes a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(release: Release, language: str) -> bytes:
    """UTF-8 with BOM and semicolons, as Norwegian spreadsheets open by a double click.

    `side` is positive, negative or open (left it open; only where it is told); the number of people lies from
    `lowest` to `highest`, both included.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in line] for line in _lines(release, language))
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


def _harmless(cell: str | int) -> str | int:
    """A text that cannot be a formula: an apostrophe stands before one that would be."""
    if isinstance(cell, str) and cell.lstrip(" \xa0").startswith(_FORMULA):
        return f"'{cell}"
    return cell

"""What a unit can talk about at its next meeting: three themes and where they point, by rules one can read.

Many: as on the page for those who answered (`easy_read`), certainly more than half. Several: certainly at least one of
four, and three people or more. Where two questions that ask the opposite contradict each other, and where nothing is
shown, nothing is said of the answers: the theme is open. Safety is never on the sheet: in a meeting those who are
afraid sit among the others. Where many answered badly on it, whoever leads the meeting is told to talk about it with
each one alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reports.easy_read import word_for
from reports.views import Place, Report, Row

TALKS = 3
BAD, GOOD = 2, 1  # at most so many themes that need talk; one that goes well stands before them
SEVERAL = 3  # people
# Which themes come first where nothing is known; others follow.
OPEN = ("self_determination", "activity", "participation", "information", "wellbeing", "social", "home", "quality")
SAFETY = "safety"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A theme, and how many certainly gave one answer to a question of it; `row` is None: nothing is said."""

    theme: str
    word: Literal["many", "several"] | None = None
    row: Row | None = None

    @property
    def answer(self) -> str:
        """What they answered."""
        assert self.row
        return (self.row.positive if self.word == "many" else self.row.negative).label


def talks(report: Report, place: Place | None) -> list[Talk]:
    """Three themes for a meeting where there are so many; `place` is None where nothing of it is shown."""
    good, poor = (_first_of_theme(rows) for rows in _agreeing(report, place)) if place else ({}, {})
    bad = [Talk(theme=theme, word="several", row=row) for theme, row in poor.items() if theme != SAFETY]
    fine = [Talk(theme=theme, word="many", row=row) for theme, row in good.items() if theme not in {*poor, SAFETY}]
    begin = [*fine[:GOOD], *bad[:BAD]]
    asked = dict.fromkeys(question.theme for question in report.questions.values())
    known = {SAFETY, *(talk.theme for talk in begin)}
    neutral = sorted((theme for theme in asked if theme not in known), key=_rank)
    return [*begin, *(Talk(theme=theme) for theme in neutral)][:TALKS]


def alone(report: Report, place: Place | None) -> bool:
    """Whether safety is to be talked about, with each one alone."""
    return place is not None and SAFETY in _first_of_theme(_agreeing(report, place)[1])


def _agreeing(report: Report, place: Place) -> tuple[list[Row], list[Row]]:
    """What certainly goes well, and what certainly does not, but for pairs of questions that contradict each other."""
    good = [row for row in report.rows(place) if word_for(row.positive.interval, place.n) == "many"]
    poor = [row for row in report.poor(place) if row.negative.interval[0] >= SEVERAL]
    ids = {row.question.id for row in good}, {row.question.id for row in poor}
    return (
        [row for row in good if row.question.pair not in ids[1]],
        [row for row in poor if row.question.pair not in ids[0]],
    )


def _first_of_theme(rows: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.question.theme, row)
    return found


def _rank(theme: str) -> int:
    return OPEN.index(theme) if theme in OPEN else len(OPEN)

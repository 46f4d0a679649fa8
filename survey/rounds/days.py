"""The days of a round looked at before they count: what cannot be, and what is so unusual that somebody must mean it.

A round is planned from one day to another, opened on a day that may be another than planned, and its last day is moved.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from survey.rounds.plan import later
from survey.spreadsheet import Worded, worded

LONG = 120  # days of answers; rounds of the practice take some weeks
AWAY = 12  # months to the first day
FARTHEST = 120  # months to the last day; what is farther is a slip in the year


@dataclass(frozen=True)
class Look:
    """A round that takes answers from the first day to the last, both counted.

    `impossible`: why that cannot be, with the cure. `unusual`: what to mind, by a word of one's own for each.
    """

    first: dt.date
    last: dt.date
    impossible: Worded | None
    unusual: Mapping[str, Worded]

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def asked(self) -> str:
        """What a tick under all that is unusual says."""
        return " ".join(self.unusual)

    def meant(self, ticked: str) -> bool:
        """Whether a tick stood under everything that is unusual."""
        return set(self.unusual) <= set(ticked.split())


def planned(first: dt.date, last: dt.date, repeat: int, today: dt.date) -> Look:
    """A plan from one day to another, repeated after so many months (0: once)."""
    unusual = {}
    if first < today:
        unusual["past"] = worded("Its first day, %(first)s, is past.", first=first)
    if first > later(today, AWAY):
        unusual["away"] = worded("Its first day, %(first)s, is more than a year away.", first=first)
    return _look(first, last, today, unusual, first, repeat)


def opened(first: dt.date, last: dt.date, repeat: int, today: dt.date) -> Look:
    """The same plan opened today."""
    unusual = {}
    if first < today:
        unusual["past"] = worded("The first day of its plan, %(first)s, is past.", first=first)
    if first > today:
        unusual["early"] = worded("The first day of its plan, %(first)s, has not come yet.", first=first)
    return _look(today, last, today, unusual, first, repeat)


def moved(
    first: dt.date | None, opened: dt.date | None, before: dt.date | None, last: dt.date, repeat: int, today: dt.date
) -> Look:
    """An open round whose last day is moved: it takes answers from the day on which it was opened.

    A round of the command line may have no plan; `opened` is None where no log tells.
    """
    unusual = {}
    if before and last < before:
        unusual["shortened"] = worded("People may have been told that its last day is %(before)s.", before=before)
    return _look(opened or min(first or today, today), last, today, unusual, first, repeat)


def _look(
    first: dt.date, last: dt.date, today: dt.date, unusual: dict[str, Worded], plan: dt.date | None, repeat: int
) -> Look:
    """`plan`: the first day of its plan, from which the next round is counted."""
    if impossible := _impossible(first, last, today):
        return Look(first, last, impossible, {})
    look = Look(first, last, None, unusual)
    if look.days > LONG:
        unusual["long"] = worded(
            "It takes answers for %(days)s days. Most rounds take some weeks; after that few answers come.",
            days=look.days,
        )
    if plan and repeat and (following := later(plan, repeat)) <= last:
        unusual["repeated"] = worded("The next round begins on %(next)s, before this one has ended.", next=following)
    return look


def _impossible(first: dt.date, last: dt.date, today: dt.date) -> Worded | None:
    if last < today:
        return worded("The last day, %(last)s, is past. Choose a day that comes.", last=last)
    if last < first:
        return worded("The last day comes before the first. Choose a later last day, or an earlier first day.")
    if last > later(today, FARTHEST):
        return worded("The last day is more than ten years away. Look whether the year is right.")
    return None

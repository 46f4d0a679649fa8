"""The wheel of a round's year: each day lies where its month is, and none covers another."""

import datetime as dt
import itertools
import math

from survey.desk.planning.ring import numbers, ring
from survey.rounds.calendar import Day

OPENS, CLOSES = Day(dt.date(2026, 11, 28), "opens", "opens"), Day(dt.date(2026, 12, 20), "closes", "closes")
NEXT = [Day(dt.date(year, 11, 28), "next", f"next-{year}") for year in (2027, 2028)]


def held(*days: str) -> list[Day]:
    return [Day(dt.date.fromisoformat(day), "event", day, "Møte") for day in days]


def test_the_same_day_of_later_years_is_one_mark_and_lies_where_its_month_is() -> None:
    days = [OPENS, *held("2026-12-03"), CLOSES, *held("2027-04-01"), *NEXT]
    assert numbers(days) == [1, 2, 3, 4, 1, 1]
    drawn = ring(days)
    at = {mark.number: (float(mark.at.x), float(mark.at.y)) for mark in drawn.marks}
    assert sorted(at) == [1, 2, 3, 4]
    assert at[4][0] > 80, "a quarter of the year from the top"
    assert all(x < 0 and y < 0 for x, y in (at[1], at[2], at[3])), "before the top"
    assert " 0 0 1 " in drawn.open, "the short way round, clockwise"
    assert [first.month for first, *_ in drawn.months] == list(range(1, 13))


def test_no_mark_covers_another_in_a_month_with_many_and_a_plan_without_days_has_no_rim() -> None:
    drawn = ring([OPENS, *held("2026-11-30", "2026-12-03", "2026-12-05"), CLOSES])
    for one, other in itertools.combinations(drawn.marks, 2):
        assert math.dist([float(one.at.x), float(one.at.y)], [float(other.at.x), float(other.at.y)]) > 16
    assert ring(held("2026-12-03")).open == ""
    assert ring([]).marks == ()

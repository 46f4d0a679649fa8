"""Whatever days somebody plans: what cannot be is refused, and of what is unusual nothing goes through unmeant."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as some

from survey.rounds import days
from survey.rounds.plan import REPEATS

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 28)
ANY_DAY = some.dates()
NEAR = some.integers(-500, 5000).map(lambda number: TODAY + number * DAY)
REPEAT = some.sampled_from(REPEATS)


@given(ANY_DAY, ANY_DAY, REPEAT)
def test_a_plan_is_possible_when_it_ends_after_it_begins_in_days_to_come_of_this_decade(
    first: dt.date, last: dt.date, repeat: int
) -> None:
    look = days.planned(first, last, repeat, TODAY)
    possible = max(first, TODAY) <= last <= dt.date(2036, 11, 28)
    assert (look.impossible is None) == possible
    assert not possible or look.days >= 1


@given(NEAR, NEAR, REPEAT)
def test_what_is_unusual_is_told_and_each_needs_its_own_tick(first: dt.date, last: dt.date, repeat: int) -> None:
    for look in (
        days.planned(first, last, repeat, TODAY),
        days.opened(first, last, repeat, TODAY),
        days.moved(first, None, TODAY + 30 * DAY, last, repeat, TODAY),
    ):
        assert look.meant(look.asked)
        assert look.meant("") == (not look.unusual)
        assert not any(look.meant(look.asked.replace(word, "")) for word in look.unusual)
        assert ("long" in look.unusual) == (look.days > 120 and look.impossible is None)


@given(NEAR, some.integers(0, 119), REPEAT)
def test_a_plan_is_opened_in_silence_on_its_first_day_alone(first: dt.date, length: int, repeat: int) -> None:
    last = first + length * DAY
    for today in (first - DAY, first, min(first + DAY, last)):
        look = days.opened(first, last, repeat, today)
        assert look.first == today
        said = {"early"} if today < first else {"past"} if today > first else set()
        assert set(look.unusual) - {"long", "repeated"} == said
    assert set(days.planned(first, last, repeat, first).unusual) == set(days.opened(first, last, repeat, first).unusual)


@given(NEAR, NEAR, some.integers(0, 400), REPEAT)
def test_a_later_end_never_hides_what_an_earlier_one_told(
    first: dt.date, last: dt.date, more: int, repeat: int
) -> None:
    sooner, later = (days.planned(first, day, repeat, TODAY) for day in (last, last + more * DAY))
    assert later.impossible or set(sooner.unusual) <= set(later.unusual)


@given(NEAR, NEAR, some.integers(0, 500), NEAR)
def test_a_last_day_that_is_put_off_is_told_only_where_it_becomes_long_or_meets_the_next(
    first: dt.date, before: dt.date, ago: int, last: dt.date
) -> None:
    opened = TODAY - ago * DAY
    look = days.moved(first, opened, before, last, 0, TODAY)
    assert look.first == opened, "whatever its plan said"
    assert ("shortened" in look.unusual) == (TODAY <= last < before and look.impossible is None)
    assert days.moved(None, None, None, last, 12, TODAY).unusual.keys() <= {"long"}

"""What may be compared with what, and what a reader is told to mind."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reports.comparing import Caution, NotCompared, cautions, cautions_between, not_compared
from reports.counts import Sides
from reports.release import Release, Total
from tests.measured import grouped_round
from tests.released import Shape, leaves_of, release_of

SHAPE: Shape = {"town": {"service": {"a": 9, "b": 8, "c": 3}}}


def a_release(shape: Shape = SHAPE) -> Release:
    return release_of(shape, [dict.fromkeys(leaves_of(shape), Sides(3, 0, 0))])


def with_question(**changes: object) -> Release:
    release = a_release()
    return replace(release, questions={"0": replace(release.questions["0"], **changes)})


def test_the_same_question_in_two_rounds_is_compared() -> None:
    assert not_compared(a_release(), a_release(), "0") is None


def test_a_language_that_only_one_has_is_no_other_wording() -> None:
    text = {**a_release().questions["0"].text, "en": "Is 0 good?"}
    assert not_compared(a_release(), with_question(text=text), "0") is None


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(a_release(), simulated=True), NotCompared.SIMULATED),
        (replace(a_release(), audience="relative"), NotCompared.AUDIENCE),
        (replace(a_release(), service_kind="shared_home"), NotCompared.SERVICE),
        (replace(a_release(), questions={}), NotCompared.NOT_ASKED),
        (with_question(text={"nb": "Er 0 veldig bra?"}), NotCompared.WORDING),
        (with_question(text={"en": "Is 0 good?"}), NotCompared.WORDING),  # no language in common
        (with_question(scale="degree"), NotCompared.SCALE),
        (with_question(labels={"positive": {"nb": "ja"}, "negative": {"nb": "dårlig"}}), NotCompared.SCALE),
        (with_question(turned=True), NotCompared.TURNED),
    ],
)
def test_whatever_is_not_the_same_is_not_compared_either_way_and_the_reason_is_given(
    other: Release, reason: NotCompared
) -> None:
    assert not_compared(a_release(), other, "0") == reason
    assert not_compared(other, a_release(), "0") == reason


def with_help(**support: Total) -> Release:
    release = a_release()
    return replace(release, totals=replace(release.totals, support=support))


def test_few_answers_and_much_help_are_told() -> None:
    release = with_help(none=10, some=10)
    (town, *_) = release.nodes
    assert (town.n, town.invited) == (20, 40)
    assert cautions(release, town) == [Caution.HELP]
    assert cautions(release, replace(town, invited=41)) == [Caution.COVERAGE, Caution.HELP]
    assert cautions(with_help(none=14, some=6), town) == []
    assert cautions(with_help(**{"none+some": 20}), town) == []  # not told, so nothing can be said


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"none": 12, "some": 8}, [Caution.HELP_CHANGED]),
        ({"none": 15, "some": 5}, []),
        ({"none+some": 20}, []),
    ],
)
def test_more_or_less_help_than_before_is_told(now: Mapping[str, Total], told: list[Caution]) -> None:
    assert cautions_between(with_help(none=14, some=6), with_help(**now), "town") == told


def test_a_place_that_came_or_went_is_told_where_it_belongs_to() -> None:
    earlier = a_release()
    later = a_release({"town": {"service": {"a": 9, "b": 8, "d": 3}, "other": {"e": 9}}})
    for place in ("town", "service"):
        assert cautions_between(earlier, later, place) == [Caution.PLACES_CHANGED]
    assert cautions_between(earlier, later, "a") == []


def test_a_place_that_is_shown_this_time_and_not_the_last_is_no_change() -> None:
    fewer = a_release({"town": {"service": {"a": 9, "b": 3, "c": 3}}})
    assert cautions_between(a_release(), fewer, "town") == []


def test_planned_groups_in_the_place_of_units_are_no_change_of_places() -> None:
    grouped = grouped_round("r2", "2027-01-01", {"covered": (4, 9), "not_covered": (4, 9)})
    assert cautions_between(a_release(), grouped, "town") == []
    moved = a_release({"town": {"elsewhere": {"a": 9, "b": 8, "c": 3}}})
    assert cautions_between(moved, grouped, "town") == [Caution.PLACES_CHANGED]

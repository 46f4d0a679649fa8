"""One question in one place over rounds: in order, only what may be compared, drawn only where it may be."""

from dataclasses import replace

import pytest

from reports.comparing import Caution, NotCompared
from reports.statistics import Group, change, says_now
from reports.trends import trend
from tests.measured import AFTER, BEFORE, MANY, a_round

FIRST, SECOND, NOW = (
    a_round("first", BEFORE, MANY),
    a_round("second", "2026-08-01", MANY | {"a": (25, 40)}),
    a_round("now", AFTER, MANY | {"a": (38, 40)}),
)


def test_rounds_stand_in_order_and_the_change_is_since_the_last_time() -> None:
    found = trend(NOW, [SECOND, FIRST], "a", "0")
    assert [(point.round, point.positive) for point in found.points] == [
        ("first", (20, 20)),
        ("second", (25, 25)),
        ("now", (38, 40)),
    ]
    assert found.change == change(Group(count=(25, 25), n=40), Group(count=(38, 40), n=40))
    assert found.everybody == says_now(Group(count=(38, 40), n=40), 80)
    assert found.drawn
    assert found.left_out == ()


def test_what_is_not_the_same_is_left_out_and_the_reason_kept() -> None:
    worded = replace(FIRST, questions={"0": replace(FIRST.questions["0"], text={"nb": "Annet?"})})
    hidden = a_round("hidden", "2026-08-01", MANY | {"a": (2, 3)})
    found = trend(NOW, [worded, hidden], "a", "0")
    assert [(each.closed, each.reason) for each in found.left_out] == [
        (BEFORE, NotCompared.WORDING),
        ("2026-08-01", None),
    ]
    assert (len(found.points), found.change, found.cautions) == (1, None, ())


def test_below_ten_people_in_any_round_nothing_is_drawn() -> None:
    small = MANY | {"a": (4, 9)}
    assert not trend(NOW, [a_round("first", BEFORE, small)], "a", "0").drawn
    assert not trend(a_round("now", AFTER, small), [FIRST], "a", "0").drawn


def test_what_to_mind_is_told_once() -> None:
    few = replace(FIRST, nodes=tuple(replace(node, invited=3 * node.n) for node in FIRST.nodes))
    assert trend(NOW, [few], "a", "0").cautions == (Caution.COVERAGE,)
    assert trend(few, [], "a", "0").cautions == (Caution.COVERAGE,), "also where there is nothing to compare with"
    more = a_round("now", AFTER, MANY | {"d": (20, 40)})
    assert trend(more, [few], "town", "0").cautions == (Caution.COVERAGE, Caution.PLACES_CHANGED)


def test_a_place_that_is_not_shown_now_has_no_trend() -> None:
    with pytest.raises(LookupError):
        trend(NOW, [FIRST], "nowhere", "0")

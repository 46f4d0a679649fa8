"""The totals of a whole round: no difference between them is fewer than k people."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reports.counts import Counts, LeafCounts
from reports.disclosure import disclose
from reports.release import Release
from tests.released import FACTS, asking, tree_of


def totals(ways: Mapping[str, int], support: Mapping[str, int], by_other: int = 0, not_now: int = 0) -> Release:
    counts = Counts({"town": LeafCounts(sum(ways.values()), {})}, ways, support, by_other)
    facts = replace(FACTS, ways=("self", "interview", "paper"), not_now=not_now)
    return disclose(facts, asking(), tree_of({"town": 9}), counts)


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ({"self": 20, "interview": 12, "paper": 5}, {"self": 20, "interview": 12, "paper": 5}),
        ({"self": 20, "interview": 12, "paper": 4}, {"self": 20, "interview+paper": 16}),
        ({"self": 20, "interview": 3, "paper": 4}, {"self": 20, "interview+paper": 7}),
        ({"self": 20, "interview": 1, "paper": 3}, {"interview+paper+self": 24}),
        ({"self": 20}, {"interview+paper+self": 20}),
        ({"self": 2, "interview": 1}, {"interview+paper+self": "fewer than 5"}),
    ],
)
def test_ways_that_few_or_none_used_are_told_together(ways: Mapping[str, int], told: Mapping[str, int]) -> None:
    assert totals(ways, {}).totals.way == told


def test_nobody_helped_and_a_few_helped_look_the_same() -> None:
    all_alone = totals({"self": 20}, {"none": 20}).totals.support
    assert all_alone == totals({"self": 20}, {"none": 17, "some": 3}).totals.support == {"none+some": 20}
    assert totals({"self": 20}, {"none": 15, "some": 5}).totals.support == {"none": 15, "some": 5}


def test_small_numbers_of_the_round_are_fewer_than_k() -> None:
    few = totals({"self": 20}, {"none": 20}, by_other=4, not_now=0).totals
    assert (few.by_other, few.not_now) == ("fewer than 5", "fewer than 5")
    enough = totals({"self": 20}, {"none": 20}, by_other=5, not_now=31).totals
    assert (enough.by_other, enough.not_now) == (5, 31)


def test_only_residents_are_asked_for_help_and_what_nobody_counted_is_not_told_as_none() -> None:
    counts = Counts({"town": LeafCounts(20, {})}, {"self": 20}, {"not_said": 20}, 0)
    facts = replace(FACTS, audience="relative", not_now=None)
    told = disclose(facts, asking(), tree_of({"town": 20}), counts).totals
    assert (told.support, told.not_now) == ({}, None)

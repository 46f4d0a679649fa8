"""How sure numbers are, against tables worked by hand, other people's programs, and chance itself."""

from collections.abc import Sequence
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportion_effectsize

from reports.counts import Sides
from reports.intervals import leaf_answer
from reports.release import Interval
from reports.statistics import (
    Group,
    certainly_higher,
    change,
    detectable,
    difference_of_changes,
    says_now,
    share,
)

SEED = 20261127


def exactly(count: int, n: int) -> Group:
    return Group(count=(count, count), n=n)


def released(count: int, n: int, b: int = 2) -> Group:
    """A group as a release shows it: counts at the ends are hidden."""
    return Group(count=leaf_answer(Sides(count, 0, 0), n, b).positive, n=n)


@st.composite
def groups(draw: st.DrawFn) -> Group:
    n = draw(st.integers(1, 40))
    low = draw(st.integers(0, n))
    return Group(count=(low, draw(st.integers(low, n))), n=n)


# What the group says now


def test_where_everybody_answered_it_says_what_was_released() -> None:
    for low, high in ((0, 2), (3, 3), (5, 7), (7, 7)):
        assert says_now(Group(count=(low, high), n=7), 7) == (low, high)
        assert says_now(Group(count=(low, high), n=7), 6) == (low, high)  # a code used beyond those counted


def test_a_table_small_enough_to_count_by_hand() -> None:
    # Two of six answered, both well. Of the 15 pairs, C(K, 2) are both well: 1, 3, 6, 10, 15 for K of 2, 3, 4, 5, 6.
    # A twentieth at each end leaves K of 2 (1/15 is more); a tenth leaves 3 (3/15), as 1/15 is less.
    both = exactly(2, 2)
    assert says_now(both, 6, level=0.90) == (2, 6)
    assert says_now(both, 6, level=0.80) == (3, 6)
    assert says_now(exactly(0, 2), 6, level=0.80) == (0, 3)


@given(groups(), st.integers(0, 60))
def test_it_is_the_numbers_that_the_hypergeometric_distribution_of_scipy_does_not_refuse(
    group: Group, silent: int
) -> None:
    everybody, (low, high) = group.n + silent, group.count
    possible = [
        k
        for k in range(low, everybody - (group.n - high) + 1)
        if hypergeom.sf(low - 1, everybody, k, group.n) >= 0.025 - 1e-12
        and hypergeom.cdf(high, everybody, k, group.n) >= 0.025 - 1e-12
    ]
    assert says_now(group, everybody) == (possible[0], possible[-1])


@pytest.mark.parametrize(("everybody", "n"), [(8, 5), (12, 7), (30, 9), (91, 75), (144, 79), (305, 168)])
def test_whoever_answers_it_holds_the_truth_nineteen_times_of_twenty(everybody: int, n: int) -> None:
    for having in range(0, everybody + 1, max(1, everybody // 23)):
        seen = range(max(0, n - (everybody - having)), min(n, having) + 1)
        held = sum(
            comb(having, x) * comb(everybody - having, n - x)
            for x in seen
            for low, high in (says_now(released(x, n), everybody),)
            if low <= having <= high
        )
        assert held / comb(everybody, n) >= 0.95


def test_a_whole_country_is_no_harder_than_a_home() -> None:
    low, high = says_now(exactly(300_000, 500_000), 1_000_000)
    assert 598_000 < low < 600_000 < high < 602_000


# Shares and change


@given(st.integers(1, 200), st.data())
def test_a_share_is_the_one_of_statsmodels(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    assert share(exactly(count, n)) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-12)


@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_a_change_is_the_one_of_statsmodels(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    theirs = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", compare="diff")
    assert change(exactly(x1, n1), exactly(x2, n2)) == pytest.approx(theirs, abs=1e-12)


def test_the_change_in_newcombes_own_table() -> None:
    # R. G. Newcombe (1998), table II, method 10: 56/70 against 48/80.
    low, high = change(exactly(48, 80), exactly(56, 70))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@given(groups(), groups(), groups(), groups())
def test_bounds_hold_whatever_the_hidden_counts_are(a: Group, b: Group, c: Group, d: Group) -> None:
    def possible(group: Group) -> list[Group]:
        low, high = group.count
        return [exactly(count, group.n) for count in {low, (low + high) // 2, high}]

    low, high = change(a, b)
    for before, after in product(possible(a), possible(b)):
        inner_low, inner_high = change(before, after)
        assert low - 1e-9 <= inner_low <= inner_high <= high + 1e-9
    low, high = difference_of_changes((a, b), (c, d))
    for truth in product(*map(possible, (a, b, c, d))):
        inner_low, inner_high = difference_of_changes((truth[0], truth[1]), (truth[2], truth[3]))
        assert low - 1e-9 <= inner_low <= inner_high <= high + 1e-9


def test_a_change_against_others_who_are_known_for_certain_is_the_change_alone() -> None:
    many = 10**9
    others = exactly(many // 2, many), exactly(many // 2, many)
    one, other = exactly(10, 40), exactly(25, 40)
    assert difference_of_changes((one, other), others) == pytest.approx(change(one, other), abs=1e-3)


def binomial(n: int, p: float) -> Sequence[float]:
    return [comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)]


@pytest.mark.parametrize(("n1", "n2"), [(5, 5), (6, 14), (12, 9), (20, 20), (33, 60)])
def test_a_change_holds_the_truth_nine_times_of_ten_and_rarely_moves_by_itself(n1: int, n2: int) -> None:
    """Every pair of counts with its exact chance, as released."""
    bounds = {(x, y): change(released(x, n1), released(y, n2)) for x in range(n1 + 1) for y in range(n2 + 1)}
    for p1, p2 in product((0.05, 0.2, 0.5, 0.8, 0.95), (0.05, 0.3, 0.5, 0.7, 0.95)):
        before, after = binomial(n1, p1), binomial(n2, p2)
        held = sum(before[x] * after[y] for (x, y), (low, high) in bounds.items() if low <= p2 - p1 <= high)
        assert held >= 0.90
    for p in (0.05, 0.2, 0.5, 0.8, 0.95):
        before, after = binomial(n1, p), binomial(n2, p)
        moved = sum(before[x] * after[y] for (x, y), (low, high) in bounds.items() if low > 0 or high < 0)
        assert moved <= 0.10


@pytest.mark.parametrize("n", [(5, 5, 5, 5), (8, 7, 30, 25), (40, 35, 60, 80)])
@pytest.mark.parametrize(
    "p", [(0.5, 0.5, 0.5, 0.5), (0.2, 0.6, 0.4, 0.5), (0.9, 0.95, 0.85, 0.9), (0.1, 0.1, 0.9, 0.9)]
)
def test_a_difference_of_changes_holds_the_truth_nine_times_of_ten(n: tuple[int, ...], p: tuple[float, ...]) -> None:
    dice = np.random.default_rng(SEED)
    truth = p[1] - p[0] - (p[3] - p[2])
    held = 0
    for counts in dice.binomial(n, p, size=(1000, 4)).tolist():
        one, two, three, four = (released(count, size) for count, size in zip(counts, n, strict=True))
        low, high = difference_of_changes((one, two), (three, four))
        held += low <= truth <= high
    assert held >= 900


# What could have been seen


def test_what_could_have_been_seen_is_what_statsmodels_says_it_is() -> None:
    n, before = 400, 0.5
    seen = detectable(exactly(200, n), exactly(200, n))
    effect = proportion_effectsize(before + seen, before)
    assert NormalIndPower().power(effect, n, alpha=0.05) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(("n1", "n2"), [(10, 10), (20, 30), (60, 60)])
def test_a_change_of_that_size_is_seen_four_times_of_five(n1: int, n2: int) -> None:
    dice = np.random.default_rng(SEED)
    start = 0.3
    step = detectable(exactly(round(start * n1), n1), exactly(round(start * n2), n2))
    seen = sum(
        change(exactly(x, n1), exactly(y, n2))[0] > 0
        for x, y in dice.binomial((n1, n2), (start, min(start + step, 1)), size=(2000, 2)).tolist()
    )
    assert 0.72 <= seen / 2000 <= 0.93


def test_hidden_counts_have_to_be_overcome_too() -> None:
    sure, unsure = exactly(1, 10), Group(count=(0, 2), n=10)
    assert detectable(unsure, exactly(5, 10)) == pytest.approx(detectable(sure, exactly(5, 10)) + 0.2)


# Ranking


def test_only_places_that_lie_apart_for_certain_are_ranked() -> None:
    places = {"Arna": exactly(38, 40), "Fana": exactly(30, 40), "Nesttun": exactly(8, 40)}
    assert certainly_higher(places) == [("Arna", "Nesttun"), ("Fana", "Nesttun")]
    assert certainly_higher({"Arna": exactly(38, 40)}) == []
    assert certainly_higher({}) == []


def test_the_more_places_are_compared_the_further_they_must_lie_apart() -> None:
    two = {"Arna": exactly(28, 40), "Fana": exactly(13, 40)}
    assert certainly_higher(two) == [("Arna", "Fana")]
    assert certainly_higher(two | {f"centre {i}": exactly(20, 40) for i in range(20)}) == []


def test_among_places_that_are_alike_hardly_ever_one_is_ranked() -> None:
    dice = np.random.default_rng(SEED)
    sizes = dice.integers(5, 45, size=11).tolist()
    wrong = sum(
        bool(certainly_higher({str(i): released(x, n) for i, (x, n) in enumerate(zip(counts, sizes, strict=True))}))
        for counts in dice.binomial(sizes, 0.7, size=(500, 11)).tolist()
    )
    assert wrong <= 25


# Published tables


@pytest.mark.parametrize(
    ("survey", "part", "whole", "stated"),
    [
        ("Trondheim's ambulant team, November 2025: those asked who answered", 79, 144, 55),
        ("Bergen: support contacts of people who live in no shared home", 301, 534, 56),
        ("Bergen: users of the department with a place at a day centre", 305, 1483, 21),
    ],
)
def test_shares_are_those_the_documents_state(survey: str, part: int, whole: int, stated: int) -> None:
    low, high = share(exactly(part, whole))
    assert low < part / whole < high
    assert round(100 * part / whole) == stated, survey


def test_what_trondheims_79_of_144_would_say_of_all_of_them() -> None:
    """How many chose what is not published, so only the ends are: all 79 at the good end, or none of them."""
    assert f"{100 * 79 / 144:.1f}" == "54.9"
    assert says_now(exactly(79, 79), 144) == (140, 144)
    assert says_now(exactly(0, 79), 144) == (0, 4)
    fewest = next(all_ for all_ in range(79, 145) if comb(all_, 79) / comb(144, 79) >= 0.025)
    assert fewest == 140, "by hand: fewer than 140 would hardly leave 79 of 79"


@pytest.mark.parametrize(
    ("said_yes", "of_all"),
    [(65, (75, 81)), (63, (73, 79))],  # common rooms; that are used
)
def test_bergens_leaders_of_whom_75_of_91_answered(said_yes: int, of_all: Interval) -> None:
    leaders = released(said_yes, 75)
    assert leaders.count == (said_yes, said_yes)
    assert says_now(leaders, 91) == of_all
    assert says_now(leaders, 75) == (said_yes, said_yes)

"""Whether a measure helped: what is compared with what, what is said, and how often that is wrong."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from reports.comparing import Caution, NotCompared
from reports.measures.effect import Note, Verdict, effect, follow_up
from reports.measures.model import Covers, Status
from reports.measures.rows import Merged, sides
from reports.release import Release, Totals
from reports.statistics import Group
from tests.measured import AFTER, BEFORE, MANY, START, a_measure, a_round, grouped_round

SEED = 20261127


def before(**units: tuple[int, int]) -> Release:
    return a_round("before", BEFORE, MANY | units)


def after(**units: tuple[int, int]) -> Release:
    return a_round("after", AFTER, MANY | units)


# Who is compared


def test_units_are_held_against_all_other_rows() -> None:
    found = effect(a_measure(), before(), after(a=(35, 40)))
    assert (found.covered.before, found.covered.after) == (
        Group(count=(20, 20), n=40),
        Group(count=(35, 35), n=40),
    )
    assert found.others.before == found.others.after == Group(count=(60, 60), n=120)
    assert found.notes == ()


def test_several_units_are_counted_together() -> None:
    found = effect(a_measure(units=frozenset("ab")), before(), after())
    assert found.covered.before == Group(count=(50, 50), n=100)


def test_a_unit_not_shown_both_times_is_left_out_and_said() -> None:
    measure = a_measure(units=frozenset("ab"))
    found = effect(measure, before(d=(4, 8)), after(b=(2, 3), d=(4, 8)))  # d is shown with b
    assert found.covered.before == Group(count=(20, 20), n=40)
    assert Note.PARTIAL in found.notes


LATER, EARLIER = START + dt.timedelta(days=30), START - dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("covered", "now", "merged", "counts", "note"),
    [
        ("ab", "ac", {"b": ("a", LATER)}, ((50, 100), (20, 40), (30, 60), (30, 60)), Note.JOINED),
        ("ab", "nc", {"a": ("n", LATER), "b": ("n", LATER)}, ((50, 100), (20, 40), (30, 60), (30, 60)), Note.JOINED),
        ("ab", "nc", {"a": ("b", LATER), "b": ("n", LATER)}, ((50, 100), (20, 40), (30, 60), (30, 60)), Note.JOINED),
        ("a", "ac", {"b": ("c", LATER)}, ((20, 40), (20, 40), (60, 120), (30, 60)), Note.JOINED),
        ("a", "ac", {"b": ("a", EARLIER)}, ((50, 100), (20, 40), (30, 60), (30, 60)), Note.JOINED),
        ("a", "ac", {"b": ("a", LATER)}, (None, None, (30, 60), (30, 60)), Note.MIXED),
        ("ab", "ac", {}, ((20, 40), (20, 40), (30, 60), (30, 60)), Note.PARTIAL),
    ],
    ids=["two covered", "into a new one", "one after the other", "two others", "before it began", "mixed", "closed"],
)
def test_units_that_became_one_are_followed_where_all_or_none_of_them_are_covered(
    covered: str, now: str, merged: Merged, counts: tuple[tuple[int, int] | None, ...], note: Note
) -> None:
    later = a_round("after", AFTER, {unit: MANY["c" if unit == "c" else "a"] for unit in now})
    measure = a_measure(units=frozenset(covered))
    found = effect(measure, before(), later, merged=merged)
    told = [found.covered.before, found.covered.after, found.others.before, found.others.after]
    assert [one and (one.count[0], one.n) for one in told] == list(counts)
    assert {note} == set(found.notes) & {Note.JOINED, Note.MIXED, Note.PARTIAL}
    assert follow_up(measure, before(), [later], merged) is later


def test_units_that_both_rounds_know_are_not_put_together_and_a_part_that_is_not_shown_is_missed() -> None:
    measure, joined = a_measure(units=frozenset("ab")), {"b": ("a", LATER)}
    assert Note.JOINED not in effect(measure, before(), after(), merged=joined).notes
    found = effect(measure, before(b=(2, 3), d=(4, 8)), a_round("after", AFTER, {"a": (20, 43)}), merged=joined)
    assert (found.covered.before, Note.PARTIAL in found.notes) == (None, False)
    assert found.verdict is Verdict.TOO_FEW


def test_a_row_of_several_places_is_no_row_of_others_where_one_of_them_is_covered() -> None:
    units = {"a": (20, 40), "b": (30, 60), "c": (2, 3), "d": (2, 4)}
    release = a_round("before", BEFORE, units)
    assert "service-rest" in {node.id for node in release.nodes}
    assert sides(a_measure(), [release]).others == {"b", "service-rest"}
    assert sides(a_measure(units=frozenset("ac")), [release]).others == {"b"}
    assert sides(a_measure(units=frozenset("ac")), [release]).partial


def test_a_row_of_several_places_is_the_same_only_while_it_has_the_same_places() -> None:
    units = {"a": (20, 40), "b": (30, 60), "c": (2, 3), "d": (2, 4)}
    moved = {"e" if unit == "d" else unit: counts for unit, counts in units.items()}
    earlier, later = a_round("before", BEFORE, units), a_round("after", AFTER, moved)
    assert sides(a_measure(), [earlier, earlier]).others == {"b", "service-rest"}
    assert sides(a_measure(), [earlier, later]).others == {"b"}


def test_where_all_are_covered_the_whole_is_and_nobody_is_left_to_compare_with() -> None:
    found = effect(a_measure(units=frozenset("abc")), before(), after(a=(35, 40)))
    assert found.covered.before == Group(count=(80, 80), n=160)
    assert (found.others.before, found.notes) == (None, (Note.NO_OTHERS,))
    assert found.moved == found.covered.change


def test_a_planned_group_is_held_against_those_outside_it() -> None:
    measure = a_measure(covers=Covers.GROUP, units=frozenset(), rounds=frozenset({"before", "after"}))
    groups = {"covered": (20, 40), "not_covered": (30, 60)}
    earlier = grouped_round("before", BEFORE, groups)
    later = grouped_round("after", AFTER, groups | {"covered": (38, 40)})
    found = effect(measure, earlier, later)
    assert found.covered.before == Group(count=(20, 20), n=40)
    assert found.others.after == Group(count=(30, 30), n=60)
    assert found.verdict is Verdict.AS_HOPED
    assert effect(replace(measure, place="town"), earlier, later) == found
    assert effect(replace(measure, place="elsewhere"), earlier, later).verdict is Verdict.TOO_FEW
    assert effect(replace(measure, rounds=frozenset()), earlier, later).verdict is Verdict.NO_GROUPS
    assert follow_up(measure, earlier, [later]) == later
    assert follow_up(replace(measure, rounds=frozenset({"before"})), earlier, [later]) is None


# What is said


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        ((38, 40), Verdict.AS_HOPED),
        ((3, 40), Verdict.OTHER_WAY),
        ((22, 40), Verdict.NO_SIGN),
        ((2, 3), Verdict.TOO_FEW),  # so few that it is not shown
    ],
)
def test_a_verdict_in_words(now: tuple[int, int], verdict: Verdict) -> None:
    assert effect(a_measure(), before(), after(a=now)).verdict is verdict


def test_where_no_possible_move_would_be_seen_there_are_too_few_to_say() -> None:
    small = {"a": (4, 8), "b": (3, 7), "c": (4, 9)}
    found = effect(a_measure(), a_round("before", BEFORE, small), a_round("after", AFTER, small))
    assert found.verdict is Verdict.TOO_FEW
    assert found.detectable is not None
    assert found.detectable > 0.5


def test_what_was_the_same_for_everybody_is_no_effect() -> None:
    found = effect(a_measure(), before(), after(a=(35, 40), b=(52, 60), c=(52, 60)))
    assert found.covered.change is not None
    assert found.covered.change[0] > 0
    assert found.verdict is Verdict.NO_SIGN


def test_who_was_chosen_for_low_numbers_gets_no_verdict_without_a_later_baseline() -> None:
    measure = a_measure(chosen_by="picked")
    picked = dt.date.fromisoformat(BEFORE)
    assert effect(measure, before(), after(a=(38, 40)), picked).verdict is Verdict.CHOSEN_FOR_LOW
    assert effect(measure, before(), after(a=(38, 40)), picked - dt.timedelta(1)).verdict is Verdict.AS_HOPED


def test_before_a_round_after_it_is_said_what_could_be_seen() -> None:
    found = effect(a_measure(), before(), None)
    assert (found.verdict, found.moved) == (Verdict.NOT_YET, None)
    assert effect(a_measure(status=Status.PLANNED), before(), None).verdict is Verdict.NOT_BEGUN
    assert found.detectable == effect(a_measure(), before(), after()).detectable
    assert effect(a_measure(baseline=None), None, after()).verdict is Verdict.NO_BASELINE


def test_another_wording_is_not_compared() -> None:
    other = after()
    other = replace(other, questions={"0": replace(other.questions["0"], text={"nb": "Noe annet?"})})
    found = effect(a_measure(), before(), other)
    assert (found.verdict, found.reason) == (Verdict.NOT_COMPARED, NotCompared.WORDING)
    assert (found.moved, found.covered.after) == (None, None)


def test_a_round_by_planned_groups_says_nothing_of_some_units_and_something_of_all() -> None:
    groups = grouped_round("after", AFTER, {"covered": (38, 80), "not_covered": (60, 80)})
    found = effect(a_measure(), before(), groups)
    assert (found.verdict, found.reason) == (Verdict.NOT_COMPARED, NotCompared.NOT_BY_UNIT)
    assert (found.covered.before, found.covered.after) == (Group(count=(20, 20), n=40), None)
    assert effect(a_measure(units=frozenset("abc")), before(), groups).reason is None


def test_a_baseline_from_after_it_began_and_few_answers_are_said() -> None:
    late = a_measure(start=dt.date(2026, 2, 1))
    assert effect(late, before(), after()).notes == (Note.LATE_BASELINE,)
    few = before()
    few = replace(few, nodes=tuple(replace(node, invited=3 * node.n) for node in few.nodes))
    assert effect(a_measure(), few, after()).notes == (Note.LOW_COVERAGE,)


def test_help_to_answer_and_places_that_came_or_went_are_said_of_both_rounds() -> None:
    little, much = (
        Totals(way={"self": 160}, support={"none": 160 - some, "some": some}, by_other=0, not_now=None)
        for some in (20, 60)
    )
    first = replace(before(), totals=little)
    assert effect(a_measure(), first, replace(after(), totals=little)).cautions == ()
    now = effect(a_measure(), first, replace(after(), totals=much))
    assert now.cautions == (Caution.HELP, Caution.HELP_CHANGED)
    grown = a_round("after", AFTER, MANY | {"d": (20, 40)})
    assert effect(a_measure(), before(), grown).cautions == (Caution.PLACES_CHANGED,)
    assert effect(a_measure(), before(), None).cautions == ()


def test_the_round_after_is_the_newest_that_can_be_compared_and_shows_those_covered() -> None:
    old, new = a_round("x", "2026-08-01", MANY), a_round("y", AFTER, MANY)
    assert follow_up(a_measure(), before(), [old, new, before()]) == new
    hidden = a_round("z", "2027-01-01", MANY | {"a": (2, 3)})
    assert follow_up(a_measure(), before(), [hidden, new]) == new
    assert follow_up(a_measure(), before(), [hidden]) == hidden
    assert follow_up(a_measure(), before(), [replace(new, audience="relative")]) is None
    assert follow_up(a_measure(start=dt.date(2026, 12, 1)), before(), [new]) is None
    assert follow_up(a_measure(start=None), before(), [new]) is None
    assert follow_up(a_measure(status=Status.DECIDED), before(), [new]) is None


@pytest.mark.parametrize(
    ("changes", "overdue"),
    [
        ({"start": START, "status": Status.DECIDED}, True),
        ({"start": START, "status": Status.STARTED}, False),
        ({"deadline": START, "status": Status.STARTED}, True),
        ({"deadline": START, "status": Status.ENDED}, False),
        ({"start": None, "status": Status.PLANNED}, False),
    ],
)
def test_what_should_have_happened_by_now_is_overdue(changes: dict[str, object], overdue: bool) -> None:
    assert a_measure(**changes).overdue(START + dt.timedelta(1)) is overdue
    assert not a_measure(**changes).overdue(START)


# How often that is wrong

SIZES = {"a": 12, "b": 9, "c": 25, "d": 30, "e": 6, "f": 4}


def drawn(dice: np.random.Generator, name: str, closed: str, chances: dict[str, float]) -> Release:
    return a_round(name, closed, {unit: (int(dice.binomial(n, chances[unit])), n) for unit, n in SIZES.items()})


@pytest.mark.parametrize("covered", [{"a"}, {"a", "c"}, {"b", "d", "e"}, set(SIZES)], ids=sorted)
@pytest.mark.parametrize(("level", "common", "helps"), [(0.6, 0.0, 0.0), (0.3, 0.25, 0.0), (0.4, 0.1, 0.3)])
def test_an_effect_holds_the_truth_nine_times_of_ten_and_seldom_is_seen_where_there_is_none(
    covered: set[str], level: float, common: float, helps: float
) -> None:
    """Whole rounds, released as any other: the covered move by `helps`, and everybody by what is common."""
    dice = np.random.default_rng(SEED)
    if covered == set(SIZES):
        common = 0.0  # with nobody to compare with, what is common counts as its effect: that is said
    measure = a_measure(units=frozenset(covered))
    earlier = dict.fromkeys(SIZES, level)
    later = {unit: level + common + (helps if unit in covered else 0) for unit in SIZES}
    held = wrong = verdicts = 0
    for _ in range(150):
        found = effect(measure, drawn(dice, "before", BEFORE, earlier), drawn(dice, "after", AFTER, later))
        assert found.moved is not None
        held += found.moved[0] <= helps <= found.moved[1]
        wrong += found.verdict is (Verdict.OTHER_WAY if helps else Verdict.AS_HOPED)
        wrong += not helps and found.verdict is Verdict.OTHER_WAY
        verdicts += 1
    assert held >= 0.9 * verdicts
    assert wrong <= 0.1 * verdicts


def test_units_chosen_for_low_numbers_seem_to_rise_and_so_get_no_verdict_from_that_round() -> None:
    """Nothing is done and nothing changes; the lowest of the units are chosen, as people do."""
    dice = np.random.default_rng(SEED)
    chances, units = dict.fromkeys("abcdefghij", 0.5), dict.fromkeys("abcdefghij", 20)
    rose = 0
    for _ in range(100):
        counts = [{unit: (int(dice.binomial(n, chances[unit])), n) for unit, n in units.items()} for _ in range(2)]
        lowest = frozenset(sorted(counts[0], key=lambda unit: counts[0][unit])[:3])
        rounds = a_round("before", BEFORE, counts[0]), a_round("after", AFTER, counts[1])
        measure = a_measure(units=lowest, chosen_by="before")
        rose += effect(measure, *rounds).verdict is Verdict.AS_HOPED  # had nobody said how they were chosen
        chosen = effect(measure, *rounds, dt.date.fromisoformat(BEFORE))
        assert chosen.verdict is Verdict.CHOSEN_FOR_LOW
    assert rose > 10

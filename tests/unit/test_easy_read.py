"""What people are told follows from the release: each word is true of every number its interval holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.easy_read import LEAST, MOST, Fact, facts, suggested, word_for
from reports.release import Answer, Node, Release
from tests.bergen import day_centres, shared_homes

RELEASES = (day_centres(), shared_homes())
TRUE = {
    "many": lambda count, n: count / n > 1 / 2,
    "some": lambda count, n: 1 / 5 <= count / n <= 1 / 2,
    "few": lambda count, n: count / n < 1 / 5,
}


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int, int]:
    n = draw(st.integers(5, 300))
    low = draw(st.integers(0, n))
    return low, draw(st.integers(low, n)), n


@given(intervals())
def test_a_word_is_true_of_every_number_that_the_interval_leaves_open(found: tuple[int, int, int]) -> None:
    low, high, n = found
    right = {word for word, holds in TRUE.items() if all(holds(count, n) for count in range(low, high + 1))}
    assert word_for((low, high), n) == (right.pop() if right else None)
    assert not right


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: str(release.round))
def test_at_first_three_to_five_facts_are_told_each_theme_once(release: Release) -> None:
    for node in release.nodes:
        possible, chosen = facts(release, node), suggested(release, node)
        themes = [release.questions[fact.question].theme for fact in chosen]
        assert len(set(themes)) == len(themes)
        others = {release.questions[fact.question].theme for fact in possible if useful(fact)}
        assert min(LEAST, len(others)) <= len(chosen) <= MOST
        assert chosen == [fact for fact in possible if fact in chosen], "in the questionnaire's order"


def useful(fact: Fact) -> bool:
    """Whether a rule could choose it."""
    return fact.end == "negative" or fact.word == "many"


def test_what_most_find_good_and_what_most_find_bad_is_told_first() -> None:
    mixed = made({"a": (30, 2), "b": (12, 20)})
    told = {(fact.question, fact.word) for fact in suggested(mixed, top(mixed))}
    assert told == {("a", "many"), ("b", "some")}
    worst = made({"a": (2, 9), "b": (2, 30), "c": (2, 25), "d": (2, 20), "e": (2, 15), "f": (2, 12)})
    assert [fact.question for fact in suggested(worst, top(worst))] == ["b", "c", "d", "e", "f"]


def test_where_all_is_well_three_good_things_are_told() -> None:
    release = made(dict.fromkeys("abcdef", (40, 0)))
    assert [(fact.end, fact.word) for fact in suggested(release, top(release))] == [("positive", "many")] * LEAST


def made(counts: dict[str, tuple[int, int]], n: int = 40) -> Release:
    """A release of one place in which so many found each question good and bad, each question of its own theme."""
    release = RELEASES[0]
    answers = {
        question: Answer(positive=(good, good), negative=(bad, bad), open=None)
        for question, (good, bad) in counts.items()
    }
    some = next(iter(release.questions.values()))
    questions = {question: replace(some, number=number, theme=question) for number, question in enumerate(counts, 1)}
    return replace(release, questions=questions, nodes=(replace(release.nodes[0], n=n, answers=answers),))


def top(release: Release) -> Node:
    return release.nodes[0]

"""Opened answers become counts, and who was answered for is in none of them."""

from dataclasses import replace
from random import Random

from reports.aggregate import OpenedAnswer, aggregate
from reports.counts import Counts, LeafCounts, Sides
from tests.released import asking

TWO = asking("thrive", "safe")


def answer(leaf: str, thrive: int | str | None, support: str = "none", way: str = "self") -> OpenedAnswer:
    return OpenedAnswer(leaf, way, support, {"thrive": thrive, "comment": "…"})


def test_ladders_meet_on_one_line_and_every_non_answer_is_open() -> None:
    answers = [answer("a", value) for value in (5, 4, 3, 2, 1, None, "not_understood", "dont_know", "dont_want")]
    counts = aggregate(answers, TWO)
    assert counts.leaves == {"a": LeafCounts(9, {"thrive": Sides(2, 2, 4), "safe": Sides(0, 0, 9)})}, (
        "a question that was not asked is open for everybody"
    )


def test_a_turned_question_has_its_sides_the_other_way_round() -> None:
    turned = replace(TWO, questions=(replace(TWO.questions[0], turned=True),))
    assert aggregate([answer("a", 5), answer("a", 5), answer("a", 1)], turned).leaves["a"].answers == {
        "thrive": Sides(positive=1, negative=2, open=0)
    }


def test_answers_by_somebody_else_count_nowhere_but_in_their_own_number() -> None:
    answers = [answer("a", 5), answer("a", 1, "by_other", "interview"), answer("b", 1, "by_other")]
    assert aggregate(answers, TWO) == Counts(
        leaves={"a": LeafCounts(1, {"thrive": Sides(1, 0, 0), "safe": Sides(0, 0, 1)})},
        ways={"self": 1},
        support={"none": 1},
        by_other=2,
    )


def test_ways_and_support_are_counted_over_the_round() -> None:
    answers = [answer("a", 5, "some", "interview"), answer("b", 5, "none"), answer("b", 5, "some")]
    counts = aggregate(iter(answers), TWO)
    assert (counts.ways, counts.support) == ({"interview": 1, "self": 2}, {"some": 2, "none": 1})


def test_nobody_answering_is_no_error() -> None:
    assert aggregate([], TWO) == Counts({}, {}, {}, 0)


def test_a_questionnaire_of_comments_alone_still_counts_people() -> None:
    assert aggregate([answer("a", None)], asking()).leaves == {"a": LeafCounts(1, {})}


def test_the_order_of_answers_does_not_matter() -> None:
    answers = [answer(leaf, value) for leaf in "abc" for value in (5, 3, 1, None)]
    shuffled = Random(1).sample(answers, len(answers))
    assert list(aggregate(shuffled, TWO).leaves.items()) == list(aggregate(answers, TWO).leaves.items())

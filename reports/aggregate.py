"""Opened answers become counts per leaf, once, at close. Nothing else in reports sees an answer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from reports.counts import Counts, LeafCounts, Sides
from survey.questionnaire.model import Question, Questionnaire

SIDES = ("positive", "negative", "open", "middle")


@dataclass(frozen=True)
class OpenedAnswer:
    """One person's answer.

    `leaf` is the id of the unit, or in a round with a planned group, of the group it was given in. `values`
    has for each question 1–5, a non-answer ("not_understood" …), or None or nothing (skipped, not asked).
    """

    leaf: str
    way: str
    support: str
    values: Mapping[str, int | str | None]


def aggregate(answers: Iterable[OpenedAnswer], questionnaire: Questionnaire) -> Counts:
    """Count the answers of a round; comments are left out, and so are leaves without an answer."""
    everything = list(answers)
    own = [answer for answer in everything if answer.support != "by_other"]
    people = Counter(answer.leaf for answer in own)
    sides = _sides(own, questionnaire)
    return Counts(
        leaves={leaf: LeafCounts(people[leaf], sides.get(leaf, {})) for leaf in sorted(people)},
        ways=dict(Counter(answer.way for answer in own)),
        support=dict(Counter(answer.support for answer in own)),
        by_other=len(everything) - len(own),
    )


def _sides(answers: list[OpenedAnswer], questionnaire: Questionnaire) -> dict[str, dict[str, Sides]]:
    """Leaf -> question -> its sides."""
    counted = Counter(
        (answer.leaf, question.id, _side(question, answer.values.get(question.id)))
        for answer in answers
        for question in questionnaire.questions
        if question.scale
    )
    if not counted:
        return {}
    # pandas gets the counts, not the answers: its size is leaves x questions, however many people answered.
    table = pd.Series(counted).unstack(fill_value=0).reindex(columns=SIDES, fill_value=0)
    leaves: dict[str, dict[str, Sides]] = {}
    for (leaf, question), positive, negative, is_open in table[["positive", "negative", "open"]].itertuples():
        leaves.setdefault(leaf, {})[question] = Sides(int(positive), int(negative), int(is_open))
    return leaves


def _side(question: Question, value: int | str | None) -> str:
    if not isinstance(value, int):
        return "open"
    if question.is_positive(value):
        return "positive"
    return "negative" if question.is_negative(value) else "middle"

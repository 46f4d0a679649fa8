"""Simulated people: how they feel about a place, and how somebody who feels so fills in a questionnaire.

Nobody here is real. The same seed gives the same people and the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from survey.questionnaire.model import Option, Question, Questionnaire

# Where people on average stand on the common line 1–5, and what they find better and worse than the rest.
MIDDLE = 4.0
THEMES = {
    "wellbeing": 0.5,
    "safety": 0.4,
    "respect": 0.4,
    "home": 0.3,
    "activity": 0.2,
    "self_determination": -0.3,
    "information": -0.4,
    "participation": -0.6,
}
GLAD_COMMENTS = ("De ansatte er flinke og blide.", "Vi er trygge på tilbudet.", "Turene betyr mye.")
SAD_COMMENTS = ("Vi får for lite informasjon.", "Det er for mange ulike hjelpere.", "Det skjer lite i helgene.")


@dataclass(frozen=True, kw_only=True)
class Person:
    """How somebody answers. Chances are from 0 to 1; `satisfaction` is added to the common line."""

    satisfaction: float
    ladder: int
    support: str
    says_yes: float
    skips: float
    does_not_know: float


def somebody(audience: str, chance: Random) -> Person:
    """A simulated resident or relative."""
    satisfaction = chance.gauss(0, 1)
    if audience != "resident":
        return Person(satisfaction=satisfaction, ladder=3, support="", says_yes=0, skips=0.03, does_not_know=0.08)
    return Person(
        satisfaction=satisfaction,
        ladder=chance.choices((2, 3, 5), (20, 65, 15))[0],
        support=chance.choices(("none", "some", "by_other"), (52, 40, 8))[0],
        says_yes=0.7 if chance.random() < 0.12 else 0.03,
        skips=chance.choice((0, 0, 0.02, 0.1)),
        does_not_know=chance.choice((0, 0.02, 0.05, 0.2)),
    )


def fill_in(questionnaire: Questionnaire, person: Person, unit: str, chance: Random) -> dict[str, str]:
    """The fields of the form as this person leaves them, about a unit (its id)."""
    fields = {
        "language": chance.choices(("nb", "nn", "en"), (90, 7, 3))[0],
        "ladder": str(person.ladder),
        "support": person.support,
    }
    for question in questionnaire.questions:
        fields[question.id] = _answer(question, person, unit, chance)
    return fields


def _answer(question: Question, person: Person, unit: str, chance: Random) -> str:
    if question.scale is None:
        if chance.random() > 0.3:
            return ""
        # Comments are shown one by one, so each says by itself that it is simulated.
        return "Simulert svar: " + chance.choice(GLAD_COMMENTS if person.satisfaction > 0 else SAD_COMMENTS)
    if chance.random() < person.skips:
        return ""
    if chance.random() < person.does_not_know:
        return chance.choice(("not_understood", "dont_know", "dont_know", "dont_want"))
    options = question.scale.options_for(person.ladder)
    if chance.random() < person.says_yes:
        return str(options[0].value)
    level = MIDDLE + THEMES.get(question.theme, 0) + person.satisfaction + _mood(unit, question.theme)
    level += chance.gauss(0, 0.6)
    return str(_nearest(options, 6 - level if question.turned else level).value)


def _mood(unit: str, theme: str) -> float:
    """How far a unit lies from the others, in all and in one theme."""
    return Random(unit).gauss(0, 0.4) + Random(f"{unit}/{theme}").gauss(0, 0.3)  # noqa: S311 – not a secret


def _nearest(options: Sequence[Option], level: float) -> Option:
    return min(options, key=lambda option: abs(option.value - level))

"""Simulated people: plausible, varied, the same each time; and the services of Bergen they answer about."""

from collections import Counter
from random import Random

import pytest

from survey.demo import people
from survey.demo.content import REGISTER
from survey.questionnaire import answers
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.questionnaire.model import Questionnaire
from survey.register.reading import UnitLine, read

QUESTIONNAIRES = load_folder(SHIPPED)
CENTRES = {
    "Arna dagsenter": 22,
    "Eidsvåg dagsenter": 44,
    "Fana dagsenter": 34,
    "Laxevaag dagsenter": 23,
    "Laxevaag seniorsenter": 35,
    "Nesttun dagsenter": 28,
    "Kloppedalen dagsenter": 11,
    "Sandviken dagsenter": 25,
    "Solplassen dagsenter": 38,
    "Spelhaugen dagsenter": 28,
    "Tjønnen dagsenter": 17,
}


def filled_in(questionnaire: Questionnaire, seed: object) -> dict[str, str]:
    chance = Random(str(seed))
    return people.fill_in(questionnaire, people.somebody(questionnaire.audience, chance), f"unit {seed}", chance)


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES.values(), ids=QUESTIONNAIRES)
def test_what_they_send_is_always_an_answer_to_the_questionnaire(questionnaire: Questionnaire) -> None:
    for seed in range(300):
        answers.read(questionnaire, {field: [value] for field, value in filled_in(questionnaire, seed).items()})


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES.values(), ids=QUESTIONNAIRES)
def test_they_disagree_about_every_question_and_leave_some_open(questionnaire: Questionnaire) -> None:
    many = [filled_in(questionnaire, seed) for seed in range(400)]
    for question in questionnaire.questions:
        given = Counter(fields[question.id] for fields in many)
        if question.scale:
            values = [int(value) for value in given.elements() if value.isdecimal()]
            assert 0.3 < sum(map(question.is_positive, values)) / len(values) < 0.95, question.id
            assert sum(map(question.is_negative, values)) > 10, question.id
            assert given["dont_know"], question.id
            assert given[""], question.id


def test_residents_differ_in_ladder_and_help_and_in_how_often_they_say_yes() -> None:
    crowd = [people.somebody("resident", Random(str(seed))) for seed in range(500)]
    assert {person.ladder for person in crowd} == {2, 3, 5}
    assert {person.support for person in crowd} == {"none", "some", "by_other"}
    assert 30 < sum(person.says_yes > 0.5 for person in crowd) < 90


def test_units_differ() -> None:
    questionnaire = QUESTIONNAIRES["day-centre-residents"]

    def glad(unit: str) -> int:
        chances = [Random(str(seed)) for seed in range(200)]
        crowd = [(people.somebody("resident", chance), chance) for chance in chances]
        return sum(people.fill_in(questionnaire, person, unit, chance)["thrive"] == "5" for person, chance in crowd)

    found = [glad(unit) for unit in ("a", "b", "c", "d", "e")]
    assert max(found) - min(found) > 20


def test_the_same_seed_gives_the_same_people_and_answers() -> None:
    questionnaire = QUESTIONNAIRES["relatives"]
    assert filled_in(questionnaire, 7) == filled_in(questionnaire, 7)
    assert filled_in(questionnaire, 7) != filled_in(questionnaire, 8)


def test_every_comment_says_that_it_is_simulated() -> None:
    questionnaire = QUESTIONNAIRES["relatives"]
    (comment,) = (question.id for question in questionnaire.questions if question.scale is None)
    written = {filled_in(questionnaire, seed)[comment] for seed in range(200)} - {""}
    assert len(written) > 3
    assert all(words.startswith("Simulert svar: ") for words in written)


@pytest.fixture
def units() -> list[UnitLine]:
    found, problems = read(REGISTER.read_bytes())
    assert problems == []
    assert {unit.municipality for unit in found} == {"4601"}
    return found


def test_bergens_eleven_day_centres_have_their_real_numbers_of_users(units: list[UnitLine]) -> None:
    centres = {unit.name: unit.places for unit in units if unit.service_kind == "day_centre"}
    assert centres == CENTRES
    assert sum(centres.values()) == 305


def test_bergens_homes_have_invented_names_and_the_real_numbers(units: list[UnitLine]) -> None:
    """685 residents, 47 of them in private homes: 638 in 81 homes and 15 group homes, so about 538 in the 81."""
    homes = [unit for unit in units if unit.service_kind == "shared_home"]
    assert len(homes) == len({home.name for home in homes}) == 81
    assert all(home.name.startswith("Eksempelhjemmet ") for home in homes)
    assert len({home.divisions for home in homes}) == 7
    assert (min(home.places for home in homes), max(home.places for home in homes)) == (3, 16)
    assert sum(home.places for home in homes) == round((685 - 47) * 81 / (81 + 15))

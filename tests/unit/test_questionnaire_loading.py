"""Content files become questionnaires, and a round's copy is exact."""

from survey.questionnaire.loading import SHIPPED, dump, load_folder, page_phrases, restore


def test_the_shipped_questionnaires_load_and_survive_being_kept() -> None:
    shipped = load_folder(SHIPPED)
    assert {name: len(shipped[name].questions) for name in shipped} == {
        "day-centre-residents": 15,
        "relatives": 11,
        "shared-home-residents": 15,
    }
    for questionnaire in shipped.values():
        assert restore(dump(questionnaire)) == questionnaire


def test_a_two_option_ladder_shows_the_ends_and_friends_has_no_five() -> None:
    scales = {
        question.scale.id: question.scale
        for question in load_folder(SHIPPED)["day-centre-residents"].questions
        if question.scale
    }
    assert [option.id for option in scales["frequency"].options_for(2)] == ["frequency_5", "frequency_1"]
    assert [option.value for option in scales["friends"].options_for(5)] == [5, 3, 1]


def test_the_page_has_its_own_phrases_in_three_languages() -> None:
    phrases = page_phrases(SHIPPED)
    assert phrases["listen"].text == {"nb": "Lytt", "nn": "Lytt", "en": "Listen"}
    assert phrases["code_hint"].spoken("nb") == "Koden har tolv tegn."

"""Content files become questionnaires, and a round's copy is exact."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.loading import (
    SHIPPED,
    QuestionnaireError,
    dump,
    load_folder,
    page_phrases,
    print_phrases,
    restore,
)
from survey.questionnaire.model import Option, Phrase, Question, Questionnaire, Scale
from tests.unit.questionnaire_files import GARDEN

texts = st.dictionaries(st.sampled_from(["nb", "nn", "en"]), st.text(), min_size=1)
names = st.text("abcde_", min_size=1)
said = {"id": names, "text": texts, "say_as": texts, "symbol": st.none() | names}
options = st.tuples(st.builds(Option, **said, value=st.just(5)), st.builds(Option, **said, value=st.just(1)))
scale_lists = st.lists(
    st.builds(Scale, id=names, options=options, ladders=st.just({2: (5, 1)})),
    min_size=1,
    unique_by=lambda scale: scale.id,
)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    question = st.builds(
        Question,
        **said,
        theme=names,
        scale=st.none() | st.sampled_from(draw(scale_lists)),
        turned=st.booleans(),
        pair_of=st.none() | names,
        offer_talk=st.booleans(),
        show_if=st.none() | st.tuples(names, st.tuples(st.integers(1, 5))),
    )
    return Questionnaire(
        id=draw(names),
        version=draw(st.integers(1)),
        audience="resident",
        service_kinds=("day_centre",),
        languages=tuple(draw(st.lists(names))),
        title=draw(texts),
        welcome=tuple(draw(st.lists(st.builds(Phrase, **said), max_size=3))),
        questions=tuple(draw(st.lists(question, max_size=4))),
    )


@given(questionnaires())
def test_a_kept_questionnaire_comes_back_exactly(questionnaire: Questionnaire) -> None:
    assert restore(dump(questionnaire)) == questionnaire
    assert dump(restore(dump(questionnaire))) == dump(questionnaire)


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


def test_a_folder_may_have_its_own_words_for_prints_and_then_has_them_all(tmp_path: Path) -> None:
    assert print_phrases(tmp_path) == print_phrases(SHIPPED)
    own = (SHIPPED / "prints.yaml").read_text(encoding="utf-8").replace("nb: Du bestemmer", "nb: Du velger")
    (tmp_path / "prints.yaml").write_text(own, encoding="utf-8")
    assert print_phrases(tmp_path)["letter_decide"].text["nb"] == "Du velger"
    (tmp_path / "prints.yaml").write_text(own.replace("id: letter_hello", "id: letter_hei"), encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=r"prints.yaml:1: what is printed also says `letter_hello`\. Copy"):
        print_phrases(tmp_path)


def test_a_folder_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "scales.yaml").write_text((SHIPPED / "scales.yaml").read_text())
    (tmp_path / "garden.yaml").write_text(GARDEN)
    assert list(load_folder(tmp_path)) == ["garden"]
    (tmp_path / "yard.yaml").write_text(GARDEN)
    (tmp_path / "torn.yaml").write_text("id: [")
    with pytest.raises(QuestionnaireError) as refused:
        load_folder(tmp_path)
    assert [problem.file for problem in refused.value.problems] == [
        str(tmp_path / "torn.yaml"),
        str(tmp_path / "yard.yaml"),
    ]
    assert "Name the file garden.yaml." in str(refused.value)


def test_an_answer_to_an_earlier_question_may_decide_what_is_asked(tmp_path: Path) -> None:
    (tmp_path / "scales.yaml").write_text((SHIPPED / "scales.yaml").read_text())
    conditional = GARDEN.replace("turned: true", "turned: true\n    show_if: {question: safe, values: [1, 3]}")
    (tmp_path / "garden.yaml").write_text(conditional)
    garden = load_folder(tmp_path)["garden"]
    assert garden.questions[1].show_if == ("safe", (1, 3))
    assert restore(dump(garden)) == garden

"""Questions of a round's own: where they stand, what goes with those left out, and the gates that they pass."""

from dataclasses import replace

import pytest

from survey.questionnaire.loading import SHIPPED, load_folder, view_blocks
from survey.questionnaire.local import VIEW, local_questions, problems, view_questions, with_local
from survey.questionnaire.model import Question

KNOWN = load_folder(SHIPPED)
RELATIVES, RESIDENTS = KNOWN["relatives"], KNOWN["day-centre-residents"]
PICTURES = ["helper", "thrive", "answer_better", "your_opinion"]
OWN = Question(
    id="local_1",
    text={"nb": "Møter du mange hjelpere?", "nn": "Møter du mange hjelparar?", "en": "Do you meet many helpers?"},
    symbol="helper",
    theme="helpers",
    scale=RESIDENTS.questions[1].scale,
)


def test_a_comment_stays_the_last_of_all() -> None:
    assert RELATIVES.questions[-1].scale is None
    asked = with_local(RELATIVES, [OWN], [])
    assert [question.id for question in asked.questions[-2:]] == ["local_1", RELATIVES.questions[-1].id]


def test_of_a_pair_both_are_left_out_and_what_depends_on_them() -> None:
    paired = next(question for question in RESIDENTS.questions if question.pair_of)
    asked = with_local(RESIDENTS, [], [paired.id])
    assert {question.id for question in RESIDENTS.questions} - {question.id for question in asked.questions} == {
        paired.id,
        paired.pair_of,
    }
    first, second, *_ = RELATIVES.questions
    depends = replace(second, show_if=(first.id, (5,)), pair_of=None)
    conditional = replace(RELATIVES, questions=(replace(first, pair_of=None), depends, *RELATIVES.questions[2:]))
    assert depends.id not in {question.id for question in with_local(conditional, [], [first.id]).questions}


def test_putting_them_in_again_takes_the_earlier_ones_place() -> None:
    once = with_local(RELATIVES, [OWN], [])
    assert with_local(once, [replace(OWN, theme="overall")], []).questions.count(OWN) == 0
    assert len(with_local(once, [OWN], []).questions) == len(once.questions)


@pytest.mark.parametrize("questionnaire", KNOWN.values(), ids=KNOWN)
def test_what_is_shipped_passes_in_every_choice_of_languages(questionnaire: object) -> None:
    assert isinstance(questionnaire, type(RELATIVES))
    for languages in (("nb",), ("en", "nb"), questionnaire.languages):
        room = with_local(questionnaire, [OWN], [questionnaire.questions[0].id])
        assert problems(replace(room, languages=languages), ["helper"]) == []


def test_a_hard_word_is_told_only_of_the_rounds_own_question() -> None:
    hard = replace(OWN, text={**OWN.text, "nb": "Er tjenestetilbudet bra?"})
    [problem] = problems(with_local(RESIDENTS, [hard], ["thrive"]), ["helper"])
    assert (problem.question, problem.what) == ("local_1", "`tjenestetilbudet` is hard to read")


@pytest.mark.parametrize("audience", ["resident", "relative"])
def test_a_view_of_a_measure_names_it_in_every_question_and_passes_the_gates(audience: str) -> None:
    called = {"nb": "fire dager i uka", "nn": "fire dagar i veka", "en": "four days a week"}
    view = view_questions(view_blocks(SHIPPED)[audience], called)
    assert tuple(question.id for question in view) == VIEW
    assert all(name in question.text[language] for question in view for language, name in called.items())
    base = RESIDENTS if audience == "resident" else RELATIVES
    asked = with_local(base, [OWN, *view], ["thrive", "food", "ride", "learn"] if base is RESIDENTS else [])
    assert problems(asked, PICTURES) == []
    assert local_questions(asked) == [OWN, *view]
    assert with_local(asked, [], []).questions == with_local(base, [], ["thrive", "food", "ride", "learn"]).questions


def test_a_hard_name_and_one_that_lacks_a_language_are_told_of_the_view() -> None:
    for called, what in (
        ({"nb": "tjenestetilbudet", "nn": "det", "en": "it"}, "`tjenestetilbudet` is hard to read"),
        ({"nb": "tur og dans", "nn": "det", "en": "it"}, "`og` may join two questions"),
        ({"nb": "det", "en": "it"}, "the text in `nn` is missing"),
    ):
        view = view_questions(view_blocks(SHIPPED)["resident"], called)
        found = problems(with_local(RESIDENTS, view, ["thrive", "food", "ride"]), PICTURES)
        assert {problem.question for problem in found} == set(VIEW)
        assert {problem.what for problem in found} == {what}

"""An answer is read strictly and written at one length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.answers import Answer, InvalidAnswer, decode, encode, read, size
from survey.questionnaire.model import COMMENT_SIGNS
from tests.village import QUESTIONNAIRE

SENT = {"language": ["nb"], "ladder": ["3"], "support": ["none"], "glad": ["5"], "sad": ["dont_want"], "say": ["Bra!"]}


def test_what_was_chosen_is_read_and_what_was_skipped_is_left_open() -> None:
    assert read(QUESTIONNAIRE, SENT | {"food": [""]}) == Answer(
        "nb", 3, "none", {"glad": 5, "sad": "dont_want", "food": None}, {"say": "Bra!"}
    )


def test_nothing_is_compulsory() -> None:
    empty = read(QUESTIONNAIRE, {"language": ["nb"], "ladder": ["3"]})
    assert empty == Answer("nb", 3, "", {"glad": None, "sad": None, "food": None}, {"say": ""})


@pytest.mark.parametrize(
    ("field", "given", "phrase"),
    [
        ("glad", ["4"], "choose_shown_answers"),  # not on a ladder of three
        ("glad", ["6"], "choose_shown_answers"),
        ("glad", ["yes"], "choose_shown_answers"),
        ("glad", ["05"], "choose_shown_answers"),
        ("glad", ["5", "1"], "form_broken"),
        ("glad", [], "form_broken"),
        ("ladder", ["4"], "form_broken"),
        ("language", ["fr"], "form_broken"),
        ("support", ["lots"], "form_broken"),
        ("strange", ["1"], "form_broken"),
        ("say", ["x" * (COMMENT_SIGNS + 1)], "comment_too_long"),
    ],
)
def test_tampered_repeated_and_too_long_fields_are_named(field: str, given: list[str], phrase: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        read(QUESTIONNAIRE, SENT | {field: given})
    assert caught.value.errors == {field: phrase}


@pytest.mark.parametrize("missing", ["language", "ladder"])
def test_a_missing_field_that_says_which_values_are_legal_is_named(missing: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        read(QUESTIONNAIRE, {name: given for name, given in SENT.items() if name != missing})
    assert caught.value.errors == {missing: "form_broken"}


def test_a_comment_of_exactly_the_longest_length_is_taken_whatever_its_line_ends() -> None:
    words = "æ\r\n" * (COMMENT_SIGNS // 2 - 1) + "øå"
    assert len(read(QUESTIONNAIRE, SENT | {"say": [words]}).comments["say"]) == COMMENT_SIGNS


VALUES = st.sampled_from([1, 3, 5, "not_understood", "dont_know", "dont_want", None])
SIGNS = st.text(st.characters(exclude_categories=["Cs"]), max_size=COMMENT_SIGNS)
ANSWERS = st.builds(
    lambda language, ladder, support, values, comment: (
        {"language": [language], "ladder": [ladder], "support": [support], "say": [comment]}
        | {name: [str(value or "")] for name, value in values.items()}
    ),
    st.sampled_from(["nb", "nn", "en"]),
    st.sampled_from(["3", "5"]),
    st.sampled_from(["", "none", "some", "by_other"]),
    st.fixed_dictionaries({"glad": VALUES, "sad": VALUES, "food": VALUES}),
    SIGNS | st.sampled_from(["\U0001f600" * COMMENT_SIGNS, '"\\\n' * (COMMENT_SIGNS // 3), "\x7f\x00" * 700]),
)


@given(ANSWERS)
def test_every_answer_has_the_same_length_and_comes_back_as_it_was(fields: dict[str, list[str]]) -> None:
    given = read(QUESTIONNAIRE, fields)
    content = encode(QUESTIONNAIRE, given)
    assert len(content) == size(QUESTIONNAIRE)
    assert decode(content) == given

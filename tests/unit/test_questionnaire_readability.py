"""LIX and words a sentence, as the research counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.readability import lix, sentences, words

texts = st.lists(st.text("ab Æøé'-.!?:\n", max_size=40), max_size=6)


def test_lix_is_words_a_sentence_plus_percent_of_words_over_six_letters() -> None:
    assert lix(["Katten sover. Hunden bjeffer hele dagen."]) == pytest.approx(6 / 2 + 100 * 1 / 6)


def test_a_text_without_a_stop_is_a_sentence_of_its_own() -> None:
    assert lix(["Neste", "Tilbake"]) == pytest.approx(1 + 50)


def test_a_hyphen_and_an_apostrophe_join_a_word() -> None:
    assert words("I can't find the e-mail – sorry") == ["I", "can't", "find", "the", "e-mail", "sorry"]


@given(texts)
def test_every_word_is_in_exactly_one_sentence(some: list[str]) -> None:
    for text in some:
        assert [word for sentence in sentences(text) for word in sentence] == words(text)


@given(texts)
def test_lix_knows_no_order_and_a_text_read_twice_is_no_harder(some: list[str]) -> None:
    assert lix(reversed(some)) == pytest.approx(lix(some))
    assert lix(some * 2) == pytest.approx(lix(some))
    assert 0 <= lix(some) <= len(words(" ".join(some))) + 100

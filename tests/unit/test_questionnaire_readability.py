"""LIX and words a sentence, as the research counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.readability import lix, obstacles, sentences, words

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


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        ("Vi spør om mat o.l. og tur.", "o."),
        ("Ring kl. to.", "kl"),
        ("Du får BPA her.", "BPA"),
        ("Du kan lese om tilretteleggingen.", "tilretteleggingen"),
        ("Svaret skal sendes.", "skal sendes"),
        ("Svaret må rettast.", "må rettast"),
        ("Svaret blir lagret her.", "blir lagret"),
    ],
)
def test_abbreviations_long_words_and_passives_are_named(text: str, hard: str) -> None:
    assert [word for word, _ in obstacles(text)] == [hard]


@pytest.mark.parametrize("text", ["Koden ser slik ut: XXXX-XXXX-XXXX", "Vi sender svaret. Vent litt.", "Du kan lese."])
def test_plain_words_are_let_through(text: str) -> None:
    assert obstacles(text) == []

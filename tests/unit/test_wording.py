"""Numbers in words: the sentences of DESIGN section 8, in each language."""

from dataclasses import replace

import pytest
from flask_babel import force_locale

from reports import wording
from reports.release import Totals
from tests.bergen import day_centres

pytestmark = pytest.mark.usefixtures("reader")


@pytest.mark.parametrize(
    ("interval", "n", "nb", "nn", "en"),
    [
        ((5, 5), 12, "5 av 12", "5 av 12", "5 of 12"),
        ((0, 2), 9, "høyst 2 av 9", "høgst 2 av 9", "at most 2 of 9"),
        ((7, 9), 9, "minst 7 av 9", "minst 7 av 9", "at least 7 of 9"),
        ((9, 13), 40, "mellom 9 og 13 av 40", "mellom 9 og 13 av 40", "between 9 and 13 of 40"),
        ((0, 9), 9, "ikke kjent, av 9", "ikkje kjent, av 9", "not known, of 9"),
        ((0, 0), 12, "0 av 12", "0 av 12", "0 of 12"),
    ],
)
def test_an_interval_is_said_in_the_readers_language(
    interval: tuple[int, int], n: int, nb: str, nn: str, en: str
) -> None:
    for language, said in (("nb", nb), ("nn", nn), ("en", en)):
        with force_locale(language):
            assert wording.count(interval, n) == said


@pytest.mark.parametrize(
    ("interval", "n", "said"),
    [
        ((0, 2), 9, "few left it open"),
        ((3, 9), 9, "many left it open"),
        ((0, 3), 10, "few left it open"),
        ((4, 10), 10, "many left it open"),
        ((0, 70), 213, "few left it open"),
        ((12, 90), 213, "between 12 and 90 of 213 left it open"),
    ],
)
def test_left_open_is_few_or_many_of_a_group_and_counted_for_groups_together(
    interval: tuple[int, int], n: int, said: str
) -> None:
    with force_locale("en"):
        assert wording.left_open(interval, n) == said


@pytest.mark.parametrize(
    ("b", "language", "said"),
    [
        (2, "en", "We do not show whether it was 0, 1 or 2. So nobody can work out what one person answered."),
        (3, "en", "We do not show whether it was 0, 1, 2 or 3. So nobody can work out what one person answered."),
        (2, "nb", "Vi viser ikke om det var 0, 1 eller 2. Da kan ingen regne ut hva én person svarte."),
        (2, "nn", "Vi viser ikkje om det var 0, 1 eller 2. Då kan ingen rekne ut kva éin person svarte."),
    ],
)
def test_the_fixed_line_names_the_numbers_that_are_never_told_apart(b: int, language: str, said: str) -> None:
    with force_locale(language):
        assert wording.hidden_line(b) == said


def test_residents_own_voice_tells_ways_and_support_and_what_is_told_together() -> None:
    totals = Totals(way={"interview+self": 30}, support={"none": 21, "some": 9}, by_other="fewer than 5", not_now=31)
    with force_locale("en"):
        lines = wording.own_voice(replace(day_centres(), totals=totals))
    assert lines == [
        "The residents' own voice: alone, with some help and in interviews are counted together.",
        "How they answered, in the whole round: 30 in an interview or on a page of their own.",
        "Help to answer, in the whole round: 21 without help, 9 with some help.",
        "For fewer than 5 people somebody else answered. Those answers are in none of the numbers here.",
        "Did not want to answer now: 31.",
    ]


def test_relatives_are_not_called_residents() -> None:
    release = replace(
        day_centres(),
        audience="relative",
        totals=Totals(way={"self": 30}, support={"none": 30}, by_other="fewer than 5", not_now=None),
    )
    with force_locale("en"):
        assert wording.own_voice(release) == ["How they answered, in the whole round: 30 on a page of their own."]


def test_a_name_without_a_word_stays_as_it_is() -> None:
    assert wording.named(wording.THEMES, "gardening") == "gardening"


def test_a_text_missing_in_the_readers_language_is_given_in_bokmal_or_as_it_is() -> None:
    assert wording.in_language({"nb": "hei", "en": "hello"}, "nn") == "hei"
    assert wording.in_language({"en": "hello"}, "nn") == "hello"

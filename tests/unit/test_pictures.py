"""A code's pictures: the same for ever, unlike each other, and on paper already."""

import pytest

from survey.access.codes import ALPHABET
from survey.access.pictures import PICTURES, pictures
from survey.settings import ROOT
from survey.symbols import LANGUAGES, Catalogue, openmoji

CATALOGUE = Catalogue.load(ROOT / "static" / "symbols", openmoji())


def test_there_is_one_picture_for_each_sign() -> None:
    assert len(set(PICTURES)) == len(ALPHABET)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_a_drawing_and_a_name_that_no_other_has(language: str) -> None:
    assert len({CATALOGUE.alternative(picture, language) for picture in PICTURES}) == len(PICTURES)
    assert len({CATALOGUE.svg(picture) for picture in PICTURES}) == len(PICTURES)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("23456789AB22", ("apple", "apple")),
        ("23456789AB23", ("banana", "apple")),
        ("23456789AB3Z", ("moon", "banana")),
        ("23456789ABZA", ("butterfly", "moon")),
    ],
)
def test_the_rule_is_the_one_that_is_printed_on_cards(code: str, expected: tuple[str, str]) -> None:
    assert pictures(code) == expected

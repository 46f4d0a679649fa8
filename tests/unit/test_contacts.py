"""Contacts: a file of them, who is inherited from above, and what a file must not say."""

import pytest

from survey.register.contact_file import import_contacts
from survey.register.contacts import SECONDS, Remembered, contacts_for
from survey.register.importing import RegisterError
from survey.storage.engine import Database
from tests.village import settle

HEADING = "place,side,name,role,email,phone"
OLA = "fana,here,Ola Berg,Leder på dagsenteret,ola@bergen.example,"
INGRID = "4601,elsewhere,Ingrid Vik,Rådgiver i kommunen,ingrid@bergen.example,55 00 00 00"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def settled(database: Database) -> Database:
    settle(database)
    return database


def imported(database: Database, *lines: str) -> list[str]:
    with database.begin() as connection:
        return import_contacts(connection, "\n".join((HEADING, *lines)).encode())


def names(database: Database, place: str) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(contact.side, contact.name) for contact in contacts_for(connection, place)]


def problems(database: Database, *lines: str) -> list[str]:
    with pytest.raises(RegisterError) as error:
        imported(database, *lines)
    assert names(database, "fana") == []
    return [str(problem) for problem in error.value.problems]


def test_a_unit_has_its_own_contact_and_those_of_the_places_above_it(settled: Database) -> None:
    imported(settled, OLA, INGRID)
    assert names(settled, "fana") == [("here", "Ola Berg"), ("elsewhere", "Ingrid Vik")]
    assert names(settled, "arna") == [("elsewhere", "Ingrid Vik")]


def test_the_nearest_contact_of_a_side_is_the_one(settled: Database) -> None:
    imported(settled, INGRID, "4601-d,elsewhere,Mona Dal,Rådgiver,mona@bergen.example,")
    assert names(settled, "fana") == [("elsewhere", "Mona Dal")]
    assert names(settled, "4601") == [("elsewhere", "Ingrid Vik")]


def test_pages_ask_for_the_contacts_of_a_place_anew_after_some_seconds(settled: Database) -> None:
    clock = Clock()
    remembered = Remembered(settled, clock)

    def shown(place: str) -> list[str]:
        return [contact.name for contact in remembered.of(place)]

    imported(settled, OLA)
    assert shown("fana") == ["Ola Berg"]
    imported(settled, OLA.replace("Ola Berg", "Eva Lie"), INGRID)
    clock.now = SECONDS - 0.1
    assert shown("fana") == ["Ola Berg"]
    assert shown("arna") == ["Ingrid Vik"]
    clock.now = SECONDS
    assert shown("fana") == ["Eva Lie", "Ingrid Vik"]


def test_an_import_says_what_it_did_and_which_of_its_units_nobody_stands_for(settled: Database) -> None:
    assert imported(settled, INGRID) == [
        "elsewhere: 4601 “Bergen” “Ingrid Vik”",
        "nobody here: arna “Arna”",
        "nobody here: fana “Fana”",
    ]
    assert imported(settled, OLA) == ["here: fana “Fana” “Ola Berg”"]


def test_a_line_takes_the_place_of_an_earlier_one_and_without_a_name_leaves_nobody(settled: Database) -> None:
    imported(settled, OLA)
    imported(settled, "fana,here,Eva Lie,Leder,,+47 55 00 00 00")
    assert names(settled, "fana") == [("here", "Eva Lie")]
    assert imported(settled, "fana,here,,,,") == [
        "here: fana “Fana” nobody any more",
        "nobody here and nobody elsewhere: fana “Fana”",
    ]
    assert names(settled, "fana") == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nowhere,here,Ola,Leder,o@b.no,", "line 2, place “nowhere”: the register has no such place."),
        ("fana,inside,Ola,Leder,o@b.no,", "line 2, side “inside”: this is no side. Write here or elsewhere."),
        ("4601,here,Ola,Leder,o@b.no,", "line 2, side “here”: nobody is “here” in a whole municipality."),
        ("fana,here,,Leder,o@b.no,", "line 2, name “”: there is no name, but role is filled in."),
        (f"fana,here,{'O' * 61},Leder,o@b.no,", "longer than 60 signs"),
        ("fana,here,Ola,,o@b.no,", "line 2, role “”: there is no role."),
        ("fana,here,Ola,Leder,,", "line 2: nobody could tell this contact."),
        ("fana,here,Ola,Leder,ola,", "line 2, email “ola”: this is no e-mail address."),
        ("fana,here,Ola,Leder,,12", "line 2, phone “12”: this is no telephone number."),
        ("fana,here,Ola,Leder", "line 2: there are 4 cells where the heading has 6."),
    ],
)
def test_a_wrong_line_is_told_with_its_cure_and_nothing_is_kept(settled: Database, line: str, says: str) -> None:
    (problem,) = problems(settled, line, INGRID)
    assert says in problem


def test_one_side_of_a_place_stands_in_one_line(settled: Database) -> None:
    assert problems(settled, OLA, OLA) == ["line 3: line 2 has the same place and side. Keep the one that is meant."]


@pytest.mark.parametrize("email", ["ola@bergen.example", "OLA@bergen.example"])
def test_the_one_from_elsewhere_is_not_the_one_who_is_here(settled: Database, email: str) -> None:
    (problem,) = problems(settled, OLA, f"4601,elsewhere,Ingrid Vik,Rådgiver,{email},")
    assert "“Fana” would reach the same person" in problem


def test_a_file_that_is_none_is_told(settled: Database) -> None:
    for content, says in (("", "empty"), (HEADING, "no contacts"), ("place,side", "missing"), ("\xff", "UTF-8")):
        with settled.begin() as connection, pytest.raises(RegisterError, match=says):
            import_contacts(connection, content.encode("latin-1"))

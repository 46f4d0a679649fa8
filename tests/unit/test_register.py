"""Municipalities and the tree under them."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, update

from survey.languages import alphabetical
from survey.register import municipalities, tree
from survey.register.tree import Place, UnknownPlaceError
from survey.storage.engine import Database
from survey.storage.tables import Node


def test_all_357_municipalities_are_known_by_number_with_their_other_names() -> None:
    known = municipalities.by_number()
    assert len(known) == 357
    assert (known["4601"].name, known["4601"].county) == ("Bergen", "Vestland")
    assert known["0301"].name == "Oslo"
    assert known["5540"].other_names == ("Gáivuotna", "Kaivuono")


def test_names_stand_as_norwegian_lists_have_them_and_sami_letters_beside_their_likes() -> None:
    in_order = ["Áltá", "Arna", "Čáhput", "Đavvi", "Dokka", "Elva", "Éna", "Ŋárga", "Nes", "Šuoššjávri", "Ŧáhkut"]
    in_order += ["Tana", "Vei 9", "Vei 10", "Zion", "Ähtäri", "Ænes", "Ørsta", "Östersund", "Ådal", "A\u030asane"]
    assert sorted(in_order, key=alphabetical) == in_order


def test_seeding_puts_each_municipality_in_the_register_and_again_changes_nothing(database: Database) -> None:
    for _ in range(2):
        with database.begin() as connection:
            municipalities.seed(connection)
            found = tree.everything(connection)
        assert {number: place.called() for number, place in found.items()} == {
            number: each.name for number, each in municipalities.by_number().items()
        }


def test_seeding_gives_a_municipality_its_present_name_and_brings_back_a_missing_one(database: Database) -> None:
    with database.begin() as connection:
        municipalities.seed(connection)
        connection.execute(update(Node).where(Node.id == "4601").values(name={"nb": "Bjørgvin"}))
        connection.execute(delete(Node).where(Node.id == "0301"))
        municipalities.seed(connection)
        found = tree.everything(connection)
    assert (found["4601"].called(), found["0301"].called()) == ("Bergen", "Oslo")


def make(place_id: str, level: str, parent: str | None, name: str) -> Place:
    places = 7 if level == "unit" else None
    return Place(id=place_id, level=level, parent=parent, name={"nb": name}, service_kind=None, places=places)


PLACES = (
    make("4601", "municipality", None, "Bergen"),
    make("s", "service", "4601", "Bofellesskap"),
    make("d1", "division", "s", "Ytrebygda"),
    make("d2", "division", "s", "Åsane"),
    make("d3", "division", "d2", "Ulset"),
    make("u1", "unit", "d3", "Øst"),
    make("u2", "unit", "d1", "Ås"),
    make("u3", "unit", "s", "Ærlig"),
)


@pytest.fixture
def stored(database: Database) -> Database:
    with database.begin() as connection:
        connection.execute(insert(Node), [vars(place) for place in PLACES])
        connection.execute(insert(Node), [vars(make("1103", "municipality", None, "Stavanger"))])
    return database


def test_a_subtree_is_read_with_brothers_by_name_in_norwegian_order(stored: Database) -> None:
    with stored.reading() as connection:
        bergen = tree.subtree(connection, "4601")
    assert sorted(bergen, key=lambda place: place.id) == sorted(PLACES, key=lambda place: place.id)
    assert [place.id for place in bergen] == ["4601", "s", "d1", "u2", "u3", "d2", "d3", "u1"]
    assert [place.id for place in bergen.units()] == ["u2", "u3", "u1"]
    assert [place.id for place in bergen.path("u1")] == ["4601", "s", "d2", "d3", "u1"]


def test_a_subtree_ends_where_it_begins(stored: Database) -> None:
    with stored.reading() as connection:
        north = tree.subtree(connection, "d2")
    assert [place.id for place in north] == ["d2", "d3", "u1"]
    assert [place.id for place in north.path("u1")] == ["d2", "d3", "u1"]
    with pytest.raises(UnknownPlaceError, match="no place “u2”"):
        north["u2"]


def test_the_path_to_a_unit_begins_at_its_municipality(stored: Database) -> None:
    with stored.reading() as connection:
        assert tree.path(connection, "u2") == tuple(p for p in PLACES if p.id in ("4601", "s", "d1", "u2"))


def test_an_unknown_place_is_named(stored: Database) -> None:
    with stored.reading() as connection:
        for read in (tree.subtree, tree.path):
            with pytest.raises(UnknownPlaceError, match="There is no place “nowhere” in the register"):
                read(connection, "nowhere")


def test_a_name_falls_back_to_bokmaal() -> None:
    place = replace(make("5612", "municipality", None, "Kautokeino"), name={"nb": "Kautokeino", "se": "Guovdageaidnu"})
    assert (place.called(), place.called("se"), place.called("en")) == ("Kautokeino", "Guovdageaidnu", "Kautokeino")

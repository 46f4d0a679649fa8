"""The register in the web: what an administrator covers, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from survey.register.importing import import_register
from survey.register.reading import COLUMNS
from survey.storage.engine import Database
from survey.storage.tables import Node
from tests.reaching import Place, reached

HEADING = ",".join(COLUMNS)
OSLO = "0301,day_centre,Aktivitet,,oslo-1,Frysja,12"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with reached(tmp_path) as place:
        with place.village.database.begin() as connection:
            oslo = {"id": "0301", "level": "municipality", "parent": None, "name": {"nb": "Oslo"}}
            connection.execute(insert(Node), {**oslo, "service_kind": None, "places": None})
        yield place


@pytest.fixture
def admin(place: Place) -> FlaskClient:
    return place.sign_in(administrator="4601")


def bring_in(place: Place, *lines: str) -> None:
    with place.village.database.begin() as connection:
        import_register(connection, "\n".join((HEADING, *lines)).encode())


def rows(page: str) -> list[list[str]]:
    """The tables of a page as texts."""
    bare = re.compile(r"<[^>]+>")
    return [
        [bare.sub("", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    ]


def statements(database: Database, client: FlaskClient, address: str) -> int:
    """How many SQL statements a page takes."""
    said: list[str] = []
    engine = database._reader
    listener = lambda *args: said.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", listener)
    return len(said)


def app_database(app: Flask) -> Database:
    database: Database = app.extensions["medvirk.database"]
    return database


def test_an_administrator_sees_what_they_cover_and_what_is_lacking_there(place: Place, admin: FlaskClient) -> None:
    bring_in(place, OSLO)
    place.village.befriend()
    page = admin.get("/staff/register").text
    assert rows(page)[1:] == [
        ["Bergen", "", "", "Ingrid Vik", "nb, nn, en", ""],
        ["Sted", "Plasser", "Å snakke med, der", "Å snakke med, utenfra", "Navn", "Bilde"],
        ["Dagsenter", "", "–", "Ingrid Vik", "nb, nn, en", ""],
        ["Arna", "20", "Ola Berg", "Ingrid Vik", "nb, nn, en", "ikke noe"],
        ["Fana", "30", "ingen", "Ingrid Vik", "nb, nn, en", "ikke noe"],
    ]
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["2", "50", "1", "0", "2"]
    assert "Frysja" not in page
    fana = place.sign_in(administrator="fana").get("/staff/register").text
    assert rows(fana)[1:] == [["Fana", "30", "ingen", "Ingrid Vik", "nb, nn, en", "ikke noe"]], "inherits from above"


def test_an_empty_register_says_what_to_do(place: Place) -> None:
    page = place.sign_in(administrator="0301").get("/staff/register").text
    assert "Det er ingen enheter her ennå" in page


def test_two_hundred_units_take_no_more_statements_than_two(place: Place, admin: FlaskClient) -> None:
    database = app_database(place.app)
    few = statements(database, admin, "/staff/register")
    bring_in(place, *(f"4601,day_centre,Dagsenter,Avdeling {n % 9},unit-{n},Enhet {n},8" for n in range(200)))
    assert statements(database, admin, "/staff/register") == few <= 12

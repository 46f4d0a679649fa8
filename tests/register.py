"""What the journeys through the register's pages share."""

import html
import re
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from survey.register import tree
from survey.register.importing import import_register
from survey.register.reading import COLUMNS
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry
from tests.reaching import Place

HEADING = ",".join(COLUMNS)
OSLO = "0301,day_centre,Aktivitet,,oslo-1,Frysja,12"


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


ARNA = "4601,day_centre,Dagsenter,,arna,Arna,20"
FANA = "4601,day_centre,Dagsenter,,fana,Fana,30"
IMPORT = "/staff/register/import"


def table(*lines: str) -> str:
    return "\n".join((HEADING, *lines))


def register(place: Place) -> dict[str, tuple[str, str | None, int | None]]:
    """Name, parent and places of everything under Bergen, by id."""
    with place.village.database.reading() as connection:
        found = tree.subtree(connection, "4601")
        return {each.id: (each.called(), each.parent, each.places) for each in found}


def audited(place: Place) -> list[tuple[str, str, str]]:
    entries = select(AuditEntry.action, AuditEntry.place, AuditEntry.about).where(AuditEntry.action != "signed_in")
    with place.village.database.reading() as connection:
        return [tuple(row) for row in connection.execute(entries.order_by(AuditEntry.number))]


def seen_in(page: str) -> dict[str, str]:
    """What the form of a preview sends back."""
    seen = re.search(r'name="seen" value="(\w+)"', page)
    listed = re.search(r"<textarea[^>]*hidden[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert seen
    assert listed
    return {"seen": seen[1], "listed": html.unescape(listed[1])}


CHANGED = table(
    "4601,day_centre,Dagsenter,,arna,Arna dagsenter,20",
    "4601,day_centre,Dagsenter,Sør,fana,Fana,31",
    '4601,shared_home,Bofellesskap,Nord > Åsane,home-1,"Blåklokka, <b>""A""</b>",6',
)


PLACES = "/staff/register/places"
OLA = {"side": "here", "name": "Ola Berg", "role": "leder", "email": "ola@bergen.example", "phone": ""}


def names(place: Place, unit: str) -> tuple[Mapping[str, str], int | None]:
    with place.village.database.reading() as connection:
        found = tree.everything(connection)[unit]
    return found.name, found.places


def closed(place: Place) -> set[str]:
    with place.village.database.reading() as connection:
        return {each.id for each in tree.everything(connection).values() if each.closed}

"""The register in the web: what an administrator covers, and nothing else."""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from survey.register import tree
from survey.register.contacts import contacts_for
from survey.register.importing import import_register
from survey.register.reading import COLUMNS, MOST_PROBLEMS
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Node
from tests.reaching import Place, reached
from tests.staffed import post

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


def test_a_file_is_looked_at_and_then_brought_in_as_it_was_seen(place: Place, admin: FlaskClient) -> None:
    before = register(place)
    look = post(admin, IMPORT, step="look", listed=CHANGED)
    assert look.status_code == 200
    assert re.findall(r"<dd>(\d+)</dd>", look.text) == ["5", "2", "0", "0"]
    assert [row for row in rows(look.text) if len(row) == 4] == [
        ["Sted", "Nivå", "I", "Plasser"],
        ["Sør 4601-d-sor", "Avdeling", "Dagsenter", ""],
        ["Bofellesskap 4601-bofellesskap", "Tjeneste", "Bergen", ""],
        ["Nord 4601-bofellesskap-nord", "Avdeling", "Bofellesskap", ""],
        ["Åsane 4601-bofellesskap-nord-asane", "Avdeling", "Nord", ""],
        ["Blåklokka, &lt;b&gt;&#34;A&#34;&lt;/b&gt; home-1", "Enhet", "Åsane", "6"],
        ["Sted", "Hva", "Før", "Etter"],
        ["Arna dagsenter arna", "Nytt navn", "Arna", "Arna dagsenter"],
        ["Fana fana", "Plasser", "30", "31"],
        ["Fana fana", "Flyttet", "Dagsenter", "Sør"],
    ]
    assert register(place) == before
    done = post(admin, IMPORT, step="do", **seen_in(look.text))
    assert (done.status_code, done.location) == (303, "/staff/register")
    assert "5 nye, 2 endret, 0 fjernet" in admin.get(done.location).text
    now = register(place)
    assert now["arna"] == ("Arna dagsenter", "4601-d", 20)
    assert now["fana"] == ("Fana", "4601-d-sor", 31)
    assert now["home-1"] == ('Blåklokka, <b>"A"</b>', "4601-bofellesskap-nord-asane", 6)
    assert audited(place) == [("register_imported", "4601", "5 new, 2 changed, 0 removed")]
    again = post(admin, IMPORT, step="look", listed=CHANGED)
    assert "Registeret sier alt det fila sier" in again.text
    assert "Endre registeret slik" not in again.text


def test_what_the_file_empties_is_told_before_and_gone_after_unless_somebody_works_there(
    place: Place, admin: FlaskClient
) -> None:
    bring_in(place, ARNA.replace(",,", ",Øst,"), FANA.replace(",,", ",Vest,"))
    place.sign_in(works_at="4601-d-ost")
    look = post(admin, IMPORT, step="look", listed=table(ARNA, FANA))
    assert rows(look.text)[-1] == ["Vest 4601-d-vest", "Avdeling"]
    assert post(admin, IMPORT, step="do", **seen_in(look.text)).status_code == 303
    assert {"4601-d-ost"} == set(register(place)) - {"4601", "4601-d", "arna", "fana"}


def test_a_register_that_has_changed_meanwhile_is_looked_at_again(place: Place, admin: FlaskClient) -> None:
    look = post(admin, IMPORT, step="look", listed=table(ARNA.replace(",20", ",25")))
    bring_in(place, ARNA.replace(",20", ",21"))
    late = post(admin, IMPORT, step="do", **seen_in(look.text))
    assert late.status_code == 409
    assert "Registeret er endret siden du så" in late.text
    assert rows(late.text)[-1] == ["Arna arna", "Plasser", "21", "25"]
    assert register(place)["arna"] == ("Arna", "4601-d", 21)
    assert post(admin, IMPORT, step="do", **seen_in(late.text)).status_code == 303
    assert register(place)["arna"] == ("Arna", "4601-d", 25)


def test_what_was_not_looked_at_is_not_brought_in(place: Place, admin: FlaskClient) -> None:
    look = seen_in(post(admin, IMPORT, step="look", listed=table(ARNA.replace(",20", ",25"))).text)
    other = post(admin, IMPORT, step="do", seen=look["seen"], listed=table(ARNA.replace(",20", ",999")))
    assert other.status_code == 409
    assert post(admin, IMPORT, step="do", listed=look["listed"]).status_code == 409
    assert register(place)["arna"] == ("Arna", "4601-d", 20)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Linje 3, service_kind «dagcentre»: ukjent slag tjeneste. Bruk en av day_centre,"),
        ("nn", "Linje 3, service_kind «dagcentre»: ukjent slag teneste. Bruk ein av day_centre,"),
        ("en", "Line 3, service_kind “dagcentre”: unknown kind of service. Use one of day_centre,"),
    ],
)
def test_what_is_wrong_is_told_by_line_column_and_cure_and_nothing_typed_is_lost(
    place: Place, admin: FlaskClient, language: str, said: str
) -> None:
    wrong = table(ARNA, "301,dagcentre,Dagsenter,,fana,Fana,0", ARNA)
    admin.get(f"/staff/register?language={language}")
    for step in ("look", "do"):
        page = post(admin, IMPORT, step=step, listed=wrong)
        assert page.status_code == 422
        told = [html.unescape(line) for line in re.findall(r"<li>(Lin[^<]+)</li>", page.text)]
        assert re.findall(r"Line?j?e (\d)", "".join(told)) == ["3", "3", "3", "4"]
        assert told[1].startswith(said)
        assert wrong in html.unescape(page.text)
    back = post(admin, IMPORT, step="edit", listed=wrong)
    assert wrong in html.unescape(back.text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (OSLO, "municipality_number «0301»: du har ikke ansvar for denne kommunen. Ta ut linja"),
        (ARNA.replace("arna", "oslo-1"), "unit_id «oslo-1»: id-en er i bruk på et sted du ikke har ansvar for"),
        (ARNA.replace("arna", "0301-aktivitet"), "unit_id «0301-aktivitet»: id-en er i bruk på et sted du ikke har"),
    ],
)
def test_a_file_reaches_into_no_other_municipality(place: Place, admin: FlaskClient, line: str, said: str) -> None:
    bring_in(place, OSLO)
    for step in ("look", "do"):
        page = post(admin, IMPORT, step=step, listed=table(FANA.replace(",30", ",31"), line))
        assert page.status_code == 422
        assert f"Linje 3, {said}" in html.unescape(page.text)
        assert "Frysja" not in page.text.replace(line, "")
    assert register(place)["fana"] == ("Fana", "4601-d", 30)


def test_who_covers_a_service_brings_in_that_service_alone(place: Place) -> None:
    bring_in(place, "4601,shared_home,Bofellesskap,,home-1,Blåklokka,6")
    ada = place.sign_in(administrator="4601-bofellesskap")
    look = post(ada, IMPORT, step="look", listed=table("4601,shared_home,Bofellesskap,Nord,home-1,Blåklokka,7"))
    assert post(ada, IMPORT, step="do", **seen_in(look.text)).status_code == 303
    assert register(place)["home-1"] == ("Blåklokka", "4601-bofellesskap-nord", 7)
    for line in (ARNA, "4601,day_centre,Ny tjeneste,,new-1,Ny,5", "4601,shared_home,Bofellesskap,,arna,Arna,5"):
        page = post(ada, IMPORT, step="look", listed=table(line))
        assert (page.status_code, "du ikke har ansvar for" in page.text or "har ikke ansvar" in page.text) == (
            422,
            True,
        )


def test_the_register_as_a_file_is_taken_out_and_brought_in_without_a_change(place: Place, admin: FlaskClient) -> None:
    names = ["=cmd|' /C calc'!A0", "+47", "-1+1", "@SUM(A1)", "'=1", " =1", "\uff1d1", 'Lille "; hus', "'Ola"]
    names_in_file = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    lines = [f"4601,shared_home,=Bo,+Nord > -Øst,home-{n},{name},6" for n, name in enumerate(names_in_file)]
    bring_in(place, OSLO, *lines)
    taken = admin.get("/staff/register/register.csv")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="register.csv"'
    cells = [
        cell for line in csv.reader(io.StringIO(taken.get_data().decode("utf-8-sig")), delimiter=";") for cell in line
    ]
    assert not [cell for cell in cells if cell.lstrip(" \xa0").startswith(("=", "+", "-", "@", "\uff1d"))]
    assert "Frysja" not in cells
    look = post(admin, IMPORT, step="look", file=(io.BytesIO(taken.get_data()), "register.csv"))
    assert re.findall(r"<dd>(\d+)</dd>", look.text) == ["0", "0", "0", str(2 + len(names))]


def test_a_huge_file_and_one_that_is_none_are_refused_with_their_cure(place: Place, admin: FlaskClient) -> None:
    huge = io.BytesIO(table(*["x" * 70] * 10_000).encode())
    page = post(admin, IMPORT, step="look", file=(huge, "register.csv"))
    page.request.environ["wsgi.input"].close()  # where the client wrote a large form
    assert (page.status_code, "mindre fil" in page.text) == (413, True)
    wrong = post(admin, IMPORT, step="look", listed=table(*["9999,a,,,,,"] * 5_000))
    assert (wrong.status_code, wrong.text.count("<li>Linje")) == (422, MOST_PROBLEMS + 1)
    assert "herfra er ikke fila sjekket" in wrong.text
    latin = io.BytesIO(table("4601,day_centre,Dagsenter,,arna,Årna,20").encode("latin-1"))
    page = post(admin, IMPORT, step="look", file=(latin, "register.csv"))
    assert (page.status_code, "CSV UTF-8" in page.text, "\ufffd" in page.text) == (422, True, False)


PLACES = "/staff/register/places"
OLA = {"side": "here", "name": "Ola Berg", "role": "leder", "email": "ola@bergen.example", "phone": ""}


def names(place: Place, unit: str) -> tuple[Mapping[str, str], int | None]:
    with place.village.database.reading() as connection:
        found = tree.everything(connection)[unit]
    return found.name, found.places


def test_names_and_places_are_changed_one_place_at_a_time(place: Place, admin: FlaskClient) -> None:
    page = admin.get(f"{PLACES}/arna").text
    assert re.findall(r'name="name-(\w+)"', page) == ["nb", "nn", "en"]
    changed = {"name-nb": " Arna  dagsenter ", "name-nn": "=Arna", "name-en": "", "places": "25"}
    done = post(admin, f"{PLACES}/arna", **changed)
    assert (done.status_code, done.location) == (303, f"{PLACES}/arna")
    assert names(place, "arna") == ({"nb": "Arna dagsenter", "nn": "=Arna"}, 25)
    post(admin, f"{PLACES}/arna", **changed)
    assert audited(place) == [("place_changed", "4601", "Arna dagsenter")], "what changes nothing is no deed"
    post(admin, f"{PLACES}/4601-d", **{"name-nb": "Dagsentre", "places": "7"})
    assert names(place, "4601-d") == ({"nb": "Dagsentre"}, None)


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        ("arna", {"name-nb": "", "places": "25"}, "bokmål: det er ikke noe navn. Skriv et navn."),
        ("arna", {"name-nb": "Arna", "name-nn": "x" * 201, "places": "25"}, "nynorsk: navnet er lengre enn 200 tegn."),
        ("arna", {"name-nb": "Arna\u200b", "places": "25"}, "bokmål: det er et tegn som ikke kan vises."),
        ("arna", {"name-nb": "Arna", "places": "0"}, "Plasser: ikke et helt tall over 0."),
        ("arna", {"name-nb": "Arna", "places": "9" * 400}, "Plasser: ikke et helt tall over 0."),
        ("4601-bofellesskap", {"name-nb": "DAGSENTER"}, "bokmål: det er en annen med dette navnet."),
        ("4601-bofellesskap-nord", {"name-nb": "A > B"}, "bokmål: navnet på en avdeling kan ikke ha «>» i seg."),
    ],
)
def test_a_name_that_cannot_be_is_told_and_nothing_typed_is_lost(
    place: Place, admin: FlaskClient, where: str, typed: dict[str, str], said: str
) -> None:
    bring_in(place, "4601,shared_home,Bofellesskap,Nord,home-1,Blåklokka,6")
    before = names(place, where)
    page = post(admin, f"{PLACES}/{where}", **typed)
    assert page.status_code == 422
    text = html.unescape(page.text)
    assert said in text
    assert all(f'value="{value}"' in text for value in typed.values())
    assert names(place, where) == before


def test_whom_one_can_talk_to_is_said_for_each_place_and_side(place: Place, admin: FlaskClient) -> None:
    assert "Ingen ennå" in admin.get(f"{PLACES}/arna").text
    assert post(admin, f"{PLACES}/4601-d/contacts", **OLA).status_code == 303
    assert "Så lenge er det Ola Berg, fra Dagsenter" in admin.get(f"{PLACES}/arna").text
    kari = OLA | {"name": "=Kari", "email": "", "phone": "+47 55 00 00 00"}
    assert post(admin, f"{PLACES}/arna/contacts", **kari).status_code == 303
    with place.village.database.reading() as connection:
        assert [contact.name for contact in contacts_for(connection, "arna")] == ["=Kari"]
    assert post(admin, f"{PLACES}/arna/contacts", side="here").status_code == 303
    with place.village.database.reading() as connection:
        assert [contact.name for contact in contacts_for(connection, "arna")] == ["Ola Berg"]
    assert audited(place) == [
        ("contact_changed", "4601", "Dagsenter, here"),
        ("contact_changed", "4601", "Arna, here"),
        ("contact_changed", "4601", "Arna, here"),
    ]


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        ("arna", {"email": "ola@"}, "dette er ingen e-postadresse. Skriv én adresse"),
        ("arna", {"email": "", "phone": "ring meg"}, "dette er ikke noe telefonnummer. Skriv sifre"),
        ("arna", {"email": ""}, "ingen ville nå denne kontakten. Skriv en e-postadresse"),
        ("arna", {"name": "", "role": ""}, "det er ikke noe navn, men email er fylt ut"),
        ("arna", {"side": "elsewhere"}, "ville nå samme person eller telefon både her og utenfra"),
        ("4601", {"side": "elsewhere"}, "ville nå samme person eller telefon både her og utenfra"),
    ],
)
def test_a_contact_that_cannot_be_is_told_and_nothing_typed_is_lost(
    place: Place, admin: FlaskClient, where: str, typed: dict[str, str], said: str
) -> None:
    post(admin, f"{PLACES}/4601-d/contacts", **OLA)
    page = post(admin, f"{PLACES}/{where}/contacts", **OLA | typed)
    assert page.status_code == 422
    assert said in page.text
    assert all(f'value="{value}"' in page.text for value in (OLA | typed).values())


def test_nobody_is_here_in_a_municipality_and_its_name_is_the_official_one(place: Place, admin: FlaskClient) -> None:
    assert post(admin, f"{PLACES}/4601/contacts", **OLA).status_code == 400
    assert post(admin, f"{PLACES}/4601", **{"name-nb": "Bjørgvin"}).status_code == 404


def test_another_municipalitys_places_are_not_there(place: Place, admin: FlaskClient) -> None:
    bring_in(place, OSLO)
    for address in ("oslo-1", "0301", "nowhere", "oslo-1/contacts"):
        assert post(admin, f"{PLACES}/{address}", **OLA, **{"name-nb": "X", "places": "1"}).status_code == 404
        assert admin.get(f"{PLACES}/{address}").status_code in (404, 405)
    assert names(place, "oslo-1") == ({"nb": "Frysja"}, 12)
    ada = place.sign_in(administrator="arna")
    assert post(ada, f"{PLACES}/fana/contacts", **OLA).status_code == 404
    assert post(ada, f"{PLACES}/arna/contacts", **OLA, place="fana").status_code == 303
    with place.village.database.reading() as connection:
        assert contacts_for(connection, "fana") == ()

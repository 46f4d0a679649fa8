"""A register file is looked at and then brought in, exactly as it was seen, and taken out again."""

import csv
import html
import io
import re

import pytest
from flask.testing import FlaskClient

from survey.register.reading import MOST_PROBLEMS
from tests.reaching import Place
from tests.register import ARNA, CHANGED, FANA, IMPORT, OSLO, audited, bring_in, register, rows, seen_in, table
from tests.staffed import post


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


def test_a_unit_that_is_typed_is_looked_at_and_brought_in_as_a_file_is(place: Place, admin: FlaskClient) -> None:
    unit = {"municipality_number": "4601", "service_kind": "shared_home", "service": "Bofellesskap", "division": ""}
    wrong = post(admin, IMPORT, step="unit", **unit, unit="Ålesundgata 9", places="ni")
    assert wrong.status_code == 422
    assert "Plasser: ikke et helt tall over 0. Skriv hvor mange" in html.unescape(wrong.text)
    assert all(f'value="{typed}"' in wrong.text for typed in ("Ålesundgata 9", "Bofellesskap", "ni"))
    look = post(admin, IMPORT, step="unit", **unit, unit="Ålesundgata 9", places="9")
    assert [row for row in rows(look.text) if len(row) == 4][1:] == [
        ["Bofellesskap 4601-bofellesskap", "Tjeneste", "Bergen", ""],
        ["Ålesundgata 9 alesundgata-9", "Enhet", "Bofellesskap", "9"],
    ]
    assert post(admin, IMPORT, step="do", **seen_in(look.text)).status_code == 303
    assert register(place)["alesundgata-9"] == ("Ålesundgata 9", "4601-bofellesskap", 9)
    again = post(admin, IMPORT, step="unit", **unit, unit="ålesundgata 9", places="9")
    assert (again.status_code, "Tjenesten har en enhet med dette navnet" in again.text) == (422, True)
    other = post(admin, IMPORT, step="unit", **{**unit, "service": "Arna bo", "unit": "Arna", "places": "4"})
    assert "Arna arna-2" in [row[0] for row in rows(other.text)], "the id is in use"
    elsewhere = post(admin, IMPORT, step="unit", **{**unit, "municipality_number": "0301", "unit": "X", "places": "4"})
    assert (elsewhere.status_code, "du har ikke ansvar for denne kommunen" in elsewhere.text) == (422, True)


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
    shared: Place, sharer: FlaskClient, language: str, said: str
) -> None:
    wrong = table(ARNA, "301,dagcentre,Dagsenter,,fana,Fana,0", ARNA)
    sharer.get(f"/staff/register?language={language}")
    for step in ("look", "do"):
        page = post(sharer, IMPORT, step=step, listed=wrong)
        assert page.status_code == 422
        told = [html.unescape(line) for line in re.findall(r"<li>(Lin[^<]+)</li>", page.text)]
        assert re.findall(r"Line?j?e (\d)", "".join(told)) == ["3", "3", "3", "4"]
        assert told[1].startswith(said)
        assert wrong in html.unescape(page.text)
    back = post(sharer, IMPORT, step="edit", listed=wrong)
    assert wrong in html.unescape(back.text)
    sharer.get("/staff/register?language=nb")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (OSLO, "municipality_number «0301»: du har ikke ansvar for denne kommunen. Ta ut linja"),
        (ARNA.replace("arna", "oslo-1"), "unit_id «oslo-1»: id-en er i bruk på et sted du ikke har ansvar for"),
        (ARNA.replace("arna", "0301-aktivitet"), "unit_id «0301-aktivitet»: id-en er i bruk på et sted du ikke har"),
    ],
)
def test_a_file_reaches_into_no_other_municipality(shared: Place, sharer: FlaskClient, line: str, said: str) -> None:
    bring_in(shared, OSLO)
    for step in ("look", "do"):
        page = post(sharer, IMPORT, step=step, listed=table(FANA.replace(",30", ",31"), line))
        assert page.status_code == 422
        assert f"Linje 3, {said}" in html.unescape(page.text)
        assert "Frysja" not in page.text.replace(line, "")
    assert register(shared)["fana"] == ("Fana", "4601-d", 30)


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


def test_the_register_is_taken_out_as_a_file_and_brought_in_without_a_change(
    shared: Place, sharer: FlaskClient
) -> None:
    names = ["=cmd|' /C calc'!A0", "+47", "-1+1", "@SUM(A1)", "'=1", " =1", "\uff1d1", 'Lille "; hus', "'Ola"]
    names_in_file = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    lines = [f"4601,shared_home,=Bo,+Nord > -Øst,home-{n},{name},6" for n, name in enumerate(names_in_file)]
    bring_in(shared, OSLO, *lines)
    taken = sharer.get("/staff/register/register.csv")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="register.csv"'
    cells = [
        cell for line in csv.reader(io.StringIO(taken.get_data().decode("utf-8-sig")), delimiter=";") for cell in line
    ]
    assert not [cell for cell in cells if cell.lstrip(" \xa0").startswith(("=", "+", "-", "@", "\uff1d"))]
    assert "Frysja" not in cells
    look = post(sharer, IMPORT, step="look", file=(io.BytesIO(taken.get_data()), "register.csv"))
    assert re.findall(r"<dd>(\d+)</dd>", look.text) == ["0", "0", "0", str(2 + len(names))]


def test_a_huge_file_and_one_that_is_none_are_refused_with_their_cure(shared: Place, sharer: FlaskClient) -> None:
    huge = io.BytesIO(table(*["x" * 70] * 10_000).encode())
    page = post(sharer, IMPORT, step="look", file=(huge, "register.csv"))
    page.request.environ["wsgi.input"].close()  # where the client wrote a large form
    assert (page.status_code, "mindre fil" in page.text) == (413, True)
    large = table(*(f"4601,day_centre,Dagsenter,,u-{n},{'x' * 175},1" for n in range(2_100)))
    assert 440_000 < len(large) < 450_000
    look = post(sharer, IMPORT, step="look", file=(io.BytesIO(large.encode()), "register.csv"))
    again = {**seen_in(look.text), "listed": large.replace("\n", "\r\n"), "file": (io.BytesIO(), "")}
    assert post(sharer, IMPORT, step="look", **again).status_code == 200, "as a browser sends it back"
    wrong = post(sharer, IMPORT, step="look", listed=table(*["9999,a,,,,,"] * 5_000))
    assert (wrong.status_code, wrong.text.count("<li>Linje")) == (422, MOST_PROBLEMS + 1)
    assert "herfra er ikke fila sjekket" in wrong.text
    latin = io.BytesIO(table("4601,day_centre,Dagsenter,,arna,Årna,20").encode("latin-1"))
    page = post(sharer, IMPORT, step="look", file=(latin, "register.csv"))
    assert (page.status_code, "CSV UTF-8" in page.text, "\ufffd" in page.text) == (422, True, False)

"""The register as a tree: what an administrator covers, what is lacking there, and nothing else."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from survey.registry import overview
from tests.reaching import Place
from tests.register import OSLO, app_database, bring_in, rows, statements


def test_an_administrator_sees_what_they_cover_and_what_is_lacking_there(place: Place, admin: FlaskClient) -> None:
    bring_in(place, OSLO)
    place.village.befriend()
    page = admin.get("/staff/register").text
    assert "Å snakke med, utenfra: Ingrid Vik" in page, "for all of Bergen"
    assert rows(page) == [
        ["Sted", "Plasser", "Å snakke med, der", "Å snakke med, utenfra", "Navn", "Bilde"],
        ["Dagsenter", "", "–", "Ingrid Vik", "nb, nn, en", ""],
        ["Arna", "20", "Ola Berg", "Ingrid Vik", "nb, nn, en", "mangler"],
        ["Fana", "30", "ingen", "Ingrid Vik", "nb, nn, en", "mangler"],
    ]
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["2", "50", "1", "0", "2"]
    assert "Frysja" not in page
    fana = place.sign_in(administrator="fana").get("/staff/register").text
    assert rows(fana)[1:] == [["Fana", "30", "ingen", "Ingrid Vik", "nb, nn, en", "mangler"]], "inherits from above"


def test_an_empty_register_says_what_to_do(shared: Place) -> None:
    page = shared.sign_in(administrator="0301").get("/staff/register").text
    assert "Det er ingen enheter her ennå" in page


def test_two_hundred_units_take_no_more_statements_than_two(place: Place, admin: FlaskClient) -> None:
    database = app_database(place.app)
    few = statements(database, admin, "/staff/register")
    bring_in(place, *(f"4601,day_centre,Dagsenter,Avdeling {n % 2},unit-{n},Enhet {n},8" for n in range(200)))
    assert statements(database, admin, "/staff/register") == few <= 12
    *_, last = re.findall(r'href="(\?under=[^"]+)"', admin.get("/staff/register").text)
    pages = [rows(admin.get(f"/staff/register{last}{page}").text)[1:] for page in ("", "~2", "~3")]
    assert [(len(page), page[0][0]) for page in pages] == [(51, "Avdeling 1")] * 3
    assert [page[1][0] for page in pages] == ["Enhet 1", "Enhet 101", "Enhet 1"], "a page that is none opens the first"


def test_many_units_stand_under_their_division_which_is_opened_by_a_link(
    place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(place, "4601,day_centre,Dagsenter,Nord > Ytre,os,Os,8", "4601,day_centre,Dagsenter,Nord,ask,Ask,9")
    place.village.befriend()
    whole = {row[0]: row for row in rows(admin.get("/staff/register").text)}
    monkeypatch.setattr(overview, "FEW", 1)
    folded = admin.get("/staff/register").text
    assert rows(folded)[1:] == [
        ["Dagsenter", "2", "50", "1", "0", "2"],
        ["Nord", "1", "9", "1", "0", "1"],
        ["Ytre", "1", "8", "1", "0", "1"],
    ]
    assert re.findall(r"<dd>(\d+)</dd>", folded)[:2] == ["4", "67"]
    links = [unescape(link) for link in re.findall(r'href="(\?under=[^"]+)"', folded)]
    opened = [{row[0]: row for row in rows(admin.get(f"/staff/register{link}").text)} for link in links]
    assert [list(each)[1:] for each in opened] == [["Dagsenter", "Arna", "Fana"], ["Nord", "Ask"], ["Ytre", "Os"]]
    assert {name: row for each in opened for name, row in each.items()} == whole
    assert rows(admin.get("/staff/register?under=os").text) == list(opened[2].values()), "from the unit's own page"
    assert rows(admin.get("/staff/register?under=frysja").text) == rows(folded)

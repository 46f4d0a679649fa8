"""Letters in the web: a list becomes a PDF with a code for each, and is kept nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.access.redeem import find
from survey.storage.tables import AuditEntry, Base, Batch, Code
from tests.printed import qr_codes, texts
from tests.reaching import Place, reached
from tests.staffed import post

LIST = """unit_id,name,address,postcode,town,language
arna,Kari Nordmann,"Storgata 1
c/o Ola",0155,Oslo,nb
fana,#set page(fill: red),=1+1,5003,Bergen,en
"""
WHO = {"contact": "Ingrid Vik", "phone": "55 00 00 00", "email": "", "until": "2099-12-15"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with reached(tmp_path) as place:
        yield place


@pytest.fixture
def leader(place: Place) -> FlaskClient:
    return place.sign_in(round_leader="4601")


def address(place: Place) -> str:
    return f"/staff/rounds/{place.relatives}/letters"


def codes(place: Place) -> int:
    with place.village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Code)).scalar_one()


def test_everybody_on_the_list_gets_a_letter_with_a_code_of_their_unit(place: Place, leader: FlaskClient) -> None:
    pdf = post(leader, address(place), listed=LIST, **WHO)
    assert (pdf.status_code, pdf.mimetype, pdf.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert pdf.headers["Content-Disposition"] == "attachment; filename=brev.pdf"
    kari, other = texts(pdf.data)
    assert "Kari Nordmann Storgata 1 c/o Ola 0155 Oslo" in kari
    assert "15. desember 2099" in kari
    assert "55 00 00 00" in kari
    assert "#set page(fill: red) =1+1" in other, "a list is text, whatever stands in it"
    for page, unit in enumerate(("arna", "fana")):
        (code,) = qr_codes(pdf.data, page)
        found = find(place.village.database, place.village.keys, code.says.partition("#")[2])
        assert found
        assert (found.round_id, found.unit_id) == (place.relatives, unit)
    with place.village.database.reading() as connection:
        kept = {table.name: repr(connection.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
        entries = (
            connection.execute(select(AuditEntry.about).where(AuditEntry.action == "codes_issued")).scalars().all()
        )
    assert not [name for name, rows in kept.items() if "Nordmann" in rows or "Storgata" in rows]
    assert entries == ["Runde, 2 by letter"]


@pytest.mark.parametrize(
    ("listed", "changed", "told"),
    [
        (LIST.replace("0155", "155"), {}, "Linje 2, postcode: dette kan ikke være et postnummer"),
        (LIST.replace("fana", "lia"), {}, "Linje 4, unit_id: runden spør ikke om en enhet"),
        ("name,email\n", {}, "Linje 1: kolonnen unit_id mangler"),
        ("", {}, "Linje 1: kolonnen unit_id mangler"),
        (LIST, {"phone": ""}, "Skriv hvem som kan spørres"),
        (LIST, {"until": "2020-01-01"}, "Siste svardag er over"),
        (LIST, {"contact": "x" * 101}, "høyst 100 tegn"),
        (LIST.replace("Kari", "\U00012345"), {}, "Det finnes ingen bokstaver å skrive ut"),
    ],
)
def test_what_is_wrong_is_told_and_makes_no_code_and_nothing_typed_is_lost(
    place: Place, leader: FlaskClient, listed: str, changed: dict[str, str], told: str
) -> None:
    page = post(leader, address(place), listed=listed, **{**WHO, **changed})
    assert page.status_code == 422
    assert told in page.text
    assert listed.partition("\n")[0] in page.text
    assert f'value="{changed.get("phone", WHO["phone"])}"' in page.text
    assert codes(place) == 0
    with place.village.database.reading() as connection:
        assert connection.execute(select(Batch.id)).all() == []


def test_residents_get_no_letters_and_others_than_leaders_print_none(place: Place, leader: FlaskClient) -> None:
    residents = f"/staff/rounds/{place.residents}/letters"
    assert "får kort, ikke brev" in leader.get(residents).text
    assert post(leader, residents, listed=LIST, **WHO).status_code == 404
    facilitator = place.sign_in(facilitator="4601", unit_leader="arna")
    assert post(facilitator, address(place), listed=LIST, **WHO).status_code == 404
    assert codes(place) == 0

"""Letters in the web: a list becomes a PDF with a code for each, and is kept nowhere."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.access.codes import shown
from survey.access.redeem import find
from survey.languages import LANGUAGES
from survey.prints import press
from survey.storage.tables import AuditEntry, Base, Batch, Code
from tests.printed import qr_codes, texts
from tests.reaching import Place, reached
from tests.staffed import post

LIST = """unit_id,name,address,postcode,town,language
arna,Kari Nordmann,"Storgata 1
c/o Ola",0155,Oslo,nb
fana,#set page(fill: red),=1+1,5003,Bergen,en
"""
STATUS = "/proc/self/status"
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


def peak(status: Path) -> int:
    """The most memory that a process has had, in kB."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])


def test_bodos_603_letters_are_one_pdf_with_each_persons_own_code(
    place: Place, leader: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In three languages, in the order of the list; set in little memory, outside the web's own."""
    lines = [
        f"{('arna', 'fana')[number % 2]},Person nr {number}.,Storgata 1,8006,Bodø,{LANGUAGES[number % 3]}"
        for number in range(603)
    ]
    setter = tmp_path / "setter"
    watched = (
        f"from survey.prints.typesetter import main; main(); open({str(setter)!r}, 'w').write(open({STATUS!r}).read())"
    )
    monkeypatch.setattr(press, "TYPESETTER", (sys.executable, "-c", watched))
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from now on
    before = peak(Path(STATUS))
    pdf = post(leader, address(place), listed="\n".join([LIST.splitlines()[0], *lines]), **WHO)
    assert peak(Path(STATUS)) - before < 100_000
    assert 50_000 < peak(setter) < 600_000
    pages = texts(pdf.data)
    assert len(pages) == 603
    printed = [re.findall(r"\w{4}-\w{4}-\w{4}", text) for text in pages]
    assert len({code for (code,) in printed}) == 603
    assert all(f" Person nr {number}. " in text for number, text in enumerate(pages))
    assert [re.search(r"Bodø (\w+) (?:syn|do)", text)[1] for text in pages[:3]] == ["Hva", "Kva", "What"]
    for page in (0, 1, 2, 301, 602):
        (scanned,) = qr_codes(pdf.data, page)
        code = scanned.says.partition("#")[2]
        assert [shown(code)] == printed[page]
        found = find(place.village.database, place.village.keys, code)
        assert found
        assert found.unit_id == ("arna", "fana")[page % 2]


@pytest.mark.parametrize(
    ("listed", "changed", "told"),
    [
        (LIST.replace("0155", "155"), {}, "Linje 2, postcode: dette kan ikke være et postnummer"),
        (LIST.replace("fana", "lia"), {}, "Linje 4, unit_id: undersøkelsen spør ikke om en enhet"),
        ("name,email\n", {}, "Linje 1: kolonnen unit_id mangler"),
        ("Kari,Storgata 1,0155", {}, "Linje 1: denne linja nevner ingen kolonner"),
        ("", {}, "Linje 1: denne linja nevner ingen kolonner. Begynn med overskriften unit_id,name,address"),
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

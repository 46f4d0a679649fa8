"""Cards in the web: who may print them, what is on them, and how leftovers are voided."""

from collections.abc import Iterator

import pytest
import zxingcpp
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from survey.access.redeem import find
from survey.answering.submission import Outcome
from survey.storage.tables import AuditEntry, Batch, Code, Noted, WrongCode
from tests.reaching import Place, reached
from tests.staffed import post
from tests.village import answer

CARDS = {"unit": "arna", "number": "3", "way": "self", "language": "nb"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with reached(tmp_path_factory.mktemp("cards")) as place:
        yield place


@pytest.fixture(scope="module")
def facilitator(place: Place) -> FlaskClient:
    return place.sign_in(works_at="fana", facilitator="4601")


def address(place: Place, page: str = "cards", round_id: str | None = None) -> str:
    return f"/staff/rounds/{round_id or place.residents}/{page}"


def codes_on(pdf: bytes) -> list[str]:
    """The codes that a real decoder reads from the cards."""
    page = PdfDocument(pdf)[0].render(scale=2).to_pil()
    return sorted(found.text.partition("#")[2] for found in zxingcpp.read_barcodes(page))


def printed(client: FlaskClient, place: Place, **changes: str) -> TestResponse:
    return post(client, address(place), **{**CARDS, **changes})


def batches(place: Place) -> dict[tuple[str, str], tuple[int, int]]:
    with place.village.database.reading() as connection:
        rows = connection.execute(select(Batch.unit, Batch.way, Batch.issued, Batch.voided)).all()
    return {(row.unit, row.way): (row.issued, row.voided) for row in rows}


def codes_left(place: Place) -> int:
    with place.village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Code)).scalar_one()


def told(answer_: TestResponse) -> bool:
    assert answer_.json
    assert answer_.json["counted"] == ("Arna: 1 av 5 kort" if answer_.json["voided"] else None)
    return bool(answer_.json["voided"])


def test_a_facilitator_prints_cards_that_open_the_questionnaire_and_voids_what_is_left_over(
    place: Place, facilitator: FlaskClient
) -> None:
    pdf = printed(facilitator, place)
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert pdf.headers["Cache-Control"] == "no-store"
    assert pdf.headers["Content-Disposition"] == "attachment; filename=kort-arna.pdf"
    first, used, third = codes = codes_on(pdf.data)
    for code in codes:
        found = find(place.village.database, place.village.keys, code)
        assert found
        assert found.unit_id == "arna"
    assert printed(facilitator, place, way="interview", number="2").status_code == 200
    assert batches(place) == {("arna", "self"): (3, 0), ("arna", "interview"): (2, 0)}
    assert place.village.send(used, answer()) is Outcome.RECEIVED

    json = {"Accept": "application/json"}
    leftovers = address(place, "leftovers")
    page = facilitator.get(leftovers)
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert codes_left(place) == 4, "looking voids nothing"
    form = {"csrf_token": csrf(page), "code": f" {first[:4].lower()}-{first[4:8]} {first[8:]}"}
    assert [told(facilitator.post(leftovers, data=form, headers=json)) for _ in range(2)] == [True, False]
    assert not told(facilitator.post(leftovers, data={**form, "code": used}, headers=json))
    assert post(facilitator, leftovers, code=third).status_code == 303
    mistyped = post(facilitator, leftovers, code=third[:-1])
    assert (mistyped.status_code, "Dette er ingen kode" in mistyped.text) == (422, True)
    assert batches(place) == {("arna", "self"): (3, 2), ("arna", "interview"): (2, 0)}
    assert codes_left(place) == 2
    assert "2 av 5 kort" in facilitator.get(leftovers).text
    with place.village.database.reading() as connection:
        assert connection.execute(select(WrongCode.number)).scalar() == 2, "guessing raises the alarm here too"
        entries = connection.execute(select(AuditEntry.action, AuditEntry.about).order_by(AuditEntry.number)).all()
    deeds = [tuple(entry) for entry in entries if entry.action != "signed_in"]
    assert deeds == [
        ("codes_issued", "Runde, Arna: 3"),
        ("codes_issued", "Runde, Arna: 2"),
        ("leftover_voided", "Runde, Arna"),
        ("leftover_voided", "Runde, Arna"),
    ]


def csrf(page: TestResponse) -> str:
    return page.text.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("works_at", "role", "at"),
    [
        ("arna", "unit_leader", "arna"),
        ("arna", "facilitator", "4601"),
        ("arna", "round_leader", "4601"),
        ("fana", "facilitator", "fana"),
        ("4601", "quality_adviser", "4601"),
        ("4601", "administrator", "4601"),
    ],
)
def test_nobody_gets_a_card_of_the_unit_they_work_in_nor_without_the_role(
    place: Place, works_at: str, role: str, at: str
) -> None:
    somebody, before = place.sign_in(works_at, **{role: at}), batches(place)
    for page in ("cards", "leftovers"):
        assert "arna" not in somebody.get(address(place, page)).text.partition("<form class")[2].partition("</form>")[0]
    assert printed(somebody, place).status_code == 404
    assert batches(place) == before


def test_who_leads_a_unit_and_brings_cards_to_others_gets_none_of_their_own(place: Place) -> None:
    both = place.sign_in("fana", unit_leader="arna", facilitator="4601")
    assert printed(both, place).status_code == 404
    assert printed(both, place, unit="fana").status_code == 404


def test_a_card_of_the_own_unit_cannot_be_voided_either_and_a_unit_leader_learns_nothing(place: Place) -> None:
    (code,) = place.village.codes(unit="fana")
    facilitator = place.sign_in("fana", facilitator="4601")
    refused = post(facilitator, address(place, "leftovers"), code=code)
    assert (refused.status_code, "ble ikke gjort ugyldig" in refused.text) == (422, True)
    assert post(place.sign_in(unit_leader="fana"), address(place, "leftovers"), code=code).status_code == 404
    assert find(place.village.database, place.village.keys, code)


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1001", "²", "9" * 30])
def test_a_number_that_cannot_be_prints_nothing(place: Place, facilitator: FlaskClient, number: str) -> None:
    before = batches(place)
    assert printed(facilitator, place, number=number).status_code == 422
    assert batches(place) == before


@pytest.mark.parametrize(
    "change", [{"way": "paper"}, {"way": "x"}, {"language": "xx"}, {"unit": "4601-d"}, {"unit": "'--"}]
)
def test_what_the_form_does_not_offer_is_not_there(
    place: Place, facilitator: FlaskClient, change: dict[str, str]
) -> None:
    assert printed(facilitator, place, **change).status_code == 404


def test_a_unit_gets_a_tenth_more_cards_than_places_and_no_code_beyond(place: Place, facilitator: FlaskClient) -> None:
    before, left = batches(place), codes_left(place)
    refused = printed(facilitator, place, number="23")
    assert (refused.status_code, "kan ha 22 koder" in refused.text) == (422, True)
    assert (batches(place), codes_left(place)) == (before, left)


def test_all_units_get_at_once_what_they_still_need_each_on_pages_of_its_own_and_never_twice(place: Place) -> None:
    leader, before = place.sign_in(works_at="4601", round_leader="4601"), batches(place)
    noted = {"unit": ["arna", "fana"], "alone": ["6", "9"], "support": ["", "1"], "interview": ["2", ""]}
    assert post(leader, address(place, "residents"), **noted).status_code == 303
    first = printed(place.sign_in("fana", facilitator="4601"), place, unit="*", number="")
    assert len(codes_on(first.data)) == 6 - before["arna", "self"][0] + before["arna", "self"][1], (
        "none of the own unit"
    )
    with place.village.database.begin() as connection:
        connection.execute(update(Noted).where(Noted.place == "arna", Noted.what == "alone").values(number=8))
    pdf = printed(leader, place, unit="*", number="")
    assert pdf.headers["Content-Disposition"] == "attachment; filename=kort-4601.pdf"
    assert len(PdfDocument(pdf.data)) == 3, "one page of Arna, two of Fana"
    after = batches(place)
    assert [after[unit, "self"][0] - after[unit, "self"][1] for unit in ("arna", "fana")] == [8, 10]
    again = printed(leader, place, unit="*", number="")
    assert (again.status_code, "trengs ikke flere" in again.text) == (422, True)
    assert printed(leader, place, unit="*", number="3").status_code == 422
    assert batches(place) == after


def test_a_round_of_others_has_no_cards(place: Place, facilitator: FlaskClient) -> None:
    page = address(place, round_id=place.relatives)
    assert "får e-post eller brev" in facilitator.get(page).text
    assert post(facilitator, page, **CARDS).status_code == 404

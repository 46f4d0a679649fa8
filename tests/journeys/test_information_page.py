"""The information letter in the web: for residents' rounds, without codes."""

from pathlib import Path

from sqlalchemy import select

from survey.storage.tables import Code
from tests.printed import texts
from tests.reaching import reached
from tests.staffed import post

FORM = {"unit": "arna", "begins": "2099-12-01", "ends": "2099-12-15", "visit": "", "language": "nb"}
WHO = {"contact": "Ingrid Vik", "phone": "55 00 00 00", "email": ""}


def test_a_round_leader_prints_it_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    with reached(tmp_path) as place:
        leader, address = place.sign_in(round_leader="4601"), f"/staff/rounds/{place.residents}/information"
        pdf = post(leader, address, **FORM, **WHO)
        assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
        said = " ".join(texts(pdf.data))
        assert all(words in said for words in ("Arna", "1. desember 2099", "15. desember 2099", "Ingrid Vik"))
        both = post(leader, address, **{**FORM, **WHO, "unit": "4601"})
        assert "filename=informasjon-4601.pdf" in both.headers["Content-Disposition"]
        for place_, text in zip(("Arna", "Fana"), texts(both.data), strict=True):
            assert f"Til deg som leder {place_}" in text
        for wrong in ({"ends": "2099-11-30"}, {"begins": "soon"}, {"phone": ""}):
            page = post(leader, address, **{**FORM, **WHO, **wrong})
            assert (page.status_code, 'value="Ingrid Vik"' in page.text) == (422, True)
        for other in ({"unit": "elsewhere"}, {"language": "xx"}):
            assert post(leader, address, **{**FORM, **WHO, **other}).status_code == 404
        relatives = f"/staff/rounds/{place.relatives}/information"
        assert "spør andre" in leader.get(relatives).text
        assert post(leader, relatives, **FORM, **WHO).status_code == 404
        assert post(place.sign_in(unit_leader="arna"), address, **FORM, **WHO).status_code == 404
        with place.village.database.reading() as connection:
            assert connection.execute(select(Code.hmac)).all() == []

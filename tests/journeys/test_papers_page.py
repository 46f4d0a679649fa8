"""The questionnaire on paper in the web: looked at before the round is open, printed with a code on each copy."""

from collections.abc import Iterator

import pytest

from survey.access.redeem import find
from tests.printed import qr_codes, texts
from tests.reaching import Place, reached
from tests.staffed import post

PAPERS = {"unit": "fana", "number": "2", "language": "nb", "ladder": "2"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with reached(tmp_path_factory.mktemp("papers")) as place:
        yield place


def address(round_id: str, page: str = "papers") -> str:
    return f"/staff/rounds/{round_id}/{page}"


def test_each_copy_has_a_code_for_paper_alone_and_the_page_tells_how_many_are_out(place: Place) -> None:
    for round_id in (place.residents, place.relatives):
        leader = place.sign_in(works_at="arna", round_leader="4601")
        printed = post(leader, address(round_id), **PAPERS)
        assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
        assert printed.headers["Cache-Control"] == "no-store"
        pages = texts(printed.data)
        codes = {code.says.partition("#")[2] for page in range(len(pages)) for code in qr_codes(printed.data, page)}
        assert len(codes) == 2
        for code in codes:
            found = find(place.village.database, place.village.keys, code)
            assert found
            assert (found.round_id, found.unit_id, found.way) == (round_id, "fana", "paper")
        page = " ".join(leader.get(address(round_id)).text.split())
        assert '<th scope="row">Fana</th><td>2</td><td>0</td>' in page
        assert '<option value="arna"' not in page, "nobody gets codes of where they work"
        assert post(leader, address(round_id), **{**PAPERS, "unit": "arna"}).status_code == 404


def test_one_can_be_looked_at_without_a_code(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    before = leader.get(address(place.residents)).text
    specimen = post(leader, address(place.residents), **{**PAPERS, "number": "", "look": "1"})
    assert specimen.headers["Content-Disposition"] == "attachment; filename=prove-fana.pdf"
    assert qr_codes(specimen.data, 0) == []
    assert leader.get(address(place.residents)).text.count("<td>2</td>") == before.count("<td>2</td>")


@pytest.mark.parametrize("number", ["", "0", "-1", "1,5", "201", "²"])
def test_no_number_of_copies_is_told_and_prints_nothing(place: Place, number: str) -> None:
    leader = place.sign_in(round_leader="4601")
    refused = post(leader, address(place.residents), **{**PAPERS, "number": number})
    assert refused.status_code == 422
    assert "Skriv hvor mange, som et helt tall fra 1 til 200." in refused.text


def test_a_letter_that_came_back_is_voided_by_its_code(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    printed = post(leader, address(place.relatives), **{**PAPERS, "number": "1"})
    code = qr_codes(printed.data, 0)[0].says.partition("#")[2]
    assert "Koder til overs" in leader.get(address(place.relatives)).text
    voided = post(leader, address(place.relatives, "leftovers"), code=code)
    assert voided.status_code == 303
    assert "Koden er ugyldig nå. Den hørte til Fana." in leader.get(voided.location).text
    assert find(place.village.database, place.village.keys, code) is None

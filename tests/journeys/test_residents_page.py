"""How residents can answer: units note numbers, and “not now” comes into the release as one total."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from survey.rounds.closing import close_round
from survey.rounds.noted import AT_INTERVIEW, noted, one_more
from survey.storage.tables import AuditEntry, Noted, Plan, Release
from tests.reaching import Place, reached
from tests.staffed import post

SOME = {"alone": 4, "support": "3", "interview": " 2 ", "will_not": 1, "away": "", "no_way_found": 5, "other_reason": 0}
READ = {"alone": 4, "support": 3, "interview": 2, "will_not": 1, "away": 0, "no_way_found": 5, "other_reason": 0}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with reached(tmp_path) as place:
        yield place


def address(place: Place) -> str:
    return f"/staff/rounds/{place.residents}/residents"


def kept(place: Place) -> dict[str, dict[str, int]]:
    with place.village.database.reading() as connection:
        return noted(connection, place.residents)


def test_a_unit_leader_notes_numbers_for_the_own_unit_and_sees_no_other(place: Place) -> None:
    leader = place.sign_in(works_at="arna", unit_leader="arna")
    page = leader.get(address(place)).text
    assert re.findall(r'name="unit" value="(\w+)"', page) == ["arna"]
    assert "Fana" not in page
    for _ in range(2):
        assert post(leader, address(place), unit="arna", **SOME).status_code == 303
    assert kept(place) == {"arna": READ}
    assert (
        'name="no_way_found" inputmode="numeric" autocomplete="off" maxlength="3" value="5"'
        in leader.get(address(place)).text
    )
    for unit in ("fana", "4601-d", "4601", "nowhere", ""):
        assert post(leader, address(place), unit=unit, **SOME).status_code == 404
    assert kept(place) == {"arna": READ}
    with place.village.database.reading() as connection:
        about = select(AuditEntry.about).where(AuditEntry.action == "residents_noted")
        assert connection.execute(about).scalars().all() == ["Runde, Arna"] * 2


def test_what_interviewers_counted_stays_when_a_unit_notes_anew_and_is_told_beside_its_own(place: Place) -> None:
    leader = place.sign_in(works_at="arna", unit_leader="arna")
    with place.village.database.begin() as connection:
        one_more(connection, place.residents, "arna", AT_INTERVIEW["will_not"])
    assert post(leader, address(place), unit="arna", **SOME).status_code == 303
    assert kept(place) == {"arna": {**READ, "will_not_at_interview": 1}}
    shown = leader.get(address(place)).text
    assert "I tillegg har intervjuere møtt 1 som ikke svarte." in shown
    assert 'name="will_not" inputmode="numeric" autocomplete="off" maxlength="3" value="1"' in shown


@pytest.mark.parametrize(
    "numbers", [{"alone": "x"}, {"away": "-1"}, {"alone": "1000"}, {"support": "²"}, {"alone": "23"}]
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(place: Place, numbers: dict[str, str]) -> None:
    leader = place.sign_in(unit_leader="arna")
    page = post(leader, address(place), unit="arna", **numbers)
    ((what, typed),) = numbers.items()
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert f'name="{what}" inputmode="numeric" autocomplete="off" maxlength="3" value="{typed}"' in page.text
    assert kept(place) == {}


def test_a_round_leader_notes_for_several_at_once_and_loses_none_of_them_for_a_mistake_in_one(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    both = {"unit": ["arna", "fana"], "support": ["3", ""], "interview": ["", "2"]}
    page = post(leader, address(place), alone=["4", "6o"], **both)
    assert (page.status_code, kept(place)) == (422, {})
    assert all(f'maxlength="3" value="{typed}"' in page.text for typed in ("4", "3", "6o", "2"))
    assert post(leader, address(place), alone=["4", "6"], **both).status_code == 303
    assert {unit: (of["alone"], of["support"], of["interview"]) for unit, of in kept(place).items()} == {
        "arna": (4, 3, 0),
        "fana": (6, 0, 2),
    }
    assert post(leader, address(place), alone=["4"], **both).status_code == 404
    assert post(leader, address(place), unit=["arna", "arna"], alone=["4", "5"]).status_code == 404


def test_a_round_leader_notes_for_all_and_sees_what_is_missing(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    assert post(leader, address(place), unit=["arna", "fana"], alone=["", ""]).status_code == 422
    post(leader, address(place), unit=["arna", "fana"], **{what: ["", number] for what, number in SOME.items()})
    arna, _, fana = leader.get(address(place)).text.partition("Alle enheter")[2].partition(">Fana<")
    assert "Ikke notert" in arna
    assert re.findall(r"<td>(\d+)</td>", fana) == ["30", "4", "3", "2", "6"]


def test_only_the_sum_of_not_now_is_released_and_the_rest_is_gone(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    for unit in ("arna", "fana"):
        post(leader, address(place), unit=unit, **SOME)
    village = place.village
    close_round(village.database, village.keys, village.data, village.round_id)
    with village.database.reading() as connection:
        assert json.loads(connection.execute(select(Release.artefact)).scalar_one())["totals"]["not_now"] == 12
        assert connection.execute(select(Noted.number)).all() == []
    assert post(leader, address(place), unit="arna", **SOME).status_code == 404
    assert "tar ikke imot flere svar" in leader.get(address(place)).text


def test_nobody_notes_residents_of_a_round_that_asks_others(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    relatives = f"/staff/rounds/{place.relatives}/residents"
    assert "spør ikke beboere" in leader.get(relatives).text
    assert post(leader, relatives, unit="arna", **SOME).status_code == 404


def test_a_unit_outside_the_plan_is_no_part_of_the_round(place: Place) -> None:
    told = dict.fromkeys(("decision", "leader", "retention"), "")
    with place.village.database.begin() as connection:
        connection.execute(insert(Plan).values(round=place.residents, places=["arna"], ways=[], repeat=0, **told))
    assert "Fana" not in place.sign_in(round_leader="4601").get(address(place)).text
    assert place.sign_in(unit_leader="fana").get(address(place)).status_code == 404
    assert place.sign_in(unit_leader="arna").get(address(place)).status_code == 200

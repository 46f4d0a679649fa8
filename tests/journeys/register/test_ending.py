"""Units are closed and merged; what was released about them stays."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from survey.access.issuing import IssuingError
from survey.answering.submission import Outcome
from survey.register import tree
from survey.rounds.closing import close_round
from survey.rounds.plan import possible_units
from survey.storage.plans import Plan
from survey.storage.tables import Release
from tests.reaching import Place
from tests.register import ARNA, FANA, IMPORT, OSLO, PLACES, audited, bring_in, closed, register, table
from tests.staffed import post
from tests.village import answer


def test_a_closed_unit_gets_no_codes_and_is_in_no_new_round_until_it_is_open_again(
    place: Place, admin: FlaskClient
) -> None:
    done = post(admin, f"{PLACES}/arna/close")
    page = admin.get(done.location).text
    assert "Enheten er lagt ned" in page
    assert "Enheten er nedlagt siden" in page
    with pytest.raises(IssuingError, match="“arna” is closed since"):
        place.village.codes(unit="arna")
    with place.village.database.reading() as connection:
        assert [unit.id for unit in possible_units(tree.subtree(connection, "4601"), "day_centre")] == ["fana"]
    overview = admin.get("/staff/register").text
    assert re.findall(r"<dd>(\d+)</dd>", overview)[:2] == ["1", "30"]
    assert "nedlagt" in overview
    assert "arna" not in admin.get("/staff/register/register.csv").text
    told = post(admin, IMPORT, step="look", listed=table(ARNA))
    assert (told.status_code, "«Arna» er nedlagt. Ta ut linja" in told.text) == (422, True)
    post(admin, f"{PLACES}/arna/close")
    post(admin, f"{PLACES}/arna/open")
    assert place.village.codes(unit="arna")
    assert [action for action, *_ in audited(place)] == ["unit_closed", "unit_opened"]


def test_merging_closes_one_and_moves_its_places_to_the_other(place: Place, admin: FlaskClient) -> None:
    merged = post(admin, f"{PLACES}/arna/merge", into="fana")
    assert merged.location == f"{PLACES}/fana"
    assert "Plassene til begge er her nå" in admin.get(merged.location).text
    assert closed(place) == {"arna"}
    assert register(place)["fana"] == ("Fana", "4601-d", 50)
    assert audited(place) == [("units_merged", "4601", "Arna → Fana")]


def test_what_was_released_about_a_closed_unit_stays_as_it_was(place: Place, admin: FlaskClient) -> None:
    village = place.village
    village.round_id = place.residents
    for unit in ("arna", "fana"):
        for number, code in enumerate(village.codes(8, unit)):
            assert village.send(code, answer(), f"{number:031x}{unit[0]}".replace("r", "a")) is Outcome.RECEIVED
    close_round(village.database, village.keys, village.data, place.residents)
    with village.database.reading() as connection:
        before = connection.execute(select(Release.artefact, Release.sha256)).one()
    assert post(admin, f"{PLACES}/arna/merge", into="fana").status_code == 303
    assert closed(place) == {"arna"}
    with village.database.reading() as connection:
        assert connection.execute(select(Release.artefact, Release.sha256)).one() == before
    page = place.sign_in(quality_adviser="4601").get(f"/staff/releases/{place.residents}?node=arna")
    assert (page.status_code, "Arna" in page.text) == (200, True)


@pytest.mark.parametrize(("unit", "into"), [("arna", "fana"), ("fana", "arna")])
def test_a_unit_that_an_open_round_asks_is_neither_closed_nor_merged(
    place: Place, admin: FlaskClient, unit: str, into: str
) -> None:
    place.village.codes(unit="arna")
    for address, form in ((f"{unit}/merge", {"into": into}), ("arna/close", {})):
        refused = post(admin, f"{PLACES}/{address}", **form)
        assert "den åpne undersøkelsen «Runde». Lukk undersøkelsen først" in admin.get(refused.location).text
    assert closed(place) == set()
    assert audited(place) == []


def test_a_round_whose_plan_asks_a_unit_holds_it_before_any_code_is_made(place: Place, admin: FlaskClient) -> None:
    nothing = {"ways": [], "decision": "", "leader": "", "retention": "", "repeat": 0, "helped": None}
    with place.village.database.begin() as connection:
        connection.execute(insert(Plan), {**nothing, "round": place.residents, "places": ["4601-d"]})
    post(admin, f"{PLACES}/arna/close")
    assert closed(place) == set()


def test_units_are_merged_with_their_own_kind_in_their_own_municipality_alone(place: Place, admin: FlaskClient) -> None:
    bring_in(place, OSLO, "4601,shared_home,Bofellesskap,,home-1,Blåklokka,6")
    page = admin.get(f"{PLACES}/arna").text
    assert re.findall(r'<option value="(\S+)">', page) == ["fana"]
    for into in ("oslo-1", "home-1", "arna", "4601-d", "nowhere", ""):
        assert post(admin, f"{PLACES}/arna/merge", into=into).status_code == 404
    for address in ("oslo-1/close", "oslo-1/open", "oslo-1/merge", "4601-d/close", "4601/open"):
        assert post(admin, f"{PLACES}/{address}", into="arna").status_code == 404
    ada = place.sign_in(administrator="arna")
    assert post(ada, f"{PLACES}/arna/merge", into="fana").status_code == 404, "not hers"
    assert closed(place) == set()


def test_one_unit_has_no_more_places_than_a_unit_may_have(place: Place, admin: FlaskClient) -> None:
    bring_in(place, FANA.replace(",30", ",9999"))
    refused = post(admin, f"{PLACES}/arna/merge", into="fana")
    assert "kan ikke ha så mange plasser" in admin.get(refused.location).text
    assert closed(place) == set()

"""Names, number of places and contacts, one place at a time."""

import html
import re

import pytest
from flask.testing import FlaskClient

from survey.register.contacts import contacts_for
from tests.reaching import Place
from tests.register import OLA, OSLO, PLACES, audited, bring_in, names
from tests.staffed import post


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
        ("arna", {"name-nb": "Arna\u200b", "places": "25"}, "bokmål: her er et tegn som ikke kan vises."),
        ("arna", {"name-nb": "Arna", "places": "0"}, "Plasser: ikke et helt tall over 0."),
        ("arna", {"name-nb": "Arna", "places": "9" * 400}, "Plasser: ikke et helt tall over 0."),
        ("4601-bofellesskap", {"name-nb": "DAGSENTER"}, "bokmål: det er en annen med dette navnet."),
        ("4601-bofellesskap-nord", {"name-nb": "A > B"}, "bokmål: navnet på en avdeling kan ikke ha «>» i seg."),
    ],
)
def test_a_name_that_cannot_be_is_told_and_nothing_typed_is_lost(
    shared: Place, sharer: FlaskClient, where: str, typed: dict[str, str], said: str
) -> None:
    bring_in(shared, "4601,shared_home,Bofellesskap,Nord,home-1,Blåklokka,6")
    before = names(shared, where)
    page = post(sharer, f"{PLACES}/{where}", **typed)
    assert page.status_code == 422
    text = html.unescape(page.text)
    assert said in text
    assert all(f'value="{value}"' in text for value in typed.values())
    assert names(shared, where) == before


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
        ("arna", {"email": "ola@"}, "Dette er ingen e-postadresse. Skriv én adresse"),
        ("arna", {"email": "", "phone": "ring meg"}, "Dette er ikke noe telefonnummer. Skriv sifre"),
        ("arna", {"email": ""}, "Ingen ville nå denne kontakten. Skriv en e-postadresse"),
        ("arna", {"name": "", "role": ""}, "Det er ikke noe navn, men email er fylt ut"),
        ("arna", {"side": "elsewhere"}, "ville nå samme person eller telefon både her og utenfra"),
        ("4601", {"side": "elsewhere"}, "ville nå samme person eller telefon både her og utenfra"),
    ],
)
def test_a_contact_that_cannot_be_is_told_and_nothing_typed_is_lost(
    shared: Place, sharer: FlaskClient, where: str, typed: dict[str, str], said: str
) -> None:
    post(sharer, f"{PLACES}/4601-d/contacts", **OLA)
    page = post(sharer, f"{PLACES}/{where}/contacts", **OLA | typed)
    assert page.status_code == 422
    assert said in page.text
    assert all(f'value="{value}"' in page.text for value in (OLA | typed).values())


def test_nobody_is_here_in_a_municipality_and_its_name_is_the_official_one(shared: Place, sharer: FlaskClient) -> None:
    assert post(sharer, f"{PLACES}/4601/contacts", **OLA).status_code == 400
    assert post(sharer, f"{PLACES}/4601", **{"name-nb": "Bjørgvin"}).status_code == 404


def test_another_municipalitys_places_are_not_there(place: Place, admin: FlaskClient) -> None:
    bring_in(place, OSLO)
    for address in ("oslo-1", "0301", "nowhere", "oslo-1/contacts"):
        assert post(admin, f"{PLACES}/{address}", **OLA, **{"name-nb": "X", "places": "1"}).status_code == 404
        assert admin.get(f"{PLACES}/{address}", follow_redirects=True).status_code == 404
    assert names(place, "oslo-1") == ({"nb": "Frysja"}, 12)
    ada = place.sign_in(administrator="arna")
    assert post(ada, f"{PLACES}/fana/contacts", **OLA).status_code == 404
    assert post(ada, f"{PLACES}/arna/contacts", **OLA, place="fana").status_code == 303
    with place.village.database.reading() as connection:
        assert contacts_for(connection, "fana") == ()

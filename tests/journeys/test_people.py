"""An administrator makes accounts, gives roles where they cover, and lets nobody in as somebody else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.staff import audit, employing
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, UNIT_LEADER
from survey.storage.tables import AuditEntry, Node, Role, Staff, StaffSession
from tests.bergen import day_centres
from tests.staffed import employ, install, sign_in, staffed, token, try_to_sign_in

ADMIN, NEW, OWN = "admin@bergen.no", "liv@bergen.no", "tre gule katter sover"


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with staffed(tmp_path_factory.mktemp("staff"), day_centres()) as app:
        places = (("4601-dag", "service", "4601"), ("fana", "unit", "4601-dag"), ("0301", "municipality", None))
        with app.extensions["medvirk.database"].begin() as connection:
            for id_, level, parent in places:
                node = {"id": id_, "level": level, "parent": parent, "name": {"nb": id_.title()}}
                connection.execute(insert(Node).values(**node, service_kind=None, places=None))
        yield app


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, ADMIN)


def post(client: FlaskClient, address: str, **form: str) -> TestResponse:
    return client.post(f"/staff/people{address}", data=form | {"csrf_token": token(client.get("/staff/account"))})


def staff_id(app: Flask, email: str) -> str:
    with app.extensions["medvirk.database"].reading() as connection:
        return str(connection.execute(select(Staff.id).where(Staff.email == email)).scalar_one())


def hire(admin: FlaskClient, email: str = NEW, place: str = "4601-dag") -> str:
    """Makes an account; gives its password."""
    made = post(admin, "", email=email, place=place)
    assert made.status_code == 201
    return re.findall(r'<code class="big">([\w-]+)</code>', made.text)[0]


def test_from_a_new_account_to_the_pages_of_its_role(app: Flask, admin: FlaskClient) -> None:
    password = hire(admin)
    liv = app.test_client()
    assert try_to_sign_in(liv, NEW, password).location == "/staff/"
    assert liv.get("/staff/").location == "/staff/account", "an administrator has seen this password"
    form = {"old": password, "new": OWN, "again": OWN, "csrf_token": token(liv.get("/staff/account"))}
    assert liv.post("/staff/account/password", data=form).location == "/staff/sign-in"
    liv = sign_in(app, NEW, OWN)
    assert liv.get("/staff/").status_code == 403, "no role yet"
    post(admin, f"/{staff_id(app, NEW)}/roles", role=QUALITY_ADVISER, place="4601")
    assert "Dagsenter høsten 2026" in liv.get("/staff/").text
    post(admin, f"/{staff_id(app, NEW)}/roles/away", role=QUALITY_ADVISER, place="4601")
    assert liv.get("/staff/").status_code == 403
    for role in ("interviewer", "facilitator"):
        post(admin, f"/{staff_id(app, NEW)}/roles", role=role, place="4601-dag")
    page = admin.get(f"/staff/people/{staff_id(app, NEW)}").text
    assert page.count("åpner ingenting: personen jobber der") == 1, "who works in a service takes no answers of it"


def listed(client: FlaskClient, email: str) -> list[str]:
    """What the list says of somebody: where they work, and their roles; read twice, the second time as it was kept."""
    pages = [client.get("/staff/people").text for _ in "ab"]
    assert pages[0] == pages[1]
    said = pages[1].partition(f">{email}<")[2].partition("</tr>")[0]
    return re.findall(r"<(?:td|li)>([^<]+)</", said)


def test_the_log_tells_what_was_done_to_whom(app: Flask, admin: FlaskClient) -> None:
    hire(admin)
    person = f"/{staff_id(app, NEW)}"
    post(admin, f"{person}/roles", role=UNIT_LEADER, place="fana")
    post(admin, f"{person}/roles", role=UNIT_LEADER, place="fana")
    post(admin, f"{person}/work", place="fana")
    post(admin, f"{person}/roles/away", role=UNIT_LEADER, place="fana")
    post(admin, f"{person}/password")
    post(admin, f"{person}/second-step/away")
    post(admin, f"{person}/away")
    database = app.extensions["medvirk.database"]
    columns = select(AuditEntry.action, AuditEntry.place).where(AuditEntry.about.contains(NEW))
    with database.reading() as connection:
        told = connection.execute(columns.order_by(AuditEntry.number)).all()
        left = connection.execute(select(Staff.email).where(Staff.email == NEW)).all()
    deeds = ["account_made", "role_given", "account_moved", "role_taken_away", "password_renewed"]
    assert [row.action for row in told] == [*deeds, "second_factor_taken_away", "account_ended"]
    assert {row.place for row in told} == {"4601", ""}, "what is done to an account without a role has no place"
    assert left == []
    assert audit.verify(database).broken_at is None


def test_a_new_password_and_the_end_of_an_account_end_every_session(app: Flask, admin: FlaskClient) -> None:
    anna, hers = sign_in(app, "anna@bergen.no"), f"/staff/people/{staff_id(app, 'anna@bergen.no')}"
    post(admin, f"/{staff_id(app, 'anna@bergen.no')}/password")
    read_again = admin.get(f"{hers}/password?language=nn")
    assert (read_again.status_code, read_again.location) == (303, hers), "in another language, or loaded anew"
    assert '<html lang="nn">' in admin.get(hers).text
    assert anna.get("/staff/").location == "/staff/sign-in"
    hire(admin)
    post(admin, f"/{staff_id(app, 'anna@bergen.no')}/away")
    with app.extensions["medvirk.database"].reading() as connection:
        assert set(connection.execute(select(StaffSession.staff)).scalars()) == {staff_id(app, ADMIN)}


def test_who_has_a_role_elsewhere_keeps_their_way_in(app: Flask, admin: FlaskClient) -> None:
    employ(app.extensions["medvirk.database"], "anna@bergen.no", [QUALITY_ADVISER], "0301")
    anna = sign_in(app, "anna@bergen.no")
    person = f"/{staff_id(app, 'anna@bergen.no')}"
    page = admin.get(f"/staff/people{person}").text
    assert "0301" not in page
    assert "roller andre steder" in page
    for deed in ("/password", "/second-step/away", "/away"):
        assert post(admin, person + deed).status_code == 404
    assert anna.get("/staff/").status_code == 200


def test_no_role_is_given_where_the_giver_does_not_cover(app: Flask, admin: FlaskClient) -> None:
    hire(admin)
    for place in ("0301", "nowhere", ""):
        assert post(admin, f"/{staff_id(app, NEW)}/roles", role=ADMINISTRATOR, place=place).status_code == 400
        assert post(admin, f"/{staff_id(app, NEW)}/work", place=place).status_code == 400
        assert post(admin, "", email="x@bergen.no", place=place).status_code == 400
    assert post(admin, f"/{staff_id(app, NEW)}/roles", role="king", place="4601").status_code == 400
    with app.extensions["medvirk.database"].reading() as connection:
        assert connection.execute(select(Role).where(Role.staff == staff_id(app, NEW))).all() == []


def test_an_administrator_of_a_service_reaches_no_further_and_each_change_is_listed_at_once(
    app: Flask, admin: FlaskClient
) -> None:
    password = hire(admin)
    person = f"/{staff_id(app, NEW)}"
    post(admin, f"{person}/roles", role=ADMINISTRATOR, place="4601-dag")
    liv = app.test_client()
    try_to_sign_in(liv, NEW, password)
    form = {"old": password, "new": OWN, "again": OWN, "csrf_token": token(liv.get("/staff/account"))}
    liv.post("/staff/account/password", data=form)
    liv = sign_in(app, NEW, OWN)
    assert post(liv, person + "/roles", role=ADMINISTRATOR, place="4601").status_code == 400
    assert liv.get(f"/staff/people/{staff_id(app, ADMIN)}").status_code == 404
    assert ADMIN not in liv.get("/staff/people").text
    anna, annas = "anna@bergen.no", f"/{staff_id(app, 'anna@bergen.no')}"
    assert (listed(admin, anna), listed(liv, anna)) == (["Bergen", "Kvalitetsrådgiver, Bergen"], [])
    post(admin, f"{annas}/roles", role=UNIT_LEADER, place="fana")
    assert listed(admin, anna) == ["Bergen", "Kvalitetsrådgiver, Bergen", "Enhetsleder, Fana"]
    assert listed(liv, anna) == ["et annet sted", "Enhetsleder, Fana"]
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(update(Node).where(Node.id == "fana").values(name={"nb": "Fana nord"}))
    post(admin, f"{annas}/work", place="fana")
    assert listed(liv, anna) == ["Fana nord", "Enhetsleder, Fana nord"]
    post(admin, f"{annas}/roles/away", role=UNIT_LEADER, place="fana")
    assert listed(liv, anna) == ["Fana nord", "ingen ennå"]
    post(admin, f"{annas}/work", place="4601")
    assert (listed(admin, anna), listed(liv, anna)) == (["Bergen", "Kvalitetsrådgiver, Bergen"], [])


def test_an_administrator_neither_takes_nor_ends_themselves(app: Flask, admin: FlaskClient) -> None:
    me = f"/{staff_id(app, ADMIN)}"
    assert post(admin, f"{me}/roles/away", role=ADMINISTRATOR, place="4601").status_code == 422
    assert post(admin, f"{me}/away").status_code == 404
    assert admin.get("/staff/people").status_code == 200


def test_an_address_that_is_none_or_taken_is_told_and_stays_in_the_form(admin: FlaskClient) -> None:
    unseen = "anna@bergen.no\u200b", "\u202eanna@bergen.no"  # would look like another's on every page and in the log
    for email in ("nobody", "anna@bergen.no", "", *unseen):
        refused = post(admin, "", email=email, place="fana")
        assert refused.status_code == 422
        assert "navn@kommune.no" in refused.text
        assert f'value="{email}"' in refused.text
        assert '<option value="fana" selected>' in refused.text


def test_in_production_too_the_own_password_comes_before_the_second_step(tmp_path: Path) -> None:
    app = create_app(replace(install(tmp_path), production=True))
    app.config["SESSION_COOKIE_SECURE"] = False  # the test client speaks no TLS
    database = app.extensions["medvirk.database"]
    _, password = employing.employ(database, ADMIN, NEW, "4601")
    liv = app.test_client()
    try_to_sign_in(liv, NEW, password)
    assert liv.get("/staff/account").status_code == 200
    assert liv.get("/staff/account/second-step").location == "/staff/account"
    database.dispose()

"""Signing in and out, and what a session is."""

import datetime as dt
import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask, session
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

import survey.staff
from survey.app import create_app
from survey.settings import Settings
from survey.staff.audit import Action
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Role, StaffSession
from tests.bergen import day_centres, shelve
from tests.staffed import PASSWORD, employ, sign_in, token, try_to_sign_in

ANNA = "anna@bergen.no"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    shelve(database, day_centres())
    employ(database, ANNA, [QUALITY_ADVISER])
    database.dispose()
    app = create_app(settings)
    yield app
    app.extensions["medvirk.database"].dispose()


def test_an_adviser_signs_in_sees_the_results_and_signs_out(app: Flask) -> None:
    client = sign_in(app, ANNA)
    overview = client.get("/staff/")
    assert "Dagsenter høsten 2026" in overview.text
    client.post("/staff/sign-out", data={"csrf_token": token(overview)})
    assert client.get("/staff/").location == "/staff/sign-in"


def test_a_session_that_was_copied_is_over_when_its_owner_signs_out(app: Flask) -> None:
    client, copy = sign_in(app, ANNA), app.test_client()
    copy.set_cookie("medvirk_staff", client.get_cookie("medvirk_staff", path="/staff").value, path="/staff")  # type: ignore[union-attr]
    assert copy.get("/staff/").status_code == 200
    client.post("/staff/sign-out", data={"csrf_token": token(client.get("/staff/"))})
    assert copy.get("/staff/").location == "/staff/sign-in"


def test_somebody_sees_where_they_are_signed_in_and_ends_it_from_another_browser(app: Flask) -> None:
    here, there = sign_in(app, ANNA), app.test_client()
    there.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPad; CPU OS 17_5) AppleWebKit/605.1.15 Safari/604.1"
    try_to_sign_in(there, ANNA, PASSWORD)
    page = here.get("/staff/account")
    assert "Safari, iPad" in page.text
    (session_id,) = re.findall(r"sessions/([\w-]+)/end", page.text)  # the one that looks is not offered its own end
    here.post(f"/staff/account/sessions/{session_id}/end", data={"csrf_token": token(page)})
    assert there.get("/staff/").location == "/staff/sign-in"
    assert here.get("/staff/account").status_code == 200


def test_nobody_ends_the_session_of_another(app: Flask) -> None:
    employ(app.extensions["medvirk.database"], "kari@bergen.no", [QUALITY_ADVISER])
    anna, kari = sign_in(app, ANNA), sign_in(app, "kari@bergen.no")
    with app.extensions["medvirk.database"].reading() as connection:
        ids = connection.execute(select(StaffSession.id)).scalars().all()
    csrf_token = token(kari.get("/staff/account"))
    for session_id in ids:
        kari.post(f"/staff/account/sessions/{session_id}/end", data={"csrf_token": csrf_token})
    assert anna.get("/staff/").status_code == 200
    assert kari.get("/staff/").location == "/staff/sign-in"


def test_a_new_password_asks_for_the_old_one_and_ends_every_session(app: Flask) -> None:
    here, there = sign_in(app, ANNA), sign_in(app, ANNA)
    page = here.get("/staff/account")

    def change(old: str, new: str, again: str) -> TestResponse:
        form = {"csrf_token": token(page), "old": old, "new": new, "again": again}
        return here.post("/staff/account/password", data=form, follow_redirects=True)

    new = "fjorten grønne elger"
    assert "Dette er ikke passordet" in change("feil passord her", new, new).text
    assert "ikke likt" in change(PASSWORD, new, new + "!").text
    assert "gjette" in change(PASSWORD, "passord123456", "passord123456").text
    assert there.get("/staff/").status_code == 200
    assert "Passordet er endret" in change(PASSWORD, new, new).text
    assert there.get("/staff/").location == "/staff/sign-in"
    assert try_to_sign_in(here, ANNA, new).location == "/staff/"


def test_a_wrong_address_and_a_wrong_password_are_told_with_the_same_words(app: Flask) -> None:
    answers = [
        try_to_sign_in(app.test_client(), email, password)
        for email, password in [(ANNA, "feil passord her"), ("ingen@bergen.no", PASSWORD), ("", "")]
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert all("E-postadressen og passordet hører ikke sammen." in answer.text for answer in answers)
    assert all("Set-Cookie" not in answer.headers for answer in answers)


def test_a_wrong_address_takes_as_long_as_a_wrong_password(real_passwords: None, app: Flask) -> None:
    client = app.test_client()
    spent = {}
    for email in (ANNA, "ingen@bergen.no"):
        try_to_sign_in(client, email, "feil passord her")  # the first try makes the hash that nobody has
        started = time.process_time()
        for _ in range(3):
            try_to_sign_in(client, email, "feil passord her")
        spent[email] = time.process_time() - started
    assert 0.5 < spent[ANNA] / spent["ingen@bergen.no"] < 2


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/staff/sign-in", data={"email": ANNA, "password": PASSWORD})
    assert answer.status_code == 400
    assert "Dette lot seg ikke gjøre" in answer.text


@pytest.mark.parametrize("production", [False, True])
def test_the_cookie_is_for_staff_pages_alone_and_closed_to_scripts(settings: Settings, production: bool) -> None:
    migrating.upgrade(database := Database(settings.database_url))
    database.dispose()
    app = create_app(replace(settings, production=production))
    (cookie,) = app.test_client().get("/staff/sign-in").headers.getlist("Set-Cookie")
    assert cookie.partition("=")[0] == ("__Secure-medvirk_staff" if production else "medvirk_staff")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/staff", "SameSite=Lax"} | ({"Secure"} if production else set())


def test_outside_staff_there_is_no_session_to_write_to(app: Flask) -> None:
    for path in ("/", "/submit", "/staffing"):
        with app.test_request_context(path), pytest.raises(RuntimeError, match="session"):
            session["somebody"] = "was here"


def test_pages_outside_staff_set_no_cookie_and_depend_on_none(app: Flask) -> None:
    client = sign_in(app, ANNA)
    for path in ("/healthz", "/nowhere"):
        answer = client.get(path, headers={"Cookie": "medvirk_staff=anything"})
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


MORNING = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def test_a_session_ends_after_two_hours_without_use_and_after_eight_in_all(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        left, used = sign_in(app, ANNA), sign_in(app, ANNA)
        used.get("/staff/")
        clock.shift(dt.timedelta(minutes=9))
        assert "Set-Cookie" not in used.get("/staff/").headers, "use is noted every ten minutes"
        for _ in range(4):
            clock.shift(dt.timedelta(minutes=110))
            assert "Set-Cookie" in used.get("/staff/").headers
        assert left.get("/staff/").location == "/staff/sign-in"
        assert "etter to timer uten bruk" in left.get("/staff/sign-in").text
        clock.shift(dt.timedelta(minutes=32))
        assert used.get("/staff/").location == "/staff/sign-in", "used all day"


def test_what_was_written_when_the_session_was_over_is_sent_again_after_signing_in(app: Flask) -> None:
    employ(app.extensions["medvirk.database"], "kari@bergen.no", [QUALITY_ADVISER])
    address, words = f"/staff/releases/{day_centres().round}/committee", 'Vi har <snakket> med "alle" på sentrene.'
    with time_machine.travel(MORNING, tick=False) as clock:
        for whose, sent in ((ANNA, 303), ("kari@bergen.no", 400)):  # in another's name it is not sent
            client = sign_in(app, ANNA)
            written = {"introduction": words, "conclusion": "", "csrf_token": token(client.get(address))}
            password = {"csrf_token": written["csrf_token"], "old": PASSWORD, "new": words, "again": words}
            helper = {"csrf_token": written["csrf_token"], "email": words, "role": "typist"}
            clock.shift(dt.timedelta(hours=2))
            assert client.post(address, data={**written, "csrf_token": "forged"}).location == "/staff/sign-in"
            for wanted, form in (("account/password", password), (f"rounds/{day_centres().round}/helpers", helper)):
                assert client.post(f"/staff/{wanted}", data=form).location == "/staff/sign-in"
            told = client.get("/staff/sign-in").text
            assert "ble ikke tatt vare på" in told
            assert words not in told
            page = client.post(address, data=written)
            assert page.status_code == 403
            assert re.findall('href="(/[^"]*|[?][^"]*)"', page.text.partition("<body>")[2]) == ["/staff/sign-in"]
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            fields = {name: html.unescape(value) for name, value in fields.items()}
            assert fields.keys() == written.keys()
            assert client.post(address, data=fields).text == page.text, "not signed in yet"
            assert try_to_sign_in(client, whose, PASSWORD).location == "/staff/"
            assert client.post(address, data=fields).status_code == sent
        assert words in html.unescape(client.get(address).text)


def test_the_language_chosen_stays_and_else_is_the_browsers(app: Flask) -> None:
    client = app.test_client()
    assert "<h1>Log" in client.get("/staff/sign-in", headers={"Accept-Language": "nb"}).text
    assert "<h1>Sign in" in client.get("/staff/sign-in", headers={"Accept-Language": "en-GB"}).text
    client.get("/staff/sign-in?language=nn")
    page = client.get("/staff/sign-in", headers={"Accept-Language": "en-GB"}).text
    assert '<html lang="nn">' in page
    assert "Har du ein kode" in page
    try_to_sign_in(client, ANNA, PASSWORD, language="nn")
    assert '<html lang="nn">' in client.get("/staff/", headers={"Accept-Language": "en-GB"}).text


def test_an_account_without_a_role_is_told_so(app: Flask) -> None:
    client = sign_in(app, ANNA)
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(delete(Role))
    answer = client.get("/staff/")
    assert answer.status_code == 403
    assert "Ikke for denne kontoen" in answer.text


def test_without_a_database_the_page_says_so_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(app, ANNA)

    def gone(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(Database, "reading", gone)
    answer = client.get("/staff/")
    assert answer.status_code == 500
    assert "Noe gikk galt" in answer.text
    assert "SELECT" not in answer.text


def test_an_administrator_reads_and_searches_what_staff_did_in_their_municipality(app: Flask) -> None:
    database = app.extensions["medvirk.database"]
    employ(database, "admin@bergen.no", [ADMINISTRATOR])
    try_to_sign_in(app.test_client(), ANNA, "feil passord her")
    sign_in(app, ANNA)
    admin = sign_in(app, "admin@bergen.no")
    assert "Endringsloggen" in admin.get("/staff/people").text
    page = admin.get("/staff/audit").text
    assert page.count("<td>logget inn</td>") == 2
    assert "<td>ble avvist: feil passord</td>" in page
    found = admin.get("/staff/audit?words=ANNA").text
    assert found.count("<td>logget inn</td>") == 1
    assert "Ingenting ble funnet" in admin.get("/staff/audit?words=nobody").text
    assert sign_in(app, ANNA).get("/staff/audit").status_code == 403


def test_every_deed_has_words_for_the_log(app: Flask) -> None:
    page = (Path(survey.staff.__file__).parent / "templates" / "staff" / "audit.html").read_text(encoding="utf-8")
    assert [action for action in Action if f'"{action}": gettext(' not in page] == []

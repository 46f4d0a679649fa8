"""The second step when staff sign in: set up with an app, asked for, never taken twice, and what helps who lost it."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pyotp
import pytest
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.staff import account, second_factor
from survey.storage.engine import Database
from survey.storage.tables import RecoveryCode, SecondFactor
from tests.bergen import day_centres
from tests.staffed import PASSWORD, install, post, sign_in, token, try_to_sign_in

ANNA = "anna@bergen.no"
MORNING = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(install(tmp_path, day_centres()))
    yield app
    app.extensions["medvirk.database"].dispose()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def give(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": token(client.get(address)), **fields})


def secret_on(page: TestResponse) -> str:
    (grouped,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)
    return str(grouped).replace(" ", "")


def set_up(client: FlaskClient, **fields: str) -> tuple[pyotp.TOTP, list[str]]:
    """Scan the picture with an app, give its code; the app and the recovery codes."""
    written = secret_on(client.get("/staff/account/second-step"))
    phone = pyotp.parse_uri(scanned(client.get("/staff/account/second-step.png").data))
    assert isinstance(phone, pyotp.TOTP)
    assert phone.secret == written
    shown = give(client, "/staff/account/second-step", code=phone.now(), **fields)
    codes = re.findall(r"<li><code>([\w-]+)</code>", html.unescape(shown.text))
    assert len(codes) == second_factor.RECOVERY_CODES
    return phone, codes


@pytest.mark.parametrize("email", ["a@b.no", ANNA, f"{'m' * 64}@kommune.bergen.no"])
def test_the_picture_says_what_the_app_needs(email: str) -> None:
    said = second_factor.uri(pyotp.random_base32(), email)
    assert scanned(account.picture_of(said)) == said


def scanned(picture: bytes) -> str:
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    return str(code.text)


def second_step(app: Flask, code: str) -> TestResponse:
    client = app.test_client()
    assert try_to_sign_in(client, ANNA, PASSWORD).location == "/staff/sign-in/code"
    assert client.get("/staff/").location == "/staff/sign-in"  # the password alone opens nothing
    return give(client, "/staff/sign-in/code", code=code)


def test_with_an_app_the_password_alone_lets_nobody_in_and_a_code_is_taken_once(
    app: Flask, clock: time_machine.Traveller
) -> None:
    other = sign_in(app, ANNA)
    phone, _ = set_up(sign_in(app, ANNA))
    assert other.get("/staff/").location == "/staff/sign-in"  # what was begun with less is over
    assert second_step(app, phone.now()).status_code == 403  # the code that set it up
    clock.shift(30)
    assert second_step(app, phone.at(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=2))).status_code == 403
    spaced = f"{phone.now()[:3]} {phone.now()[3:]}"
    assert second_step(app, spaced).location == "/staff/"
    assert second_step(app, phone.now()).status_code == 403
    assert "Koden er feil" in second_step(app, "æøå").text


def test_a_recovery_code_takes_the_place_of_the_phone_once(app: Flask) -> None:
    client = sign_in(app, ANNA)
    _, codes = set_up(client)
    assert second_step(app, codes[3].upper().replace("-", " ")).location == "/staff/"
    assert second_step(app, codes[3]).status_code == 403
    assert "Gjenopprettingskoder igjen: 9." in client.get("/staff/account").text


def test_another_app_needs_the_password_and_ends_the_old_app_and_its_recovery_codes(
    app: Flask, clock: time_machine.Traveller
) -> None:
    client = sign_in(app, ANNA)
    old, codes = set_up(client)
    new = pyotp.TOTP(secret_on(client.get("/staff/account/second-step")))
    without = give(client, "/staff/account/second-step", code=new.now(), old="feil passord her")
    assert (without.status_code, "Dette er ikke passordet" in without.text) == (422, True)
    set_up(client, old=PASSWORD)
    clock.shift(30)
    assert second_step(app, old.now()).status_code == 403
    assert second_step(app, codes[0]).status_code == 403
    assert second_step(app, new.now()).location == "/staff/"


def test_the_code_of_another_secret_sets_nothing_up_and_the_picture_stays(app: Flask) -> None:
    client = sign_in(app, ANNA)
    shown = secret_on(client.get("/staff/account/second-step"))
    refused = give(client, "/staff/account/second-step", code=pyotp.TOTP(pyotp.random_base32()).now())
    assert refused.status_code == 422
    assert secret_on(refused) == shown
    assert try_to_sign_in(app.test_client(), ANNA, PASSWORD).location == "/staff/"


def test_after_five_minutes_the_password_is_asked_for_again(app: Flask, clock: time_machine.Traveller) -> None:
    set_up(sign_in(app, ANNA))
    client = app.test_client()
    try_to_sign_in(client, ANNA, PASSWORD)
    clock.shift(dt.timedelta(minutes=6))
    assert client.get("/staff/sign-in/code").location == "/staff/sign-in"
    assert app.test_client().get("/staff/sign-in/code").location == "/staff/sign-in"


def test_whoever_is_halfway_in_with_a_password_that_was_changed_meanwhile_begins_again(
    app: Flask, clock: time_machine.Traveller
) -> None:
    client = sign_in(app, ANNA)
    phone, _ = set_up(client)
    halfway = sign_in(app, ANNA)
    csrf_token = token(halfway.get("/staff/sign-in/code"))
    new = {"old": PASSWORD, "new": "fjorten grønne elger", "again": "fjorten grønne elger"}
    assert post(client, "/staff/account/password", **new).location == "/staff/sign-in"
    clock.shift(60)
    sent = halfway.post("/staff/sign-in/code", data={"csrf_token": csrf_token, "code": phone.now()})
    assert sent.location == halfway.get("/staff/sign-in/code").location == "/staff/sign-in"


def test_who_lost_everything_sets_up_anew_after_somebody_took_the_second_factor_away(app: Flask) -> None:
    database: Database = app.extensions["medvirk.database"]
    client = sign_in(app, ANNA)
    set_up(client)
    second_factor.take_away(database, " Anna@Bergen.no")
    assert client.get("/staff/").location == "/staff/sign-in"
    assert try_to_sign_in(app.test_client(), ANNA, PASSWORD).location == "/staff/"


def test_the_database_alone_holds_neither_the_secret_nor_a_recovery_code(app: Flask) -> None:
    phone, codes = set_up(sign_in(app, ANNA))
    with app.extensions["medvirk.database"].reading() as connection:
        secret = connection.execute(select(SecondFactor.secret)).scalar_one()
        hashes = connection.execute(select(RecoveryCode.hash)).scalars().all()
    assert phone.secret.encode() not in secret
    assert phone.byte_secret() not in secret
    assert not [code for code in codes if any(code.encode() in kept for kept in hashes)]


def test_in_production_who_has_no_second_factor_can_do_nothing_but_set_one_up(tmp_path: Path) -> None:
    settings = install(tmp_path)
    app = create_app(replace(settings, production=True))
    client = app.test_client()
    page = client.get("/staff/sign-in", base_url="https://localhost")
    form = {"email": ANNA, "password": PASSWORD, "csrf_token": token(page)}
    client.post("/staff/sign-in", data=form, base_url="https://localhost")
    for address in ("/staff/", "/staff/rounds", "/staff/account"):
        assert client.get(address, base_url="https://localhost").location == "/staff/account/second-step"
    assert client.get("/staff/account/second-step", base_url="https://localhost").status_code == 200
    app.extensions["medvirk.database"].dispose()

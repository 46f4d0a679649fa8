"""The owner of an account is told by e-mail when somebody changed how they get in."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from survey.app import create_app
from survey.invitations.account_mail import AccountPost
from survey.invitations.mail import Letterhead
from survey.invitations.outbox import LEASE, utcnow
from survey.invitations.smtp import Server
from survey.staff import notices
from survey.storage.engine import Database
from survey.storage.tables import Staff
from tests.journeys.test_second_factor import give, set_up
from tests.mailserver import serving
from tests.staffed import PASSWORD, install, post, sign_in, try_to_sign_in

ANNA, NEW = "anna@bergen.no", "fjorten grønne elger"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(install(tmp_path))
    yield app
    app.extensions["medvirk.database"].dispose()


def test_who_has_an_account_is_told_of_each_change_of_password_and_second_step_without_a_link(app: Flask) -> None:
    database: Database = app.extensions["medvirk.database"]
    with database.reading() as connection:
        anna = connection.execute(select(Staff.id).where(Staff.email == ANNA)).scalar_one()
    admin, client = sign_in(app, "admin@bergen.no"), sign_in(app, ANNA)
    assert post(client, "/staff/account/password", old="feil", new=NEW, again=NEW).status_code == 422
    _, codes = set_up(client)
    client = sign_in(app, ANNA)
    assert give(client, "/staff/sign-in/code", code="000000").status_code == 403
    assert give(client, "/staff/sign-in/code", code=codes[0]).location == "/staff/"
    assert post(client, "/staff/account/password", old=PASSWORD, new=NEW, again=NEW).location == "/staff/sign-in"
    for deed in ("password", "second-step/away"):
        assert post(admin, f"/staff/people/{anna}/{deed}").status_code in (200, 302)
    with serving() as server:
        there = Server("127.0.0.1", server.port, None, None, "none")
        letterhead = Letterhead("Bergen <spor@bergen.example>", "https://m.example")
        for _ in range(2):
            AccountPost(database, letterhead, utcnow, there).work(Event())
        assert server.recipients() == [ANNA] * 5
        assert {str(mail["Subject"]) for mail in server.received} == {"Innloggingen din i Medvirk er endret"}
        told = [" ".join(str(mail.get_content()).split()) for mail in server.received]
    day = dt.datetime.now(dt.UTC).date()
    for text, words in zip(
        told,
        ("En app ble satt opp", "gjenopprettingskodene", "kunne det gamle", "fikk et nytt passord", "tatt bort"),
        strict=True,
    ):
        assert words in text
        assert f"{day.day}. " in text
        assert "http" not in text
        assert "m.example" not in text


def test_a_mail_that_could_not_go_is_tried_again_for_a_week_in_the_language_of_its_owner(app: Flask) -> None:
    database: Database = app.extensions["medvirk.database"]
    client = app.test_client()
    try_to_sign_in(client, ANNA, PASSWORD, language="nn")
    assert post(client, "/staff/account/password", old=PASSWORD, new=NEW, again=NEW).location == "/staff/sign-in"
    now = utcnow()
    notice = notices.take(database, now, LEASE)
    assert notice is not None
    assert (notice.kind, notice.language, notice.attempts) == ("password_changed", "nn", 0)
    assert notices.take(database, now, LEASE) is None, "another worker has it in hand"
    assert notices.take(database, now + LEASE, LEASE) == notice, "that worker was killed"
    notices.later(database, notice, now)
    for days, kept in ((7, True), (8, False)):
        notices.forget(database, now.date() + dt.timedelta(days))
        assert (notices.take(database, now, dt.timedelta(0)) is not None) is kept

"""What somebody outside can do to others: look into their browser, read the machine's files."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from survey.app import create_app
from survey.desk.planning import fields
from survey.keys import KeyStore
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.staffed import staffed, token


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with staffed(tmp_path) as app:
        yield app


@pytest.fixture
def client_on(database: Database, tmp_path: Path) -> Iterator[FlaskClient]:
    """The whole app on each kind of database."""
    KeyStore(tmp_path / "keys").make_session_key()
    url = database.url.render_as_string(hide_password=False)
    places = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys", "MEDVIRK_DATABASE_URL": url}
    app = create_app(Settings.from_environment(places))
    yield app.test_client()
    app.extensions["medvirk.database"].dispose()


def test_no_other_site_may_load_or_hold_any_part_of_a_page(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/s")
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    parts = re.findall(r'(?:href|src)="(/(?:static|symbols)/[^"#]+)', page.text)
    assert {part.split("/")[1] for part in parts} == {"static", "symbols"}
    for address in ("/s", "/staff/sign-in", *parts):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert "Access-Control-Allow-Origin" not in headers, address


def test_no_redirect_leads_to_a_host_that_somebody_claims(app: Flask) -> None:
    client = app.test_client()
    for address, leads in (
        ("/results", "/results/"),
        ("/results?language=nn", "/results/?language=nn"),
        ("/staff", "/staff/"),
    ):
        for host in ("evil.example", "EVIL.example:8000"):
            answer = client.get(address, headers={"Host": host})
            assert (answer.status_code, answer.headers["Location"]) == (308, leads)
            assert "evil" not in answer.text.casefold() + str(answer.headers).casefold()
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_sign_that_no_database_keeps_is_refused_everywhere(client_on: FlaskClient) -> None:
    """PostgreSQL refuses a text with NUL: that is the asker's mistake, not trouble of ours."""
    assert client_on.post("/submit", data={"round": "a\0b", "submission": "0" * 32, "code": "2" * 12}).status_code < 500
    form = {"email": "a\0b@bergen.no", "password": "x", "csrf_token": token(client_on.get("/staff/sign-in"))}
    assert client_on.post("/staff/sign-in", data=form).status_code < 500


def test_other_users_of_the_machine_cannot_read_the_embedded_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/data/medvirk.db")
    migrating.upgrade(database)
    with database.reading():
        modes = {file.name: oct(file.stat().st_mode & 0o077) for file in (tmp_path / "data").iterdir()}
    database.dispose()
    assert modes == dict.fromkeys(("medvirk.db", "medvirk.db-wal", "medvirk.db-shm"), "0o0")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-45", "²"])
def test_a_day_that_nobody_can_count_on_from_is_refused(day: str) -> None:
    """Kept, it would end the work of whoever adds a day or a month to it: calendars, and reminders of all."""
    form = MultiDict({"opens": day, "closes": day, "repeat": "12"})
    _, problems = fields.dates(form, dt.date(2026, 11, 28))
    assert problems.keys() == {"opens", "closes"}

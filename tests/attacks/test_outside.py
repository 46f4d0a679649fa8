"""What somebody outside can do to others: shut them out, look into their browser, read the machine's files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.app import create_app
from survey.keys import KeyStore
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.staffed import PASSWORD, staffed, token


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


def try_from(app: Flask, password: str, came_from: str, *proxies: str) -> int:
    client = app.test_client()
    form = {"email": "anna@bergen.no", "password": password, "csrf_token": token(client.get("/staff/sign-in"))}
    told = {"X-Forwarded-For": ", ".join(proxies)} if proxies else {}
    return client.post("/staff/sign-in", data=form, headers=told, environ_base={"REMOTE_ADDR": came_from}).status_code


def test_who_guesses_through_the_proxy_shuts_out_nobody_else(app: Flask) -> None:
    guesses = [try_from(app, "wrong", "127.0.0.1", "203.0.113.5") for _ in range(11)]
    assert guesses[-1] == 429
    assert try_from(app, PASSWORD, "127.0.0.1", "198.51.100.7") == 302


def test_who_guesses_cannot_claim_another_address_each_time(app: Flask) -> None:
    lied_to_proxy = [try_from(app, "wrong", "127.0.0.1", f"10.0.0.{number}", "203.0.113.5") for number in range(11)]
    no_proxy = [try_from(app, "wrong", "203.0.113.6", f"10.0.0.{number}") for number in range(11)]
    assert lied_to_proxy[-1] == no_proxy[-1] == 429


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

"""An installation with releases and people who may read them, for the tests of staff pages."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reports.release import Release
from survey.app import create_app
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff import accounts
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage import migrating
from survey.storage.engine import Database
from tests.bergen import shelve

PASSWORD = "korrekt hest batteri"


def install(folder: Path, *releases: Release, database_url: str = "") -> Settings:
    """An installation in Bergen with these releases, an adviser (anna) and an administrator (admin)."""
    KeyStore(folder / "keys").make_session_key()
    settings = Settings.from_environment(
        {"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys", "MEDVIRK_DATABASE_URL": database_url}
    )
    database = Database(settings.database_url)
    migrating.upgrade(database)
    shelve(database, *releases)
    employ(database, "anna@bergen.no", [QUALITY_ADVISER])
    employ(database, "admin@bergen.no", [ADMINISTRATOR])
    database.dispose()
    return settings


@contextmanager
def staffed(folder: Path, *releases: Release, database_url: str = "") -> Iterator[Flask]:
    """The app of such an installation."""
    app = create_app(install(folder, *releases, database_url=database_url))
    yield app
    app.extensions["medvirk.database"].dispose()


def employ(database: Database, email: str, roles: Collection[str], municipality: str = "4601") -> None:
    """Give somebody an account with these roles."""
    for role in roles:
        accounts.create(database, email, PASSWORD, role, municipality)


def sign_in(app: Flask, email: str, password: str = PASSWORD, language: str = "nb") -> FlaskClient:
    """A browser in which this person has tried to sign in."""
    client = app.test_client()
    try_to_sign_in(client, email, password, language)
    return client


def known(database: Database, email: str, password: str) -> str | None:
    """The id of whoever has this e-mail address and password."""
    account = accounts.find(database, email)
    return account.id if account and accounts.opens(database, account, password) else None


def try_to_sign_in(client: FlaskClient, email: str, password: str, language: str = "nb") -> TestResponse:
    page = client.get(f"/staff/sign-in?language={language}")
    return client.post("/staff/sign-in", data={"email": email, "password": password, "csrf_token": token(page)})


def token(page: TestResponse) -> str:
    """The token that the page's forms carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def post(client: FlaskClient, address: str, **form: Any) -> TestResponse:
    """Send a form with the token of who is signed in."""
    return client.post(address, data={"csrf_token": token(client.get("/staff/account")), **form})

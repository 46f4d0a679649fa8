"""Database or keys that cannot be reached: nothing is lost, and no respondent sees why."""

import html
import re
import sqlite3

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.rounds.closing import close_round
from survey.settings import Settings
from survey.storage import engine, migrating
from survey.storage.engine import Database
from tests.village import SUBMISSION, Village, answer

TOO_BUSY = page_phrases(SHIPPED)["too_busy"].text
ERROR = page_phrases(SHIPPED)["error_title"].text["nn"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def village(settings: Settings) -> Village:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    return Village.found(database, settings.keys.parent)


@pytest.fixture
def fields(village: Village) -> dict[str, str]:
    (code,) = village.codes()
    return {
        "code": code,
        "round": village.round_id,
        "submission": SUBMISSION,
        "language": "nn",
        "ladder": "3",
        "glad": "5",
        "say": 'Fint & "bra" <her>',
    }


@pytest.fixture
def client(settings: Settings, village: Village, fields: dict[str, str]) -> FlaskClient:
    """The round has been asked for before: its questionnaire is known."""
    client = create_app(settings).test_client()
    assert client.post("/start", data=fields).status_code == 200
    return client


def told_and_kept(client: FlaskClient, fields: dict[str, str]) -> None:
    """503 in the person's language, with every field in the page, to be sent again by one press."""
    page = client.post("/submit", data=fields)
    assert page.status_code == 503
    assert TOO_BUSY["nn"] in page.text
    assert 'action="/submit"' in page.text
    hidden = re.findall(r'<input type="hidden" name="(.+?)" value="(.*?)">', page.text)
    assert {name: html.unescape(value) for name, value in hidden} == fields
    assert not re.search(r"Error|sqlite|Traceback", page.text)


def test_a_database_that_is_gone(client: FlaskClient, village: Village, fields: dict[str, str]) -> None:
    def rename(table: str, name: str) -> None:
        with village.database.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))

    rename("code", "away")
    told_and_kept(client, fields)
    reply = client.post("/submit", data=fields, headers=JSON)
    assert (reply.status_code, reply.json) == (503, {"status": "unavailable", "errors": {}})
    page = client.post("/start", data=fields)
    assert page.status_code == 503
    assert TOO_BUSY["nn"] in page.text
    rename("away", "code")
    assert client.post("/submit", data=fields, headers=JSON).json["status"] == "received"


def test_a_database_that_is_locked(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, village: Village, fields: dict[str, str]
) -> None:
    prepare = engine._prepare_sqlite

    def impatient(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA busy_timeout=1")

    monkeypatch.setattr(engine, "_prepare_sqlite", impatient)
    client = create_app(settings).test_client()
    with village.database.begin():
        told_and_kept(client, fields)
    assert client.post("/submit", data=fields, headers=JSON).json["status"] == "received"


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    """The database has no page free and grows by none more; SQLite then says what it says of a full disk."""
    with database.outside_transaction() as connection:
        connection.execute(text("VACUUM"))
    prepare = engine._prepare_sqlite

    def cramped(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count=1")  # never less than it has

    monkeypatch.setattr(engine, "_prepare_sqlite", cramped)


def test_a_disk_that_is_full(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, village: Village, fields: dict[str, str]
) -> None:
    with monkeypatch.context() as full:
        fill_the_disk(full, village.database)
        client = create_app(settings).test_client()
        told_and_kept(client, fields)
    assert create_app(settings).test_client().post("/submit", data=fields, headers=JSON).json["status"] == "received"


def test_a_disk_that_is_full_at_closing_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, village: Village
) -> None:
    for code in village.codes(12):
        village.send(code, answer(comment="x" * 1500))  # kept at closing, so it has to grow
    with monkeypatch.context() as full:
        fill_the_disk(full, village.database)
        cramped = Database(settings.database_url)
        with pytest.raises(OperationalError, match="full"):
            close_round(cramped, village.keys, settings.data, village.round_id)
        cramped.dispose()
    assert len(close_round(village.database, village.keys, settings.data, village.round_id)) == 64


def test_keys_that_are_missing_or_readable_by_others(
    settings: Settings, village: Village, fields: dict[str, str]
) -> None:
    pepper = settings.keys / "web" / village.round_id / "pepper"
    pepper.chmod(0o444)
    told_and_kept(create_app(settings).test_client(), fields)
    pepper.chmod(0o440)
    hidden = pepper.rename(pepper.with_name("elsewhere"))
    told_and_kept(create_app(settings).test_client(), fields)
    hidden.rename(pepper)
    assert create_app(settings).test_client().post("/submit", data=fields, headers=JSON).json["status"] == "received"


def test_far_too_much_is_refused_in_words(client: FlaskClient, fields: dict[str, str]) -> None:
    page = client.post("/submit", data=fields | {"say": "x" * 300_000}, headers={"Accept-Language": "nn"})
    assert page.status_code == 413
    assert ERROR in page.text
    told = client.post("/submit", data=fields | {"say": "x" * 300_000}, headers=JSON)
    assert (told.status_code, told.json) == (413, {"status": "invalid", "errors": {}})


def test_what_nobody_foresaw_is_told_without_its_trace(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, fields: dict[str, str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("survey.answering.pages.find", broken)
    page = client.post("/start", data=fields)
    assert page.status_code == 500
    assert ERROR in page.text
    assert "secret" not in page.text

"""Markers are sent through the real ways, then looked for byte by byte in every file that is left."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, select, text

from survey.access import codes
from survey.answering.submission import Outcome
from survey.questionnaire.answers import Answer
from survey.rounds.closing import close_round
from survey.storage.engine import Database
from survey.storage.tables import Code, Sealed
from tests.village import SUBMISSION, Village

MARKER = "Blåbærsyltetøy-på-Ulriken-4601"


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def files_of(village: Village, request: pytest.FixtureRequest) -> list[Path]:
    """Every file in which the installation could leave something: data, keys, the database's own."""
    folders = [village.keys.folder.parent]
    if not village.database.is_sqlite:
        server: URL = request.getfixturevalue("postgres_url")
        socket_folder = str(server.query["host"])
        folders.append(Path(socket_folder))
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def holding(files: list[Path], *needles: bytes) -> Iterator[str]:
    for path in files:
        content = path.read_bytes()
        yield from (f"{path.name}: {needle!r}" for needle in needles if needle in content)


def test_codes_and_answers_are_in_no_file_while_the_round_is_open_and_nothing_of_them_after(
    village: Village, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    spent, unspent = village.codes(2)
    marked = Answer("nb", 3, "none", {"glad": 5, "sad": "dont_want", "food": 1}, {"say": MARKER})
    assert village.send(spent, marked) is Outcome.RECEIVED
    assert village.send(spent, marked, submission="f" * 32) is Outcome.NOT_VALID
    clear = [MARKER.encode(), SUBMISSION.encode()]
    clear += [form.encode() for code in (spent, unspent) for form in (code, codes.shown(code))]
    with village.database.reading() as connection:
        sealed = connection.execute(select(Sealed.id, Sealed.tag, Sealed.box)).one()
        hashed = connection.execute(select(Code.hmac)).scalar_one()
        if not village.database.is_sqlite:
            connection.execute(text("CHECKPOINT"))
    stored = [sealed.tag, hashed, sealed.box[:64], sealed.id.encode()]
    assert list(holding(files_of(village, request), *clear)) == []
    assert {needle for needle in stored if any(holding(files_of(village, request), needle))}, "looked in wrong places"

    close_round(village.database, village.keys, village.data, village.round_id)
    if not village.database.is_sqlite:
        with village.database.reading() as connection:
            connection.execute(text("CHECKPOINT"))
    left = [path for path in files_of(village, request) if "pg_wal" not in path.parts]
    assert list(holding(left, *clear, *stored)) == []
    for needle in (MARKER, spent, unspent, codes.shown(spent), SUBMISSION):
        assert needle not in caplog.text


def test_an_sql_error_prints_no_parameter(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(make_url(database_url))
    with pytest.raises(Exception, match="no_such_table") as caught, database.begin() as connection:
        connection.execute(text("SELECT * FROM no_such_table WHERE x = :secret"), {"secret": MARKER})
    database.dispose()
    assert MARKER not in str(caught.value)
    assert MARKER not in caplog.text

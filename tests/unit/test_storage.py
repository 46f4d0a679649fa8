"""The tables are what the migrations make, on both databases."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, text

from survey.storage import engine, migrating
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


class Line:
    """A line to a server over TCP, which can be cut without a word to those who use it."""

    def __init__(self, server: str) -> None:
        self._server, self._cut = server, Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.opened = 0
        Thread(target=self._connect, daemon=True).start()

    def cut(self) -> None:
        """What is open now goes silent; what is opened later is not."""
        self._cut.set()
        self._cut = Event()

    def close(self) -> None:
        self._listening.close()

    def _connect(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                self.opened += 1
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                for ends in ((near, far), (far, near)):
                    Thread(target=self._carry, args=(*ends, self._cut), daemon=True).start()

    @staticmethod
    def _carry(here: socket.socket, there: socket.socket, cut: Event) -> None:
        with suppress(OSError), there:
            while data := here.recv(65536):
                if not cut.is_set():
                    there.sendall(data)


@pytest.mark.postgres
def test_a_line_that_was_cut_without_a_word_costs_a_short_wait_and_no_failed_request(
    postgres_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(postgres_url.query.get("host") or postgres_url.host)
    if not Path(folder).is_dir():
        pytest.skip("the server is on another machine")
    line = Line(f"{folder}/.s.PGSQL.{postgres_url.port or 5432}")
    database = Database(postgres_url.set(host="127.0.0.1", port=line.port, query={"keepalives_count": "2"}))
    asked, answers = [], engine._answers
    monkeypatch.setattr(engine, "_answers", lambda pgconn: asked.append(answers(pgconn)) or asked[-1])

    def two() -> set[int]:
        with database.reading() as one, database.reading() as other:
            return {each.execute(text("SELECT pg_backend_pid()")).scalar_one() for each in (one, other)}

    before = two()
    assert two() == before
    assert asked == [], "what has just been used is not asked"
    monkeypatch.setattr(engine, "RESTS", 0)
    line.cut()
    with monkeypatch.context() as impatient:
        impatient.setattr(engine, "ANSWERS", 0.1)
        after = two()
    assert not before & after
    assert asked == [False], "the first silence is enough to open all anew"
    assert two() == after
    assert all(asked[1:])
    with database.reading() as connection:
        kept = connection.connection.driver_connection
        assert kept
        with socket.socket(fileno=os.dup(kept.pgconn.socket)) as end:
            options = [
                end.getsockopt(socket.IPPROTO_TCP, name) for name in (socket.TCP_USER_TIMEOUT, socket.TCP_KEEPCNT)
            ]
    assert options == [engine.PATIENCE["tcp_user_timeout"], 2]
    database.dispose()
    line.close()


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

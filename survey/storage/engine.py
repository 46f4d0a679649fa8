"""The way to the database: one engine that writes, one that only reads, and the locks of a round."""

import hashlib
import os
import selectors
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from psycopg import Connection as PostgresConnection
from psycopg import OperationalError
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import ArgumentError, DisconnectionError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from survey.storage import stamped

SQLITE_NEEDED = (3, 35)  # RETURNING
POSTGRES_NEEDED = 15
Made = TypeVar("Made")


# A line that was cut without a word costs a wait, and then an error: in seconds, tcp_user_timeout in milliseconds.
# An address of the database may say otherwise (?connect_timeout=…). Sockets of this machine need none but the first.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
RESTS, ANSWERS = 30, 3  # seconds after which a connection is asked whether it is there, and may take to say so

_ADDRESSES = "Use sqlite:////path/medvirk.db or postgresql+psycopg://user:password@host/name."


class StorageError(Exception):
    """The database cannot be used; the message names the cure."""


class Database:
    """Connections to one database.

    `begin()` is a transaction that may write: on SQLite it takes the write lock at once, so that what it reads
    stays true until it commits. `reading()` runs each statement on its own, without one.
    SQL errors never print parameters.
    """

    def __init__(self, url: str | URL) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise StorageError(f"MEDVIRK_DATABASE_URL is no address of a database. {_ADDRESSES}") from None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if not self.is_sqlite and self.url.drivername != "postgresql+psycopg":
            raise StorageError(f"MEDVIRK_DATABASE_URL names {self.url.drivername}, which is not known. {_ADDRESSES}")
        options: dict[str, Any] = {"hide_parameters": True}
        if self.is_sqlite:
            check_sqlite_version(sqlite3.sqlite_version_info)
            if self.url.database is None:
                raise StorageError(f"MEDVIRK_DATABASE_URL names no file. {_ADDRESSES}")
            _make_private(Path(self.url.database))
        else:
            # Prepared statements do not survive a pooler in transaction mode.
            patience = {name: value for name, value in PATIENCE.items() if name not in self.url.query}
            options |= {"connect_args": {"prepare_threshold": None, **patience}}
        self._writer = create_engine(self.url, **options)
        self._reader = create_engine(self.url, isolation_level="AUTOCOMMIT", **options)
        stamped.remember(self._reader)
        if self.is_sqlite:
            event.listen(self._writer, "connect", _prepare_sqlite)
            event.listen(self._reader, "connect", _prepare_sqlite)
            event.listen(self._writer, "connect", _leave_transactions_to_us)
            event.listen(self._writer, "begin", _take_write_lock)
        else:
            for engine in (self._writer, self._reader):
                event.listen(engine, "checkin", _note_when)
                event.listen(engine, "checkout", _still_there)

    @property
    def writer(self) -> Engine:
        """The engine migrations run on."""
        return self._writer

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back on an error."""
        try:
            with self._writer.begin() as connection:
                yield connection
        finally:
            stamped.forget()

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that only reads."""
        return self._reader.connect()

    def numbers(self) -> tuple[int, ...]:
        """Of the register and of reports: as long as they are the same, so is all that follows from both."""
        memory = stamped.seen(self._reader, stamped.REPORTS)
        if memory is None:
            with self.reading() as connection:
                memory = stamped.memory(connection, stamped.REPORTS)
        assert memory is not None  # of a connection that only reads
        return memory.numbers

    def remembered(self, key: Hashable, read: Callable[[Connection], Made], area: int = stamped.REPORTS) -> Made:
        """What follows from the register and, as it says, from reports or staff: read when something of it changes.

        Nobody may change what is given.
        """
        memory = stamped.seen(self._reader, area)
        made: Made | None = memory.find(key) if memory else None
        if made is not None:
            return made
        with self.reading() as connection:
            now = stamped.memory(connection, area)
            assert now is not None  # of a connection that only reads
            return now.get(key, lambda: read(connection))

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection for VACUUM and its like, which refuse to run inside a transaction."""
        with self._reader.connect() as connection:
            yield connection

    def check(self) -> None:
        """Whether the server is there and new enough.

        Raises: StorageError, naming the cure.
        """
        if self.is_sqlite:
            return
        with self.reading() as connection:
            version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
        if version < POSTGRES_NEEDED:
            raise StorageError(f"PostgreSQL {version} is too old: Medvirk needs {POSTGRES_NEEDED} or later.")

    def dispose(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _make_private(file: Path) -> None:
    """An SQLite file is for its owner alone: it holds addresses and sealed answers. Its log gets the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # what is wrong with the place is told when the database is used
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def check_sqlite_version(found: tuple[int, ...]) -> None:
    """Raises: StorageError where this Python's SQLite is too old for RETURNING."""
    if found < SQLITE_NEEDED:
        raise StorageError(
            f"SQLite {'.'.join(map(str, found))} is too old: Medvirk needs 3.35 or later. "
            "Use a newer Python, or PostgreSQL by MEDVIRK_DATABASE_URL."
        )


def share_round(connection: Connection, round_id: str) -> None:
    """Hold the round as it is until this transaction ends; many may at once.

    On SQLite the transaction has the only write lock already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_SHARE, {"key": _lock_key(round_id)})


def seize(connection: Connection, key: str) -> None:
    """Wait for everybody who holds or shares what `key` names (a round's id), until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SEIZE, {"key": _lock_key(key)})


_SHARE = text("SELECT pg_advisory_xact_lock_shared(:key)")
_SEIZE = text("SELECT pg_advisory_xact_lock(:key)")


def _lock_key(round_id: str) -> int:
    return int.from_bytes(hashlib.sha256(round_id.encode()).digest()[:8], signed=True)


def _note_when(_connection: PostgresConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["resting since"] = time.monotonic()


def _still_there(connection: PostgresConnection, record: ConnectionPoolEntry, _pooled: object) -> None:
    """A server that was stopped since this connection was last used has said so: hearing it costs no round trip.

    A line that was cut says nothing. So what has rested for long is asked, and its silence is no answer for long; then
    none of the others is asked. Raises: DisconnectionError, on which the pool takes another connection.
    """
    try:
        for _ in ("its last words", "that it is gone"):
            connection.pgconn.consume_input()
        since = record.info.get("resting since")  # None: just opened
        if since is not None and time.monotonic() - since >= RESTS and not _answers(connection.pgconn):
            raise InvalidatePoolError
    except OperationalError as error:
        raise DisconnectionError from error


def _answers(line: PGconn) -> bool:
    """Whether the server answers to nothing asked, in time."""
    deadline = time.monotonic() + ANSWERS
    line.send_query(b"")
    with selectors.DefaultSelector() as selector:
        selector.register(line.socket, selectors.EVENT_READ)
        while selector.select(deadline - time.monotonic()):
            line.consume_input()
            while not line.is_busy():
                if line.get_result() is None:
                    return True
    return False


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an answer that was thanked for survives a power cut
        "secure_delete=ON",  # what is deleted is overwritten
        "temp_store=MEMORY",  # no answers in temporary files
        "foreign_keys=ON",
        "busy_timeout=5000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


def _take_write_lock(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

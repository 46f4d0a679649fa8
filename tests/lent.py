"""PostgreSQL databases with this version's tables, lent to one test after another: making one takes longer than most
tests do. Each test gets one without rows.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import URL, Connection, NullPool, create_engine, text

# All but rows that a test could leave behind.
_SHAPE = text("""
    SELECT md5(string_agg(part, ';' ORDER BY part)) FROM (
        SELECT concat(table_name, column_name, data_type, column_default, is_nullable)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat(conrelid::regclass, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat(tgrelid::regclass, tgenabled, pg_get_triggerdef(oid))
            FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat(relname, relkind, relowner, relacl)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT version_num FROM alembic_version
    ) AS parts (part)
""")
_END_OTHERS = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
_WITHOUT_TRIGGERS = text("SET LOCAL session_replication_role = replica")  # nor the order that foreign keys ask for
_DELETES = text("""
    SELECT string_agg(format('DELETE FROM %I', tablename), '; ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'stamp')
""")


class Lender:
    """`new` makes a database, which is gone when `stack` ends."""

    def __init__(self, new: Callable[[], AbstractContextManager[URL]], stack: ExitStack) -> None:
        self._new, self._stack = new, stack
        self._free: list[URL] = []
        self._shape = ""

    @contextmanager
    def lend(self) -> Iterator[URL]:
        """A database for one test."""
        url = self._free.pop() if self._free else self._make()
        yield url
        with _connection(url) as connection:
            connection.execute(_END_OTHERS)
            if connection.execute(_SHAPE).scalar_one() == self._shape:
                connection.execute(_WITHOUT_TRIGGERS)
                connection.exec_driver_sql(connection.execute(_DELETES).scalar_one())
                self._free.append(url)

    def _make(self) -> URL:
        url = self._stack.enter_context(self._new())
        if not self._shape:
            with _connection(url) as connection:
                self._shape = connection.execute(_SHAPE).scalar_one()
        return url


@contextmanager
def _connection(url: URL) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()

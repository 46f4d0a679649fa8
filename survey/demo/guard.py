"""Simulated answers and real ones never share a database, and production takes real ones only."""

from sqlalchemy import select

from survey.storage.engine import Database
from survey.storage.tables import Round


class DemoError(Exception):
    """The demo may not be here; the message names the cure."""


_SIMULATED = select(Round.title).where(Round.simulated).limit(1)
_REAL = select(Round.title).where(~Round.simulated).limit(1)


def refuse_demo_data(database: Database) -> None:
    """Raises: DemoError where the database holds a round of the demo; for production to call as it starts."""
    with database.reading() as connection:
        title = connection.execute(_SIMULATED).scalar()
    if title:
        raise DemoError(
            f"This database holds simulated answers (“{title}”) and the demo's known password, and production may not. "
            "Give production a database of its own (MEDVIRK_DATABASE_URL) and run: medvirk db upgrade"
        )


def refuse_real_data(database: Database) -> None:
    """Raises: DemoError where the database has rounds and none of them is the demo's."""
    with database.reading() as connection:
        real, simulated = connection.execute(_REAL).scalar(), connection.execute(_SIMULATED).scalar()
    if real and not simulated:
        raise DemoError(
            f"This database is in real use (“{real}”), and the demo brings simulated answers and a known password. "
            "Give the demo a folder of its own: MEDVIRK_DATA and MEDVIRK_KEYS."
        )

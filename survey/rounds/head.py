"""What every page about a round begins with."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from survey.staff.guard import OfMunicipality
from survey.storage.engine import Database
from survey.storage.tables import Round


@dataclass(frozen=True)
class Head(OfMunicipality):
    """A round, whatever its state."""

    id: str
    title: str
    audience: str
    service_kind: str
    municipality: str
    state: str
    simulated: bool
    k: int
    b: int


_HEAD = select(
    Round.id,
    Round.title,
    Round.audience,
    Round.service_kind,
    Round.municipality,
    Round.state,
    Round.simulated,
    Round.k,
    Round.b,
).where(Round.id == bindparam("round"))


def finder(database: Database) -> Callable[[str], Head | None]:
    """What finds a round by its id, for `needs(…, round_id=finder(database))`."""

    def find(round_id: str) -> Head | None:
        def read(connection: Connection) -> Head | None:
            row = connection.execute(_HEAD, {"round": round_id}).first()
            return Head(*row) if row else None

        return database.remembered(("head", round_id), read)

    return find

"""Find the round and place a code opens. Looking never spends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from survey.access.codes import hashed
from survey.keys import KeysError, KeyStore
from survey.storage.engine import Database
from survey.storage.tables import Batch, Code, Node, Round


@dataclass(frozen=True)
class Found:
    """Where a code leads."""

    round_id: str
    state: str
    unit_id: str
    place: Mapping[str, str]  # language -> the unit's name
    way: str  # in which it was to be answered: self, interview, paper


_FIND = (
    select(Round.id, Round.state, Node.id, Node.name, Batch.way)
    .join_from(Code, Batch, Code.batch == Batch.id)
    .join(Round, Batch.round == Round.id)
    .join(Node, Batch.unit == Node.id)
    .where(Code.hmac.in_(bindparam("hmacs", expanding=True)))
)


def find(database: Database, keys: KeyStore, code: str) -> Found | None:
    """Where this code (normalised) leads; None: unknown, used, or of a round that is over.

    Tries the peppers of all open rounds in one query.

    Raises: KeysError where a round's keys cannot be read and the code is of no other round.
    """
    hmacs, trouble = [], None
    for round_id in keys.rounds():
        try:
            hmacs.append(hashed(keys.web(round_id).pepper, code))
        except KeysError as error:
            trouble = error
    with database.reading() as connection:
        row = connection.execute(_FIND, {"hmacs": hmacs}).first() if hmacs else None
    if row is None and trouble:
        raise trouble
    return Found(*row) if row else None

"""What the web asks the worker to do with a round: the web holds no key, so it can neither open nor release one.

A row in `errand` is the whole queue. It goes in the transaction that writes the deed down, so a worker that is killed
finds it again; every deed here may be done twice.
"""

import datetime as dt
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from survey.keys import KeysError, KeyStore
from survey.rounds.planning import RoundError, open_round
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.engine import Database, seize
from survey.storage.tables import Errand, Round

FROM: Mapping[str, str] = {  # kind -> the state a round is in when it is asked for
    "open": "planned",
    "stop": "open",
    "resume": "closing",
    "release": "closing",
    "destroy": "released",
}
DEEDS = {
    "open": Action.ROUND_OPENED,
    "stop": Action.ROUND_STOPPED,
    "resume": Action.ROUND_RESUMED,
    "release": Action.ROUND_CLOSED,
    "destroy": Action.ROUND_DESTROYED,
}
ASK_AGAIN = ("passphrase", "copy")  # trouble that only people end: it is not tried again before they ask again

_log = logging.getLogger(__name__)
_OF_ROUND = select(Errand.kind, Errand.asked_by, Errand.asked, Errand.trouble).where(Errand.round == bindparam("round"))
_WAITING = select(Errand).where(Errand.trouble.not_in(ASK_AGAIN)).order_by(Errand.asked, Errand.round)
_STATE = select(Round.state).where(Round.id == bindparam("round"))


@dataclass(frozen=True)
class Waiting:
    """An errand that is not done; `trouble` says why, in a word of `_trouble` or `other`, or is empty."""

    kind: str
    asked_by: str
    asked: dt.datetime
    trouble: str


def waiting(connection: Connection, round_id: str) -> Waiting | None:
    """What waits to be done with a round."""
    row = connection.execute(_OF_ROUND, {"round": round_id}).first()
    return Waiting(*row) if row else None


def post(
    connection: Connection, round_id: str, kind: str, asked_by: str, now: dt.datetime, passphrase: bytes | None = None
) -> bool:
    """Ask the worker; False where the round is past it, or where something waits that has met no trouble.

    `passphrase` as KeyStore.posted closed it.
    """
    seize(connection, round_id)
    before = waiting(connection, round_id)
    state = connection.execute(_STATE, {"round": round_id}).scalar()
    if state != FROM[kind] or (before and not before.trouble):
        return False
    connection.execute(delete(Errand).where(Errand.round == round_id))
    asked = {"round": round_id, "kind": kind, "passphrase": passphrase, "asked_by": asked_by, "asked": now}
    connection.execute(insert(Errand), {**asked, "trouble": ""})
    audit.note_round(connection, asked_by, Action.WORKER_ASKED, round_id, kind)
    return True


def withdraw(connection: Connection, round_id: str, who: str) -> None:
    """Ask no more for what waits; what the worker has begun, it ends."""
    seize(connection, round_id)
    if found := waiting(connection, round_id):
        connection.execute(delete(Errand).where(Errand.round == round_id))
        audit.note_round(connection, who, Action.WORKER_NOT_ASKED, round_id, found.kind)


def work(database: Database, keys: KeyStore, data: Path) -> bool:
    """Do all that is asked for; False where something met trouble and is tried again."""
    with database.reading() as connection:
        errands = connection.execute(_WAITING).all()
    results = [_tried(database, keys, data, errand) for errand in errands]
    return all(results)


def _tried(database: Database, keys: KeyStore, data: Path, errand: Row[Any]) -> bool:
    try:
        about = _do(database, keys, data, errand)
    except (KeysError, RoundError) as error:
        trouble = _trouble(errand.kind, error)
        _log.error("Round %s, %s: %s", errand.round, errand.kind, error)
        _tell(database, errand, trouble)
        return trouble in ASK_AGAIN
    except Exception as error:  # the words of others may hold what a row holds
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("Round %s, %s: %s\n%s", errand.round, errand.kind, type(error).__name__, where)
        _tell(database, errand, "other")
        return False
    with database.begin() as connection:
        done = delete(Errand).where(Errand.round == errand.round, Errand.kind == errand.kind)
        if connection.execute(done).rowcount:
            audit.note_round(connection, errand.asked_by, DEEDS[errand.kind], errand.round, about)
    return True


def _do(database: Database, keys: KeyStore, data: Path, errand: Row[Any]) -> str:
    """Do it, or find it done; gives what the log says of it."""
    with database.reading() as connection:
        state = connection.execute(_STATE, {"round": errand.round}).scalar()
    if errand.kind == "open":
        if state == "planned":
            open_round(database, keys, errand.round, keys.read_posted(errand.passphrase))
        return ""
    from survey.rounds import closing  # brings pandas, which no mail waits for

    match errand.kind:
        case "stop":
            closing.stop_taking(closing.Closing(database, keys, data, errand.round))
        case "resume":
            closing.take_again(closing.Closing(database, keys, data, errand.round))
        case "release":
            return f"release {closing.close_round(database, keys, data, errand.round)}"
        case "destroy":
            closing.confirm_destroyed(database, keys, data, errand.round)
    return ""


def _tell(database: Database, errand: Row[Any], trouble: str) -> None:
    with database.begin() as connection:
        connection.execute(
            update(Errand).where(Errand.round == errand.round, Errand.kind == errand.kind).values(trouble=trouble)
        )


def _trouble(kind: str, error: Exception) -> str:
    """`passphrase`, `keys`, `busy` (others still read the database) or `copy` (a recovery copy is still there)."""
    if kind == "open":
        return "passphrase"
    if isinstance(error, KeysError):
        return "keys"
    return "copy" if kind == "destroy" else "busy"

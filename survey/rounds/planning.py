"""Plan a round and open it."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from survey.keys import KeyStore, check_passphrase
from survey.questionnaire.loading import dump
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database, seize
from survey.storage.tables import Node, Round

K, B = 5, 2  # fewest answers that are shown; how far a published side may lie from the true one


class RoundError(Exception):
    """The round cannot be planned, opened or brought back; the message names the cure."""


def create(database: Database, **settings: Any) -> str:
    """A planned round, in a transaction of its own; see `add`."""
    with database.begin() as connection:
        return add(connection, **settings)


def add(
    connection: Connection,
    *,
    title: str,
    audience: str,
    municipality: str,
    questionnaire: Questionnaire,
    service_kind: str | None = None,
    k: int = K,
    b: int = B,
    simulated: bool = False,
    keep_unfinished: bool = False,
) -> str:
    """A planned round; gives its id.

    `service_kind` may be left out where the questionnaire has only one. `keep_unfinished`: a tablet keeps what somebody
    has begun, locked, for thirty minutes.

    Raises: RoundError.
    """
    if not title.strip():
        raise RoundError("The round needs a title: --title")
    if questionnaire.audience != audience:
        raise RoundError(f"“{questionnaire.id}” asks {questionnaire.audience}s, not {audience}s. Choose another.")
    if service_kind is None and len(questionnaire.service_kinds) > 1:
        raise RoundError(f"Say which kind of service: --service-kind {'|'.join(questionnaire.service_kinds)}")
    kind = service_kind or questionnaire.service_kinds[0]
    if kind not in questionnaire.service_kinds:
        raise RoundError(f"“{questionnaire.id}” is for {', '.join(questionnaire.service_kinds)}, not {kind}.")
    if k < K or b < B or k < 2 * b + 1:
        raise RoundError(f"k must be at least {K}, b at least {B}, and k at least 2b + 1 (here {2 * b + 1}).")
    round_id = uuid4().hex
    level = connection.execute(select(Node.level).where(Node.id == municipality)).scalar()
    if level != "municipality":
        raise RoundError(f"There is no municipality “{municipality}”. Use its number, as 4601 for Bergen.")
    connection.execute(
        insert(Round),
        {
            "id": round_id,
            "title": title.strip(),
            "audience": audience,
            "service_kind": kind,
            "municipality": municipality,
            "questionnaire": dump(questionnaire),
            "k": k,
            "b": b,
            "simulated": simulated,
            "keep_unfinished": keep_unfinished,
            "state": "planned",
        },
    )
    return round_id


def open_round(database: Database, keys: KeyStore, round_id: str, passphrase: str) -> None:
    """Make the round's keys and their recovery copy, then take answers. Run again after a kill, it finishes.

    Raises: RoundError, KeysError.
    """
    check_passphrase(passphrase)
    with database.begin() as connection:
        seize(connection, round_id)
        state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar()
        if state != "planned":
            raise RoundError(_not_in(state, round_id, "planned", "opened"))
        # Keys left by an opening that was killed sealed nothing yet and are made anew.
        public_key = keys.make(round_id, passphrase)
        connection.execute(update(Round).where(Round.id == round_id).values(state="open", public_key=public_key))


def recover(database: Database, keys: KeyStore, round_id: str, copy: bytes, passphrase: str) -> None:
    """Bring an unfinished round's keys back from their recovery copy.

    Raises: RoundError where the round is over; KeysError.
    """
    with database.begin() as connection:
        seize(connection, round_id)
        found = connection.execute(select(Round.state, Round.public_key).where(Round.id == round_id)).first()
        if found is None or found.state not in ("open", "closing"):
            raise RoundError(_not_in(found.state if found else None, round_id, "open or closing", "recovered"))
        keys.recover(round_id, found.public_key, copy, passphrase)


def _not_in(state: str | None, round_id: str, needed: str, done: str) -> str:
    if state is None:
        return f"There is no round “{round_id}”. See: medvirk round list"
    return f"The round is {state}. Only a round that is {needed} can be {done}."

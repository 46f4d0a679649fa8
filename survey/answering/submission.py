"""Send: one transaction that spends a code and seals an answer. The only place that inserts one (DESIGN section 7)."""

import hashlib
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Boolean, Connection, bindparam, delete, insert, literal_column, select

from survey.access import invitees
from survey.access.codes import hashed
from survey.keys import KeysError, KeyStore, seal
from survey.questionnaire.answers import Answer, encode
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database, share_round
from survey.storage.tables import Code, Round, Sealed


class Outcome(StrEnum):
    """What became of a Send."""

    RECEIVED = "received"
    ALREADY_RECEIVED = "already_received"
    NOT_VALID = "not_valid"
    CLOSED = "closed"


_ROUND = select(Round.state).where(Round.id == bindparam("round"))
_OPEN = select(Round.public_key).where(Round.id == bindparam("round"), Round.state == "open").scalar_subquery()
# As text: of a condition here SQLAlchemy would take the tables' names for SQLite, and it would always be true.
_MAILED = literal_column("EXISTS (SELECT 1 FROM invitee WHERE invitee.batch = code.batch)", Boolean)
_SPEND = (
    delete(Code)
    .where(Code.hmac == bindparam("hmac"), _OPEN.is_not(None))
    .returning(Code.batch, _OPEN.label("public_key"), _MAILED.label("mailed"))
)
_SEAL = insert(Sealed)
_SEEN = select(Sealed.id).where(Sealed.tag == bindparam("tag"))


def submit(
    database: Database,
    keys: KeyStore,
    *,
    round_id: str,
    questionnaire: Questionnaire,
    code: str,
    submission: str,
    answer: Answer,
) -> Outcome:
    """Take one answer, exactly once, whatever is pressed twice, lost or killed on the way.

    `code` is normalised; `submission` is the page's own random id, the same on every try.
    """
    try:
        web = keys.web(round_id)
    except KeysError:
        return outcome_without_keys(database, round_id)
    content = encode(questionnaire, answer)
    # Says that this very Send arrived, and is no way from a code to an answer: it needs the page's random id too.
    tag = hashlib.sha256(f"{submission}/{code}".encode()).digest()
    with database.begin() as connection:
        share_round(connection, round_id)  # before anything is read: a closing that was waited for is seen then
        spent = connection.execute(_SPEND, {"hmac": hashed(web.pepper, code), "round": round_id}).first()
        if spent is None:
            return _outcome_unspent(connection, round_id, tag)
        box = seal(spent.public_key, content)
        connection.execute(_SEAL, {"id": uuid4().hex, "batch": spent.batch, "tag": tag, "box": box})
        if spent.mailed:
            invitees.forget(connection, web, spent.batch, code)  # who has answered gets no reminder
    return Outcome.RECEIVED


def _outcome_unspent(connection: Connection, round_id: str, tag: bytes) -> Outcome:
    state = connection.execute(_ROUND, {"round": round_id}).scalar()
    if state != "open":
        return Outcome.CLOSED if state else Outcome.NOT_VALID
    seen = connection.execute(_SEEN, {"tag": tag}).first()
    return Outcome.ALREADY_RECEIVED if seen else Outcome.NOT_VALID


def outcome_without_keys(database: Database, round_id: str) -> Outcome:
    """Keys are gone when a round is over; an open round without keys is our fault, not the respondent's.

    Raises: KeysError, naming the cure, where the round is open.
    """
    with database.reading() as connection:
        state = connection.execute(_ROUND, {"round": round_id}).scalar()
    if state == "open":
        raise KeysError(f"Round {round_id} is open but its keys cannot be read: medvirk round recover {round_id} FILE")
    return Outcome.CLOSED if state else Outcome.NOT_VALID

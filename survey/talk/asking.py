"""Ask to talk to somebody. The only place that inserts a request (DESIGN section 11).

A code asks for each contact once. What holds it to that is a mark on the unused code itself: Send deletes the code,
and the mark with it, so that nothing is left that could lead from a request to a code or an answer.
"""

import datetime as dt
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

from survey.access.codes import hashed
from survey.access.redeem import find
from survey.keys import KeyStore
from survey.register.contacts import contacts_for
from survey.storage.engine import Database, share_round
from survey.storage.tables import Code, Round, TalkRequest

AUDIENCE = "resident"
NAME_SIGNS = 100
KEPT = dt.timedelta(days=180)  # a request that nobody closes


class Outcome(StrEnum):
    """What became of the asking. Once and twice are told alike: a copied code must not show who has asked."""

    TOLD = "told"
    NOT_VALID = "not_valid"
    CLOSED = "closed"
    NOBODY = "nobody"
    NAME_TOO_LONG = "name_too_long"


_ROUND = select(Round.state, Round.audience).where(Round.id == bindparam("round"))
_CODE = select(Code.hmac).where(Code.hmac == bindparam("code"))
_MARK = {
    side: update(Code).where(Code.hmac == bindparam("code"), ~mark).values({mark: True}).returning(Code.batch)
    for side, mark in (("here", Code.asked_here), ("elsewhere", Code.asked_elsewhere))
}
_ASK = insert(TalkRequest)


def ask(database: Database, keys: KeyStore, *, code: str, side: str, name: str, today: dt.date) -> Outcome:
    """Leave a request, once for each code (normalised) and side. The code stays unspent.

    Raises: KeysError where the round's keys cannot be read.
    """
    name = _one_line(name)
    if len(name) > NAME_SIGNS:
        return Outcome.NAME_TOO_LONG  # said, never cut: whoever comes must know whom to ask for
    found = find(database, keys, code)
    if found is None:
        return Outcome.NOT_VALID
    hmac = hashed(keys.web(found.round_id).pepper, code)
    with database.begin() as connection:
        share_round(connection, found.round_id)
        asked = connection.execute(_ROUND, {"round": found.round_id}).one()
        if asked.state != "open":
            return Outcome.CLOSED
        contact = next((each for each in contacts_for(connection, found.unit_id) if each.side == side), None)
        if contact is None or asked.audience != AUDIENCE:
            return Outcome.NOBODY
        if connection.execute(_MARK[side], {"code": hmac}).first() is None:
            return Outcome.TOLD if connection.execute(_CODE, {"code": hmac}).first() else Outcome.NOT_VALID
        connection.execute(
            _ASK,
            {
                "id": uuid4().hex,
                "unit": found.unit_id,
                "side": side,
                "contact": contact.name,
                "name": name,
                "asked": today,
                "state": "new",
                "remove_on": today + KEPT,
            },
        )
    return Outcome.TOLD


def _one_line(name: str) -> str:
    """A name as it can be kept and shown: no sign in it is a reason to refuse somebody who asks for help."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())

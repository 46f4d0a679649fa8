"""Mails that the mail server refused for good: give them another address, or take their invitation back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from survey.access.codes import for_invitee, hashed
from survey.access.issuing import count_void
from survey.invitations.inviting import AGAIN, mark
from survey.invitations.list import as_sent
from survey.keys import WebKeys
from survey.storage.engine import seize, share_round
from survey.storage.tables import REFUSED_MAIL, Batch, Code, Invited, Invitee, Round


class Fault(StrEnum):
    """Why an address cannot be corrected."""

    NO_ADDRESS = "no_address"
    INVITED = "invited"
    GONE = "gone"


class RefusedError(Exception):
    """Nothing was changed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Refused:
    """A mail that was refused: its id, the address, the server's words, the unit it asks about."""

    mail: str
    email: str
    words: str
    unit: str


_mail = REFUSED_MAIL.c
_OF_ROUND = (
    select(_mail.mail, _mail.email, _mail.words, Batch.unit)
    .join_from(REFUSED_MAIL, Batch, _mail.batch == Batch.id)
    .where(Batch.round == bindparam("round"))
    .order_by(_mail.email, _mail.mail)
)
_ONE = (
    select(_mail.mail, _mail.invitee, _mail.batch, _mail.email)
    .join_from(REFUSED_MAIL, Batch, _mail.batch == Batch.id)
    .join(Round, Batch.round == Round.id)
    .where(Batch.round == bindparam("round"), _mail.mail == bindparam("mail"), Round.state == "open")
)
_KNOWN = select(Invited.hmac).where(Invited.hmac == bindparam("sign"))
_UNMARK = delete(Invited).where(Invited.hmac == bindparam("sign"))
_READDRESS = update(Invitee).where(Invitee.id == bindparam("invitee_id")).values(email=bindparam("address"))
_FORGET = delete(Invitee).where(Invitee.id == bindparam("invitee_id"))
_VOID = delete(Code).where(Code.hmac == bindparam("hmac")).returning(Code.batch)


def of_round(connection: Connection, round_id: str) -> Sequence[Refused]:
    """The refused mails of a round."""
    return [Refused(*row) for row in connection.execute(_OF_ROUND, {"round": round_id}).all()]


def correct(connection: Connection, keys: WebKeys, round_id: str, mail: str, typed: str, now: dt.datetime) -> None:
    """Send a refused mail to another address: the same invitation, the same code; `now` in UTC, without zone.

    Raises: RefusedError.
    """
    address = as_sent(typed.strip())
    if address is None:
        raise RefusedError(Fault.NO_ADDRESS)
    found = _found(connection, round_id, mail)
    before, sign = mark(keys, round_id, found.email), mark(keys, round_id, address)
    if sign != before:
        if connection.execute(_KNOWN, {"sign": sign}).first():
            raise RefusedError(Fault.INVITED)
        connection.execute(_UNMARK, {"sign": before})
        connection.execute(insert(Invited), {"hmac": sign, "batch": found.batch})
    connection.execute(_READDRESS, {"invitee_id": found.invitee, "address": address})
    connection.execute(AGAIN, {"mail": mail, "now": now})


def take_back(connection: Connection, keys: WebKeys, round_id: str, mail: str) -> None:
    """Forget somebody whose mail was refused: the invitation reached nobody, so its code counts as voided.

    Raises: RefusedError.
    """
    found = _found(connection, round_id, mail)
    code = hashed(keys.pepper, for_invitee(keys.mail, found.invitee))
    if connection.execute(_VOID, {"hmac": code}).first() is None:
        raise RefusedError(Fault.GONE)  # who had the code from elsewhere has just answered
    connection.execute(_UNMARK, {"sign": mark(keys, round_id, found.email)})
    connection.execute(_FORGET, {"invitee_id": found.invitee})
    count_void(connection, found.batch)


def _found(connection: Connection, round_id: str, mail: str) -> Row[Any, Any, Any, Any]:
    seize(connection, f"invite/{round_id}")
    share_round(connection, round_id)
    found = connection.execute(_ONE, {"round": round_id, "mail": mail}).first()
    if found is None:
        raise RefusedError(Fault.GONE)
    return found

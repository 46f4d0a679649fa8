"""Invite people by e-mail: in one transaction their rows, their codes, and a mail each in the outbox."""

import datetime as dt
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from survey.access.codes import for_invitee, hashed
from survey.access.issuing import batch_for
from survey.invitations import outbox
from survey.invitations.list import Person, read
from survey.invitations.outbox import INVITATION
from survey.keys import KeyStore, WebKeys
from survey.register.tree import subtree
from survey.rounds.plan import asked_units, scope_of
from survey.storage.engine import Database, seize, share_round
from survey.storage.tables import REFUSED_MAIL, Batch, Code, Invited, Invitee, Mailing, Outbox, Round


class InvitingError(Exception):
    """Nobody can be invited to this round; the message names the cure."""


@dataclass(frozen=True)
class Invitations:
    """How many people on a list were new, are tried again (refused before), and had been invited already.

    `groups`: how many were new for each (unit, language).
    """

    new: int
    again: int
    before: int
    groups: Mapping[tuple[str, str], int] = field(default_factory=dict, compare=False)


_ROUND = select(Round).where(Round.id == bindparam("round"))
_INVITED = select(Invited.hmac).join(Batch, Invited.batch == Batch.id).where(Batch.round == bindparam("round"))
_REFUSED = (
    select(REFUSED_MAIL.c.mail, REFUSED_MAIL.c.email, Batch.unit)
    .join_from(REFUSED_MAIL, Batch, REFUSED_MAIL.c.batch == Batch.id)
    .where(Batch.round == bindparam("round"))
)
AGAIN = update(Outbox).where(Outbox.id == bindparam("mail")).values(state="queued", attempts=0, due=bindparam("now"))
_NOT_TODAY = delete(Mailing).where(Mailing.round == bindparam("round"), Mailing.kind == bindparam("kind"))


def preview(database: Database, keys: KeyStore, round_id: str, content: bytes, now: dt.datetime) -> Invitations:
    """What `invite_within` would do with this list: it is done, looked at and undone.

    Raises: InvitingError, ListError, IssuingError, KeysError.
    """
    with database.begin() as connection:
        try:
            return invite_within(connection, keys, round_id, content, now)
        finally:
            connection.rollback()


def _inviting_round(connection: Connection, round_id: str) -> Row[Any]:
    found = connection.execute(_ROUND, {"round": round_id}).first()
    if found is None:
        raise InvitingError(f"There is no round “{round_id}”. See: medvirk round list")
    if found.audience == "resident":
        raise InvitingError("Residents are not invited by e-mail. Hand out codes: medvirk codes issue")
    if found.state != "open":
        raise InvitingError(f"The round is {found.state}, not open. People are invited while it is open.")
    return found


def invite_within(
    connection: Connection, keystore: KeyStore, round_id: str, content: bytes, now: dt.datetime
) -> Invitations:
    """Invite everybody on a list (CSV, see `list.read`), all or none; `now` in UTC, without zone.

    A person gets one code in a round: who was invited before is not invited again, whether they have answered or
    not, nor about another unit. Mails that were refused for good are tried again. In a transaction of the caller's,
    who writes down in it that it was done.

    Raises: InvitingError, ListError, IssuingError, KeysError.
    """
    seize(connection, f"invite/{round_id}")  # two people with the same list
    share_round(connection, round_id)
    found = _inviting_round(connection, round_id)
    places = subtree(connection, found.municipality)
    scope = scope_of(connection, round_id)
    units = {unit.id for unit in asked_units(places, found.service_kind, scope.places)}
    people = read(content, units, scope.grouped)
    keys = keystore.web(round_id)
    known = set(connection.execute(_INVITED, {"round": round_id}).scalars())
    new = {sign: person for person in people if (sign := mark(keys, round_id, person.email)) not in known}
    in_order = sorted(new.items(), key=_whose)  # locks are taken in one order
    for (unit, group), persons in groupby(in_order, key=_whose):
        marked = dict(persons)
        batch = batch_for(connection, round_id, unit, len(marked), group=group)
        _add(connection, keys, batch, marked, now)
    again = _try_again(connection, round_id, people, now)
    if new:
        note_mailing(connection, round_id, INVITATION, now.date())
    groups = Counter((person.unit, person.language) for person in new.values())
    return Invitations(new=len(new), again=again, before=len(people) - len(new) - again, groups=groups)


def _whose(item: tuple[bytes, Person]) -> tuple[str, str]:
    return item[1].unit, item[1].group


def _add(connection: Connection, keys: WebKeys, batch: str, people: Mapping[bytes, Person], now: dt.datetime) -> None:
    """Rows are inserted in the order of their ids and hashes: how they lie tells nothing of each other or the list."""
    by_id = {uuid4().hex: person for person in people.values()}
    invitees = [
        {"id": invitee, "email": person.email, "language": person.language, "batch": batch}
        for invitee, person in sorted(by_id.items())
    ]
    codes = sorted(hashed(keys.pepper, for_invitee(keys.mail, invitee)) for invitee in by_id)
    mails = sorted((outbox.new(invitee, INVITATION, now) for invitee in by_id), key=itemgetter("id"))
    connection.execute(insert(Invited), [{"hmac": sign, "batch": batch} for sign in sorted(people)])
    connection.execute(insert(Invitee), invitees)
    connection.execute(insert(Code), [{"hmac": code, "batch": batch} for code in codes])
    connection.execute(insert(Outbox), mails)


def _try_again(connection: Connection, round_id: str, people: Sequence[Person], now: dt.datetime) -> int:
    listed = {(person.unit, person.email.lower()) for person in people}
    refused = connection.execute(_REFUSED, {"round": round_id})
    mails = [{"mail": row.mail, "now": now} for row in refused if (row.unit, row.email.lower()) in listed]
    if mails:
        connection.execute(AGAIN, mails)
    return len(mails)


def note_mailing(connection: Connection, round_id: str, kind: str, day: dt.date) -> None:
    """Remember the last day on which mails of this kind were asked for."""
    connection.execute(_NOT_TODAY, {"round": round_id, "kind": kind})
    connection.execute(insert(Mailing), {"round": round_id, "kind": kind, "day": day})


def mark(keys: WebKeys, round_id: str, email: str) -> bytes:
    """What is kept of an invited address, until the round's keys go."""
    return hmac.digest(keys.mail, f"invited/{round_id}/{email.lower()}".encode(), "sha256")

"""Remind those who have not answered: at most twice, and never soon after the last mail.

Who has answered has no row any more, so nobody has to know who did, and how many mails go out is told to nobody.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection, and_, bindparam, insert, select

from survey.invitations import outbox
from survey.invitations.inviting import note_mailing
from survey.invitations.outbox import INVITATION, REMINDERS
from survey.storage.engine import seize, share_round
from survey.storage.tables import Batch, Invitee, Mailing, Outbox, Round

GAP = dt.timedelta(days=3)


@dataclass(frozen=True)
class Reminder:
    """The next reminder of a round, and the first day on which it may be asked for."""

    kind: str
    earliest: dt.date


_STATE = select(Round.state).where(Round.id == bindparam("round"))
_DAYS = select(Mailing.kind, Mailing.day).where(Mailing.round == bindparam("round"))
_LEFT = (
    select(Invitee.id)
    .join(Batch, Invitee.batch == Batch.id)
    .join(Outbox, and_(Outbox.invitee == Invitee.id, Outbox.kind == INVITATION, Outbox.state == "sent"))
    .where(Batch.round == bindparam("round"))
    # Whoever is answering at this moment is waited for and left out.
    .with_for_update(of=Invitee, read=True, key_share=True)
)


def mailings(connection: Connection, round_id: str) -> dict[str, dt.date]:
    """Kind of mail -> the last day on which it was asked for."""
    return {row.kind: row.day for row in connection.execute(_DAYS, {"round": round_id}).all()}


def upcoming(days: Mapping[str, dt.date]) -> Reminder | None:
    """What may come next after these mailings; None: nobody was invited, or both reminders are out."""
    kind = next((kind for kind in REMINDERS if kind not in days), None)
    return Reminder(kind, max(days.values()) + GAP) if kind and INVITATION in days else None


def remind(connection: Connection, round_id: str, kind: str, now: dt.datetime) -> bool:
    """Queue this reminder to everybody whose invitation has gone and who has not answered; `now` in UTC, without zone.

    False, and nothing is done: the round is not open, the reminder is out already, or it is too early.
    """
    seize(connection, f"invite/{round_id}")
    share_round(connection, round_id)
    next_one = upcoming(mailings(connection, round_id))
    is_open = connection.execute(_STATE, {"round": round_id}).scalar() == "open"
    if not is_open or next_one is None or next_one.kind != kind or now.date() < next_one.earliest:
        return False
    left = connection.execute(_LEFT, {"round": round_id}).scalars()
    mails = sorted((outbox.new(invitee, kind, now) for invitee in left), key=itemgetter("id"))
    if mails:
        connection.execute(insert(Outbox), mails)
    note_mailing(connection, round_id, kind, now.date())
    return True

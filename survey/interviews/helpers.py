"""Who was invited to take one round's answers, from whatever municipality. The independence rules hold for them too."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from survey.register import tree
from survey.rounds.head import Head
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.roles import INTERVIEWER, TYPIST, UNIT_LEADER, barred
from survey.storage.tables import Node, Role, RoundHelper, Staff

HELPING = (INTERVIEWER, TYPIST)
TAKING = ("planned", "open")  # states of a round in which somebody can be invited


class NoAccountError(Exception):
    """Nobody has an account with this address."""


class BelongsThereError(Exception):
    """They work in every service that the round asks about, so they could take no answer."""


@dataclass(frozen=True)
class Helper:
    """Somebody invited."""

    staff: str
    email: str
    role: str


_INVITED = (
    select(RoundHelper.staff, Staff.email, RoundHelper.role)
    .join(Staff, Staff.id == RoundHelper.staff)
    .where(RoundHelper.round == bindparam("round"))
    .order_by(Staff.email, RoundHelper.role)
)
_BY_EMAIL = select(Staff.id, Staff.works_at).where(Staff.email == bindparam("email"))
_LEADS = select(Role.node).where(Role.staff == bindparam("staff"), Role.role == UNIT_LEADER)
_SERVICES = select(Node.id).where(
    Node.parent == bindparam("municipality"), Node.level == "service", Node.service_kind == bindparam("kind")
)
_ONE = (
    RoundHelper.round == bindparam("of"),
    RoundHelper.staff == bindparam("whom"),
    RoundHelper.role == bindparam("to"),
)


def invited(connection: Connection, round_id: str) -> Sequence[Helper]:
    """Who helps with a round, by address."""
    return [Helper(*row) for row in connection.execute(_INVITED, {"round": round_id})]


def invite(connection: Connection, head: Head, email: str, role: str, by: str) -> None:
    """Invite whoever has this account; inviting again changes nothing.

    Raises: NoAccountError, BelongsThereError.
    """
    email = email.strip().casefold()
    known = connection.execute(_BY_EMAIL, {"email": email}).first()
    if known is None:
        raise NoAccountError
    leads = connection.execute(_LEADS, {"staff": known.id}).scalars()
    works = tree.ways(connection, {known.works_at or "", *leads}).values()
    kind = {"municipality": head.municipality, "kind": head.service_kind}
    services = [(head.municipality, service) for service in connection.execute(_SERVICES, kind).scalars()]
    if services and all(any(barred(role, service, work) for work in works) for service in services):
        raise BelongsThereError
    if Helper(known.id, email, role) not in invited(connection, head.id):
        connection.execute(insert(RoundHelper).values(round=head.id, staff=known.id, role=role))
        audit.note_round(connection, by, Action.HELPER_INVITED, head.id, about=f"{email}: {role}")


def end(connection: Connection, head: Head, staff: str, role: str, by: str) -> None:
    """End it: from their next press on they see nothing more of the round."""
    email = connection.execute(select(Staff.email).where(Staff.id == staff)).scalar()
    if connection.execute(delete(RoundHelper).where(*_ONE), {"of": head.id, "whom": staff, "to": role}).rowcount:
        audit.note_round(connection, by, Action.HELPER_ENDED, head.id, about=f"{email}: {role}")

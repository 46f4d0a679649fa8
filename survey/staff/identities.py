"""Whom the municipality's own sign-in vouches for, and which account here is theirs.

The first sign-in ties an account to the provider's own name for the person. From then on only that person gets in by
the provider: an address that is given to somebody new opens nothing.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from survey.staff import audit
from survey.staff.accounts import AccountError
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import SpentSignIn, Staff, StaffAtProvider

LASTS = dt.timedelta(minutes=10)  # from leaving for the provider to coming back


class Trouble(StrEnum):
    """Why nobody was signed in."""

    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    LATE = "late"
    DOUBTFUL = "doubtful"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    ANOTHER = "another"


class ProviderError(Exception):
    """Nobody was signed in; `detail` is for the log, and names no person."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(" ".join(detail.split())[:200])  # one line, whoever wrote it
        self.trouble = trouble


@dataclass(frozen=True)
class Begun:
    """What a browser keeps while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider knows them: `subject` is theirs for ever, `email` verified and in small letters."""

    issuer: str
    subject: str
    email: str


_BY_EMAIL = (
    select(Staff.id, StaffAtProvider.issuer, StaffAtProvider.subject)
    .join(StaffAtProvider, StaffAtProvider.staff == Staff.id, isouter=True)
    .where(Staff.email == bindparam("email"))
)
_OVER = delete(SpentSignIn).where(SpentSignIn.until <= bindparam("now"))


def admit(database: Database, who: Identity, nonce: str, now: dt.datetime) -> str:
    """The id of their account. What the provider said under this nonce is taken once.

    Raises: ProviderError.
    """
    with database.reading() as connection:
        found = connection.execute(_BY_EMAIL, {"email": who.email}).first()
    if found is None:
        raise ProviderError(Trouble.UNKNOWN, "no account has this address")
    staff: str = found.id
    try:
        with database.begin() as connection:
            connection.execute(_OVER, {"now": now})
            spent = hashlib.sha256(nonce.encode()).digest()
            connection.execute(insert(SpentSignIn).values(nonce=spent, until=now + LASTS))
            if found.issuer is None:
                tie = insert(StaffAtProvider).values(staff=staff, issuer=who.issuer, subject=who.subject)
                connection.execute(tie)
                audit.note_own(connection, staff, Action.PROVIDER_TIED)
    except IntegrityError:  # the answer came before, or this person at the provider has another account here
        raise _refused(database, staff) from None
    if found.issuer is not None and (found.issuer, found.subject) != (who.issuer, who.subject):
        raise _refused(database, staff)
    return staff


def untie(database: Database, email: str) -> None:
    """Untie whoever has this address: the next sign-in by the provider ties them anew.

    Raises: AccountError.
    """
    with database.begin() as connection:
        staff = connection.execute(select(Staff.id).where(Staff.email == email.strip().casefold())).scalar()
        if staff is None:
            raise AccountError(f"There is no account “{email}”.")
        connection.execute(delete(StaffAtProvider).where(StaffAtProvider.staff == staff))
        audit.note_own(connection, staff, Action.PROVIDER_UNTIED, by=audit.COMMAND_LINE)


def _refused(database: Database, staff: str) -> ProviderError:
    with database.begin() as connection:
        audit.note_own(connection, staff, Action.PROVIDER_REFUSED)
    return ProviderError(Trouble.ANOTHER, "the account is tied to somebody else, or the answer was taken before")

"""The second factor: a code that changes twice a minute (TOTP, RFC 6238), or one of ten recovery codes.

The shared secret is locked with a key from the key folder, so that the database alone opens no account.
"""

import datetime as dt
import hashlib
import hmac

import pyotp
from nacl.encoding import RawEncoder
from nacl.hash import blake2b
from nacl.secret import SecretBox
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from survey.staff import audit, notices, passwords
from survey.staff.accounts import AccountError, Member
from survey.staff.audit import Action
from survey.staff.notices import Change
from survey.storage.engine import Database
from survey.storage.tables import OfferedSecret, RecoveryCode, SecondFactor, Staff, StaffSession

HALF_MINUTE = 30  # seconds
RECOVERY_CODES = 10
ISSUER = "Medvirk"

_OF_STAFF = select(SecondFactor.secret).where(SecondFactor.staff == bindparam("staff"))
_OFFERED = select(OfferedSecret.secret).where(OfferedSecret.session == bindparam("session"))
_USE = (
    update(SecondFactor)
    .where(SecondFactor.staff == bindparam("whose"), SecondFactor.used < bindparam("step"))
    .values(used=bindparam("step"))
)
_SPEND = delete(RecoveryCode).where(RecoveryCode.hash == bindparam("hash"), RecoveryCode.staff == bindparam("staff"))
_LEFT = select(RecoveryCode.hash).where(RecoveryCode.staff == bindparam("staff"))


class SecondFactors:
    """The second factors of everybody, with the key that unlocks them."""

    def __init__(self, database: Database, session_key: bytes) -> None:
        self._database = database
        self._box = SecretBox(blake2b(b"", key=session_key, person=b"second factor", encoder=RawEncoder))

    def recovery_codes_left(self, staff: str) -> int:
        """How many recovery codes are not used."""
        with self._database.reading() as connection:
            return len(connection.execute(_LEFT, {"staff": staff}).all())

    def offer(self, member: Member) -> str:
        """The secret (base 32) to be shared with an app, the same while this session sets it up."""
        with self._database.reading() as connection:
            kept = connection.execute(_OFFERED, {"session": member.session}).scalar()
        if kept:
            return self._box.decrypt(kept).decode()
        with self._database.begin() as connection:
            if kept := connection.execute(_OFFERED, {"session": member.session}).scalar():
                return self._box.decrypt(kept).decode()  # meanwhile, in another tab
            secret = pyotp.random_base32()
            locked = self._box.encrypt(secret.encode())
            connection.execute(insert(OfferedSecret).values(session=member.session, secret=locked))
            return secret

    def confirm(self, member: Member, code: str, now: dt.datetime) -> list[str] | None:
        """Take the offered secret as the second factor, if the code is of it; gives new recovery codes.

        Every other session of theirs ends. None: the code is wrong.
        """
        with self._database.begin() as connection:
            locked = connection.execute(_OFFERED, {"session": member.session}).scalar()
            step = _step_of(self._box.decrypt(locked).decode(), code, now) if locked else None
            if step is None:
                return None
            _forget(connection, member.id)
            connection.execute(insert(SecondFactor).values(staff=member.id, secret=locked, used=step))
            connection.execute(delete(OfferedSecret).where(OfferedSecret.session == member.session))
            others = StaffSession.staff == member.id, StaffSession.id != member.session
            connection.execute(delete(StaffSession).where(*others))
            codes = [passwords.generate() for _ in range(RECOVERY_CODES)]
            connection.execute(insert(RecoveryCode), [{"hash": _hash(code), "staff": member.id} for code in codes])
            notices.note(connection, member.id, Change.SECOND_STEP_SET_UP)
            audit.note_own(connection, member.id, Action.SECOND_FACTOR_SET_UP)
        return codes

    def takes(self, staff: str, code: str, now: dt.datetime, slowed: bool = False) -> bool:
        """Whether this is a code of their app, or a recovery code, that was not used before; it is used now.

        A wrong one is written down; `slowed`: and that the account's tries are slowed down from now on.
        """
        with self._database.begin() as connection:
            locked = connection.execute(_OF_STAFF, {"staff": staff}).scalar()
            step = _step_of(self._box.decrypt(locked).decode(), code, now) if locked else None
            if step is not None:
                taken = connection.execute(_USE, {"whose": staff, "step": step}).rowcount == 1
            else:
                taken = connection.execute(_SPEND, {"hash": _hash(code), "staff": staff}).rowcount == 1
                if taken:
                    notices.note(connection, staff, Change.RECOVERY_CODE_USED)
            if not taken:
                audit.note_own(connection, staff, Action.SECOND_FACTOR_REFUSED)
                if slowed:
                    audit.note_own_day(connection, staff, Action.TRIES_SLOWED)
        return taken


def take_away(database: Database, email: str, by: str = audit.COMMAND_LINE) -> None:
    """Take away the second factor of whoever has this address: they set one up when they sign in next.

    Raises: AccountError.
    """
    with database.begin() as connection:
        staff = connection.execute(select(Staff.id).where(Staff.email == email.strip().casefold())).scalar()
        if staff is None:
            raise AccountError(f"There is no account “{email}”. Make one: medvirk staff create-adviser {email}")
        _forget(connection, staff)
        connection.execute(delete(StaffSession).where(StaffSession.staff == staff))
        notices.note(connection, staff, Change.SECOND_STEP_TAKEN_AWAY)
        audit.note_own(connection, staff, Action.SECOND_FACTOR_TAKEN_AWAY, by=by)


def uri(secret: str, email: str) -> str:
    """What the app reads from the QR."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def _forget(connection: Connection, staff: str) -> None:
    for table in (SecondFactor, RecoveryCode):
        connection.execute(delete(table).where(table.staff == staff))


def _step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The half minute, this one or a neighbour of it, whose code this is."""
    digits = "".join(code.split()).encode()
    app, current = pyotp.TOTP(secret), int(now.replace(tzinfo=dt.UTC).timestamp()) // HALF_MINUTE
    near = (current, current - 1, current + 1)
    return next((step for step in near if hmac.compare_digest(app.generate_otp(step).encode(), digits)), None)


def _hash(code: str) -> bytes:
    return hashlib.sha256("".join(sign for sign in code.casefold() if sign.isalnum()).encode()).digest()

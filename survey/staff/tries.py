"""How often a secret may be tried: guessing takes for ever, and nobody can shut another out for good.

Counted in the database, so for all processes at once and over restarts, under keyed hashes. A try is counted before it
is looked at, and in one statement: who tries a hundred times at the same instant gets no more than one after another.
docs/roles.md says what is counted, and why so.
"""

import datetime as dt
import hmac
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement, bindparam, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from survey.storage.engine import Database
from survey.storage.tables import Tried

FORGOTTEN = dt.timedelta(days=7)  # after the last try
# How many tries beyond the free ones -> how long until the next.
WAITS = {
    30: dt.timedelta(days=1),
    10: dt.timedelta(hours=1),
    5: dt.timedelta(minutes=15),
    0: dt.timedelta(minutes=1),
}
OF_SECRET, OF_ACCOUNT, OF_ADDRESS = 10, 30, 100  # tries that are free of any wait

_REFUSED = select(Tried.beyond, Tried.last).where(Tried.key.in_(bindparam("keys", expanding=True)))
_MADE = select(Tried.key).where(Tried.key == bindparam("key"), Tried.last > bindparam("forgotten"))

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Count:
    """Tries that are counted together; `shared`: with those of other accounts."""

    key: bytes
    free: int
    shared: bool = False


class TooManyTriesError(Exception):
    """Nothing may be tried for so long."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__(f"for {wait}")
        self.wait = wait

    @property
    def words(self) -> str:
        """What is told to who tries."""
        minutes = ceil(self.wait.total_seconds() / 60)
        said: str = ngettext(
            "Too many tries. Wait %(num)d minute, or ask your administrator.",
            "Too many tries. Wait %(num)d minutes, or ask your administrator.",
            minutes,
        )
        if minutes > 120:
            hours = ceil(minutes / 60)
            said = gettext("Too many tries. Wait %(num)d hours, or ask your administrator.", num=hours)
        return said


class Tries:
    """Counts in a database, under hashes with a key that is not in it."""

    def __init__(self, database: Database, session_key: bytes) -> None:
        self._database = database
        self._key = hmac.digest(session_key, b"tries", "sha256")

    def key(self, *what: str) -> bytes:
        """The hash under which something is counted."""
        return hmac.digest(self._key, json.dumps(what).encode(), "sha256")

    def secret(self, kind: str, of: str, browser: str = "") -> list[Count]:
        """Counts of the tries of a secret that only who has signed in, or known the password, is asked for."""
        return [Count(self.key(kind, of, browser), OF_SECRET)]

    def sign_in(self, email: str, address: str, browser: str) -> list[Count]:
        """Counts of a password's tries, for an account or none; `browser`: one that is known to be of the account's."""
        if browser:
            return self.secret("password", email, browser)
        return [
            Count(self.key("address", address), OF_ADDRESS, shared=True),  # always first: so locks are in one order
            Count(self.key("address and account", address, email), OF_SECRET),
            self._of_account(email),
        ]

    def take(self, counts: Collection[Count], now: dt.datetime) -> bool:
        """Count one try in all of these; whether a wait begins with it.

        Raises: TooManyTriesError where one of them has to wait; then it counts in none.
        """
        with self._database.begin() as connection:
            rows = [{"key": count.key, "beyond": 1 - count.free, "last": now} for count in counts]
            statement = (sqlite if self._database.is_sqlite else postgresql).insert(Tried).values(rows)
            again = case((_is_old(now), statement.excluded.beyond), else_=Tried.beyond + 1)
            counted = statement.on_conflict_do_update(
                index_elements=[Tried.key], set_={"beyond": again, "last": now}, where=_is_free(now)
            ).returning(Tried.key, Tried.beyond)
            beyond = {row.key: row.beyond for row in connection.execute(counted)}
            if refused := [count.key for count in counts if count.key not in beyond]:
                rows_left = connection.execute(_REFUSED, {"keys": refused})
                raise TooManyTriesError(max(row.last + _wait(row.beyond) for row in rows_left) - now)
        begins = 0 in beyond.values()
        if begins:
            _log.warning("Tries of a password or code are slowed down: somebody may be guessing.")
        return begins

    def right(self, counts: Collection[Count], now: dt.datetime) -> None:
        """The secret was right: its counts begin anew, and what others share takes this try back."""
        shared = Tried.key.in_([count.key for count in counts if count.shared])
        with self._database.begin() as connection:
            connection.execute(
                update(Tried)
                .where(Tried.key.in_([count.key for count in counts]))
                .values(beyond=Tried.beyond - 1, last=case((shared, Tried.last), else_=now - FORGOTTEN))
            )

    def let_in(self, email: str, staff: str, password: str, now: dt.datetime) -> None:
        """An administrator has made this random password: for a week it lets in, whatever others have tried before."""
        self.right([self._of_account(email), *self.secret("second step", staff)], now)
        with self._database.begin() as connection:
            connection.execute(insert(Tried).values(key=self.key("made", email, password), beyond=0, last=now))

    def made(self, email: str, password: str, now: dt.datetime) -> list[Count]:
        """What begins anew with a password that an administrator has made lately; nothing where this is none."""
        made = Count(self.key("made", email, password), 0)
        with self._database.reading() as connection:
            there = connection.execute(_MADE, {"key": made.key, "forgotten": now - FORGOTTEN}).first()
        return [made, self._of_account(email)] if there else []

    def _of_account(self, email: str) -> Count:
        return Count(self.key("account", email), OF_ACCOUNT)


def forget(database: Database, now: dt.datetime) -> None:
    """Throw away the counts of what has not been tried for a week; the worker does, once a day."""
    with database.begin() as connection:
        connection.execute(delete(Tried).where(_is_old(now)))


def _is_old(now: dt.datetime) -> ColumnElement[bool]:
    return Tried.last <= now - FORGOTTEN


def _is_free(now: dt.datetime) -> ColumnElement[bool]:
    """Whether a counted secret may be tried again by now."""
    waited = case(*((Tried.beyond >= least, now - wait) for least, wait in WAITS.items()))
    return or_(Tried.beyond < 0, Tried.last <= waited)


def _wait(beyond: int) -> dt.timedelta:
    return next(wait for least, wait in WAITS.items() if beyond >= least)

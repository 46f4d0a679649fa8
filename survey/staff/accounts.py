"""Accounts of staff and their roles, each bound to a municipality in the register."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import aliased

from survey.staff import audit, notices, passwords
from survey.staff.audit import Action
from survey.staff.notices import Change
from survey.staff.roles import ENDING, Way, holds, works_in
from survey.storage.engine import Database
from survey.storage.stamped import memory, remembered
from survey.storage.tables import Node, Role, SecondFactor, Staff, StaffSession


class AccountError(ValueError):
    """An account that cannot be made; the message names the cure."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in, with the hash of their password, and whether they have a second factor."""

    id: str
    password: str
    second_factor: bool


@dataclass(frozen=True)
class Member:
    """Somebody signed in, in this session: their roles as (role, node) pairs; `find_works` where they work.

    `by_provider`: the municipality's own sign-in, which has its own second step, said who they are.
    `helps` are (role, round) pairs: what they were invited to, for one round each.
    """

    id: str
    email: str
    session: str
    second_factor: bool
    by_provider: bool
    roles: frozenset[tuple[str, str]]
    find_works: Callable[[], frozenset[Way]]
    helps: frozenset[tuple[str, str]]
    provisional: bool  # the password is one that somebody else has seen

    @cached_property
    def works(self) -> frozenset[Way]:
        """The ways to where they work: looked up in the register where it matters, once a request."""
        return self.find_works()

    @cached_property
    def held(self) -> frozenset[str]:
        """The roles they have anywhere, or in a round that they were invited to."""
        return frozenset(role for role, _ in self.roles | self.helps)

    @property
    def vouched(self) -> bool:
        """Whether more than a password says who they are."""
        return self.second_factor or self.by_provider

    def may(self, roles: Collection[str], way: Way, round_id: str = "") -> bool:
        """Whether they have one of the roles at a place, told by its way from the municipality down.

        `round_id`: or were invited to have it in this round.
        """
        held = self.roles
        if round_id and self.helps:
            held |= {(role, way[0]) for role, helped in self.helps if helped == round_id}
        works = self.works if ENDING.intersection(roles) else frozenset()
        return holds(held, works, roles, way)

    def somewhere(self, roles: Collection[str]) -> bool:
        """Whether they have one of the roles anywhere, or in a round that they were invited to."""
        return not self.held.isdisjoint(roles)

    def works_in(self, way: Way) -> bool:
        """Whether they work in this unit, or lead a division that it is in."""
        return any(works_in(way, work) for work in self.works)

    @property
    def belongs(self) -> bool:
        """Whether there is any unit that they work in."""
        return any(len(work) > 2 for work in self.works)

    def nodes(self, roles: Collection[str]) -> frozenset[str]:
        """Where they have one of the roles."""
        return frozenset(node for role, node in self.roles if role in roles)


_ACCOUNT = select(Staff.id, Staff.password, SecondFactor.staff.is_not(None)).join_from(
    Staff, SecondFactor, SecondFactor.staff == Staff.id, isouter=True
)
_BY_EMAIL = _ACCOUNT.where(Staff.email == bindparam("email"))
_BY_ID = _ACCOUNT.where(Staff.id == bindparam("id"))
_service = aliased(Node)
_IN_USE = select(Node.id).where(
    Node.level == "municipality", exists().where(_service.parent == Node.id, _service.level == "service")
)
_IS_MUNICIPALITY = select(Node.id).where(Node.id == bindparam("id"), Node.level == "municipality")


def create(database: Database, email: str, password: str, role: str, municipality: str | None) -> None:
    """Make an account with a role at a municipality (None: the only one in use).

    Whoever has an account already gets this password and this role besides.
    Raises: AccountError, PasswordError.
    """
    email = address(email)
    passwords.check(password, email)
    kept = passwords.hashed(password)
    with database.begin() as connection:
        node = _municipality(connection.execute(_IN_USE).scalars().all(), municipality)
        if connection.execute(_IS_MUNICIPALITY, {"id": node}).first() is None:
            raise AccountError(f"There is no municipality {node} in the register. Use its four-digit number.")
        known = connection.execute(_BY_EMAIL, {"email": email}).first()
        if known:
            staff = known.id
            _keep_password(connection, staff, kept)
            notices.note(connection, staff, Change.PASSWORD_RENEWED)
            connection.execute(delete(Role).where(Role.staff == staff, Role.role == role, Role.node == node))
        else:
            staff = str(uuid4())
            connection.execute(insert(Staff).values(id=staff, email=email, password=kept, works_at=node))
        connection.execute(insert(Role).values(staff=staff, role=role, node=node))
        audit.note(connection, audit.COMMAND_LINE, Action.ROLE_GIVEN, place=node, about=f"{email}: {role}")


def find(database: Database, email: str) -> Account | None:
    """Who has this e-mail address."""
    with database.reading() as connection:
        found = connection.execute(_BY_EMAIL, {"email": email.strip().casefold()}).first()
    return Account(*found) if found else None


def account(database: Database, staff: str) -> Account | None:
    """Somebody's account; None where it was ended."""
    with database.reading() as connection:
        found = connection.execute(_BY_ID, {"id": staff}).first()
    return Account(*found) if found else None


def opens(database: Database, account: Account | None, password: str, slowed: bool = False) -> bool:
    """Whether this is the account's password; it takes as long to say so of nobody's.

    A wrong one is written down; `slowed`: and that the account's tries are slowed down from now on.
    """
    if passwords.matches(account.password if account else None, password):
        return True
    with database.begin() as connection:
        if account:
            audit.note_own(connection, account.id, Action.SIGN_IN_REFUSED)
            if slowed:
                audit.note_own_day(connection, account.id, Action.TRIES_SLOWED)
        else:
            audit.take_as_long(connection)
    return False


def change_password(database: Database, email: str, new: str) -> Account:
    """Give whoever has this address a new password; every session of theirs ends. Gives the account as it is now.

    Raises: PasswordError.
    """
    passwords.check(new, email)
    kept = passwords.hashed(new)
    with database.begin() as connection:
        known = Account(*connection.execute(_BY_EMAIL, {"email": email}).one())
        _keep_password(connection, known.id, kept)
        notices.note(connection, known.id, Change.PASSWORD_CHANGED)
        audit.note_own(connection, known.id, Action.PASSWORD_CHANGED)
    return replace(known, password=kept)


def speak(database: Database, staff: str, language: str) -> None:
    """Mails to this account speak the language that its owner chose."""
    with database.begin() as connection:
        connection.execute(update(Staff).where(Staff.id == staff, Staff.language != language).values(language=language))


def in_use(database: Database) -> frozenset[str]:
    """The municipalities that have services in the register."""
    with database.reading() as connection:
        return remembered(memory(connection), "in use", lambda: _in_use(connection))


def _in_use(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(_IN_USE).scalars())


def _keep_password(connection: Connection, staff: str, kept: str) -> None:
    connection.execute(update(Staff).where(Staff.id == staff).values(password=kept, provisional=False))
    connection.execute(delete(StaffSession).where(StaffSession.staff == staff))


def address(email: str) -> str:
    """An e-mail address as it is kept.

    Raises: AccountError.
    """
    email = email.strip().casefold()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email) or not email.isprintable():  # signs that nobody sees
        raise AccountError(f"“{email}” is no e-mail address. Write it as name@municipality.no.")
    return email


def _municipality(in_use: Collection[str], asked: str | None) -> str:
    if asked is not None:
        return asked
    if len(in_use) != 1:
        raise AccountError(
            f"{len(in_use)} municipalities have services in the register: say which, with --municipality NUMBER."
        )
    return next(iter(in_use))

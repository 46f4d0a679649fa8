"""Who has an account in a place, and what an administrator changes of it: roles, place of work, password, its end."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from survey.kept import Unchanging
from survey.register import tree
from survey.staff import audit, notices, passwords
from survey.staff.accounts import AccountError, address
from survey.staff.audit import Action
from survey.staff.notices import Change
from survey.staff.roles import Way
from survey.storage.engine import Database
from survey.storage.stamped import STAFF, memory, remembered
from survey.storage.tables import Node, Role, Staff, StaffSession


@dataclass(frozen=True)
class Person:
    """Somebody with an account: the way to where they work, and their roles as (role, node)."""

    id: str
    email: str
    way: Way
    roles: tuple[tuple[str, str], ...]


class People(Unchanging):
    """Some of them, in an order."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = tuple(people)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


_PEOPLE = (
    select(Staff.id, Staff.email, Staff.works_at, Role.role, Role.node)
    .join_from(Staff, Role, Role.staff == Staff.id, isouter=True)
    .order_by(Staff.email, Role.role, Role.node)
)
_under = select(Node.id).where(Node.id.in_(bindparam("places", expanding=True))).cte("under", recursive=True)
_under = _under.union(select(Node.id).join(_under, Node.parent == _under.c.id))
_AT = _PEOPLE.where(
    or_(
        Staff.works_at.in_(select(_under.c.id)),
        Staff.id.in_(select(Role.staff).where(Role.node.in_(select(_under.c.id)))),
    )
)
_ONE = _PEOPLE.where(Staff.id == bindparam("staff"))
_KNOWN = select(Staff.id).where(Staff.email == bindparam("email"))


def at(connection: Connection, places: Collection[str]) -> People:
    """Everybody who works or has a role at one of these places or under it, by e-mail address.

    What is read is the very same until something of them, of other accounts or of the register has changed.
    """

    def read() -> People:
        return People(_people(connection, connection.execute(_AT, {"places": list(places)}).all()))

    return remembered(memory(connection, STAFF), ("people", frozenset(places)), read)


def find(database: Database, staff: str) -> Person | None:
    """One of them."""
    with database.reading() as connection:
        return next(iter(_people(connection, connection.execute(_ONE, {"staff": staff}).all())), None)


def employ(database: Database, by: str, email: str, work: str) -> tuple[str, str]:
    """Make an account for somebody who works at this place; gives its id and its password, told this once.

    Raises: AccountError where the address is none, or has an account.
    """
    email = address(email)
    password = passwords.generate()
    staff = str(uuid4())
    with database.begin() as connection:
        if connection.execute(_KNOWN, {"email": email}).first():
            raise AccountError(f"“{email}” has an account.")
        kept = passwords.hashed(password)
        row = {"id": staff, "email": email, "password": kept, "works_at": work, "provisional": True}
        connection.execute(insert(Staff), row)
        _note(connection, by, Action.ACCOUNT_MADE, work, email)
    return staff, password


def give(database: Database, by: str, person: Person, role: str, node: str) -> None:
    """Give a role at a place; one that is there stays."""
    if (role, node) in person.roles:
        return
    with database.begin() as connection:
        connection.execute(insert(Role).values(staff=person.id, role=role, node=node))
        _note(connection, by, Action.ROLE_GIVEN, node, f"{person.email}: {role}")


def take(database: Database, by: str, person: Person, role: str, node: str) -> None:
    """Take a role at a place away."""
    with database.begin() as connection:
        held = Role.staff == person.id, Role.role == role, Role.node == node
        if connection.execute(delete(Role).where(*held)).rowcount:
            _note(connection, by, Action.ROLE_TAKEN_AWAY, node, f"{person.email}: {role}")


def move(database: Database, by: str, person: Person, work: str) -> None:
    """They work at this place now."""
    with database.begin() as connection:
        connection.execute(update(Staff).where(Staff.id == person.id).values(works_at=work))
        _note(connection, by, Action.ACCOUNT_MOVED, work, person.email)


def renew_password(database: Database, by: str, person: Person) -> str:
    """A new password, told this once, which they change when they sign in; every session of theirs ends."""
    password = passwords.generate()
    with database.begin() as connection:
        kept = passwords.hashed(password)
        connection.execute(update(Staff).where(Staff.id == person.id).values(password=kept, provisional=True))
        connection.execute(delete(StaffSession).where(StaffSession.staff == person.id))
        notices.note(connection, person.id, Change.PASSWORD_RENEWED)
        _note(connection, by, Action.PASSWORD_RENEWED, person.way[-1], person.email)
    return password


def dismiss(database: Database, by: str, person: Person) -> None:
    """End an account with all its roles and sessions."""
    with database.begin() as connection:
        _note(connection, by, Action.ACCOUNT_ENDED, person.way[-1], person.email)
        for table in (StaffSession, Role):
            connection.execute(delete(table).where(table.staff == person.id))
        connection.execute(delete(Staff).where(Staff.id == person.id))


def _people(connection: Connection, rows: Iterable[Sequence[Any]]) -> list[Person]:
    found: dict[str, tuple[str, str | None, list[tuple[str, str]]]] = {}
    for staff, email, work, role, node in rows:
        roles = found.setdefault(staff, (email, work, []))[2]
        if role:
            roles.append((role, node))
    ways = tree.ways(connection, {work for _, work, _ in found.values() if work})
    return [
        Person(staff, email, ways.get(work or "", ()), tuple(roles)) for staff, (email, work, roles) in found.items()
    ]


def _note(connection: Connection, by: str, action: Action, node: str, about: str) -> None:
    audit.note(connection, by, action, place=tree.ways(connection, [node])[node][0], about=about)

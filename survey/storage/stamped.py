"""The register's number, which every change of it raises, and what a process remembers while the number stays.

The database itself raises it, whoever writes: triggers on `node` and `contact`, in the transaction that changes them.
What is rolled back leaves the number as it was; on PostgreSQL a second writer waits at the number for the first.
The number is always read before the rows: what is remembered under it is never older than it says.
"""

from collections.abc import Callable, Hashable, Sized
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import CheckConstraint, Connection, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column

from survey.kept import Kept
from survey.storage.base import Base

REMEMBERED = 200_000  # places and the like, about: what is made of one counts as one more
Made = TypeVar("Made")


class RegisterStamp(Base):
    """One row: how often the register has been changed, in places or in whom one can talk to there."""

    __tablename__ = "register_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class Memory:
    """What follows from the register alone, as it is at one number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._kept: Kept[Any] = Kept(REMEMBERED, lambda made: len(made) if isinstance(made, Sized) else 1)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is called so; made where it is not remembered. Nobody may change it."""
        made: Made = self._kept.get(key, make)
        return made


NUMBER = select(RegisterStamp.number).scalar_subquery()
_ASK = select(RegisterStamp.number)
_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
_seen: ContextVar[tuple[Engine, int] | None] = ContextVar("register_seen", default=None)


def remember(reader: Engine) -> None:
    """Connections of this engine only read, outside transactions: what they read everybody may read."""
    _memories[reader] = Memory(-1)


def see(connection: Connection, number: int) -> None:
    """Let the rest of this request read the register at this number, which was read just now."""
    _seen.set((connection.engine, number))


def forget() -> None:
    """Ask for the number again: the request is over, or writes."""
    _seen.set(None)


def memory(connection: Connection) -> Memory | None:
    """What is remembered of the register as it is now; None in a transaction, which sees what nobody else does yet."""
    engine = connection.engine
    if engine not in _memories:
        return None
    seen = _seen.get()
    number = seen[1] if seen and seen[0] is engine else connection.execute(_ASK).scalar_one()
    known = _memories[engine]
    if known.number != number:
        known = _memories[engine] = Memory(number)
    return known

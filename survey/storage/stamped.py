"""Numbers, which every change of the register, of what reports are made of and of who may do what raises, and what a
process remembers while they stay.

The database itself raises them, whoever writes: by triggers, in the transaction that changes something. What is rolled
back leaves a number as it was; on PostgreSQL it is raised as a transaction ends, and a second writer waits there for
the first. A number is always read before the rows: what is remembered under it is never older than it says.
"""

from collections.abc import Callable, Hashable, Sized
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Connection, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column

from survey.kept import Kept
from survey.storage.base import Base

REMEMBERED = 200_000  # places and the like, about: what is made of one counts as one more
Made = TypeVar("Made")


class Stamp(Base):
    """How often an area has been changed.

    `register`: places, and whom one can talk to there. `reports`: rounds, releases and all that staff write about them.
    `staff`: accounts with their roles, second factors and invitations to help; not who is signed in.
    """

    __tablename__ = "stamp"

    area: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Memory:
    """What follows from the register alone, or from it and one of the others, as they are at one number each."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self.numbers = numbers
        self._kept: Kept[Any] = Kept(REMEMBERED, lambda made: len(made) if isinstance(made, Sized) else 1)

    def find(self, key: Hashable) -> Any:
        """What is called so; None: nothing is."""
        return self._kept.find(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is called so; made where it is not remembered. Nobody may change it."""
        made: Made = self._kept.get(key, make)
        return made


REGISTER, REPORTS, STAFF = range(3)  # of each the memory: the last two follow from the register, too
# Columns of a statement that reads something else besides.
NUMBERS = tuple(
    select(Stamp.number).where(Stamp.area == area).scalar_subquery().label(f"{area}_stamp")
    for area in ("register", "reports", "staff")
)
_ASK = select(*NUMBERS)
_memories: WeakKeyDictionary[Engine, tuple[Memory, ...]] = WeakKeyDictionary()
_seen: ContextVar[tuple[Engine, tuple[int, ...]] | None] = ContextVar("stamps_seen", default=None)


def remember(reader: Engine) -> None:
    """Connections of this engine only read, outside transactions: what they read everybody may read."""
    _memories[reader] = Memory(()), Memory(()), Memory(())


def see(connection: Connection, row: Any) -> None:
    """Let the rest of this request read everything at the NUMBERS of this row, which was read just now."""
    _seen.set((connection.engine, (row.register_stamp, row.reports_stamp, row.staff_stamp)))


def forget() -> None:
    """Ask for the numbers again: the request is over, or writes."""
    _seen.set(None)


def seen(reader: Engine, area: int) -> Memory | None:
    """What `memory` would give, where this request knows the numbers."""
    numbers = _seen.get()
    return _at(reader, numbers[1])[area] if numbers and numbers[0] is reader else None


def memory(connection: Connection, area: int = REGISTER) -> Memory | None:
    """What is remembered of an area as it is now; None in a transaction, which sees what nobody else does yet."""
    engine = connection.engine
    if engine not in _memories:
        return None
    known = _seen.get()
    return _at(engine, known[1] if known and known[0] is engine else tuple(connection.execute(_ASK).one()))[area]


def remembered(memory: Memory | None, key: Hashable, make: Callable[[], Made]) -> Made:
    """What is called so in a memory; made anew where there is none, in a transaction."""
    return make() if memory is None else memory.get(key, make)


def _at(engine: Engine, numbers: tuple[int, ...]) -> tuple[Memory, ...]:
    known, now = _memories[engine], (numbers[:1], numbers[:2], numbers[::2])
    if any(memory.numbers != at for memory, at in zip(known, now, strict=True)):
        known = tuple(memory if memory.numbers == at else Memory(at) for memory, at in zip(known, now, strict=True))
        _memories[engine] = known
    return known

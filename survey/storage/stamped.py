"""Two numbers, which every change of the register and of what reports are made of raises, and what a process remembers
while they stay.

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
    """

    __tablename__ = "stamp"

    area: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Memory:
    """What follows from the register alone, or from it and the reports, as they are at one number each."""

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


# Columns of a statement that reads something else besides.
NUMBERS = tuple(
    select(Stamp.number).where(Stamp.area == area).scalar_subquery().label(f"{area}_stamp")
    for area in ("register", "reports")
)
_ASK = select(*NUMBERS)
_memories: WeakKeyDictionary[Engine, tuple[Memory, Memory]] = WeakKeyDictionary()
_seen: ContextVar[tuple[Engine, tuple[int, int]] | None] = ContextVar("stamps_seen", default=None)


def remember(reader: Engine) -> None:
    """Connections of this engine only read, outside transactions: what they read everybody may read."""
    _memories[reader] = Memory(()), Memory(())


def see(connection: Connection, row: Any) -> None:
    """Let the rest of this request read everything at the NUMBERS of this row, which was read just now."""
    _seen.set((connection.engine, (row.register_stamp, row.reports_stamp)))


def forget() -> None:
    """Ask for the numbers again: the request is over, or writes."""
    _seen.set(None)


def seen(reader: Engine) -> Memory | None:
    """What `reports_memory` would give, where this request knows the numbers."""
    numbers = _seen.get()
    return _at(reader, numbers[1])[1] if numbers and numbers[0] is reader else None


def memory(connection: Connection) -> Memory | None:
    """What is remembered of the register as it is now; None in a transaction, which sees what nobody else does yet."""
    now = _now(connection)
    return now and now[0]


def reports_memory(connection: Connection) -> Memory | None:
    """The same of the register, rounds, releases and all that staff write about them, together."""
    now = _now(connection)
    return now and now[1]


def remembered(memory: Memory | None, key: Hashable, make: Callable[[], Made]) -> Made:
    """What is called so in a memory; made anew where there is none, in a transaction."""
    return make() if memory is None else memory.get(key, make)


def _now(connection: Connection) -> tuple[Memory, Memory] | None:
    engine = connection.engine
    if engine not in _memories:
        return None
    known = _seen.get()
    return _at(engine, known[1] if known and known[0] is engine else tuple(connection.execute(_ASK).one()))


def _at(engine: Engine, numbers: tuple[int, ...]) -> tuple[Memory, Memory]:
    register, reports = _memories[engine]
    if reports.numbers != numbers:
        if register.numbers != numbers[:1]:
            register = Memory(numbers[:1])
        reports = Memory(numbers)
        _memories[engine] = register, reports
    return register, reports
